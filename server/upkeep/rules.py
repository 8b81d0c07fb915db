"""When upkeep is due. Pure: no session, no clock; windows are those of `server.rounds.windows`.

A rule and a thing that it keeps up make a *thread* of cycles, one after the other. What is due next follows
from the rule and from the cycles alone, and from nothing that is kept beside them: so a completion that a
phone brings weeks late is reckoned as if it had been here all the time. While a cycle is open nothing new
is due; what becomes due meanwhile joins it.

- By calendar from the schedule (`calendar`, `count`, `once`): the next window is the first that begins after
  everything covered. A cycle that was done covers every window that had begun by then; one that was given
  up covers its own window alone.
- By calendar from completion (`after`): so long after the last completion; a cycle that was given up counts
  as done on its last day.
- By a counter, from completion: when it has risen by so much since the last completion. From the schedule: at
  every multiple since the rule began.
- Both: whichever comes first, and what was done counts for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.rounds import windows
from server.rounds.recurrence import After
from server.rounds.rules import Window

DAY_MS = 86_400_000
RATE_DAYS = 60
"""So far back one looks to say how fast a counter rises."""

_LOOK_DAYS = (40, 400, 366 * 12 + 40)

Used = Callable[[int, int], int]
"""From and to, ms → by how much the counter rose, millionths of its unit."""


@dataclass(frozen=True, slots=True)
class ByMeter:
    """By a counter: every so much, open for so long. Millionths of its unit, ms."""

    every: int
    open_ms: int
    origin: Literal["completion", "schedule"] = "completion"


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule.

    :param since_ms: when it began: what was over by then is nobody's
    :param lead_ms: so long before it is due its work order is opened
    """

    since_ms: int
    calendar: windows.Terms | None
    meter: ByMeter | None
    lead_ms: int = 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """One piece of upkeep of a thread: a work order, or a turn that somebody left out.

    :param ended_ms: when it was done or given up; None while it is open
    :param done: whether the work was done
    :param step: which multiple of the counter it was for, from 1
    """

    made_ms: int
    window: Window | None
    step: int | None
    ended_ms: int | None
    done: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """What is due next: from `from_ms` on it may be done, at `to_ms` it is late.

    :param forecast: `from_ms` is reckoned from how fast the counter rises, and may move
    """

    by: Literal["calendar", "meter"]
    from_ms: int
    to_ms: int
    window: Window | None
    step: int | None
    forecast: bool = False


def is_open(cycles: Iterable[Cycle]) -> bool:
    """Whether a cycle waits to be done."""
    return any(cycle.ended_ms is None for cycle in cycles)


def due(terms: Terms, cycles: Sequence[Cycle], *, used: Used | None, now_ms: int) -> Due | None:
    """Return what is due next once nothing is open; None when nothing ever is, or nobody can say when.

    :param used: the counter; None where the thing has none
    """
    ended = [cycle for cycle in cycles if cycle.ended_ms is not None]
    found = [
        one
        for one in (
            _by_calendar(terms, ended),
            _by_meter(terms, ended, used, now_ms) if used is not None else None,
        )
        if one is not None
    ]
    return min(found, key=lambda one: (one.from_ms, one.by)) if found else None


def opens_ms(terms: Terms, one: Due) -> int:
    """Return when the work order for it is opened."""
    return one.from_ms - terms.lead_ms


