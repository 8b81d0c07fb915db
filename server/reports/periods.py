"""Periods of a site's days: a day, a week, a month, a quarter, a year, or from one day to another. Pure.

A period is named by a key that sorts and can stand in an address:

- ``2026-11-05`` a day, ``2026-W45`` a week from Monday (ISO 8601),
- ``2026-11`` a month, ``2026-Q4`` a quarter, ``2026`` a year,
- ``2026-11-01..2026-11-23`` both days and those between, at most `MOST_DAYS`.

Days are the site's: they begin at its `day_start_min` and not at midnight, so that a night round
belongs to the day on whose evening it began.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from server.rounds import rules
from server.rounds.rules import Window

Kind = Literal["day", "week", "month", "quarter", "year", "span"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_DAYS = 400
"""No period is longer: a year and a month, for comparing."""

FIRST_YEAR, LAST_YEAR = 2000, 2199

CLOSABLE: tuple[Kind, ...] = ("week", "month", "quarter", "year")
"""What can be closed. A day is too short to wait for phones, and spans would overlap."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some days of a site, from `first` to `last`, both included."""

    key: str
    kind: Kind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def bounds(self, *, day_start_min: int, zone: ZoneInfo) -> Window:
        """Return its half-open stretch of time, ms."""
        start = rules.moment_ms(self.first, day_start_min, zone)
        return Window(start, rules.moment_ms(self.last + timedelta(days=1), day_start_min, zone))

    def before(self) -> Period:
        """Return the one of its kind before it; of a span, as many days that end where it begins."""
        end = self.first - timedelta(days=1)
        if self.kind == "span":
            return span(end - timedelta(days=self.days - 1), end)
        return around(end, self.kind)


def read(key: str) -> Period:
    """Return the period that a key names.

    :raises ValueError: it names none, ends before it begins, or is too long
    """
    for pattern, make in _FORMS:
        if found := pattern.fullmatch(key):
            period = make(*found.groups())
            if not FIRST_YEAR <= period.first.year <= LAST_YEAR:
                raise ValueError(f"a period lies between {FIRST_YEAR} and {LAST_YEAR}")
            return period
    raise ValueError("not a period: 2026-11-05, 2026-W45, 2026-11, 2026-Q4, 2026 or 2026-11-01..2026-11-23")


def around(day: date, kind: Kind) -> Period:
    """Return the period of a kind in which a day lies; a span is that day alone."""
    if kind == "week":
        year, week, _ = day.isocalendar()
        return _week(str(year), str(week))
    if kind == "month":
        return _month(str(day.year), str(day.month))
    if kind == "quarter":
        return _quarter(str(day.year), str((day.month + 2) // 3))
    if kind == "year":
        return _year(str(day.year))
    return span(day, day) if kind == "span" else Period(day.isoformat(), "day", day, day)


def span(first: date, last: date) -> Period:
    """Return the days from one to another.

    :raises ValueError: it ends before it begins, or is too long
    """
    if last < first:
        raise ValueError("the period ends before it starts")
    if (last - first).days >= MOST_DAYS:
        raise ValueError(f"a period has {MOST_DAYS} days at most")
    return Period(f"{first.isoformat()}..{last.isoformat()}", "span", first, last)


def months_before(month: Period, count: int) -> list[Period]:
    """Return `count` months that end with the one given, in their order."""
    found = [month]
    while len(found) < count and found[0].first.year >= FIRST_YEAR:
        found.insert(0, found[0].before())
    return found


def _day(text: str) -> Period:
    day = date.fromisoformat(text)
    return Period(text, "day", day, day)


def _week(year: str, week: str) -> Period:
    first = date.fromisocalendar(int(year), int(week), 1)
    return Period(f"{int(year):04}-W{int(week):02}", "week", first, first + timedelta(days=6))


def _month(year: str, month: str) -> Period:
    first = date(int(year), int(month), 1)
    return Period(f"{first:%Y-%m}", "month", first, _end(first, 1))


def _quarter(year: str, quarter: str) -> Period:
    first = date(int(year), 3 * int(quarter) - 2, 1)
    return Period(f"{first.year:04}-Q{quarter}", "quarter", first, _end(first, 3))


def _year(year: str) -> Period:
    return Period(year, "year", date(int(year), 1, 1), date(int(year), 12, 31))


def _end(first: date, months: int) -> date:
    """Return the last day of so many months that begin on `first`."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1) - timedelta(days=1)


_DAY = r"(\d{4}-\d\d-\d\d)"
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Period]], ...] = (
    (re.compile(_DAY, re.ASCII), _day),
    (re.compile(r"(\d{4})-W(\d\d)", re.ASCII), _week),
    (re.compile(r"(\d{4})-(\d\d)", re.ASCII), _month),
    (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), _quarter),
    (re.compile(r"(\d{4})", re.ASCII), _year),
    (
        re.compile(rf"{_DAY}\.\.{_DAY}", re.ASCII),
        lambda first, last: span(date.fromisoformat(first), date.fromisoformat(last)),
    ),
)
