"""Which days are working days, thin over a library that knows what the State Council announced.

China moves working days to weekends around its holidays and announces that once a year, so nobody can
know the days of later years. Beyond what is known the ordinary week counts, and whoever plans is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import chinese_calendar

Name = Literal["none", "CN"]
NAMES: Final[tuple[Name, ...]] = ("none", "CN")

_SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Holidays:
    """A calendar of working days.

    :param known_until: the last day that is announced; None where there are no holidays at all
    """

    name: Name
    known_until: date | None
    _is_working: Callable[[date], bool]

    def works(self, day: date) -> bool:
        """Whether a day is a working day; beyond what is known, whether it is one of Monday to Friday."""
        return self._is_working(day)

    @property
    def edition(self) -> str:
        """What changes when the library learns another year, so that windows are cut anew."""
        return self.name if self.known_until is None else f"{self.name} {self.known_until.isoformat()}"


def holidays_of(name: str) -> Holidays:
    """Return the calendar of a name.

    :raises KeyError: there is none of this name
    """
    return _CALENDARS[name]


def _ordinary(day: date) -> bool:
    return day.isoweekday() < _SATURDAY


_YEARS: Final = frozenset(day.year for day in chinese_calendar.constants.holidays)


def _chinese(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if day.year in _YEARS else _ordinary(day)


ORDINARY: Final = Holidays("none", None, _ordinary)
CHINESE: Final = Holidays("CN", date(max(_YEARS), 12, 31), _chinese)
_CALENDARS: Final[dict[str, Holidays]] = {calendar.name: calendar for calendar in (ORDINARY, CHINESE)}
