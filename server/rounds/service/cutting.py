"""Cutting a plan's windows into occurrences, 35 days ahead.

A window that has begun stays as it was, whatever becomes of its plan. A window still to come that
the plan no longer has is *withdrawn*: it leaves the phones and is nobody's any more; its row stays,
for a phone may already have recorded something against it. The same window cut again is the same
occurrence.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import Session

from server.feed.service import Change, flush, queue
from server.problems import NotFound
from server.rounds import recurrence, rules, windows
from server.rounds.models import Cutting, Occurrence, Plan
from server.rounds.recurrence import After
from server.rounds.rules import Window
from server.rounds.service.following import following
from server.sites.holidays import CHINESE, ORDINARY
from server.sites.models import AnnouncedYear, Site
from server.sites.service import announced

STEP_MS = 3_600_000
"""Cutting goes this much beyond the 35 days, so that it is work once an hour and not every minute."""

LOOK_MS = 5 * 60_000
"""How often it is asked of what follows the last completion whether there was one."""


def terms_of(session: Session, plan: Plan, site: Site) -> windows.Terms:
    """Return what the plan's windows follow from."""
    return windows.Terms(
        recurrence=recurrence.read(plan.recurrence),
        zone=ZoneInfo(site.time_zone),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        day_start_min=site.day_start_min,
        holidays=announced.calendar_of(session, site),
    )


def recut(session: Session, *, plan: Plan, site: Site, now_ms: int) -> None:
    """Cut the plan anew after it was made or changed.

    Windows that run at this moment are cut as well: a plan made at nine for eight to ten is walked
    today. One that meets a window which has begun is left out, now and tonight: one round at a time.
    """
    cutting = session.get(Cutting, plan.id, with_for_update=True)
    terms = terms_of(session, plan, site)
    found: dict[UUID, Occurrence] = {
        o.id: o
        for o in session.scalars(
            select(Occurrence).where(
                Occurrence.plan_id == plan.id, Occurrence.to_ms > now_ms - rules.DAY_MIN * 60_000
            )
        )
    }
    begun = [o for o in found.values() if o.from_ms <= now_ms and o.withdrawn_ms is None]
    if isinstance(terms.recurrence, After):
        due = following(session, plan=plan, terms=terms, after=terms.recurrence, now_ms=now_ms)
        coming = [due] if due is not None and due.from_ms < _horizon(now_ms) else []
    else:
        earliest = now_ms - windows.longest_ms(terms.recurrence) - rules.DAY_MIN * 60_000
        found_by_rule = _windows(plan, terms, earliest, _horizon(now_ms))
        coming = [w for w in found_by_rule if w.to_ms > now_ms and not _meets_begun(w, begun)]
    wanted = {rules.occurrence_id(plan.id, w.from_ms, w.number): w for w in coming}
    for occurrence in found.values():
        if occurrence.from_ms > now_ms and occurrence.id not in wanted and occurrence.withdrawn_ms is None:
            occurrence.withdrawn_ms = now_ms
            _leave(session, occurrence)
    for occurrence_id, window in wanted.items():
        if occurrence_id not in found:
            _add(session, plan, window, now_ms)
        elif _differs(found[occurrence_id], plan, window):
            _renew(session, found[occurrence_id], plan, window)
    if cutting is None:
        cutting = Cutting(plan_id=plan.id, organisation_id=plan.organisation_id, site_id=plan.site_id)
        session.add(cutting)
    follows = isinstance(terms.recurrence, After)
    cutting.until_ms = now_ms + LOOK_MS if follows else _horizon(now_ms)
    cutting.calendar = f"{terms.holidays.edition} {site.day_start_min}"


def cut_ahead(session: Session, *, now_ms: int) -> None:
    """Cut what has come within 35 days, and take from the phones what ended 14 days ago.

    Safe to repeat. Goes on where the last cutting ended, so that a server that was away for weeks
    owns up to the windows of that time. Publishes the feed; the caller commits at once.
    """
    query = (
        select(Plan, Cutting, Site)
        .join(Cutting, Cutting.plan_id == Plan.id)
        .join(Site, Site.id == Plan.site_id)
        .where(Cutting.until_ms < now_ms + rules.AHEAD_MS)
        .with_for_update(of=Cutting)
    )
    for plan, cutting, site in session.execute(query).all():
        begin, end = cutting.until_ms, _horizon(now_ms)
        if plan.recurrence["kind"] == "after":
            if begin <= now_ms:
                recut(session, plan=plan, site=site, now_ms=now_ms)
            continue
        found = _windows(plan, terms_of(session, plan, site), begin, end)
        known = _known(session, plan, begin)
        for window in found:
            if rules.occurrence_id(plan.id, window.from_ms, window.number) not in known:
                _add(session, plan, window, now_ms)
        cutting.until_ms = end
    _cut_by_new_calendar(session, now_ms)
    ended = select(Occurrence).where(
        Occurrence.fed, Occurrence.withdrawn_ms.is_(None), Occurrence.to_ms < now_ms - rules.KEPT_MS
    )
    for occurrence in session.scalars(ended):
        _leave(session, occurrence)
    flush(session, now_ms=now_ms)


