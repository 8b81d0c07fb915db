"""What recurs, as it is written down: one JSON with four kinds, read into values that cannot be wrong.

- ``calendar``: days by a rule of RFC 5545, and the windows of each such day;
- ``count``: so many times in each period, at any time of it;
- ``after``: so long after it was last done;
- ``once``: one window, as a special round has it.

`docs/plans.md` says what each means. Pure: no session, no clock; `windows.py` makes stretches of
time of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from server.rounds.rrule import Rule, RuleError, read_rule
from server.rounds.rules import DAY_MIN, Times, minutes_of, read_times

Which = Literal["all", "working", "free"]
Shift = Literal["none", "before", "after"]
Per = Literal["day", "week", "half_month", "month", "quarter", "half_year", "year"]

LONGEST_DAYS = 366
"""No window is longer: a whole leap year."""

MOST_TIMES = 60
"""The most times in a period."""

MOST_WINDOWS = 96
"""The most windows that begin on one day: one every quarter of an hour."""

LEAST_MINUTES = 15
"""The shortest step of ``every``."""

MOST_AFTER_DAYS = 1_100
MOST_AFTER_MONTHS = 36

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d")


class Unreadable(ValueError):
    """It cannot be meant. `errors` says what is wrong at which member, nested as the JSON is."""

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days by a rule, and the windows that begin on each of them.

    :param which: all days of the rule, or only those that are working or free days of the site
    :param shift: where a day goes that is no working day: nowhere, or to the next one before or after
    """

    rule: Rule
    which: Which
    shift: Shift
    windows: tuple[Times, ...]

    @property
    def asks_for_holidays(self) -> bool:
        """Whether it matters which days are working days."""
        return self.which != "all" or self.shift != "none"


@dataclass(frozen=True, slots=True)
class Count:
    """So many times in each period; they share the period as their window."""

    times: int
    per: Per


@dataclass(frozen=True, slots=True)
class After:
    """`days` or `months` after it was last done, open for `open_days`. One of the two is 0."""

    days: int
    months: int
    open_days: int


@dataclass(frozen=True, slots=True)
class Once:
    """One window, by the clock on the site's wall."""

    begin: datetime
    end: datetime


Recurrence = Calendar | Count | After | Once


def read(raw: Any) -> Recurrence:
    """Return the recurrence that a JSON value means.

    :raises Unreadable: it cannot be meant
    """
    if not isinstance(raw, Mapping):
        raise Unreadable({"kind": ["An object with a kind"]})
    readers: dict[str, Callable[[Mapping[str, Any]], Recurrence]] = {
        "calendar": _calendar,
        "count": _count,
        "after": _after,
        "once": _once,
    }
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in readers:
        raise Unreadable({"kind": [f"One of {', '.join(readers)}"]})
    return readers[kind](raw)


def _calendar(raw: Mapping[str, Any]) -> Calendar:
    errors: dict[str, Any] = _strange(raw, {"kind", "rule", "days", "shift", "windows", "every"})
    rule: Rule | None = None
    windows: tuple[Times, ...] = ()
    try:
        rule = read_rule(raw.get("rule"))
    except RuleError as error:
        errors["rule"] = [str(error)]
    which = _one_of(raw.get("days", "all"), get_args(Which), "days", errors)
    shift = _one_of(raw.get("shift", "none"), get_args(Shift), "shift", errors)
    if which != "all" and shift != "none":
        errors["shift"] = ["Only a rule of all days moves its days"]
    if ("windows" in raw) == ("every" in raw):
        errors["windows"] = ["Either windows, or every"]
    elif "windows" in raw:
        windows = _windows(raw["windows"], errors)
    else:
        windows = _every(raw["every"], errors)
    if errors or rule is None:
        raise Unreadable(errors)
    return Calendar(rule, which, shift, windows)


def _windows(raw: Any, errors: dict[str, Any]) -> tuple[Times, ...]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_WINDOWS:
        errors["windows"] = [f"1 to {MOST_WINDOWS} windows"]
        return ()
    found, wrong = [], {}
    for n, one in enumerate(raw):
        try:
            found.append(_window(one))
        except Unreadable as error:
            wrong[n] = error.errors
    if wrong:
        errors["windows"] = wrong
    return tuple(sorted(found, key=lambda times: times.from_min))


