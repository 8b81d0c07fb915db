"""What of an order is due when: what is known of it, brought before the clauses of its site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.models import Device
from server.orders.deadlines import OPEN, Calendar, Clause, Deadline, Facts, Moment, judge
from server.orders.models import WorkOrder
from server.orders.service.policies import clauses_at, hours_at
from server.people.models import Membership, Shift
from server.sites.models import Site
from server.sites.service import announced
from sync.orders import Event, OrderState

REPORTS: Final = frozenset({"note", "arrive", "pause", "complete", "propose"})
"""What tells how an order stands: each is a report back (复命)."""

CARRIED_MS: Final = 14 * 86_400_000
"""A phone on which somebody signed in within so long may carry what they did."""


@dataclass(slots=True)
class Said:
    """Everything that was said to an order, with when it was as surely as is known."""

    events: list[Event] = field(default_factory=list)
    moments: dict[str, Moment] = field(default_factory=dict)

    def take(self, event: Event, moment: Moment) -> None:
        """Add one."""
        self.events.append(event)
        self.moments[event.id] = moment


def calendar_of(session: Session, site: Site) -> Calendar:
    """Return a site's zone, working days and hours."""
    works = announced.calendar_of(session, site).works
    return Calendar(ZoneInfo(site.time_zone), works, hours_at(session, site_id=site.id))


class Timing:
    """Judges orders of any site; remembers what it read of the sites."""

    def __init__(self, session: Session) -> None:
        """Remember nothing yet."""
        self._session = session
        self._terms: dict[UUID, tuple[Calendar, tuple[Clause, ...]]] = {}

    def columns(self, order: WorkOrder, state: OrderState, said: Said, *, now_ms: int) -> dict[str, Any]:
        """Return the columns of an order that say what is due when."""
        found = self.judge(order, state, said, now_ms=now_ms)
        told = {
            event.p.get("key")
            for event in said.events
            if event.kind == "escalate" and event.p.get("step") == "missed"
        }
        open_ = [one for one in found if one.state in OPEN]
        return {
            "deadlines": [_row(one, told) for one in found],
            "next_due_ms": min((one.due_ms for one in open_), default=None),
            "look_ms": min((at for one in open_ if (at := _look(one, now_ms)) is not None), default=None),
        }

    def judge(self, order: WorkOrder, state: OrderState, said: Said, *, now_ms: int) -> list[Deadline]:
        """Return what is and was due of an order."""
        calendar, clauses = self._of(order.site_id)
        facts = facts_of(order, state, said)
        found = judge(clauses, facts, calendar, now_ms)
        if any(one.state == "missed" for one in found):
            silent = self._silent_since(order)
            if silent is not None:
                found = judge(
                    clauses, msgspec.structs.replace(facts, silent_since_ms=silent), calendar, now_ms
                )
        return found

    def _of(self, site_id: UUID) -> tuple[Calendar, tuple[Clause, ...]]:
        if site_id not in self._terms:
            site = self._session.get_one(Site, site_id)
            self._terms[site_id] = (
                calendar_of(self._session, site),
                clauses_at(self._session, site_id=site_id),
            )
        return self._terms[site_id]

    def _silent_since(self, order: WorkOrder) -> int | None:
        """Return until when the phones were heard on which somebody may have done this order."""
        who = order.holder_id or order.assignee_id
        if who is None:
            return None
        people = [who]
        if order.holder_id is None and order.assignee_kind in ("team", "company"):
            named = Membership.team_id if order.assignee_kind == "team" else Membership.company_id
            people = list(
                self._session.scalars(
                    select(Membership.person_id).where(
                        Membership.site_id == order.site_id, named == who, Membership.ended_ms.is_(None)
                    )
                )
            )
        carried = select(Shift.device_id).where(
            Shift.organisation_id == order.organisation_id,
            Shift.person_id.in_(people),
            Shift.started_ms > order.opened_ms - CARRIED_MS,
        )
        heard = self._session.scalars(
            select(Device.clear_ms).where(Device.id.in_(carried), Device.state == "active")
        ).all()
        return min((ms or 0 for ms in heard), default=None)


def facts_of(order: WorkOrder, state: OrderState, said: Said) -> Facts:
    """Return what is known of an order, as clauses ask it."""
    by_id = {event.id: event for event in said.events}

    def moment(event_id: str) -> Moment:
        return said.moments[event_id]

    def arrival(event_id: str) -> Moment:
        # at a thing that has a code, only its scan proves that somebody was there
        event = by_id[event_id]
        is_proven = order.target_id is None or event.kind != "arrive" or event.p.get("scan") is not None
        return msgspec.structs.replace(moment(event_id), proven=is_proven)

    return Facts(
        kind=order.kind,
        cls=state.cls or "other",
        urgency=state.urgency,
        opened_ms=order.opened_ms,
        arrivals=[arrival(event_id) for event_id in state.arrivals],
        done=moment(state.done["event"]) if state.done and state.done["event"] in by_id else None,
        followed=moment(state.followed["event"]) if state.followed and state.done else None,
        reports=[said.moments[event.id] for event in said.events if event.kind in REPORTS],
        pauses=[(pause["from_ms"], pause["to_ms"]) for pause in state.pauses],
        cancelled_ms=state.cancelled["at_ms"] if state.state == "cancelled" and state.cancelled else None,
        due_ms=state.due_ms,
    )


def _row(one: Deadline, told: set[Any]) -> dict[str, Any]:
    return {
        "key": one.key,
        "clause": one.clause,
        "what": one.what,
        "due_ms": one.due_ms,
        "span_ms": one.span_ms,
        "state": one.state,
        "came_ms": one.came_ms,
        # it was told as missed, and a record that came later says otherwise
        "corrected": one.key in told and one.state in ("met", "unproven"),
    }


def _look(one: Deadline, now_ms: int) -> int | None:
    """Return when time alone makes something else of what is due."""
    if one.state in ("paused", "missed"):
        return None
    near = one.due_ms - one.span_ms // 3
    return near if now_ms < near else one.due_ms + 1
