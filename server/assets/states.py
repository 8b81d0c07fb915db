"""When an asset stood and when it ran: a fold over what was said of it. Pure.

A change has a moment that is an interval: what the evidence proves and no more. Where a person says since
when an asset stands, nothing proves the beginning: the interval is open to the earlier side, and ends where
the record was made at the latest. Changes that come late fall into their place, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

DOWN: Final = "stopped"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, ms: not before `lower` (None: nothing proves it), not after `upper`."""

    lower: int | None
    estimate: int
    upper: int


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said that the asset is in a state from a moment on."""

    at: Moment
    state: str
    order: tuple[str, int]
    """Decides between two of one estimate: log and number, or the entry's id."""
    key: str
    """Of the record or entry."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The asset was in one state; `end` None: it still is. `first` and `last` name who said so."""

    state: str
    begin: Moment | None
    """None: before anything was said."""
    end: Moment | None
    first: str | None
    last: str | None


def claimed(since_ms: int | None, lower: int | None, estimate: int, upper: int) -> Moment:
    """Return the moment of a change: that of the record, or the one that the person names, never later."""
    if since_ms is None or since_ms >= estimate:
        return Moment(lower, estimate, upper)
    return Moment(None, since_ms, upper)


def fold(said: Iterable[Said], *, at_first: str = "running") -> list[Stretch]:
    """Return the stretches of an asset, the first first. Saying a state again changes nothing."""
    found: list[Stretch] = []
    state, begin, first = at_first, None, None
    for one in sorted(said, key=lambda each: (each.at.estimate, *each.order)):
        if one.state == state:
            continue
        found.append(Stretch(state, begin, one.at, first, one.key))
        state, begin, first = one.state, one.at, one.key
    found.append(Stretch(state, begin, None, first, None))
    return found


def last_state(said: Iterable[Said], *, at_first: str = "running") -> str:
    """Return the state that was said last."""
    return fold(said, at_first=at_first)[-1].state


@dataclass(frozen=True, slots=True)
class Figures:
    """A period in figures, ms; `low` and `high` are what the intervals leave open."""

    watched: int
    down: int
    down_low: int
    down_high: int
    failures: int
    """Stretches of standing that began in the period."""
    longest: int
    mean_between: int | None
    """The time that it ran for each failure; None without one."""

    @property
    def share(self) -> float | None:
        """The share of the watched time in which it did not stand; None when nothing was watched."""
        return None if self.watched <= 0 else 1 - self.down / self.watched


def figures(stretches: Sequence[Stretch], *, from_ms: int, to_ms: int) -> Figures:
    """Return the figures of a period; `to_ms` is not after now."""
    watched = max(0, to_ms - from_ms)
    down = low = high = failures = longest = 0
    for one in stretches:
        if one.state != DOWN:
            continue
        begin, end = one.begin, one.end
        begins = from_ms if begin is None else begin.estimate
        ends = to_ms if end is None else end.estimate
        here = _within(begins, ends, from_ms, to_ms)
        if here <= 0 and not from_ms <= begins < to_ms:
            continue
        down += here
        longest = max(longest, here)
        # the least that is proven, and the most that is possible
        latest_begin = from_ms if begin is None else begin.upper
        earliest_end = to_ms if end is None else (begins if end.lower is None else end.lower)
        low += _within(latest_begin, min(earliest_end, ends), from_ms, to_ms)
        earliest = from_ms if begin is None or begin.lower is None else begin.lower
        latest = to_ms if end is None else end.upper
        high += _within(min(earliest, begins), max(latest, ends), from_ms, to_ms)
        if from_ms <= begins < to_ms:
            failures += 1
    high = min(high, watched)
    mean = (watched - down) // failures if failures else None
    return Figures(watched, down, min(low, down), max(high, down), failures, longest, mean)


def _within(begin: int, end: int, from_ms: int, to_ms: int) -> int:
    return max(0, min(end, to_ms) - max(begin, from_ms))
