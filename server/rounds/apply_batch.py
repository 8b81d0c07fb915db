"""The rows that the records of one batch lead to: read once, changed in memory, written once.

Rows are plain objects with the columns of their table; the session never sees them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec import field as member
from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.direct import Direct, listed
from server.meters.service import Taken, take_readings
from server.rounds.models import Finding, Reading, Visit
from sync.marks import NOTES
from sync.pace import BURST_SCANS, TOO_FAST_MS, burst, too_fast

PACE_MARKS = frozenset({"too_fast", "burst"})
"""The marks that the scans before in the same log decide."""


def asks(marks: Iterable[str]) -> bool:
    """Whether one of the marks asks for an explanation."""
    return not NOTES.issuperset(marks)


class VisitRow(Struct):
    """A row of `visit`; see the model for what the columns mean."""

    organisation_id: UUID
    id: str
    site_id: UUID
    device_id: UUID
    log: str
    seq: int
    person_id: UUID | None
    occurrence_id: UUID | None
    stop_id: UUID | None
    target_kind: str | None
    target_id: UUID | None
    scanned: bool
    result: str
    walk_on: bool
    tag_id: UUID | None
    tag_proof: str
    lower_ms: int | None
    estimate_ms: int
    upper_ms: int
    quality: str
    received_ms: int
    answers_hash: str | None = None
    form_id: UUID | None = None
    form_edition: int | None = None
    left_ms: int | None = None
    walk_from: UUID | None = None
    walk_s: int | None = None
    answers: dict[str, Any] | None = None
    marks: list[str] = member(default_factory=list)
    marked: bool = False
    faulty: bool = False

    def mark(self, marks: AbstractSet[str]) -> None:
        """Add marks."""
        if not marks:
            return
        self.marks = sorted({*self.marks, *marks})
        self.marked = asks(self.marks)

    def set_pace(self, marks: set[str]) -> bool:
        """Have, of the marks of pace, these and no other; tell whether that changed any."""
        if not marks and not self.marks:
            return False
        judged = sorted({*self.marks} - PACE_MARKS | marks)
        changed = judged != self.marks
        self.marks, self.marked = judged, asks(judged)
        return changed


_VISIT = Visit.__table__
assert isinstance(_VISIT, Table)  # noqa: S101  so that its columns are known to the type checker
_COLUMNS = [_VISIT.c[name] for name in VisitRow.__struct_fields__]
_BY_ID = Direct(
    select(*_COLUMNS).where(
        Visit.organisation_id == bindparam("organisation"), Visit.id.op("IN")(listed("ids"))
    )
)
_WALKED = (
    Visit.organisation_id == bindparam("organisation"),
    Visit.log == bindparam("log"),
    Visit.scanned,
    Visit.target_id.is_not(None),
)
_LOWER = select(Visit.seq).where(*_WALKED, Visit.seq < bindparam("low")).order_by(Visit.seq.desc())
_HIGHER = select(Visit.seq).where(*_WALKED, Visit.seq > bindparam("high")).order_by(Visit.seq)
_BELOW = select(func.min(_LOWER.limit(BURST_SCANS - 1).subquery().c.seq)).scalar_subquery()
_ABOVE = select(func.max(_HIGHER.limit(BURST_SCANS - 1).subquery().c.seq)).scalar_subquery()
_NEAR = Direct(
    select(*_COLUMNS)
    .where(
        *_WALKED,
        Visit.seq >= func.coalesce(_BELOW, bindparam("low")),
        Visit.seq <= func.coalesce(_ABOVE, bindparam("high")),
    )
    .order_by(Visit.seq)
)
_KEY = ("organisation_id", "id")
_CHANGED = Direct(
    update(_VISIT)
    .where(_VISIT.c.organisation_id == bindparam("b_organisation_id"), _VISIT.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in VisitRow.__struct_fields__ if name not in _KEY})
)
_VISITS = Bulk(Visit, rows=VisitRow)
_READINGS = Bulk(Reading)
_FINDINGS = Bulk(Finding)


def _pace(walked: Sequence[VisitRow], at: int) -> set[str]:
    """Return the marks of pace of one of a log's scans of places."""
    scan, before = walked[at], walked[at - 1] if at else None
    marks = {"too_fast"} if too_fast(scan, before, least_ms=_least_ms(scan, before)) else set()
    return marks | ({"burst"} if burst(walked[max(0, at - BURST_SCANS + 1) : at + 1]) else set())


def _least_ms(scan: VisitRow, before: VisitRow | None) -> int:
    """Return the least time between two stops that follow each other on a route, whichever was first."""
    if before is None or scan.occurrence_id is None or scan.occurrence_id != before.occurrence_id:
        return TOO_FAST_MS
    for here, there in ((scan, before), (before, scan)):
        if here.walk_s is not None and here.walk_from == there.stop_id:
            return max(TOO_FAST_MS, here.walk_s * 1_000)
    return TOO_FAST_MS