def excuse(
    session: Session, *, site_id: UUID, occurrence_id: UUID, why: str, person_id: UUID, now_ms: int
) -> Occurrence:
    """Excuse an occurrence with a written reason; a later one replaces it.

    :raises NotFound: no such occurrence on the site
    """
    occurrence = occurrence_of(session, site_id=site_id, occurrence_id=occurrence_id)
    occurrence.excused_why, occurrence.excused_by, occurrence.excused_ms = why, person_id, now_ms
    occurrence.version += 1
    if occurrence.fed:
        _feed(session, occurrence)
    else:
        _queue(session, occurrence, "leave", None)
    return occurrence


def occurrence_of(session: Session, *, site_id: UUID, occurrence_id: UUID) -> Occurrence:
    """Return an occurrence of the site that was not withdrawn.

    :raises NotFound: there is none
    """
    occurrence = session.get(Occurrence, occurrence_id)
    if occurrence is None or occurrence.site_id != site_id or occurrence.withdrawn_ms is not None:
        raise NotFound
    return occurrence


def _horizon(now_ms: int) -> int:
    return now_ms + rules.AHEAD_MS + STEP_MS


def _cut_by_new_calendar(session: Session, now_ms: int) -> None:
    """Cut anew, where nothing has begun, for sites with other holidays, more of them known, another day.

    What is compared is the `edition` of a site's holidays, written in SQL, and the start of its day.
    """
    words = (
        select(AnnouncedYear.organisation_id, func.count().label("editions"))
        .group_by(AnnouncedYear.organisation_id)
        .subquery()
    )
    said = func.coalesce(literal("+") + cast(words.c.editions, String), "")
    edition = case((Site.holidays == CHINESE.name, literal(CHINESE.edition) + said), else_=ORDINARY.edition)
    query = (
        select(Plan, Site)
        .join(Cutting, Cutting.plan_id == Plan.id)
        .join(Site, Site.id == Plan.site_id)
        .outerjoin(words, words.c.organisation_id == Site.organisation_id)
        .where(Cutting.calendar != edition + " " + cast(Site.day_start_min, String))
    )
    for plan, site in session.execute(query).all():
        recut(session, plan=plan, site=site, now_ms=now_ms)


def _windows(plan: Plan, terms: windows.Terms, from_ms: int, until_ms: int) -> list[Window]:
    return [] if plan.paused else windows.cut(terms, from_ms=from_ms, until_ms=until_ms)


def _known(session: Session, plan: Plan, from_ms: int) -> set[UUID]:
    return set(
        session.scalars(
            select(Occurrence.id).where(Occurrence.plan_id == plan.id, Occurrence.from_ms >= from_ms)
        )
    )


def _meets_begun(window: Window, begun: list[Occurrence]) -> bool:
    return any(window.from_ms < o.to_ms and o.from_ms < window.to_ms for o in begun)


def _differs(occurrence: Occurrence, plan: Plan, window: Window) -> bool:
    is_now = (occurrence.to_ms, occurrence.grace_ms, occurrence.withdrawn_ms)
    return is_now != (window.to_ms, plan.grace_min * 60_000, None)


def _add(session: Session, plan: Plan, window: Window, now_ms: int) -> None:
    occurrence = Occurrence(
        id=rules.occurrence_id(plan.id, window.from_ms, window.number),
        organisation_id=plan.organisation_id,
        site_id=plan.site_id,
        plan_id=plan.id,
        from_ms=window.from_ms,
        to_ms=window.to_ms,
        number=window.number,
        grace_ms=plan.grace_min * 60_000,
        made_ms=now_ms,
        fed=True,
        version=1,
    )
    session.add(occurrence)
    _feed(session, occurrence)


def _renew(session: Session, occurrence: Occurrence, plan: Plan, window: Window) -> None:
    occurrence.to_ms, occurrence.grace_ms = window.to_ms, plan.grace_min * 60_000
    occurrence.withdrawn_ms, occurrence.fed = None, True
    occurrence.version += 1
    _feed(session, occurrence)


def _leave(session: Session, occurrence: Occurrence) -> None:
    occurrence.fed = False
    occurrence.version += 1
    _queue(session, occurrence, "leave", None)


def _feed(session: Session, occurrence: Occurrence) -> None:
    excused = {"why": occurrence.excused_why} if occurrence.excused_ms is not None else None
    body = {
        "id": str(occurrence.id),
        "plan": str(occurrence.plan_id),
        "from_ms": occurrence.from_ms,
        "to_ms": occurrence.to_ms,
        "grace_ms": occurrence.grace_ms,
        "number": occurrence.number,
        "excused": excused,
    }
    _queue(session, occurrence, "upsert", body)


def _queue(session: Session, occurrence: Occurrence, op: Any, body: dict[str, Any] | None) -> None:
    queue(
        session,
        Change(
            occurrence.organisation_id,
            occurrence.site_id,
            "occurrence",
            occurrence.id,
            occurrence.version,
            op,
            body,
        ),
    )
