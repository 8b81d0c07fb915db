"""The days of a rule of RFC 5545: which rules a plan may have, and the days that one falls on.

The counting is dateutil's. Here is only what a plan may ask of it: days, no hours; no end of its own,
for that is the plan's. dateutil looks for a day that never comes until the year 9999, with half a minute
of a processor, so what could contradict itself in a rule is refused before it is asked. Weeks begin on
Monday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil import rrule

MOST_CHARACTERS = 200

LOOKED_AHEAD_YEARS = 12
"""A rule has a day within so many years, or it never comes: 29 February has, even around 2100."""

_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?\d{1,3}")
_BOUNDS: Final = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 31}
_MOST_INTERVAL: Final = {"DAILY": 366, "WEEKLY": 104, "MONTHLY": 60, "YEARLY": 10}
_MONTH_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_IN_MONTH = 4
_IN_YEAR = 52
"""Every month has each weekday four times, every year 52 times; what comes only now and then is no plan."""


class RuleError(ValueError):
    """The rule cannot be read, or asks for what a plan cannot have."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read. `interval` counts from the plan's first day."""

    text: str
    frequency: str
    interval: int

    def days(self, starts_on: date, first: date, last: date) -> Iterator[date]:
        """Return the rule's days from `first` to `last`, none before `starts_on`, in their order."""
        if last < max(first, starts_on):
            return
        begin = self._near(starts_on, first)
        for moment in rrule.rrulestr(self.text + ";WKST=MO", dtstart=_noon(begin)):
            day = moment.date()
            if day > last:
                return
            if day >= max(first, starts_on):
                yield day

    def _near(self, starts_on: date, first: date) -> date:
        """Return a day shortly before `first` from which the rule counts as from `starts_on`."""
        step = {"DAILY": 1, "WEEKLY": 7}.get(self.frequency, 0) * self.interval
        if not step or first <= starts_on:
            return starts_on
        return starts_on + timedelta(days=(first - starts_on).days // step * step)


def read_rule(text: object) -> Rule:
    """Return the rule that a text means.

    :raises RuleError: it cannot be read, or asks for what a plan cannot have
    """
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise RuleError("A rule such as FREQ=WEEKLY;BYDAY=MO")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or name in parts:
            raise RuleError(f"Not a part of a rule: {part!r}")
        parts[name] = value
    frequency = parts.pop("FREQ", None)
    if frequency not in _FREQUENCIES:
        raise RuleError(f"FREQ is one of {', '.join(_FREQUENCIES)}")
    interval = parts.pop("INTERVAL", "1")
    if (
        not interval.isascii()
        or not interval.isdigit()
        or not 1 <= int(interval[:6]) <= _MOST_INTERVAL[frequency]
    ):
        raise RuleError(f"INTERVAL is 1 to {_MOST_INTERVAL[frequency]} with {frequency}")
    for name, value in parts.items():
        _check(name, value)
    _fit(frequency, int(interval), parts)
    try:
        rrule.rrulestr(text, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 (days have no zone)
    except (ValueError, TypeError) as error:
        raise RuleError("The rule cannot be read") from error
    return Rule(text, frequency, int(interval))


def _check(name: str, value: str) -> None:
    items = value.split(",")
    if name == "BYDAY":
        if not all(_WEEKDAY.fullmatch(item) for item in items):
            raise RuleError("BYDAY is MO, TU, WE …, or 1MO, -1FR")
    elif name in _BOUNDS:
        most = _BOUNDS[name]
        least = 1 if name == "BYMONTH" else -most
        if not all(_NUMBER.fullmatch(i) and least <= int(i) <= most and int(i) != 0 for i in items):
            raise RuleError(f"{name} is {least} to {most}, without 0")
    else:
        raise RuleError(f"A plan's rule has no {name}")


def _fit(frequency: str, interval: int, parts: dict[str, str]) -> None:
    """Refuse parts that could keep each other from ever coming."""
    weekdays = [(int(n or 0), day) for n, day in _WEEKDAY.findall(parts.get("BYDAY", ""))]
    months = _numbers(parts.get("BYMONTH"))
    days = _numbers(parts.get("BYMONTHDAY"))
    if frequency in ("DAILY", "WEEKLY"):
        if days or "BYSETPOS" in parts or any(n for n, _ in weekdays):
            raise RuleError("Days of the month are those of a month or a year")
        if frequency == "DAILY" and weekdays and interval > 1:
            raise RuleError("Weekdays every so many days: count in weeks instead")
        return
    if days and weekdays:
        raise RuleError("Either days of the month, or weekdays")
    if frequency == "MONTHLY" and months and interval > 1:
        raise RuleError("Every so many months, or certain months of the year")
    possible = [m for m in months or range(1, 13) for d in days if abs(d) <= _MONTH_DAYS[m - 1]]
    if days and not possible:
        raise RuleError(f"No day in the {LOOKED_AHEAD_YEARS} years from the first day")
    if interval > 1 and possible and set(possible) == {2} and all(abs(d) > 28 for d in days):
        raise RuleError("29 February comes every four years: every year is the rule for it")
    most = _IN_YEAR if frequency == "YEARLY" and not months else _IN_MONTH
    if any(abs(n) > most for n, _ in weekdays):
        raise RuleError(f"The first to the {most}th weekday, or the last")
    if "BYSETPOS" in parts:
        if not weekdays or any(n for n, _ in weekdays):
            raise RuleError("BYSETPOS picks from weekdays")
        if any(abs(n) > most * len(weekdays) for n in _numbers(parts["BYSETPOS"])):
            raise RuleError(f"BYSETPOS is at most {most * len(weekdays)} here")


def _numbers(text: str | None) -> list[int]:
    return [int(item) for item in text.split(",")] if text else []


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))
