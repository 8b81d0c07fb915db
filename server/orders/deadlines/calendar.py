"""When a period of time ends, in a site's zone and working days."""

from __future__ import annotations

from collections.abc import Callable
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
class Calendar:
    """A site's days: its zone, and which days are working days."""

    zone: ZoneInfo
    works: Callable[[date], bool]

    def day(self, at_ms: int) -> date:
        """Return the site's day of a moment."""
        return datetime.fromtimestamp(at_ms / 1000, self.zone).date()

    def start_of(self, day: date) -> int:
        """Return the moment at which a day begins, in ms."""
        return int(datetime.combine(day, time(), self.zone).timestamp() * 1000)


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
