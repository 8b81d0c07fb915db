"""What the office is told of rounds that are over, and that it is told again when that was wrong.

Once a round is over its state is written down as *told*, in the minute after its grace or in that in which
the last phone that carries it was heard. Whatever changes it later (a record that came late, a phone
that nobody knew to carry it, an excuse) is told as a further row with its cause, and the earlier
stays: the list of what needs a person says "corrected, was reported as missed" to each until they took
note of it, and the page of the round shows both.

A round that is not heard is not told of: nothing was said of anybody. Only where something had been
said before, *not heard yet* corrects it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.feed import service as feed
from server.problems import NotFound
from server.rounds.changes import RoundChange
from server.rounds.models import Occurrence
from server.rounds.rules import Window
from server.rounds.service import progress
from server.rounds.service.judging import Judged, judge_all
from server.rounds.service.sharing import everyone, groups_of
from server.rounds.told import ReportSeen, RoundReport
from server.sites.models import Site

DAY_MS = 86_400_000
NEAR_DAYS = 3
"""Rounds that ended within these days are looked for each minute, older ones once an hour."""

FAR_DAYS = 62
"""This month and the one before; what is not heard by then is closed with a footnote."""

SHOWN_DAYS = 14
"""So long a correction waits for somebody to take note of it."""

AT_ONCE = 400
"""So many occurrences are judged together."""

MARGIN_MS = 60_000

_OPEN = frozenset({"upcoming", "open", "progress"})


@dataclass(frozen=True, slots=True)
class Correction:
    """That a round was told of in one state, and is in another by evidence that came later."""

    was: RoundReport
    now: RoundReport


def tell(session: Session, *, now_ms: int, far: bool = False) -> None:
    """Look at every round that is over and was not told of, and at those that changed. Commits by site.

    :param far: look for rounds of two months, not only for those of the last days
    """
    for site in session.scalars(select(Site).order_by(Site.id)).all():
        days = FAR_DAYS if far else NEAR_DAYS
        changes = _moved(session, site)
        look(session, site=site, occurrences=changes, cause="record", now_ms=now_ms)
        look(session, site=site, occurrences=_waiting(session, site), cause="heard", now_ms=now_ms)
        look(session, site=site, occurrences=_untold(session, site, days, now_ms), now_ms=now_ms)
        progress.take_away(session, site=site, now_ms=now_ms)
        for occurrence, seen in changes.items():
            session.execute(
                update(RoundChange).where(RoundChange.occurrence_id == occurrence).values(looked=seen)
            )
        feed.commit(session, now_ms=now_ms)


def look(
    session: Session, *, site: Site, occurrences: Collection[UUID], now_ms: int, cause: str = "over"
) -> None:
    """Judge rounds and tell of those that are over and in another state than was told; the caller commits.

    :param cause: why one that was told of before may be in another state now
    """
    if not occurrences:
        return
    wanted = sorted(occurrences)
    for at in range(0, len(wanted), AT_ONCE):
        found = _standing(session, site, wanted[at : at + AT_ONCE])
        everybody = everyone((o.id for o in found), groups_of(session, found)) if found else set()
        if not everybody <= {o.id for o in found}:  # a change of one that shares a window is a change of all
            found = _standing(session, site, sorted(everybody))
        judged = judge_all(session, site_id=site.id, occurrences=found, now_ms=now_ms)
        told = reports_of(session, occurrences=[one.occurrence.id for one in judged])
        for one in judged:
            _tell(session, one, told.get(one.occurrence.id, []), cause, now_ms)
        progress.note(session, judged=judged, now_ms=now_ms)


def look_before(session: Session, *, site: Site, occurrence_id: UUID, now_ms: int) -> None:
    """Tell what evidence has made of a round by now, before the office says something of it.

    Else the office's word would stand as the cause of what a record did, and nobody would be told of
    the correction. The caller commits.
    """
    moved = session.scalar(
        select(RoundChange.changes != RoundChange.looked).where(RoundChange.occurrence_id == occurrence_id)
    )
    cause = "record" if moved else "heard"
    look(session, site=site, occurrences=[occurrence_id], cause=cause, now_ms=now_ms)


def look_at_once(session: Session, *, occurrence: Occurrence, now_ms: int) -> None:
    """Tell what becomes of a round by what the office has just said of it; the caller commits."""
    session.flush()
    site = session.get_one(Site, occurrence.site_id)
    look(session, site=site, occurrences=[occurrence.id], cause="office", now_ms=now_ms)


def reports_of(session: Session, *, occurrences: Iterable[UUID]) -> dict[UUID, list[RoundReport]]:
    """Return occurrence → what was told of it, the first first."""
    found: dict[UUID, list[RoundReport]] = {}
    query = select(RoundReport).where(RoundReport.occurrence_id.in_(list(occurrences)))
    for report in session.scalars(query.order_by(RoundReport.number)):
        found.setdefault(report.occurrence_id, []).append(report)
    return found


def corrections(
    session: Session, *, site_id: UUID, since_ms: int, until_ms: int, reader: UUID | None = None
) -> list[Correction]:
    """Return the corrections of a stretch of time that stand, the latest first.

    :param reader: leave out what this person took note of
    """
    seen = exists().where(ReportSeen.report_id == RoundReport.id, ReportSeen.person_id == reader)
    query = select(RoundReport.occurrence_id).where(
        RoundReport.site_id == site_id,
        RoundReport.number > 1,
        RoundReport.at_ms >= since_ms,
        RoundReport.at_ms < until_ms,
    )
    wanted = session.scalars(query if reader is None else query.where(~seen)).all()
    told = reports_of(session, occurrences=set(wanted))
    found = [one for reports in told.values() if (one := corrected(reports)) is not None]
    if reader is not None:
        taken = _taken(session, reader, [one.now.id for one in found])
        found = [one for one in found if one.now.id not in taken]
    return sorted(found, key=lambda one: (-one.now.at_ms, str(one.now.id)))


def corrected_of(session: Session, *, site_id: UUID, span: Window, since_ms: int = 0) -> list[Correction]:
    """Return the corrections, made since a moment, of rounds whose window begins within the span."""
    query = (
        select(RoundReport.occurrence_id)
        .join(Occurrence, Occurrence.id == RoundReport.occurrence_id)
        .where(
            RoundReport.site_id == site_id,
            RoundReport.number > 1,
            RoundReport.at_ms >= max(since_ms, span.from_ms),
            Occurrence.from_ms >= span.from_ms,
            Occurrence.from_ms < span.to_ms,
        )
    )
    told = reports_of(session, occurrences=set(session.scalars(query)))
    return [
        one
        for reports in told.values()
        if (one := corrected(reports)) is not None and one.now.at_ms >= since_ms
    ]


def corrected(reports: Sequence[RoundReport]) -> Correction | None:
    """Return what evidence corrected last of what was told of a round, or None.

    What the office itself says, an excuse say, corrects nothing: it knows. Nor does it take a correction
    by evidence from those who have not seen it yet, unless the round is again as they were told.
    """
    for n in range(len(reports) - 1, 0, -1):
        now = reports[n]
        if now.cause in ("record", "heard"):
            was = next((one for one in reversed(reports[:n]) if one.state != "unheard"), None)
            stands = was is not None and was.state not in (now.state, reports[-1].state)
            return Correction(was, now) if was is not None and stands else None
    return None


def take_note(
    session: Session, *, site_id: UUID, reports: Collection[UUID], person_id: UUID, now_ms: int
) -> int:
    """Note that somebody saw corrections; return how many they had not seen before.

    :raises NotFound: one of them is none of this site
    """
    known = session.scalars(
        select(RoundReport).where(RoundReport.site_id == site_id, RoundReport.id.in_(reports))
    ).all()
    if len(known) != len(set(reports)):
        raise NotFound
    taken = _taken(session, person_id, [one.id for one in known])
    fresh = [one for one in known if one.id not in taken]
    session.add_all(
        ReportSeen(
            report_id=one.id,
            person_id=person_id,
            organisation_id=one.organisation_id,
            site_id=site_id,
            at_ms=now_ms,
        )
        for one in fresh
    )
    session.flush()
    return len(fresh)


def _taken(session: Session, person_id: UUID, reports: Sequence[UUID]) -> set[UUID]:
    query = select(ReportSeen.report_id).where(
        ReportSeen.person_id == person_id, ReportSeen.report_id.in_(reports)
    )
    return set(session.scalars(query))


# -- looking ---------------------------------------------------------------------------


def _standing(session: Session, site: Site, occurrences: Sequence[UUID]) -> Sequence[Occurrence]:
    return session.scalars(
        select(Occurrence).where(
            Occurrence.site_id == site.id,
            Occurrence.id.in_(occurrences),
            Occurrence.withdrawn_ms.is_(None),
        )
    ).all()


def _tell(session: Session, judged: Judged, told: Sequence[RoundReport], cause: str, now_ms: int) -> None:
    occurrence, judgement = judged.occurrence, judged.judgement
    over = now_ms >= judged.bounds.over_ms
    if not over or judgement.state in _OPEN or (judgement.state == "unheard" and not told):
        return
    if told and told[-1].state == judgement.state:
        return
    why = cause if told else "over"
    last = None
    if told and why == "record":
        # what came while the last look was going on has a time a little before it
        late = [v for v in judged.visits if v.received_ms > told[-1].at_ms - MARGIN_MS]
        last = max(late, key=lambda v: (v.received_ms, v.estimate_ms, v.id), default=None)
    report = RoundReport(
        id=uuid4(),
        organisation_id=occurrence.organisation_id,
        site_id=occurrence.site_id,
        occurrence_id=occurrence.id,
        number=len(told) + 1,
        state=judgement.state,
        done=judgement.done,
        total=judgement.total,
        at_ms=now_ms,
        cause=why,
        record=last.id if last is not None else None,
    )
    session.add(report)
    session.flush()
    found = corrected([*told, report])
    if found is not None and found.now is report:
        audit.write(
            session,
            organisation=occurrence.organisation_id,
            site=occurrence.site_id,
            person=None,
            action="occurrence.corrected",
            subject=str(occurrence.id),
            detail={"was": found.was.state, "state": found.now.state, "record": found.now.record},
            now_ms=now_ms,
        )


def _moved(session: Session, site: Site) -> dict[UUID, int]:
    """Return the rounds that changed since somebody looked, with how often they had when it was read."""
    query = select(RoundChange.occurrence_id, RoundChange.changes).where(
        RoundChange.site_id == site.id, RoundChange.changes != RoundChange.looked
    )
    return {row.occurrence_id: row.changes for row in session.execute(query)}


def _waiting(session: Session, site: Site) -> list[UUID]:
    """Return the rounds of which *not heard yet* was told last."""
    later = RoundReport.__table__.alias()
    query = select(RoundReport.occurrence_id).where(
        RoundReport.site_id == site.id,
        RoundReport.state == "unheard",
        ~exists().where(
            and_(later.c.occurrence_id == RoundReport.occurrence_id, later.c.number > RoundReport.number)
        ),
    )
    return list(session.scalars(query))


def _untold(session: Session, site: Site, days: int, now_ms: int) -> list[UUID]:
    """Return the rounds that are over and were not told of."""
    query = select(Occurrence.id).where(
        Occurrence.site_id == site.id,
        Occurrence.withdrawn_ms.is_(None),
        Occurrence.from_ms >= now_ms - days * DAY_MS,
        Occurrence.from_ms <= now_ms,
        Occurrence.to_ms + Occurrence.grace_ms <= now_ms,
        ~exists().where(RoundReport.occurrence_id == Occurrence.id),
    )
    return list(session.scalars(query))
