"""Whether the two of a crew were at a stop together, as surely as the times of their visits say. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol


class Seen(Protocol):
    """What of a visit says who was there when."""

    @property
    def person(self) -> Hashable:
        """Who it was."""

    @property
    def lower_ms(self) -> int | None:
        """Not before this moment, or None when nothing says so."""

    @property
    def estimate_ms(self) -> int:
        """When, as far as can be told."""

    @property
    def upper_ms(self) -> int:
        """Not after this moment."""

    @property
    def quality(self) -> str:
        """A and B: the estimate is believed. C and D: only the bounds are."""


class Pair(Protocol):
    """How many have to be there, and within what time of each other, ms; None: at any time."""

    @property
    def size(self) -> int:
        """How many."""

    @property
    def within_ms(self) -> int | None:
        """Within what time."""


def surely(visits: Sequence[Seen], crew: Pair) -> bool:
    """Tell whether they were together, wherever in their bounds the visits lie."""
    return _near(visits, crew, _most_apart)


def perhaps(visits: Sequence[Seen], crew: Pair) -> bool:
    """Tell whether the bounds of the visits allow that they were together."""
    return _near(visits, crew, _least_apart)


def _near(visits: Sequence[Seen], crew: Pair, apart: Callable[[Seen, Seen], float]) -> bool:
    within = math.inf if crew.within_ms is None else crew.within_ms
    return any(
        len({one.person, *(other.person for other in visits if apart(one, other) <= within)}) >= crew.size
        for one in visits
    )


def _span(visit: Seen) -> tuple[float, float]:
    """Return between what moments a visit was; one that is believed was at its estimate."""
    if visit.quality in ("A", "B"):
        return visit.estimate_ms, visit.estimate_ms
    return -math.inf if visit.lower_ms is None else visit.lower_ms, visit.upper_ms


def _least_apart(one: Seen, other: Seen) -> float:
    (from_a, to_a), (from_b, to_b) = _span(one), _span(other)
    return max(from_a, from_b) - min(to_a, to_b)


def _most_apart(one: Seen, other: Seen) -> float:
    (from_a, to_a), (from_b, to_b) = _span(one), _span(other)
    return max(to_a, to_b) - min(from_a, from_b)
