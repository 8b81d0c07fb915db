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

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sync import ids

DAY_MIN = 24 * 60
AHEAD_MS = 35 * DAY_MIN * 60_000
"""How far ahead occurrences are cut."""

KEPT_MS = 14 * DAY_MIN * 60_000
"""How long after its end an occurrence stays on the phones."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


@dataclass(frozen=True, slots=True)
class Times:
    """One window of a day, in minutes after midnight. `to_min` may lie in a later day."""

    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time, ms."""

    from_ms: int
    to_ms: int
    number: int = 1
    """Which of those that share this window, from 1."""


def read_times(start: str, end: str, *, days: int = 0) -> Times:
    """Return the window from ``"22:30"`` to ``"24:00"``; an end at or before the start is the next day's.

    :param days: so many days later it ends
    :raises ValueError: not a time of day, or a window that starts at 24:00
    """
    from_min, to_min = minutes_of(start), minutes_of(end) + days * DAY_MIN
    if from_min == DAY_MIN:
        raise ValueError("A window starts before 24:00")
    return Times(from_min, to_min if to_min > from_min else to_min + DAY_MIN)


def minutes_of(text: object) -> int:
    """Return the minutes after midnight of ``"22:30"``; ``"24:00"`` ends the day.

    :raises ValueError: not a time of day
    """
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError("Not a time of day")
    return int(text[:2]) * 60 + int(text[3:])


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


def occurrence_id(plan_id: UUID, from_ms: int, number: int = 1) -> UUID:
    """Return the id that follows from plan, start and number: two phones meet in one occurrence."""
    return UUID(ids.occurrence_id(str(plan_id), from_ms, number))


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
