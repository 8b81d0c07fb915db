"""Looking at a series: the points of a chart, thinned so that no alarm vanishes, and pages of readings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Uuid, and_, case, column, func, or_, select, values
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterHour, MeterReading
from server.meters.series import HOUR_MS, MARKED, Usage
from server.meters.service.exchanges import exchanges_of
from server.meters.service.taking import WORST
from sync.meters import value_of

MOST_POINTS: Final = 1_200
"""Up to so many readings a chart shows each; more are drawn as the lowest and the highest of a stretch."""
STRETCHES: Final = 600
SILENCE: Final = 3
"""No line over more than so many times the usual distance of two readings…"""
LEAST_SILENCE_MS: Final = 2 * HOUR_MS
"""…nor is less than this a silence."""

_PAIRS: Final = 300
"""So many stretches of counters are asked about in one statement."""

LEVELS: Final = ("normal", "warning", "alarm")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The readings of a stretch of a chart, at the moment of the last of them."""

    at_ms: int
    low: str
    high: str
    level: str
    readings: int
    marks: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An exchange as a chart shows it; a value that nobody read is None."""

    at_ms: int
    end: str | None
    start: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows: either each reading, or stretches of them."""

    points: Sequence[MeterReading]
    stretches: Sequence[Stretch]
    exchanges: Sequence[Exchanged]
    readings: int
    """How many there are in that time."""
    gap_ms: int
    """Where two neighbours lie farther apart than this, nobody knows what was in between."""


