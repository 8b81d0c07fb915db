"""What a meter's readings amount to together: their order, how plausible each is, what was consumed.

Pure: no clock, no database. Values are in millionths of the unit, moments in ms since 1970 UTC.

A point is judged by the one right before it alone, so that a reading which comes late changes the
judgement of itself and of the next one, and any order of arrival ends in the same series. A *step*
is what a counter rose from the point before; it belongs to the moment at which it was read. Marks:

`jump`       more than the meter can change in that time, even in the longest that both may lie apart
`lower`      a counter shows less than before, and has hardly begun again at 0
`rolled`     a counter began again at 0 (the step goes over its highest value)
`exchanged`  here the meter was exchanged: what came before ends with it
`twice`      an exchange of which somebody else knew nothing, who noted one too (`server.meters.exchanges`)

A point with `jump`, `lower` or `twice` has no step until the office confirms or corrects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sync.meters import micro_of

HOUR_MS: Final = 3_600_000
MARKED: Final = frozenset({"jump", "lower", "twice"})
"""The marks that ask for somebody to look."""

NEAR_END: Final = Decimal("0.9")
"""Without a plausible change per hour: a counter that stood above so much of its highest value…"""
NEAR_START: Final = Decimal("0.1")
"""…and shows less than so much of it has begun again."""


@dataclass(frozen=True, slots=True)
class Point:
    """A reading, or an exchange: then `end` is the old meter's last value, `micro` the new one's first.

    `micro` is None where it was struck out or is not known; such a point is passed over.
    """

    id: str
    at_ms: int
    micro: int | None
    lower_ms: int | None = None
    upper_ms: int | None = None
    exchange: bool = False
    """Whether it is an exchange that counts; one that was struck out is passed over."""
    end: int | None = None
    confirmed: bool = False
    twice: bool = False
    """An exchange that does not count until somebody says that it was another one."""

    @property
    def key(self) -> tuple[int, str]:
        """Where it stands in the series."""
        return self.at_ms, self.id


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a point: its mark, and what the counter rose up to it."""

    mark: str | None
    step: int | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a meter's definition decides how plausible a step is."""

    counter: bool
    modulus: int | None
    """After so much a counter begins again: its highest value and one step of its last digit."""
    jump: int | None
    """The most plausible change in an hour."""

    @classmethod
    def of(cls, definition: Any) -> Terms:
        """Return those of a good definition."""
        highest, jump = definition.get("max"), definition.get("jump")
        last_digit = 10 ** (6 - definition.get("decimals", 0))
        return cls(
            counter=definition["kind"] == "counter",
            modulus=None if highest is None else micro_of(highest) + last_digit,
            jump=None if jump is None else micro_of(jump),
        )


def in_order(points: Iterable[Point]) -> list[Point]:
    """Return points as they follow each other."""
    return sorted(points, key=lambda point: point.key)


def judge(terms: Terms, before: Point | None, point: Point) -> Judged:
    """Return what is said of a point, given the one before it that has a value."""
    if point.twice:
        return Judged("twice", None)
    if point.exchange:
        return Judged("exchanged", _last_step(terms, before, point))
    if point.micro is None or before is None or before.micro is None:
        return Judged(None, None)
    change = point.micro - before.micro
    most = _most(terms, before, point)
    if not terms.counter:
        jumped = most is not None and abs(change) > most and not point.confirmed
        return Judged("jump" if jumped else None, None)
    if change < 0:
        rolled = _rolled(terms, before.micro, point.micro, most)
        if rolled is not None:
            return Judged("rolled", rolled)
        return Judged(None if point.confirmed else "lower", None)
    if most is not None and change > most and not point.confirmed:
        return Judged("jump", None)
    return Judged(None, change)


def _last_step(terms: Terms, before: Point | None, exchange: Point) -> int | None:
    """Return what the old meter rose until it was taken out."""
    if not terms.counter or exchange.end is None or before is None or before.micro is None:
        return None
    rose = exchange.end - before.micro
    return rose if rose >= 0 else _rolled(terms, before.micro, exchange.end, _most(terms, before, exchange))


def _most(terms: Terms, before: Point, point: Point) -> int | None:
    """Return the greatest plausible change between two points; None when nobody said what is plausible.

    Both may lie as far apart as their intervals allow. Within an hour an hour's change is plausible.
    """
    if terms.jump is None:
        return None
    latest = point.at_ms if point.upper_ms is None else point.upper_ms
    earliest = before.at_ms if before.lower_ms is None else before.lower_ms
    return terms.jump * max(HOUR_MS, latest - earliest) // HOUR_MS


def _rolled(terms: Terms, before: int, now: int, most: int | None) -> int | None:
    """Return the step of a counter that plausibly began again at 0, else None."""
    if terms.modulus is None:
        return None
    step = terms.modulus - before + now
    if most is not None:
        return step if step <= most else None
    near = before >= terms.modulus * NEAR_END and now <= terms.modulus * NEAR_START
    return step if near else None


def judged(terms: Terms, points: Sequence[Point]) -> list[Judged]:
    """Return what is said of each of a whole series in order."""
    found: list[Judged] = []
    before: Point | None = None
    for point in points:
        found.append(judge(terms, before, point))
        before = following(before, point)
    return found


def following(before: Point | None, point: Point) -> Point | None:
    """Return which point the next one is judged by."""
    if point.twice:
        return before
    if point.exchange:
        return point  # also without a start value: what came before has ended
    return before if point.micro is None else point


@dataclass(frozen=True, slots=True)
class Usage:
    """What a counter rose within a time.

    `amount` is the sum of the steps that count; `unsure` how many points stand among them whose
    step does not count, because they are marked: with one of those it is no whole figure.
    """

    amount: int
    unsure: int
    readings: int
    first_ms: int | None
    """The point from which the first step goes: the last one before the time, else the first in it."""
    last_ms: int | None


def usage(points: Sequence[Point], said: Sequence[Judged], *, from_ms: int, to_ms: int) -> Usage:
    """Return what was consumed after `from_ms` and up to `to_ms`. A step counts where it was read.

    Neighbouring times add up: nothing is counted twice, and nothing falls between them.
    """
    amount = unsure = readings = 0
    first = last = None
    for point, found in zip(points, said, strict=True):
        if point.at_ms <= from_ms:
            first = point.at_ms
        elif point.at_ms <= to_ms:
            first = point.at_ms if first is None else first
            last = point.at_ms
            amount += found.step or 0
            unsure += found.mark in MARKED
            readings += not point.exchange
    return Usage(amount, unsure, readings, first, last)
