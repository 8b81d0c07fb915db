"""The rounds behind a figure of a report, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Invalid
from server.reports.figures import Axis, Fact
from server.reports.service.report import Report, period_view
from server.rounds.models import Plan
from server.rounds.service.visits import BadCursor

DUE = ("done", "late", "partial", "missed", "unheard", "unproven")
"""The states of what was due."""


def cell_view(
    session: Session,
    report: Report,
    *,
    axis: Axis,
    key: str | None,
    states: tuple[str, ...],
    after: str | None,
    limit: int,
) -> dict[str, Any]:
    """Return the rounds that a figure counts, by their start, and the cursor of the next page or None.

    :param key: the row of the axis; None is the row of what has none
    :param states: only these; all when empty
    :raises Invalid: a key that the axis cannot have
    :raises BadCursor: `after` is no cursor
    """
    wanted = None if axis == "all" else read_key(axis, key)
    found = [fact for fact in report.facts if wanted in fact.on(axis)]
    return page_view(session, report, found, states=states, after=after, limit=limit)


def page_view(
    session: Session,
    report: Report,
    facts: Sequence[Fact],
    *,
    states: tuple[str, ...],
    after: str | None,
    limit: int,
) -> dict[str, Any]:
    """Return a page of some rounds of a report, those in `states` or all, and the cursor of the next.

    :raises BadCursor: `after` is no cursor
    """
    found = [fact for fact in facts if not states or fact.state in states]
    if after is not None:
        from_ms, occurrence = _read_cursor(after)
        rest = [fact for fact in found if (fact.from_ms, fact.occurrence) > (from_ms, occurrence)]
    else:
        rest = found
    page = rest[:limit]
    plans = {p.id: p for p in session.scalars(select(Plan).where(Plan.site_id == report.site.id))}
    return {
        "period": period_view(report),
        "count": len(found),
        "rounds": [_round(fact, plans[fact.plan]) for fact in page],
        "next": f"{page[-1].from_ms}.{page[-1].occurrence}" if len(rest) > limit else None,
    }


def read_key(axis: Axis, key: str | None) -> UUID | date | str | None:
    """Return a row's key as the facts have it.

    :raises Invalid: it cannot be one
    """
    if axis in ("all", "demand") or key is None:
        return key
    try:
        return date.fromisoformat(key) if axis == "day" else UUID(key)
    except ValueError:
        raise Invalid(errors={"query": {"key": [f"Not the key of a {axis}"]}}) from None


def _round(fact: Fact, plan: Plan) -> dict[str, Any]:
    return {
        "occurrence": fact.occurrence,
        "plan": plan.name,
        "demands": fact.demands,
        "day": fact.day,
        "from_ms": fact.from_ms,
        "to_ms": fact.to_ms,
        "state": fact.state,
        "done": fact.done,
        "total": fact.total,
        "end_ms": fact.end_ms,
    }


def _read_cursor(text: str) -> tuple[int, UUID]:
    start, _, occurrence = text.partition(".")
    try:
        if not (start.lstrip("-").isdecimal() and start.isascii() and len(start) <= 17):
            raise BadCursor
        return int(start), UUID(occurrence)
    except ValueError:
        raise BadCursor from None
