"""Time is an interval: what may be believed of a phone's clock.

The rules are ``docs/protocol/time.md``, the cases ``tests/vectors/time.json``. All
values are integer ms; `mono` counts from the start of the page session `boot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

AGREEMENT_MS = 10_000
"""How far two statements of the same moment may differ whatever lies between them."""

DRIFT_PER_10_000 = 1
"""And how far a phone's clock may drift besides: one part in ten thousand."""

CLOCK_BACK_MS = 2_000
CLOCK_JUMP_MS = 5_000
OUTSIDE_MS = 60_000
LONG_OFFLINE_MS = 24 * 3_600_000

Quality = Literal["A", "B", "C", "D"]
Mark = Literal["clock_back", "clock_jump", "outside_bounds", "future_wall", "zone_changed", "long_offline"]


class Clocks(Protocol):
    """The phone's clocks at a moment: of a record (`Time`), an anchor or a request."""

    @property
    def wall(self) -> int:
        """The phone's clock, ms since 1970; may be anything."""

    @property
    def mono(self) -> int:
        """Whole ms since the page session began."""

    @property
    def boot(self) -> str:
        """The page session: 8 hex digits."""


class ZonedClocks(Clocks, Protocol):
    """The clocks with the phone's zone."""

    @property
    def tz(self) -> str:
        """The phone's IANA zone."""


class AnchoredClocks(Clocks, Protocol):
    """The clocks with the server's time at the same moment."""

    @property
    def server_ms(self) -> int:
        """The server's time, ms since 1970."""


class Interval(Struct, frozen=True):
    """When a record was made: not before `lower`, not after `upper`, in ms.

    `lower` is None when nothing proves one. `estimate` lies between the bounds; `quality`
    says what it stands on: A both sides agree, B one side, C they contradict, or the time that
    passed on the phone contradicts them, D none.
    """

    lower: int | None
    estimate: int
    upper: int
    quality: Quality
    marks: tuple[Mark, ...]


class Sighting(Struct, frozen=True):
    """One record's time, and what came with it.

    `anchor` is the anchor that the record names, verified and of the same log, else None.
    `after` holds the phone's clocks as the request stated them that brought the record;
    None for an import, whose `received_ms` is its time of import.
    """

    t: ZonedClocks
    anchor: AnchoredClocks | None
    received_ms: int
    after: Clocks | None


def evaluate(
    sighting: Sighting,
    *,
    floor: int | None = None,
    ceiling: int | None = None,
    previous: ZonedClocks | None = None,
) -> Interval:
    """Return the interval, the best estimate, its quality and the marks of a record.

    :param floor: lower bound of the predecessor, or None
    :param ceiling: upper bound of the successor, or None
    :param previous: the clocks of the predecessor, or None
    """
    t, anchor, after = sighting.t, sighting.anchor, sighting.after
    lower = _highest(anchor.server_ms if anchor else None, floor)
    upper = sighting.received_ms if ceiling is None else min(sighting.received_ms, ceiling)
    if lower is not None and upper < lower:
        upper = lower
    quality, estimate = _estimate(t, anchor, sighting.received_ms, after)
    estimate = min(estimate, upper)
    if lower is not None:
        estimate = max(estimate, lower)
    marks = _marks(t, lower, estimate, upper, quality, sighting.received_ms, previous)
    return Interval(lower, estimate, upper, quality, marks)


def evaluate_run(
    sightings: Sequence[Sighting],
    *,
    floor: int | None = None,
    ceiling: int | None = None,
    previous: ZonedClocks | None = None,
) -> list[Interval]:
    """Return the intervals of contiguous records of one log, in their order.

    Floors are handed forward and ceilings backward, so the bounds are monotone.

    :param floor: lower bound of the record before the first
    :param ceiling: upper bound of the record after the last
    :param previous: the clocks of the record before the first
    """
    floors: list[int | None] = []
    for sighting in sightings:
        floors.append(floor)
        floor = _highest(sighting.anchor.server_ms if sighting.anchor else None, floor)
    intervals: list[Interval] = []
    for i in range(len(sightings) - 1, -1, -1):
        before = sightings[i - 1].t if i else previous
        interval = evaluate(sightings[i], floor=floors[i], ceiling=ceiling, previous=before)
        intervals.append(interval)
        ceiling = interval.upper
    intervals.reverse()
    return intervals