def joined(terms: Terms, cycle: Cycle, *, used: Used | None, now_ms: int) -> int:
    """Return how many further turns came due while a cycle was open, and are done with it."""
    until = now_ms if cycle.ended_ms is None else cycle.ended_ms
    count = 0
    if terms.calendar is not None and not isinstance(terms.calendar.recurrence, After) and cycle.window:
        begin = cycle.window.from_ms + 1
        if begin <= until:
            count += len(windows.cut(terms.calendar, from_ms=begin, until_ms=until + 1))
    if terms.meter is not None and used is not None and cycle.step is not None:
        count += max(0, used(terms.since_ms, until) // terms.meter.every - cycle.step)
    return count


def remaining(terms: Terms, cycles: Sequence[Cycle], *, used: Used, now_ms: int) -> int | None:
    """Return how much the counter still rises until the next turn, millionths; below 0 when it is over."""
    if terms.meter is None:
        return None
    ended = [cycle for cycle in cycles if cycle.ended_ms is not None]
    if terms.meter.origin == "schedule":
        step = _covered_step(terms, ended, used) + 1
        return step * terms.meter.every - used(terms.since_ms, now_ms)
    return terms.meter.every - used(_last_ms(terms, ended), now_ms)


def asked(terms: Terms, cycles: Sequence[Cycle], *, now_ms: int) -> set[tuple[int, int]]:
    """Return between which moments `due` asks how much the counter rose, so that many are asked at once."""
    if terms.meter is None:
        return set()
    ended = [cycle for cycle in cycles if cycle.ended_ms is not None]
    found = {(now_ms - RATE_DAYS * DAY_MS, now_ms)}
    if terms.meter.origin == "completion":
        return found | {(_last_ms(terms, ended), now_ms)}
    done = {(terms.since_ms, cycle.ended_ms) for cycle in ended if cycle.done and cycle.ended_ms is not None}
    return found | done | {(terms.since_ms, now_ms)}


def ahead(
    terms: Terms, cycles: Sequence[Cycle], *, used: Used | None, now_ms: int, until_ms: int
) -> list[Due]:
    """Return the turns that come until a moment, if each is done when it is due and counters rise as of late.

    An open cycle is taken as done now. A plan on paper, not a promise.
    """
    so_far = [
        cycle
        if cycle.ended_ms is not None
        else Cycle(cycle.made_ms, cycle.window, cycle.step, max(now_ms, cycle.made_ms))
        for cycle in cycles
    ]
    found: list[Due] = []
    moment = now_ms
    rate = None if used is None else used(now_ms - RATE_DAYS * DAY_MS, now_ms)
    while len(found) < 400:
        counter = used if used is None or rate is None else _risen(used, rate, now_ms)
        one = due(terms, so_far, used=counter, now_ms=moment)
        if one is None or one.from_ms >= until_ms:
            return found
        found.append(one)
        moment = max(moment + 1, one.from_ms)
        so_far.append(Cycle(moment, one.window, one.step, moment))
    return found


def _by_calendar(terms: Terms, ended: Sequence[Cycle]) -> Due | None:
    calendar = terms.calendar
    if calendar is None:
        return None
    if isinstance(calendar.recurrence, After):
        last = _last_ms(terms, ended) if ended else None
        day = None if last is None else datetime.fromtimestamp(last / 1000, calendar.zone).date()
        window = windows.following(calendar, calendar.recurrence, last_done=day, not_before_ms=-(1 << 60))
        begins = datetime.fromtimestamp(window.from_ms / 1000, calendar.zone).date()
        if calendar.ends_on is not None and begins > calendar.ends_on:
            return None
        return Due("calendar", window.from_ms, window.to_ms, window, None)
    covered = max((_covers(cycle) for cycle in ended), default=None)
    begin = terms.since_ms - windows.longest_ms(calendar.recurrence) if covered is None else covered + 1
    for days in _LOOK_DAYS:
        for window in windows.cut(calendar, from_ms=begin, until_ms=begin + days * DAY_MS):
            if covered is not None or window.to_ms > terms.since_ms:
                return Due("calendar", window.from_ms, window.to_ms, window, None)
    return None


def _by_meter(terms: Terms, ended: Sequence[Cycle], used: Used, now_ms: int) -> Due | None:
    meter = terms.meter
    left = remaining(terms, ended, used=used, now_ms=now_ms)
    if meter is None or left is None:
        return None
    step = _covered_step(terms, ended, used) + 1 if meter.origin == "schedule" else None
    if left <= 0:
        return Due("meter", now_ms, now_ms + meter.open_ms, None, step)
    risen = used(now_ms - RATE_DAYS * DAY_MS, now_ms)
    if risen <= 0:
        return None
    when = now_ms + -(-left * RATE_DAYS * DAY_MS // risen)
    return Due("meter", when, when + meter.open_ms, None, step, forecast=True)


def _last_ms(terms: Terms, ended: Sequence[Cycle]) -> int:
    """Return from when on the next turn counts: the last completion, or what stands for one."""
    return max((_counts_from(cycle) for cycle in ended), default=terms.since_ms)


def _counts_from(cycle: Cycle) -> int:
    assert cycle.ended_ms is not None  # noqa: S101  of those that ended
    if cycle.done or cycle.window is None:
        return cycle.ended_ms
    return cycle.window.to_ms - 1


def _covers(cycle: Cycle) -> int:
    assert cycle.ended_ms is not None  # noqa: S101  of those that ended
    begins = cycle.window.from_ms if cycle.window else cycle.ended_ms
    return max(begins, cycle.ended_ms) if cycle.done else begins


def _covered_step(terms: Terms, ended: Sequence[Cycle], used: Used) -> int:
    assert terms.meter is not None  # noqa: S101  asked of counters alone
    steps = [0]
    for cycle in ended:
        steps.append(cycle.step or 0)
        if cycle.done and cycle.ended_ms is not None:
            steps.append(used(terms.since_ms, cycle.ended_ms) // terms.meter.every)
    return max(steps)


def _risen(used: Used, rate: int, now_ms: int) -> Used:
    """Return a counter that goes on rising after now as it did of late."""

    def counter(from_ms: int, to_ms: int) -> int:
        real = used(from_ms, min(to_ms, now_ms)) if from_ms < now_ms else 0
        begin = max(from_ms, now_ms)
        return real + (rate * (to_ms - begin) // (RATE_DAYS * DAY_MS) if to_ms > begin else 0)

    return counter
