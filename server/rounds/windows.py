"""From a recurrence to stretches of time. Pure: no session, no clock.

`rules.py` says how a local time becomes a moment; here stands which windows there are. What follows
the last completion (`After`) has no windows of its own: see `following`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from server.rounds.recurrence import After, Calendar, Count, Once, Per, Recurrence
from server.rounds.rrule import LOOKED_AHEAD_YEARS
from server.rounds.rules import DAY_MIN, Window, moment_ms
from server.sites.holidays import ORDINARY, Holidays

_SHIFTED_DAYS = 20
"""A day moves no further: no run of free days is as long."""

_PERIOD_MONTHS: dict[Per, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan's windows follow from.

    :param starts_on: the first day on which a window begins, from which the rule counts
    :param ends_on: the last day on which a window begins, or None
    :param day_start_min: minutes after midnight at which the site's day begins; periods begin then
    """

    recurrence: Recurrence
    zone: ZoneInfo
    starts_on: date
    ends_on: date | None = None
    day_start_min: int = 0
    holidays: Holidays = ORDINARY


def cut(terms: Terms, *, from_ms: int, until_ms: int) -> list[Window]:
    """Return the windows that start at or after `from_ms` and before `until_ms`, in their order."""
    found = (w for w in _windows(terms, from_ms, until_ms) if from_ms <= w.from_ms < until_ms)
    return sorted(found, key=lambda w: (w.from_ms, w.number))


def longest_ms(recurrence: Recurrence) -> int:
    """Return what no window of the recurrence is longer than, ms."""
    if isinstance(recurrence, Calendar):
        minutes = max(times.to_min - times.from_min for times in recurrence.windows)
    elif isinstance(recurrence, Count):
        minutes = 367 * DAY_MIN
    elif isinstance(recurrence, After):
        minutes = max(recurrence.open_days, recurrence.days, recurrence.months * 31) * DAY_MIN
    else:
        minutes = int((recurrence.end - recurrence.begin).total_seconds() / 60)
    return (minutes + DAY_MIN) * 60_000  # a day on which the clock goes back is longer


def faults(terms: Terms) -> dict[str, list[str]]:
    """Return what makes a readable recurrence a plan that cannot be meant: member → reasons."""
    recurrence = terms.recurrence
    if isinstance(recurrence, Once):
        return {} if _once(terms, recurrence) else {"to": ["The clock skips this time"]}
    if not isinstance(recurrence, Calendar):
        return {}
    last = _years_later(terms.starts_on, LOOKED_AHEAD_YEARS)
    if next(days_of(terms, terms.starts_on, last), None) is None:
        if next(days_of(replace(terms, ends_on=None), terms.starts_on, last), None) is not None:
            return {"ends_on": ["No window begins between the first and the last day"]}
        return {"rule": [f"No day in the {LOOKED_AHEAD_YEARS} years from the first day"]}
    return {"windows": ["Two windows overlap"]} if _overlap(recurrence, terms, last) else {}


def days_of(terms: Terms, first: date, last: date) -> Iterator[date]:
    """Return the days of a calendar plan from `first` to `last`, in their order."""
    recurrence = terms.recurrence
    if not isinstance(recurrence, Calendar):
        return
    first = max(first, terms.starts_on)
    last = last if terms.ends_on is None else min(last, terms.ends_on)
    if recurrence.shift == "none":
        for day in recurrence.rule.days(terms.starts_on, first, last):
            if recurrence.which == "all" or terms.holidays.works(day) == (recurrence.which == "working"):
                yield day
        return
    reach = timedelta(days=_SHIFTED_DAYS)
    raw = recurrence.rule.days(terms.starts_on, _before(first, reach), last + reach)
    step = timedelta(days=-1 if recurrence.shift == "before" else 1)
    moved = {_working_day(day, step, terms.holidays) for day in raw}
    yield from sorted(day for day in moved if first <= day <= last)


def following(terms: Terms, after: After, *, last_done: date | None, not_before_ms: int) -> Window:
    """Return the window that follows the day on which it was last done; the first one when it never was.

    :param not_before_ms: a window that is over by then would be missed before anybody could see it, so
        it begins on the day of this moment instead
    """
    begin = terms.starts_on
    if last_done is not None:
        begin = last_done + relativedelta(days=after.days, months=after.months)
    window = _open(terms, begin, after.open_days)
    if window.to_ms <= not_before_ms:
        begin = datetime.fromtimestamp(not_before_ms / 1000, terms.zone).date()
        window = _open(terms, begin, after.open_days)
    return window


