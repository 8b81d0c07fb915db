"""Periodic work of the reports: tallies that are missing, months to close, revisions to state."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.reports import periods
from server.reports.models import Closing, Reporting
from server.reports.periods import MOST_DAYS
from server.reports.service import closing as closings
from server.reports.service.report import gather, today_of
from server.reports.service.tally import facts_of
from server.rounds.rules import Window
from server.sites.models import Site

DAY_MS = 86_400_000
RECENT_DAYS = 62
"""This month and the one before: what is looked at all the time."""

_STEP_DAYS = 16
"""So many days of one site are tallied in one transaction: nobody waits long for the database."""


def keep_tallies(session: Session, *, now_ms: int, days: int = RECENT_DAYS) -> None:
    """Judge what began within the last `days` days and has no tally that holds. Commits as it goes."""
    for site in _sites(session):
        for back in range(days, 0, -_STEP_DAYS):
            start = now_ms - back * DAY_MS
            span = Window(start, min(start + _STEP_DAYS * DAY_MS, now_ms))
            facts_of(session, site=site, span=span, now_ms=now_ms, keep=True)
            session.commit()


def close_months(session: Session, *, now_ms: int) -> None:
    """Close the last months of sites that want it, in which something was due. Commits each."""
    wanted = session.execute(
        select(Site, Reporting.close_after_days)
        .join(Reporting, Reporting.site_id == Site.id)
        .where(Reporting.closes_itself)
    ).all()
    for site, after_days in wanted:
        month = periods.around(today_of(site, now_ms), "month")
        while (now_ms - _end_ms(site, month)) < (after_days + RECENT_DAYS) * DAY_MS:
            month = month.before()
            over = now_ms >= _end_ms(site, month) + after_days * DAY_MS
            if not over or closings.latest(session, site_id=site.id, period=month) is not None:
                continue
            if gather(session, site=site, period=month, now_ms=now_ms).total.due:
                _close(session, site, month, now_ms)


def revise(session: Session, *, now_ms: int) -> None:
    """State the next revision of each closed period whose figures have changed. Commits each."""
    last = (
        select(Closing.site_id, Closing.period, func.max(Closing.revision).label("revision"))
        .where(Closing.to_ms > now_ms - MOST_DAYS * DAY_MS)
        .group_by(Closing.site_id, Closing.period)
        .subquery()
    )
    found = session.scalars(
        select(Closing).join(
            last,
            (last.c.site_id == Closing.site_id)
            & (last.c.period == Closing.period)
            & (last.c.revision == Closing.revision),
        )
    ).all()
    sites = {site.id: site for site in _sites(session)}
    for one in found:
        if not closings.may_have_changed(session, one):
            continue
        site, period = sites[one.site_id], periods.read(one.period)
        if closings.has_changed(one, gather(session, site=site, period=period, now_ms=now_ms)):
            _close(session, site, period, now_ms)


def _close(session: Session, site: Site, period: periods.Period, now_ms: int) -> None:
    try:
        made = closings.close(session, site=site, period=period, person_id=None, now_ms=now_ms)
    except (closings.NothingChanged, closings.TooEarly):
        return
    note_closing(session, made, now_ms=now_ms)
    session.commit()


def note_closing(session: Session, closing: Closing, *, now_ms: int) -> None:
    """Write to the audit log that a period was closed, or its next revision stated."""
    audit.write(
        session,
        organisation=closing.organisation_id,
        site=closing.site_id,
        person=closing.closed_by,
        action="period.closed" if closing.revision == 1 else "period.revised",
        subject=f"site:{closing.site_id}",
        detail={
            "period": closing.period,
            "revision": closing.revision,
            "share": closing.figures["all"]["low"],
        },
        now_ms=now_ms,
    )


def _sites(session: Session) -> Iterator[Site]:
    yield from session.scalars(select(Site).order_by(Site.id)).all()


def _end_ms(site: Site, month: periods.Period) -> int:
    zone = ZoneInfo(site.time_zone)
    return month.bounds(day_start_min=site.day_start_min, zone=zone).to_ms
