"""What moves and counts come to. Pure: no session, no clock.

A confirmed count says what lay there at its moment, whatever was written before; moves after it are
added. So a move that a phone brings late, but that happened before the count, changes nothing today:
whoever counted saw the shelf without it. The order in which things arrive does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Why = Literal["received", "used", "returned", "written_off", "moved"]
SIGN: Final[dict[Why, int]] = {"received": 1, "returned": 1, "used": -1, "written_off": -1, "moved": -1}
"""Whether stock comes or goes; what is moved goes from here to another site."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that says how much there is: a move, or a confirmed count. Thousandths, ms.

    :param key: what tells two events of the same millisecond apart
    :param milli: how much came or went; of a count, how much lay there
    """

    at_ms: int
    key: str
    milli: int
    counted: bool = False

    @property
    def place(self) -> tuple[int, bool, str]:
        """Where it stands among the others: moves of the same millisecond come before a count."""
        return self.at_ms, self.counted, self.key


@dataclass(frozen=True, slots=True)
class Line:
    """An event, what there was after it, and, of a count, by how much it differed from what ought to be."""

    event: Event
    stock: int
    difference: int | None


def lines(events: Iterable[Event], *, before: int = 0) -> list[Line]:
    """Return the events in their order, each with what there was after it.

    :param before: what there was before the first
    """
    found = []
    stock = before
    for event in sorted(events, key=lambda one: one.place):
        difference = event.milli - stock if event.counted else None
        stock = event.milli if event.counted else stock + event.milli
        found.append(Line(event, stock, difference))
    return found


def stock_of(events: Iterable[Event]) -> int:
    """Return what there is after all events."""
    made = lines(events)
    return made[-1].stock if made else 0


def to_order(*, stock: int, minimum: int | None, reorder: int | None) -> int:
    """Return how much is to be ordered: nothing while the minimum is kept.

    What is missing up to the minimum, or as many times the amount of one order as it takes.
    """
    if minimum is None or stock >= minimum:
        return 0
    missing = minimum - stock
    return missing if not reorder else -(-missing // reorder) * reorder


def price_at(prices: Sequence[tuple[int, int | None]], at_ms: int) -> int | None:
    """Return the price in force at a moment; before the first one, the first.

    :param prices: (from when, fen) in their order
    """
    found: int | None = prices[0][1] if prices else None
    for since_ms, fen in prices:
        if since_ms > at_ms:
            break
        found = fen
    return found
