"""When that is due which recurs from its last completion."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.rounds import windows
from server.rounds.models import Occurrence, Plan
from server.rounds.recurrence import After
from server.rounds.rules import Window
from server.rounds.service.judging import judge_all


def following(
    session: Session, *, plan: Plan, terms: windows.Terms, after: After, now_ms: int
) -> Window | None:
    """Return the window that comes after those which have begun, or None while the last is undecided.

    Done, late or unproven: so long after the day on which its last stop was reached. Excused: as if it
    had been done on its last day. Missed, partial or not heard yet: it stays due, from the end of its
    grace on. A window that has begun is never changed, whatever arrives later.
    """
    last = session.scalars(
        select(Occurrence)
        .where(Occurrence.plan_id == plan.id, Occurrence.withdrawn_ms.is_(None), Occurrence.from_ms <= now_ms)
        .order_by(Occurrence.from_ms.desc())
        .limit(1)
    ).first()
    window = None if plan.paused else _next(session, terms, after, last, now_ms)
    if window is None or (terms.ends_on is not None and _day(window.from_ms, terms) > terms.ends_on):
        return None
    return window


def _next(
    session: Session, terms: windows.Terms, after: After, last: Occurrence | None, now_ms: int
) -> Window | None:
    if last is None:
        return windows.following(terms, after, last_done=None, not_before_ms=now_ms)
    [judged] = judge_all(session, site_id=last.site_id, occurrences=[last], now_ms=now_ms)
    judgement = judged.judgement
    if judgement.state in ("done", "late", "unproven") and judgement.end_ms is not None:
        done = _day(judgement.end_ms, terms)
    elif judgement.state == "excused":
        done = _day(last.to_ms - 1, terms)
    elif now_ms < last.to_ms + last.grace_ms:
        return None
    else:
        window = windows.still_due(terms, after, over_ms=last.to_ms + last.grace_ms)
        if window.to_ms > now_ms:
            return window
        return windows.following(terms, after, last_done=None, not_before_ms=now_ms)
    return windows.following(terms, after, last_done=done, not_before_ms=now_ms)


def _day(ms: int, terms: windows.Terms) -> date:
    return datetime.fromtimestamp(ms / 1000, terms.zone).date()