def still_due(terms: Terms, after: After, *, over_ms: int) -> Window:
    """Return the window that follows a missed one of `After`: at once, and for one interval.

    What was missed stays due, and is missed again only once another whole interval has gone by.
    """
    day = datetime.fromtimestamp(over_ms / 1000, terms.zone).date()
    end = day + relativedelta(days=after.days, months=after.months)
    return Window(over_ms, moment_ms(end, terms.day_start_min, terms.zone))


def period_start(per: Per, day: date) -> date:
    """Return the first day of the period in which `day` lies; weeks begin on Monday."""
    if per == "day":
        return day
    if per == "week":
        return day - timedelta(days=day.isoweekday() - 1)
    if per == "half_month":
        return day.replace(day=16 if day.day > 15 else 1)
    months = _PERIOD_MONTHS[per]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def next_period(per: Per, start: date) -> date:
    """Return the first day of the period after the one that begins on `start`."""
    if per in ("day", "week"):
        return start + timedelta(days=1 if per == "day" else 7)
    if per == "half_month":
        return start.replace(day=16) if start.day == 1 else start.replace(day=1) + relativedelta(months=1)
    return start + relativedelta(months=_PERIOD_MONTHS[per])


def _windows(terms: Terms, from_ms: int, until_ms: int) -> Iterator[Window]:
    recurrence = terms.recurrence
    first = _local(from_ms, terms.zone) - timedelta(days=1)
    last = _local(until_ms, terms.zone) + timedelta(days=1)
    if isinstance(recurrence, Calendar):
        for day in days_of(terms, first, last):
            for times in recurrence.windows:
                start = moment_ms(day, times.from_min, terms.zone)
                end = moment_ms(day, times.to_min, terms.zone)
                if start < end:
                    yield Window(start, end)
    elif isinstance(recurrence, Count):
        yield from _periods(terms, recurrence, first, last)
    elif isinstance(recurrence, Once) and (window := _once(terms, recurrence)):
        yield window


def _periods(terms: Terms, count: Count, first: date, last: date) -> Iterator[Window]:
    """Yield whole periods alone: the first is the first that begins on the plan's first day or later."""
    start = period_start(count.per, max(first, terms.starts_on))
    if start < terms.starts_on:
        start = next_period(count.per, start)
    if terms.ends_on is not None:
        last = min(last, terms.ends_on)
    while start <= last:
        end = next_period(count.per, start)
        begin_ms = moment_ms(start, terms.day_start_min, terms.zone)
        end_ms = moment_ms(end, terms.day_start_min, terms.zone)
        if begin_ms < end_ms:
            for number in range(1, count.times + 1):
                yield Window(begin_ms, end_ms, number)
        start = end


def _once(terms: Terms, once: Once) -> Window | None:
    start, end = (
        moment_ms(wall.date(), wall.hour * 60 + wall.minute, terms.zone) for wall in (once.begin, once.end)
    )
    return Window(start, end) if start < end else None


def _open(terms: Terms, begin: date, days: int) -> Window:
    return Window(
        moment_ms(begin, terms.day_start_min, terms.zone),
        moment_ms(begin + timedelta(days=days), terms.day_start_min, terms.zone),
    )


def _overlap(calendar: Calendar, terms: Terms, last: date) -> bool:
    """Whether two windows share a minute on paper, of one day or of days that follow each other."""
    inside = itertools.pairwise(calendar.windows)
    if any(later.from_min < earlier.to_min for earlier, later in inside):
        return True
    begin, end = calendar.windows[0].from_min, max(times.to_min for times in calendar.windows)
    if begin + DAY_MIN >= end:
        return False
    days = itertools.pairwise(days_of(terms, terms.starts_on, last))
    return any((b - a).days * DAY_MIN + begin < end for a, b in days)


def _working_day(day: date, step: timedelta, holidays: Holidays) -> date:
    for _ in range(_SHIFTED_DAYS):
        if holidays.works(day):
            return day
        day += step
    return day


def _local(ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(ms / 1000, zone).date()


def _before(day: date, reach: timedelta) -> date:
    return day - reach if day - date.min > reach else date.min


def _years_later(day: date, years: int) -> date:
    return date(min(day.year + years, 9_990), day.month, min(day.day, 28))
