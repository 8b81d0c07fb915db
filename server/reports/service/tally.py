"""The facts of a stretch of time: judged by `server.rounds`, or taken from a tally that still holds.

A tally is a judgement that was kept. It holds while all that it was made of is the same: the
program, the window and grace, whether it was excused, and how often its visits have changed, which
the database itself counts. Kept are only states that follow from the evidence alone: who was heard
since can change the others at any moment, and they are judged each time.

`facts_of` is the only reader, and it joins nothing but tallies that hold. Emptying the table costs
time and nothing else.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, delete, func, select
from sqlalchemy.orm import Session, aliased

import server.rounds
import sync
from server.direct import Direct
from server.reports.figures import Fact
from server.reports.models import Tally
from server.rounds import rules, state
from server.rounds.changes import RoundChange
from server.rounds.models import Occurrence, Plan, PlanEdition
from server.rounds.office import PaperSheet
from server.rounds.rules import Window
from server.rounds.service.judging import Phones, judge_all, phones_of
from server.rounds.state import State
from server.sites.models import Site

KEPT: tuple[State, ...] = ("done", "late", "unproven", "excused")
"""States that follow from the evidence alone."""

AT_ONCE = 400
"""So many occurrences are judged together: what a report holds in memory does not grow with its period."""

_SHEETS = (
    select(func.count())
    .select_from(PaperSheet)
    .where(PaperSheet.occurrence_id == Occurrence.id)
    .correlate(Occurrence)
    .scalar_subquery()
)
CHANGES = func.coalesce(RoundChange.changes, 0) + _SHEETS
"""How often what an occurrence is judged by has changed; paper sheets only ever become more."""

_OTHER = aliased(Occurrence)
_ALONE = ~(
    select(_OTHER.id)
    .where(
        _OTHER.site_id == Occurrence.site_id,
        _OTHER.from_ms == Occurrence.from_ms,
        _OTHER.plan_id == Occurrence.plan_id,
        _OTHER.number > 1,
        _OTHER.withdrawn_ms.is_(None),
    )
    .correlate(Occurrence)
    .exists()
)
"""Rounds that share a window share their visits as well: a change of one is a change of all."""

_ROWS = Direct(
    select(
        Occurrence.id,
        Occurrence.plan_id,
        Occurrence.from_ms,
        Occurrence.to_ms,
        Occurrence.grace_ms,
        Occurrence.excused_ms,
        CHANGES.label("changes"),
        Tally.state,
        Tally.done,
        Tally.total,
        Tally.end_ms,
    )
    .outerjoin(RoundChange, RoundChange.occurrence_id == Occurrence.id)
    .outerjoin(
        Tally,
        and_(
            Tally.occurrence_id == Occurrence.id,
            Tally.rules == bindparam("rules"),
            _ALONE,
            Tally.changes == CHANGES,
            Tally.to_ms == Occurrence.to_ms,
            Tally.grace_ms == Occurrence.grace_ms,
            Tally.excused == Occurrence.excused_ms.is_not(None),
        ),
    )
    .where(
        Occurrence.site_id == bindparam("site"),
        Occurrence.withdrawn_ms.is_(None),
        Occurrence.from_ms >= bindparam("from_ms"),
        Occurrence.from_ms < bindparam("to_ms"),
    )
    .order_by(Occurrence.from_ms, Occurrence.id)
)


@cache
def rules_of_now() -> int:
    """Return a figure that changes with the program that judges: a tally of another one does not hold."""
    found = 0
    for package in (server.rounds, sync):
        folder = Path(cast("str", package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            found = zlib.crc32(path.read_bytes(), found)
    return found


def facts_of(
    session: Session, *, site: Site, span: Window, now_ms: int, keep: bool = False, fresh: bool = False
) -> list[Fact]:
    """Return every occurrence whose window begins within the span, by its start, with its state now.

    :param keep: write down the tallies that were missing; the caller commits
    :param fresh: judge all of them, whatever is kept
    """
    session.flush()
    bound = {"rules": rules_of_now(), "site": site.id, "from_ms": span.from_ms, "to_ms": span.to_ms}
    rows = _ROWS.rows(session, bound)
    # the counts of changes were read with the rows, before the visits: a tally never says too much
    found: dict[UUID, _State] = {}
    judge = _Judge(session, site, now_ms)
    for part in _parts([row for row in rows if fresh or row.state is None]):
        judged = judge.states(part)
        found |= judged
        if keep:
            _write(session, site, [(row, judged[row.id]) for row in part])
    days = _Days(site)
    plans = _Plans(session, site)
    return [_fact(row, found.get(row.id), plans, days) for row in rows]


def forget(session: Session, *, site_id: UUID) -> None:
    """Empty the tallies of a site."""
    session.execute(delete(Tally).where(Tally.site_id == site_id))


_State = tuple[State, int, int, "int | None", tuple[UUID, ...]]
"""State, stops done, stops in all, end, phones waited for."""


class _Judge:
    """Judges occurrences of one site, and asks for its phones once and only when it must."""

    def __init__(self, session: Session, site: Site, now_ms: int) -> None:
        self._session, self._site, self._now_ms = session, site, now_ms
        self._phones: Phones | None = None

    def states(self, rows: Sequence[Any]) -> dict[UUID, _State]:
        """Return the states of occurrences, by their ids."""
        wanted = [row.id for row in rows]
        occurrences = self._session.scalars(select(Occurrence).where(Occurrence.id.in_(wanted))).all()
        if self._phones is None:
            since_ms = min(row.from_ms for row in rows) - state.USED_BEFORE_MS
            self._phones = phones_of(self._session, site_id=self._site.id, since_ms=since_ms)
        judged = judge_all(
            self._session,
            site_id=self._site.id,
            occurrences=occurrences,
            now_ms=self._now_ms,
            phones=self._phones,
        )
        return {
            j.occurrence.id: (
                j.judgement.state,
                j.judgement.done,
                j.judgement.total,
                j.judgement.end_ms,
                j.judgement.silent,
            )
            for j in judged
        }


class _Days:
    """The site's days, of moments that come in their order."""

    def __init__(self, site: Site) -> None:
        self._start_min, self._zone = site.day_start_min, ZoneInfo(site.time_zone)
        self._until_ms = -1
        self._day: date | None = None

    def of(self, ms: int) -> date:
        """Return the day in which a moment lies."""
        if self._day is None or ms >= self._until_ms:
            self._day = rules.day_of(ms, day_start_min=self._start_min, zone=self._zone)
            bounds = rules.day_bounds(self._day, day_start_min=self._start_min, zone=self._zone)
            self._until_ms = bounds.to_ms
        return self._day


