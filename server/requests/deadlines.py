"""By when a request must have been attended to, answered and followed up: the clauses of its site.

The clauses, the calendar and the judging are those of work orders. What was done on site is known from
the request's orders, as surely as their evidence allows; what the desk did, by the server's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from server.orders import service as orders
from server.orders.deadlines import OPEN, Deadline, Facts, Moment, judge
from server.orders.service.folding import said_to
from server.orders.service.policies import clauses_at
from server.orders.service.timing import calendar_of
from server.requests.fold import RequestState
from server.sites.models import Site

KINDS: Final[Mapping[str, str]] = {"repair": "request", "question": "other", "errand": "other"}
"""As clauses call a kind of request, where they have another word for it."""


def of_request(
    session: Session, *, site: Site, request_id: str, state: RequestState, now_ms: int
) -> list[dict[str, Any]]:
    """Return a request's deadlines as they stand; of one that was merged or withdrawn, none."""
    if state.state in ("merged", "withdrawn") or state.kind in ("praise", "suggestion"):
        return []
    made = orders.orders_from(session, site_id=site.id, source_kind="request", source_ids=[request_id]).get(
        request_id, []
    )
    arrivals, pauses = _on_site(session, made, since_ms=state.since_ms)
    if state.arrived_ms is not None and not arrivals:
        arrivals = [Moment(state.arrived_ms)]
    facts = Facts(
        kind=KINDS.get(state.kind, state.kind),
        cls=state.class_,
        urgency="normal" if state.urgency == "normal" else "urgent",
        opened_ms=state.since_ms,
        arrivals=arrivals,
        done=_at(state.done_ms),
        followed=_at(state.closed_ms) if state.done_ms is not None else None,
        answered=_at(state.done_ms),
        reports=[Moment(state.told_ms)] if state.told_ms and state.told_ms > state.since_ms else [],
        pauses=pauses,
        cancelled_ms=state.closed_ms if state.done_ms is None else None,
        due_ms=state.window[1] if state.window else None,
    )
    clauses = clauses_at(session, site_id=site.id)
    rows = [_row(one) for one in judge(clauses, facts, calendar_of(session, site), now_ms)]
    silent = {line["what"] for one in made for line in one.deadlines if line["state"] == "unheard"}
    for row in rows:
        if row["state"] == "missed" and row["what"] in silent:
            row["state"] = "unheard"  # a phone that may carry it was not heard from since
    return rows


def next_due(deadlines: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the first moment by which something is or was due that did not come yet."""
    return min((one["due_ms"] for one in deadlines if one["state"] in OPEN), default=None)


def as_of(deadlines: Iterable[Mapping[str, Any]], *, now_ms: int) -> list[dict[str, Any]]:
    """Return deadlines as they stand by now, though nothing was written since."""
    return [
        {**one, "state": "missed" if one["state"] == "running" and one["due_ms"] < now_ms else one["state"]}
        for one in deadlines
    ]


def _on_site(
    session: Session, made: Sequence[orders.WorkOrder], *, since_ms: int
) -> tuple[list[Moment], list[tuple[int, int | None]]]:
    """Return when somebody was there since the request began, and when the work waited."""
    arrivals: list[Moment] = []
    pauses: list[tuple[int, int | None]] = []
    said = said_to(session, [one.id for one in made]) if made else {}
    for one in made:
        state = orders.state_of(session, one)
        arrivals += [said[one.id].moments[event] for event in state.arrivals]
        pauses += [(pause["from_ms"], pause["to_ms"]) for pause in state.pauses]
    return [moment for moment in arrivals if moment.estimate >= since_ms], pauses


def _at(ms: int | None) -> Moment | None:
    return None if ms is None else Moment(ms)


def _row(one: Deadline) -> dict[str, Any]:
    return {
        "clause": one.clause,
        "what": one.what,
        "due_ms": one.due_ms,
        "span_ms": one.span_ms,
        "state": one.state,
        "came_ms": one.came_ms,
    }