def chart(session: Session, *, meter: Meter, from_ms: int, to_ms: int) -> Chart:
    """Return what the chart of a meter shows of the time from `from_ms` to before `to_ms`."""
    hours = and_(
        MeterHour.meter_id == meter.id,
        MeterHour.hour >= from_ms // HOUR_MS,
        MeterHour.hour <= (to_ms - 1) // HOUR_MS,
    )
    about, first, last = session.execute(
        select(func.sum(MeterHour.readings), func.min(MeterHour.hour), func.max(MeterHour.hour)).where(hours)
    ).one()
    theirs = and_(
        MeterReading.meter_id == meter.id,
        MeterReading.estimate_ms >= from_ms,
        MeterReading.estimate_ms < to_ms,
    )
    exchanges = _exchanges(session, meter, theirs)
    if int(about or 0) <= MOST_POINTS:
        points = session.scalars(
            select(MeterReading).where(theirs).order_by(MeterReading.estimate_ms, MeterReading.id)
        ).all()
        moments = [point.estimate_ms for point in points if point.micro is not None]
        return Chart(points, (), exchanges, len(moments), _gap(moments))
    begin = max(from_ms, int(first) * HOUR_MS)
    width = -(-(min(to_ms, (int(last) + 1) * HOUR_MS) - begin) // STRETCHES)
    if width >= HOUR_MS:
        stretches = list(_of_hours(session, hours, int(first), -(-width // HOUR_MS)))
    else:
        stretches = list(_of_readings(session, theirs, begin, width))
    readings = sum(stretch.readings for stretch in stretches)
    return Chart((), stretches, exchanges, readings, _gap([stretch.at_ms for stretch in stretches]))


def _exchanges(session: Session, meter: Meter, theirs: ColumnElement[bool]) -> list[Exchanged]:
    """Return the exchanges that count."""
    if not meter.exchanges:
        return []
    numbers = {one.id: one.number for one in exchanges_of(session, meter)}
    rows = session.scalars(
        select(MeterReading)
        .where(theirs, MeterReading.exchange, MeterReading.mark == "exchanged")
        .order_by(MeterReading.estimate_ms, MeterReading.id)
    )
    return [
        Exchanged(row.estimate_ms, _shown(row.end_micro), _shown(row.micro), numbers.get(row.id))
        for row in rows
    ]


def _shown(micro: int | None) -> str | None:
    return None if micro is None else value_of(micro)


def _of_hours(session: Session, hours: ColumnElement[bool], first: int, width: int) -> Iterator[Stretch]:
    """Yield stretches of so many whole hours each."""
    off = MeterHour.hour - first
    which = (off - off % width).label("which")
    rows = session.execute(
        select(
            func.max(MeterHour.last_ms),
            func.min(MeterHour.low),
            func.max(MeterHour.high),
            func.max(MeterHour.worst),
            func.sum(MeterHour.readings),
            func.sum(MeterHour.marks),
        )
        .where(hours)
        .group_by(which)
        .order_by(which)
    )
    return map(_stretch, rows)


def _of_readings(session: Session, theirs: ColumnElement[bool], begin: int, width: int) -> Iterator[Stretch]:
    """Yield stretches of so many ms each."""
    off = MeterReading.estimate_ms - begin
    which = (off - off % width).label("which")
    rows = session.execute(
        select(
            func.max(MeterReading.estimate_ms),
            func.min(MeterReading.micro),
            func.max(MeterReading.micro),
            func.max(WORST),
            func.count(),
            func.sum(case((MeterReading.mark.in_(MARKED), 1), else_=0)),
        )
        .where(theirs, MeterReading.micro.is_not(None))
        .group_by(which)
        .order_by(which)
    )
    return map(_stretch, rows)


def _stretch(row: Any) -> Stretch:
    at_ms, low, high, worst, readings, marks = row
    return Stretch(int(at_ms), value_of(low), value_of(high), LEVELS[worst], int(readings), int(marks))


def _gap(moments: Sequence[int]) -> int:
    """Return how far two neighbours may lie apart: three times their usual distance."""
    if len(moments) < 3:
        return max(LEAST_SILENCE_MS, 7 * 24 * HOUR_MS)
    return max(LEAST_SILENCE_MS, int(SILENCE * median(b - a for a, b in pairwise(moments))))


def readings_of(
    session: Session,
    *,
    meter_id: UUID,
    limit: int,
    before: tuple[int, str] | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
    marked: bool = False,
) -> Sequence[MeterReading]:
    """Return a page of a meter's readings and exchanges, newest first.

    :param before: moment and id of the last one of the page before
    :param marked: only those that somebody should look at
    """
    at, ids = MeterReading.estimate_ms, MeterReading.id
    query = select(MeterReading).where(MeterReading.meter_id == meter_id)
    if before is not None:
        query = query.where(at <= before[0], or_(at < before[0], ids < before[1]))
    if from_ms is not None:
        query = query.where(at >= from_ms)
    if to_ms is not None:
        query = query.where(at < to_ms)
    if marked:
        query = query.where(MeterReading.mark.in_(MARKED))
    return session.scalars(query.order_by(at.desc(), ids.desc()).limit(limit)).all()


def usage(session: Session, meter_id: UUID, from_ms: int, to_ms: int) -> Usage:
    """Return what a counter rose after `from_ms` and up to `to_ms`, in millionths of its unit.

    A step counts where it was read, so that neighbouring times add up (`server.meters.series`).
    """
    return usages(session, meter_ids=[meter_id], from_ms=from_ms, to_ms=to_ms).get(
        meter_id, Usage(0, 0, 0, None, None)
    )


def risen(session: Session, asked: Collection[tuple[UUID, int, int]]) -> dict[tuple[UUID, int, int], int]:
    """Return what counters rose, each after its first moment and up to its second: `usage` of many at once.

    :param asked: meter, from when, until when
    """
    found = dict.fromkeys(asked, 0)
    pairs = list(found)
    for begin in range(0, len(pairs), _PAIRS):
        some = values(
            column("meter_id", Uuid), column("from_ms", BigInteger), column("to_ms", BigInteger), name="asked"
        )
        given = some.data(pairs[begin : begin + _PAIRS]).cte("given")
        rows = session.execute(
            select(given.c.meter_id, given.c.from_ms, given.c.to_ms, func.sum(MeterReading.step))
            .join(MeterReading, MeterReading.meter_id == given.c.meter_id)
            .where(
                or_(MeterReading.micro.is_not(None), MeterReading.exchange),
                MeterReading.estimate_ms > given.c.from_ms,
                MeterReading.estimate_ms <= given.c.to_ms,
            )
            .group_by(given.c.meter_id, given.c.from_ms, given.c.to_ms)
        )
        for meter, from_ms, to_ms, amount in rows:
            found[meter, from_ms, to_ms] = int(amount or 0)
    return found


def usages(session: Session, *, meter_ids: Sequence[UUID], from_ms: int, to_ms: int) -> dict[UUID, Usage]:
    """Return the usage of several meters that have readings in that time."""
    if not meter_ids:
        return {}
    theirs = MeterReading.meter_id.in_(list(meter_ids))
    counts = MeterReading.micro.is_not(None)
    before = {
        row.meter_id: row.at_ms
        for row in session.execute(
            select(MeterReading.meter_id, func.max(MeterReading.estimate_ms).label("at_ms"))
            .where(theirs, counts, MeterReading.estimate_ms <= from_ms)
            .group_by(MeterReading.meter_id)
        )
    }
    rows = session.execute(
        select(
            MeterReading.meter_id,
            func.sum(MeterReading.step),
            func.sum(case((MeterReading.mark.in_(MARKED), 1), else_=0)),
            func.sum(case((MeterReading.exchange, 0), else_=1)),
            func.min(MeterReading.estimate_ms),
            func.max(MeterReading.estimate_ms),
        )
        .where(
            theirs,
            or_(counts, MeterReading.exchange),
            MeterReading.estimate_ms > from_ms,
            MeterReading.estimate_ms <= to_ms,
        )
        .group_by(MeterReading.meter_id)
    )
    return {
        meter: Usage(int(amount or 0), int(unsure), int(readings), before.get(meter, first), last)
        for meter, amount, unsure, readings, first, last in rows
    }
