"""Readings come into their series, whatever the order in which they arrive.

Each new point is judged by the one before it, and the one after it is judged anew (`server.meters.series`).
Then the hours that changed are reckoned anew, and the meter says which reading is its newest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.meters import series
from server.meters.exchanges import twice
from server.meters.models import Meter, MeterEdition, MeterEntry, MeterHour, MeterReading
from server.meters.service.common import Definition, day_of
from server.meters.service.exchanges import exchanges_of, note_exchanges
from server.meters.service.newest import note_newest
from server.meters.service.register import site_of
from sync.meters import check_value, level_on, micro_of

_READINGS = Bulk(MeterReading)
_HOURS = Bulk(MeterHour)
MANY = 40
"""More points than this are judged in one pass over the part of the series in which they lie."""

_TABLE = MeterReading.__table__
assert isinstance(_TABLE, Table)  # noqa: S101  so that its columns are known to the type checker
_SAID = (
    update(_TABLE)
    .where(_TABLE.c.organisation_id == bindparam("b_org"), _TABLE.c.id == bindparam("b_id"))
    .values(mark=bindparam("b_mark"), step=bindparam("b_step"))
)

COUNTS = or_(
    MeterReading.micro.is_not(None), and_(MeterReading.exchange, MeterReading.correction_id.is_(None))
)
"""The points that others are judged by; an exchange counts also where nobody read the new meter."""

_POINT = (
    MeterReading.id,
    MeterReading.estimate_ms,
    MeterReading.micro,
    MeterReading.lower_ms,
    MeterReading.upper_ms,
    MeterReading.exchange,
    MeterReading.end_micro,
    MeterReading.correction_id,
    MeterReading.edition,
    MeterReading.mark,
    MeterReading.step,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading as a record brought it, or the office entered it."""

    organisation_id: UUID
    site_id: UUID
    id: str
    meter_id: UUID
    edition: int
    value: str | None
    estimate_ms: int
    received_ms: int
    lower_ms: int | None = None
    upper_ms: int | None = None
    quality: str = "C"
    record_hash: str | None = None
    visit_id: str | None = None
    person_id: UUID | None = None
    entered_by: UUID | None = None
    exchange: bool = False
    end_value: str | None = None


def take_readings(session: Session, rows: Sequence[Taken], *, forgotten: Collection[str] = ()) -> None:
    """Put readings into their series. A reading of a meter that the site does not have is passed over.

    :param forgotten: visits whose earlier readings were replaced, and go
    """
    gone = _forget(session, forgotten)
    wanted = {row.meter_id for row in rows} | {meter for meter, *_ in gone}
    if not wanted:
        return
    meters = _locked(session, wanted)
    kept = [row for row in rows if row.meter_id in meters and meters[row.meter_id].site_id == row.site_id]
    _insert(session, meters, kept)
    touched: dict[UUID, list[tuple[int, str]]] = {}
    for meter_id, at_ms, reading_id in gone:
        touched.setdefault(meter_id, []).append((at_ms, reading_id))
    for row in kept:
        touched.setdefault(row.meter_id, []).append((row.estimate_ms, row.id))
    for meter_id in {row.meter_id for row in kept if row.exchange}:
        touched[meter_id] += note_exchanges(session, meters[meter_id])
    now = max((row.received_ms for row in kept), default=0)
    for meter_id in sorted(touched, key=str):
        settle(session, meters[meter_id], touched[meter_id], now_ms=now)