class _Plans:
    """What of a plan a fact says: its clauses, route and team by the edition in force."""

    def __init__(self, session: Session, site: Site) -> None:
        self.demands = {
            row.id: (*([row.demand] if row.demand else ()), *row.also)
            for row in session.execute(select(Plan.id, Plan.demand, Plan.also).where(Plan.site_id == site.id))
        }
        self._editions: dict[UUID, list[Any]] = {}
        query = (
            select(
                PlanEdition.plan_id,
                PlanEdition.since_ms,
                PlanEdition.route_id,
                PlanEdition.team_id,
                PlanEdition.demands,
            )
            .where(PlanEdition.site_id == site.id)
            .order_by(PlanEdition.version)
        )
        for row in session.execute(query):
            self._editions.setdefault(row.plan_id, []).append(row)

    def edition(self, plan: UUID, from_ms: int) -> Any:
        """Return the edition in force when a window began, the first for one that ran when it was made."""
        editions = self._editions[plan]
        return next((one for one in reversed(editions) if one.since_ms <= from_ms), editions[0])


def _fact(row: Any, judged: _State | None, plans: _Plans, days: _Days) -> Fact:
    edition = plans.edition(row.plan_id, row.from_ms)
    now, done, total, end_ms, silent = judged or (row.state, row.done, row.total, row.end_ms, ())
    return Fact(
        occurrence=row.id,
        plan=row.plan_id,
        demands=plans.demands[row.plan_id] if edition.demands is None else tuple(edition.demands),
        route=edition.route_id,
        team=edition.team_id,
        day=days.of(row.from_ms),
        from_ms=row.from_ms,
        to_ms=row.to_ms,
        over_ms=row.to_ms + row.grace_ms,
        state=now,
        done=done,
        total=total,
        end_ms=end_ms,
        silent=silent,
    )


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE]


def _write(session: Session, site: Site, judged: Sequence[tuple[Any, _State]]) -> None:
    rows = [
        {
            "occurrence_id": row.id,
            "organisation_id": site.organisation_id,
            "site_id": site.id,
            "rules": rules_of_now(),
            "changes": row.changes,
            "to_ms": row.to_ms,
            "grace_ms": row.grace_ms,
            "excused": row.excused_ms is not None,
            "state": one[0],
            "done": one[1],
            "total": one[2],
            "end_ms": one[3],
        }
        for row, one in judged
        if one[0] in KEPT
    ]
    if not rows:
        return
    session.execute(delete(Tally).where(Tally.occurrence_id.in_([row["occurrence_id"] for row in rows])))
    session.execute(Tally.__table__.insert(), rows)  # type: ignore[attr-defined]
