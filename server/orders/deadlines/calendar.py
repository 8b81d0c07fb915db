"""When a period of time ends, in a site's zone and working days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Unit = Literal["minutes", "hours", "days", "working_days"]
UNITS: Final[tuple[Unit, ...]] = ("minutes", "hours", "days", "working_days")
_MS: Final = {"minutes": 60_000, "hours": 3_600_000}
_FARTHEST = 4_000
"""Days looked at for working ones; a calendar without any is nobody's."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there to answer, in minutes after midnight of the site."""

    from_min: int = 8 * 60
    to_min: int = 20 * 60
    working_days: bool = False
    """Only on working days; else every day."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A site's days: its zone, which days are working days, and its hours."""

    zone: ZoneInfo
    works: Callable[[date], bool]
    hours: Hours = Hours()

    def day(self, at_ms: int) -> date:
        """Return the site's day of a moment."""
        return datetime.fromtimestamp(at_ms / 1000, self.zone).date()

    def start_of(self, day: date) -> int:
        """Return the moment at which a day begins, in ms."""
        return self._moment(day, 0)

    def open_from(self, at_ms: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of its hours from a moment on, in ms, one after the other."""
        day = self.day(at_ms)
        for _ in range(_FARTHEST):
            if not self.hours.working_days or self.works(day):
                begins, ends = (self._moment(day, at) for at in (self.hours.from_min, self.hours.to_min))
                if ends > at_ms:
                    yield max(begins, at_ms), ends
            day += timedelta(days=1)

    def _moment(self, day: date, minutes: int) -> int:
        """Return the moment at which the site's clock shows so many minutes of a day; 1440: its end."""
        over, minutes = divmod(minutes, 24 * 60)
        clock = time(minutes // 60, minutes % 60)
        return int(datetime.combine(day + timedelta(days=over), clock, self.zone).timestamp() * 1000)


def add(calendar: Calendar, from_ms: int, amount: int, unit: Unit) -> int:
    """Return when a period ends that begins at `from_ms`.

    Minutes and hours are time that passes. Of days and working days the first is the one after that of
    the beginning, and the period ends with the last of them, at midnight of the site: so Chinese law
    counts (Civil Code, articles 201 and 203), and so people read a promise of two days.
    """
    if unit in _MS:
        return from_ms + amount * _MS[unit]
    day = calendar.day(from_ms)
    left = amount
    for _ in range(_FARTHEST):
        if left == 0:
            break
        day += timedelta(days=1)
        if unit == "days" or calendar.works(day):
            left -= 1
    return calendar.start_of(day + timedelta(days=1))


def add_within_hours(
    calendar: Calendar, from_ms: int, amount: int, unit: Unit, *, waits: Sequence[tuple[int, int]] = ()
) -> int:
    """Return when a period of minutes or hours ends of which only the site's hours count.

    :param waits: stretches that do not count either, in ms
    """
    left = length_of(amount, unit)
    at_ms = from_ms
    for begins, ends in calendar.open_from(from_ms):
        for part_begins, part_ends in _without(begins, ends, waits):
            at_ms = part_ends
            if part_ends - part_begins >= left:
                return part_begins + left
            left -= part_ends - part_begins
    return at_ms  # it waits longer than anybody looks ahead


def length_of(amount: int, unit: Unit) -> int:
    """Return how long a period of minutes or hours is, in ms."""
    return amount * _MS[unit]


def _without(begins: int, ends: int, waits: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left of a stretch without others."""
    for from_ms, to_ms in sorted(waits):
        if to_ms <= begins or from_ms >= ends:
            continue
        if from_ms > begins:
            yield begins, from_ms
        begins = to_ms
    if begins < ends:
        yield begins, ends
