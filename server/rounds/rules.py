"""How a plan's windows become stretches of time. Pure: no session, no clock.

A window begins on a day of the plan in the site's zone and is half-open: its start belongs to
it, its end does not. Local times become moments by one monotone rule, so that windows which do
not overlap on paper never overlap in fact, and windows that touch leave no gap:

- a local time that comes twice (the clock goes back) means its **first** passing;
- a local time that never comes (the clock goes forward, or a whole day is skipped) means the
  **moment of the change**. A window wholly inside the missing stretch is empty and is not cut:
  an hour that did not exist cannot be walked.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sync import ids

DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
AHEAD_MS = 35 * DAY_MIN * 60_000
"""How far ahead occurrences are cut."""

KEPT_MS = 14 * DAY_MIN * 60_000
"""How long after its end an occurrence stays on the phones."""

Days = Literal["daily"] | tuple[int, ...]
"""Every day, or weekdays from 1 (Monday) to 7."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


@dataclass(frozen=True, slots=True)
class Times:
    """One window of a day, in minutes after midnight. `to_min` may lie in the next day."""

    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time, ms."""

    from_ms: int
    to_ms: int


def read_times(start: str, end: str) -> Times:
    """Return the window from ``"22:30"`` to ``"24:00"``; an end at or before the start is the next day's.

    :raises ValueError: not a time of day, or a window that starts at 24:00
    """
    from_min, to_min = _minutes(start), _minutes(end)
    if from_min == DAY_MIN:
        raise ValueError("a window starts before 24:00")
    return Times(from_min, to_min if to_min > from_min else to_min + DAY_MIN)


def overlap(days: Days, windows: Sequence[Times]) -> bool:
    """Whether two windows of a plan share a minute, whatever the days they begin on."""
    weekdays = range(7) if days == "daily" else [d - 1 for d in days]
    spans = sorted((d * DAY_MIN + w.from_min, d * DAY_MIN + w.to_min) for d in weekdays for w in windows)
    if not spans:
        return False
    spans.append((spans[0][0] + WEEK_MIN, spans[0][1] + WEEK_MIN))
    return any(end > start for (_, end), (start, _) in itertools.pairwise(spans))


def cut(
    *,
    days: Days,
    windows: Sequence[Times],
    zone: ZoneInfo,
    starts_on: date,
    ends_on: date | None,
    from_ms: int,
    until_ms: int,
) -> list[Window]:
    """Return the windows that start at or after `from_ms` and before `until_ms`, in their order.

    `starts_on` and `ends_on` are the first and the last day on which a window begins.
    """
    found = []
    for day in _days(from_ms, until_ms, zone, starts_on, ends_on):
        if days != "daily" and day.isoweekday() not in days:
            continue
        for times in windows:
            start = moment_ms(day, times.from_min, zone)
            end = moment_ms(day, times.to_min, zone)
            if from_ms <= start < until_ms and start < end:
                found.append(Window(start, end))
    return sorted(found, key=lambda w: w.from_ms)


def moment_ms(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return the moment at which the local time `minutes` after midnight of `day` comes, ms."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 (the wall's)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return _ms(first)
    return _ms(_change(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone))


def day_bounds(day: date, *, day_start_min: int, zone: ZoneInfo) -> Window:
    """Return the site's day: from `day_start_min` after midnight of `day` to the same of the next."""
    return Window(
        moment_ms(day, day_start_min, zone), moment_ms(day + timedelta(days=1), day_start_min, zone)
    )


def day_of(ms: int, *, day_start_min: int, zone: ZoneInfo) -> date:
    """Return the site's day in which the moment `ms` lies."""
    day = datetime.fromtimestamp(ms / 1000, zone).date()
    return day if moment_ms(day, day_start_min, zone) <= ms else day - timedelta(days=1)


def occurrence_id(plan_id: UUID, from_ms: int) -> UUID:
    """Return the id that follows from plan and start: two phones meet in one occurrence."""
    return UUID(ids.occurrence_id(str(plan_id), from_ms))


def _minutes(text: str) -> int:
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time of day: {text!r}")
    return int(text[:2]) * 60 + int(text[3:])


def _days(
    from_ms: int, until_ms: int, zone: ZoneInfo, starts_on: date, ends_on: date | None
) -> Iterator[date]:
    day = max(starts_on, datetime.fromtimestamp(from_ms / 1000, zone).date() - timedelta(days=1))
    last = datetime.fromtimestamp(until_ms / 1000, zone).date() + timedelta(days=1)
    if ends_on is not None:
        last = min(last, ends_on)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the second between two moments at which the zone's offset changes."""
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000