def _window(raw: Any) -> Times:
    if not isinstance(raw, Mapping):
        raise Unreadable({"from": ["A window has from and to"]})
    errors = _strange(raw, {"from", "to", "days"})
    days = _whole(raw.get("days", 0), 0, LONGEST_DAYS, "days", errors)
    for member in ("from", "to"):
        try:
            minutes_of(raw.get(member))
        except ValueError as error:
            errors[member] = [str(error)]
    if raw.get("from") == "24:00":
        errors["from"] = ["A window starts before 24:00"]
    if errors:
        raise Unreadable(errors)
    times = read_times(raw["from"], raw["to"], days=days)
    if times.to_min - times.from_min > LONGEST_DAYS * DAY_MIN:
        raise Unreadable({"days": [f"A window lasts at most {LONGEST_DAYS} days"]})
    return times


def _every(raw: Any, errors: dict[str, Any]) -> tuple[Times, ...]:
    """Cut a stretch of the day into windows that touch; a rest would be a gap, and is refused."""
    if not isinstance(raw, Mapping):
        errors["every"] = {"minutes": ["every has from, to and minutes"]}
        return ()
    wrong = _strange(raw, {"from", "to", "minutes"})
    minutes = _whole(raw.get("minutes"), LEAST_MINUTES, DAY_MIN, "minutes", wrong)
    try:
        whole = _window({"from": raw.get("from"), "to": raw.get("to")})
    except Unreadable as error:
        wrong |= error.errors
    else:
        length = whole.to_min - whole.from_min
        if not wrong and length % minutes:
            wrong["minutes"] = ["The stretch is no whole number of intervals"]
    if wrong:
        errors["every"] = wrong
        return ()
    begins = range(whole.from_min, whole.to_min, minutes)
    return tuple(Times(begin, begin + minutes) for begin in begins)


def _count(raw: Mapping[str, Any]) -> Count:
    errors = _strange(raw, {"kind", "times", "per"})
    times = _whole(raw.get("times"), 1, MOST_TIMES, "times", errors)
    per = _one_of(raw.get("per"), get_args(Per), "per", errors)
    if errors:
        raise Unreadable(errors)
    return Count(times, per)


def _after(raw: Mapping[str, Any]) -> After:
    errors = _strange(raw, {"kind", "every", "open_days"})
    every = raw.get("every")
    days = months = 0
    if not isinstance(every, Mapping) or len(every) != 1 or not {"days", "months"} & set(every):
        errors["every"] = ["Either days, or months"]
    elif "days" in every:
        days = _whole(every["days"], 1, MOST_AFTER_DAYS, "every", errors)
    else:
        months = _whole(every["months"], 1, MOST_AFTER_MONTHS, "every", errors)
    open_days = _whole(raw.get("open_days"), 1, LONGEST_DAYS, "open_days", errors)
    if errors:
        raise Unreadable(errors)
    return After(days, months, open_days)


def _once(raw: Mapping[str, Any]) -> Once:
    errors = _strange(raw, {"kind", "from", "to"})
    moments = []
    for member in ("from", "to"):
        text = raw.get(member)
        try:
            if not isinstance(text, str) or not _MOMENT.fullmatch(text):
                raise ValueError  # noqa: TRY301 (the same answer as for 30 February)
            moments.append(datetime.fromisoformat(text))
        except ValueError:
            errors[member] = ["A date and a time of the site, such as 2026-12-01T18:30"]
    if not errors and moments[1] <= moments[0]:
        errors["to"] = ["It ends before it begins"]
    elif not errors and moments[1] - moments[0] > timedelta(days=LONGEST_DAYS):
        errors["to"] = [f"A window lasts at most {LONGEST_DAYS} days"]
    if errors:
        raise Unreadable(errors)
    return Once(*moments)


def _strange(raw: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    return {str(member): ["Unknown field."] for member in raw if member not in known}


def _whole(value: Any, least: int, most: int, member: str, errors: dict[str, Any]) -> int:
    if type(value) is not int or not least <= value <= most:
        errors[member] = [f"A whole number from {least} to {most}"]
        return least
    return value


def _one_of(value: Any, words: tuple[Any, ...], member: str, errors: dict[str, Any]) -> Any:
    if value not in words:
        errors[member] = [f"One of {', '.join(words)}"]
        return words[0]
    return value
