"""What became of a work order: a fold over everything that was said to it.

The rules are ``docs/protocol/orders.md``, the cases ``tests/vectors/orders.json``, the twin is
``pwa/src/protocol/orders.ts``. A fold of the same events is the same, in whatever order they came.
Nothing that a person did is ever left out: what changes nothing any more is `kept`, and what two
people decided apart is a conflict that a person settles.

Times are integer ms. Office acts carry the server's time, records the estimate of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sync.orders.events import (
    FINISHED,
    KEEP,
    OFFICE,
    RECORDS,
    UNDER_WAY,
    Conflict,
    Event,
    OrderState,
    Start,
    State,
    Who,
    in_order,
)
from sync.orders.office import OfficeSteps

__all__ = [
    "FINISHED",
    "KEEP",
    "OFFICE",
    "RECORDS",
    "UNDER_WAY",
    "Conflict",
    "Event",
    "OrderState",
    "Start",
    "State",
    "Who",
    "fold",
    "folded",
    "in_order",
]


def fold(start: Start, events: Iterable[Event]) -> OrderState:
    """Return what became of an order; the same for any order of `events`."""
    steps = OfficeSteps(start)
    for event in in_order(events):
        steps.take(event)
    return steps.state


def folded(start: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fold of plain members as plain members, as the vectors have them."""
    state = fold(msgspec.convert(start, Start), [msgspec.convert(event, Event) for event in events])
    members: dict[str, Any] = msgspec.to_builtins(state)
    return members