def settle(session: Session, meter: Meter, keys: Iterable[tuple[int, str]], *, now_ms: int) -> None:
    """Judge the points of a meter at these places anew, and what follows from it."""
    keys = sorted(set(keys))
    judged = rejudge(session, meter, keys)
    reckon_hours(session, meter, {at_ms // series.HOUR_MS for at_ms in (*judged, *(at for at, _ in keys))})
    note_newest(session, meter, touched={reading_id for _, reading_id in keys}, now_ms=now_ms)


def _locked(session: Session, ids: Collection[UUID]) -> dict[UUID, Meter]:
    """Return meters whose series nobody else writes to until the commit, locked in a fixed order."""
    query = select(Meter).where(Meter.id.in_(list(ids))).order_by(Meter.id).with_for_update()
    return {m.id: m for m in session.scalars(query.execution_options(populate_existing=True))}


def _forget(session: Session, visits: Collection[str]) -> list[tuple[UUID, int, str]]:
    if not visits:
        return []
    theirs = MeterReading.visit_id.in_(list(visits))
    gone = session.execute(
        select(MeterReading.meter_id, MeterReading.estimate_ms, MeterReading.id).where(theirs)
    ).all()
    if gone:
        session.execute(delete(MeterReading).where(theirs).execution_options(synchronize_session=False))
    return [(row.meter_id, row.estimate_ms, row.id) for row in gone]


def _insert(session: Session, meters: dict[UUID, Meter], rows: Sequence[Taken]) -> None:
    if not rows:
        return
    definitions = _definitions(session, meters)
    corrections = _corrections(session, [row.id for row in rows])
    zones: dict[UUID, str] = {}
    made = []
    for row in rows:
        meter = meters[row.meter_id]
        zone = zones.setdefault(meter.site_id, site_of(session, meter).time_zone)
        definition = definitions.get((row.meter_id, row.edition), meter.definition)
        made.append(row_of(row, definition, corrections.get(row.id), zone))
    _READINGS.insert(session, made)


def row_of(
    row: Taken, definition: Definition, correction: MeterEntry | None, time_zone: str
) -> dict[str, Any]:
    """Return the row of `meter_reading` for a reading, not judged yet."""
    value = row.value if row.value is None or check_value(definition, row.value) is None else None
    counts = correction.value if correction is not None else value
    day = day_of(row.estimate_ms, time_zone)
    return {
        "organisation_id": row.organisation_id,
        "id": row.id,
        "site_id": row.site_id,
        "meter_id": row.meter_id,
        "edition": row.edition,
        "lower_ms": row.lower_ms,
        "estimate_ms": row.estimate_ms,
        "upper_ms": row.estimate_ms if row.upper_ms is None else row.upper_ms,
        "quality": row.quality,
        "value": row.value,
        "micro": None if counts is None else micro_of(counts),
        "end_micro": None if row.end_value is None else micro_of(row.end_value),
        "exchange": row.exchange,
        "level": None if counts is None else level_on(definition, counts, day),
        "mark": None,
        "step": None,
        "correction_id": correction.id if correction is not None else None,
        "record_hash": row.record_hash,
        "visit_id": row.visit_id,
        "person_id": row.person_id,
        "entered_by": row.entered_by,
        "received_ms": row.received_ms,
    }


def _definitions(session: Session, meters: Collection[UUID]) -> dict[tuple[UUID, int], Definition]:
    rows = session.execute(
        select(MeterEdition.meter_id, MeterEdition.edition, MeterEdition.definition).where(
            MeterEdition.meter_id.in_(list(meters))
        )
    )
    return {(row.meter_id, row.edition): row.definition for row in rows}


def _corrections(session: Session, ids: Sequence[str]) -> dict[str, MeterEntry]:
    """Return reading → its last correction; what the office wrote last holds."""
    found = session.scalars(
        select(MeterEntry)
        .where(MeterEntry.kind == "correction", MeterEntry.reading_id.in_(ids))
        .order_by(MeterEntry.entered_ms, MeterEntry.id)
    )
    return {entry.reading_id: entry for entry in found if entry.reading_id is not None}


# -- judging -----------------------------------------------------------------------------


def _twice(session: Session, meter: Meter) -> frozenset[str]:
    return twice(exchanges_of(session, meter)) if meter.exchanges > 1 else frozenset()


def _point(row: Any, doubled: frozenset[str]) -> series.Point:
    struck = row.exchange and row.micro is None and row.correction_id is not None
    return series.Point(
        row.id,
        row.estimate_ms,
        row.micro,
        row.lower_ms,
        row.upper_ms,
        row.exchange and not struck,
        row.end_micro,
        row.correction_id is not None,
        row.id in doubled,
    )


def _beside(meter: Meter, key: tuple[int, str], *, after: bool) -> ColumnElement[bool]:
    at_ms, reading_id = key
    at, ids = MeterReading.estimate_ms, MeterReading.id
    nearer = (
        and_(at >= at_ms, or_(at > at_ms, ids > reading_id))
        if after
        else and_(at <= at_ms, or_(at < at_ms, ids < reading_id))
    )
    return and_(MeterReading.meter_id == meter.id, nearer)


def rejudge(session: Session, meter: Meter, keys: Sequence[tuple[int, str]]) -> set[int]:
    """Judge the points at these places, in order, and the one that follows each.

    :return: the moments of those of which something else is said than before
    """
    if len(keys) > MANY:
        return _rejudge_stretch(session, meter, keys)
    changed: set[int] = set()
    doubled = _twice(session, meter)
    counts = and_(COUNTS, MeterReading.id.not_in(doubled))
    terms = {e: series.Terms.of(d) for (_, e), d in _definitions(session, [meter.id]).items()}
    for key in keys:
        before = session.execute(
            select(*_POINT)
            .where(_beside(meter, key, after=False), counts)
            .order_by(MeterReading.estimate_ms.desc(), MeterReading.id.desc())
            .limit(1)
        ).first()
        here = session.execute(
            select(*_POINT).where(
                MeterReading.organisation_id == meter.organisation_id, MeterReading.id == key[1]
            )
        ).first()
        after = session.execute(
            select(*_POINT)
            .where(_beside(meter, key, after=True), counts)
            .order_by(MeterReading.estimate_ms, MeterReading.id)
            .limit(1)
        ).first()
        last = None if before is None else _point(before, doubled)
        for row in (here, after):
            if row is None:
                continue
            point = _point(row, doubled)
            own = terms.get(row.edition) or series.Terms.of(meter.definition)
            found = series.judge(own, last, point)
            if (found.mark, found.step) != (row.mark, row.step):
                changed.add(point.at_ms)
                _say(session, meter, [(row.id, found)])
            last = series.following(last, point)
    return changed


def _rejudge_stretch(session: Session, meter: Meter, keys: Sequence[tuple[int, str]]) -> set[int]:
    """Judge all points from the first of these places to behind the last in one pass."""
    doubled = _twice(session, meter)
    terms = {e: series.Terms.of(d) for (_, e), d in _definitions(session, [meter.id]).items()}
    at, ids = MeterReading.estimate_ms, MeterReading.id
    before = session.execute(
        select(*_POINT)
        .where(_beside(meter, keys[0], after=False), COUNTS, MeterReading.id.not_in(doubled))
        .order_by(at.desc(), ids.desc())
        .limit(1)
    ).first()
    last = None if before is None else _point(before, doubled)
    changed: set[int] = set()
    said: list[tuple[str, series.Judged]] = []
    first = and_(at >= keys[0][0], or_(at > keys[0][0], ids >= keys[0][1]))  # a bound that the index knows
    rows = session.execute(
        select(*_POINT)
        .where(MeterReading.meter_id == meter.id, first)
        .order_by(at, ids)
        .execution_options(yield_per=2_000)
    )
    with rows:
        for row in rows:
            point = _point(row, doubled)
            found = series.judge(terms.get(row.edition) or series.Terms.of(meter.definition), last, point)
            if (found.mark, found.step) != (row.mark, row.step):
                changed.add(point.at_ms)
                said.append((row.id, found))
            last = series.following(last, point)
            if point.key > keys[-1] and last is not None and last.id == point.id:
                break  # the one behind the last: what comes after it is judged by it, as before
    for start in range(0, len(said), 1_000):
        _say(session, meter, said[start : start + 1_000])
    return changed


def _say(session: Session, meter: Meter, said: Sequence[tuple[str, series.Judged]]) -> None:
    session.connection().execute(
        _SAID,
        [
            {"b_org": meter.organisation_id, "b_id": reading, "b_mark": found.mark, "b_step": found.step}
            for reading, found in said
        ],
    )


# -- hours -------------------------------------------------------------------------------

WORST = case((MeterReading.level == "alarm", 2), (MeterReading.level == "warning", 1), else_=0)


def reckon_hours(session: Session, meter: Meter, hours: Collection[int] | None) -> None:
    """Reckon hours of a meter anew from its readings; None: all of them."""
    hour = MeterReading.estimate_ms - MeterReading.estimate_ms % series.HOUR_MS  # its first ms
    query = (
        select(
            hour.label("hour"),
            func.count().label("readings"),
            func.min(MeterReading.micro).label("low"),
            func.max(MeterReading.micro).label("high"),
            func.max(MeterReading.estimate_ms).label("last_ms"),
            func.max(WORST).label("worst"),
            func.sum(case((MeterReading.mark.in_(series.MARKED), 1), else_=0)).label("marks"),
        )
        .where(MeterReading.meter_id == meter.id, MeterReading.micro.is_not(None))
        .group_by(hour)
    )
    old = delete(MeterHour).where(MeterHour.meter_id == meter.id)
    if hours is not None and len(hours) > MANY:
        low, high = min(hours), max(hours)
        query = query.where(
            MeterReading.estimate_ms >= low * series.HOUR_MS,
            MeterReading.estimate_ms < (high + 1) * series.HOUR_MS,
        )
        old = old.where(MeterHour.hour >= low, MeterHour.hour <= high)
    elif hours is not None:
        spans = [
            and_(
                MeterReading.estimate_ms >= h * series.HOUR_MS,
                MeterReading.estimate_ms < (h + 1) * series.HOUR_MS,
            )
            for h in hours
        ]
        query, old = query.where(or_(*spans)), old.where(MeterHour.hour.in_(list(hours)))
    session.execute(old.execution_options(synchronize_session=False))
    common = {"meter_id": meter.id, "organisation_id": meter.organisation_id, "site_id": meter.site_id}
    _HOURS.insert(
        session,
        [
            {**common, **row._mapping, "marks": int(row.marks), "hour": int(row.hour) // series.HOUR_MS}
            for row in session.execute(query)
        ],
    )