def _highest(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return max(a, b)


def _estimate(
    t: Clocks, anchor: AnchoredClocks | None, received_ms: int, after: Clocks | None
) -> tuple[Quality, int]:
    if anchor is None:
        if after is None:
            return "D", t.wall
        estimate, quality = _after_ms(t, received_ms, after), "B"
    elif after is None:
        estimate, quality = _before_ms(t, anchor), "B"
    else:
        before_ms, after_ms = _before_ms(t, anchor), _after_ms(t, received_ms, after)
        estimate, quality = (before_ms + after_ms) // 2, "A"
        if not _agree(before_ms, after_ms, received_ms - anchor.server_ms):
            return "C", _by_session(t, anchor, received_ms, after)
    if _denied(estimate, t, anchor, received_ms, after):
        return "C", _by_session(t, anchor, received_ms, after)
    return ("A" if quality == "A" else "B"), estimate


def _denied(
    estimate: int, t: Clocks, anchor: AnchoredClocks | None, received_ms: int, after: Clocks | None
) -> bool:
    """Tell whether the page session says otherwise: the clock was wrong for a while, and right again.

    A session's time may stand still while the phone sleeps, so what passed in it is the least that
    passed: since the anchor, and until the request.
    """
    if anchor is not None and t.boot == anchor.boot:
        passed = t.mono - anchor.mono
        if _beyond(anchor.server_ms + passed - estimate, passed):
            return True
    if after is not None and t.boot == after.boot:
        passed = after.mono - t.mono
        if _beyond(estimate - (received_ms - passed), passed):
            return True
    return False


def _by_session(t: Clocks, anchor: AnchoredClocks | None, received_ms: int, after: Clocks | None) -> int:
    """Return the record's moment by the time that passed in the page session, where one side shares it."""
    if after is not None and t.boot == after.boot:
        return received_ms - (after.mono - t.mono)
    if anchor is not None and t.boot == anchor.boot:
        return anchor.server_ms + (t.mono - anchor.mono)
    return t.wall


def _before_ms(t: Clocks, anchor: AnchoredClocks) -> int:
    """Return the record's moment as the anchor before it tells it."""
    return anchor.server_ms + (t.wall - anchor.wall)


def _after_ms(t: Clocks, received_ms: int, after: Clocks) -> int:
    """Return the record's moment as the request after it tells it."""
    return received_ms - (after.wall - t.wall)


def _agree(before_ms: int, after_ms: int, span_ms: int) -> bool:
    return not _beyond(abs(before_ms - after_ms), span_ms)


def _beyond(difference_ms: int, span_ms: int) -> bool:
    # In ten-thousandths of a ms, so that integers decide.
    return difference_ms * 10_000 > AGREEMENT_MS * 10_000 + DRIFT_PER_10_000 * span_ms


def _marks(
    t: ZonedClocks,
    lower: int | None,
    estimate: int,
    upper: int,
    quality: Quality,
    received_ms: int,
    previous: ZonedClocks | None,
) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    if previous is not None and t.wall < previous.wall - CLOCK_BACK_MS:
        marks.append("clock_back")
    if quality == "C" or (previous is not None and _wall_fell_behind(t, previous)):
        marks.append("clock_jump")
    if (lower is not None and t.wall < lower - OUTSIDE_MS) or t.wall > upper + OUTSIDE_MS:
        marks.append("outside_bounds")
    if t.wall > received_ms + OUTSIDE_MS:
        marks.append("future_wall")
    if previous is not None and t.tz != previous.tz:
        marks.append("zone_changed")
    if received_ms - estimate > LONG_OFFLINE_MS:
        marks.append("long_offline")
    return tuple(marks)


def _wall_fell_behind(t: Clocks, previous: Clocks) -> bool:
    if t.boot != previous.boot:
        return False
    return (t.wall - previous.wall) < (t.mono - previous.mono) - CLOCK_JUMP_MS
