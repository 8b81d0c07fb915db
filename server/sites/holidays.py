"""Which days are working days, thin over a library that knows what the State Council announced.

China moves working days to weekends around its holidays and announces that once a year, so nobody can
know the days of later years. What an office has read in an announcement it may say by itself, day by
day (`announced.py`): its word of a day goes before the library's. Beyond what is known the ordinary
week counts, and whoever plans is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import chinese_calendar

Name = Literal["none", "CN"]
NAMES: Final[tuple[Name, ...]] = ("none", "CN")

_SATURDAY = 6

Faults = dict[str, dict[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Holidays:
    """A calendar of working days.

    :param known_until: the last day that is announced; None where there are no holidays at all
    :param edition: what changes when more becomes known, so that windows are cut anew
    """

    name: Name
    known_until: date | None
    edition: str
    _is_working: Callable[[date], bool]

    def works(self, day: date) -> bool:
        """Whether a day is a working day; beyond what is known, whether it is one of Monday to Friday."""
        return self._is_working(day)


def holidays_of(name: str) -> Holidays:
    """Return the calendar of a name, as the library knows it.

    :raises KeyError: there is none of this name
    """
    return _CALENDARS[name]


def with_words(words: Mapping[date, bool], *, editions: int) -> Holidays:
    """Return China's calendar with what an office said of days: day → whether it is a working day.

    A year after the last known one is known as well when a day off was named in it.

    :param editions: how often the office said something; every time is an edition of its own
    """
    if editions == 0:
        return CHINESE
    off = {day.year for day, is_working in words.items() if not is_working}
    last = LIBRARY_YEARS[-1]
    while last + 1 in off:
        last += 1
    return Holidays(
        "CN",
        date(last, 12, 31),
        f"{CHINESE.edition}+{editions}",
        lambda day: words[day] if day in words else _chinese(day),
    )


def is_unusual(calendar: Holidays, day: date) -> bool:
    """Whether a day is off from Monday to Friday, or worked at a weekend."""
    return calendar.works(day) != _ordinary(day)


def days_of(year: int) -> Iterator[date]:
    """Yield the days of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def faults(year: int, free: Sequence[date], working: Sequence[date]) -> Faults:
    """Return what cannot be meant in an office's word of a year: member → place in its list → reasons."""
    wrong: Faults = {}
    for member, days, others in (("free", free, ()), ("working", working, frozenset(free))):
        for n, day in enumerate(days):
            if day.year != year:
                wrong.setdefault(member, {})[n] = [f"Not a day of {year}"]
            elif day in others:
                wrong.setdefault(member, {})[n] = ["Both off and worked"]
    return wrong


def differing(one: Holidays, other: Holidays, days: Iterable[date]) -> list[date]:
    """Return the days that count otherwise in the other calendar."""
    return [day for day in days if one.works(day) != other.works(day)]


def _ordinary(day: date) -> bool:
    return day.isoweekday() < _SATURDAY


LIBRARY_YEARS: Final = tuple(sorted({day.year for day in chinese_calendar.constants.holidays}))
"""The years that the library knows."""


def _chinese(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if day.year in LIBRARY_YEARS else _ordinary(day)


ORDINARY: Final = Holidays("none", None, "none", _ordinary)
CHINESE: Final = Holidays("CN", date(LIBRARY_YEARS[-1], 12, 31), f"CN {LIBRARY_YEARS[-1]}-12-31", _chinese)
_CALENDARS: Final[dict[str, Holidays]] = {calendar.name: calendar for calendar in (ORDINARY, CHINESE)}