@dataclass(slots=True)
class Rows:
    """Visits with their readings and findings, of one organisation."""

    session: Session
    organisation: UUID
    _visits: dict[str, VisitRow] = field(default_factory=dict)
    """Every visit at hand, by its id."""
    _stored: set[str] = field(default_factory=set)
    """Those of them that the table has."""
    _changed: set[str] = field(default_factory=set)
    """Those of the stored ones that are to be written again."""
    _walked: dict[str, list[VisitRow]] = field(default_factory=dict)
    """Log → its scans of places, around those of the batch, by number; the log's lock keeps others away."""
    _readings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _findings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By the visit, or by themselves when they belong to none."""
    _points: dict[str, list[Taken]] = field(default_factory=dict)
    """What goes into the series of meters."""
    _forgotten: set[str] = field(default_factory=set)
    """Stored visits whose readings and findings are to go."""

    # -- reading -----------------------------------------------------------------------

    def expect(self, ids: Iterable[str]) -> None:
        """Read visits by their ids, those that there are."""
        wanted = list(set(ids) - self._visits.keys())
        if wanted:
            self._take(_BY_ID, {"organisation": self.organisation, "ids": wanted})

    def expect_walk(self, log: str, *, low: int, high: int) -> None:
        """Read what a log's scans numbered `low` to `high` stand among: four before, and four after."""
        bound = {"organisation": self.organisation, "log": log, "low": low, "high": high}
        self._walked[log] = self._take(_NEAR, bound)

    def _take(self, query: Direct, bound: dict[str, Any]) -> list[VisitRow]:
        taken = []
        for row in query.rows(self.session, bound):
            visit = self._visits.setdefault(row.id, VisitRow(*row))
            self._stored.add(visit.id)
            taken.append(visit)
        return taken

    def visit(self, visit_id: str) -> VisitRow | None:
        """Return a visit that was expected or added."""
        return self._visits.get(visit_id)

    # -- changing ----------------------------------------------------------------------

    def add(self, visit: VisitRow) -> None:
        """Add a new visit."""
        self._visits[visit.id] = visit

    def change(self, visit: VisitRow) -> None:
        """Note that a visit was changed."""
        if visit.id in self._stored:
            self._changed.add(visit.id)

    def walk(self, visit: VisitRow) -> set[str]:
        """Judge the pace of a scan of a place, and of those that follow it; return the marks of the scan."""
        if visit.target_id is None:
            return set()
        walked = self._walked[visit.log]
        at = bisect_left(walked, visit.seq, key=attrgetter("seq"))
        walked.insert(at, visit)
        marks = _pace(walked, at)
        visit.set_pace(marks)
        for later in range(at + 1, min(at + BURST_SCANS, len(walked))):  # this one came late
            if walked[later].set_pace(_pace(walked, later)):
                self.change(walked[later])
        return marks

    def answer(
        self,
        visit: VisitRow,
        readings: list[dict[str, Any]],
        findings: list[dict[str, Any]],
        points: list[Taken],
    ) -> None:
        """Give a visit its readings and findings, instead of those of answers that it already has."""
        if visit.answers_hash is not None and visit.id in self._stored:
            self._forgotten.add(visit.id)
        self._readings[visit.id], self._findings[visit.id] = readings, findings
        self._points[visit.id] = points

    def report(self, finding: dict[str, Any]) -> None:
        """Add a finding that belongs to no visit."""
        self._findings[finding["id"]] = [finding]

    def found(self) -> list[dict[str, Any]]:
        """Return every finding of the batch."""
        return [row for rows in self._findings.values() for row in rows]

    # -- writing -----------------------------------------------------------------------

    def write(self) -> None:
        """Write everything that is new or changed."""
        _VISITS.insert(self.session, (v for v in self._visits.values() if v.id not in self._stored))
        if self._changed:
            changed = [self._visits[visit_id] for visit_id in self._changed]
            names = VisitRow.__struct_fields__
            rows = [{f"b_{name}": getattr(visit, name) for name in names} for visit in changed]
            _CHANGED.run_many(self.session, rows)
        if self._forgotten:
            for model in (Reading, Finding):
                self.session.execute(
                    delete(model).where(
                        model.organisation_id == self.organisation, model.visit_id.in_(self._forgotten)
                    )
                )
        _READINGS.insert(self.session, (row for rows in self._readings.values() for row in rows))
        _FINDINGS.insert(self.session, (row for rows in self._findings.values() for row in rows))
        points = [point for rows in self._points.values() for point in rows]
        if points or self._forgotten:
            take_readings(self.session, points, forgotten=self._forgotten)
