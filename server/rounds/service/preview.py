"""When a plan comes: the next windows of one that is not made yet, and the month of one that is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from server.problems import Invalid
from server.rounds import recurrence as recurrences
from server.rounds import rules, windows
from server.rounds.models import LONG, Cutting, Occurrence, Plan
from server.rounds.recurrence import After, Calendar, Unreadable
from server.rounds.rules import DAY_MIN, Window, day_bounds
from server.rounds.service.cutting import terms_of
from server.rounds.service.following import following
from server.rounds.service.judging import judge_all
from server.sites.models import Site
from server.sites.service import announced

SHOWN = 12
"""How many windows a preview shows."""

_LOOK_DAYS = (35, 400, 366 * 12 + 35)


def preview(
    session: Session,
    *,
    site: Site,
    recurrence: dict[str, Any],
    starts_on: date,
    ends_on: date | None,
    now_ms: int,
) -> dict[str, Any]:
    """Return the windows that would run or come next, without making anything.

    :raises Invalid: the recurrence cannot be meant, or never comes
    """
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(errors={"json": {"ends_on": ["The plan ends before it starts"]}})
    try:
        terms = windows.Terms(
            recurrence=recurrences.read(recurrence),
            zone=ZoneInfo(site.time_zone),
            starts_on=starts_on,
            ends_on=ends_on,
            day_start_min=site.day_start_min,
            holidays=announced.calendar_of(session, site),
        )
    except Unreadable as error:
        raise Invalid(errors={"json": {"recurrence": error.errors}}) from None
    if wrong := windows.faults(terms):
        ends = wrong.pop("ends_on", None)
        errors = ({"recurrence": wrong} if wrong else {}) | ({"ends_on": ends} if ends else {})
        raise Invalid(errors={"json": errors})
    coming = _coming(terms, now_ms)
    return {"windows": [_window(w) for w in coming], "unknown_from": _unknown(terms, coming)}


def month(session: Session, *, site: Site, plan: Plan, first: date, now_ms: int) -> dict[str, Any]:
    """Return the windows of the plan that touch a month of the site's days, with their states.

    What lies beyond the 35 days that are cut is `planned`: it is shown as the rule has it today.

    :param first: the first day of the month
    """
    terms = terms_of(session, plan, site)
    begin = day_bounds(first, day_start_min=site.day_start_min, zone=terms.zone).from_ms
    end = day_bounds(
        first + relativedelta(months=1), day_start_min=site.day_start_min, zone=terms.zone
    ).from_ms
    occurrences = session.scalars(
        select(Occurrence)
        .where(
            Occurrence.plan_id == plan.id,
            Occurrence.withdrawn_ms.is_(None),
            Occurrence.from_ms < end,
            or_(Occurrence.from_ms >= begin, and_(LONG, Occurrence.to_ms > begin)),
        )
        .order_by(Occurrence.from_ms, Occurrence.number)
    ).all()
    judged = judge_all(session, site_id=site.id, occurrences=occurrences, now_ms=now_ms)
    found = [
        _window(Window(j.occurrence.from_ms, j.occurrence.to_ms, j.occurrence.number))
        | {
            "occurrence": j.occurrence.id,
            "state": j.judgement.state,
            "done": j.judgement.done,
            "total": j.judgement.total,
        }
        for j in judged
    ]
    planned = _planned(session, plan, terms, {j.occurrence.id for j in judged}, begin, end, now_ms)
    return {"month": f"{first:%Y-%m}", "windows": found + planned, "unknown_from": _unknown(terms, planned)}


def _planned(
    session: Session,
    plan: Plan,
    terms: windows.Terms,
    known: set[UUID],
    begin: int,
    end: int,
    now_ms: int,
) -> list[dict[str, Any]]:
    if plan.paused:
        return []
    if isinstance(terms.recurrence, After):
        due = following(session, plan=plan, terms=terms, after=terms.recurrence, now_ms=now_ms)
        coming = [due] if due is not None and begin <= due.from_ms < end else []
    else:
        cutting = session.get(Cutting, plan.id)
        since = max(begin, cutting.until_ms if cutting else now_ms)
        coming = windows.cut(terms, from_ms=since, until_ms=end) if since < end else []
    return [
        _window(w) | {"occurrence": None, "state": "planned", "done": 0, "total": 0}
        for w in coming
        if rules.occurrence_id(plan.id, w.from_ms, w.number) not in known
    ]


def _coming(terms: windows.Terms, now_ms: int) -> list[Window]:
    if isinstance(terms.recurrence, After):
        return [windows.following(terms, terms.recurrence, last_done=None, not_before_ms=now_ms)]
    since = now_ms - windows.longest_ms(terms.recurrence)
    found: list[Window] = []
    for days in _LOOK_DAYS:
        cut = windows.cut(terms, from_ms=since, until_ms=now_ms + days * DAY_MIN * 60_000)
        found = [w for w in cut if w.to_ms > now_ms]
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]


def _window(window: Window) -> dict[str, Any]:
    return {"from_ms": window.from_ms, "to_ms": window.to_ms, "number": window.number}


def _unknown(terms: windows.Terms, coming: list[Any]) -> date | None:
    """Return from which day on the ordinary week stands in for holidays that nobody announced yet."""
    known = terms.holidays.known_until
    asks = isinstance(terms.recurrence, Calendar) and terms.recurrence.asks_for_holidays
    return known + relativedelta(days=1) if asks and known is not None and coming else None
