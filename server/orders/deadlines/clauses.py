"""What a service plan promises of orders and requests: clauses as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from server.orders.deadlines.calendar import Unit

What = Literal["arrive", "repair", "follow", "answer", "report"]
WHATS: Final[tuple[What, ...]] = ("arrive", "repair", "follow", "answer", "report")


class Clause(Struct, frozen=True, omit_defaults=True):
    """One promise: `what` is done within `amount` `unit`, of what it applies to."""

    key: str
    """Its name within the site."""
    id: str
    """The clause of the service plan, such as ``P1-02``; several may serve one."""
    what: What
    amount: int
    unit: Unit
    applies: Mapping[str, Sequence[str]] = {}
    """``kind``, ``class``, ``urgency`` → the words it is for; a member that is absent is for all."""
    pause_counts: bool = False
    """Whether time runs on while the work waits."""
    in_hours: bool = False
    """Of minutes and hours: whether time runs only within the hours of the site."""

    def is_for(self, *, kind: str, cls: str, urgency: str) -> bool:
        """Whether it applies to an order or a request."""
        facts = {"kind": kind, "class": cls, "urgency": urgency}
        return all(facts[member] in words for member, words in self.applies.items())


_REPAIRS = ("repair", "request", "rectify")
_OTHERS = ("water", "power", "gas", "lift", "fire", "leak", "other")

DEFAULTS: Final[tuple[Clause, ...]] = (
    Clause("arrive-urgent", "P1-02", "arrive", 15, "minutes", {"kind": ["request"], "urgency": ["urgent"]}),
    Clause("arrive", "P1-03", "arrive", 30, "minutes", {"kind": ["request"], "urgency": ["normal"]}),
    Clause(
        "repair-glass",
        "P1-12",
        "repair",
        2,
        "working_days",
        {"kind": _REPAIRS, "class": ["glass", "door"]},
    ),
    Clause("repair-lighting", "P1-13", "repair", 2, "days", {"kind": _REPAIRS, "class": ["lighting"]}),
    Clause("repair-other", "P1-13", "repair", 5, "working_days", {"kind": _REPAIRS, "class": _OTHERS}),
    Clause("follow", "P1-04", "follow", 48, "hours", {"kind": ["repair", "request"]}, pause_counts=True),
    Clause("answer", "P1-05", "answer", 4, "working_days", {"kind": ["complaint"]}, pause_counts=True),
    Clause("report", "P5-03", "report", 4, "hours", {"kind": ["inspection", "other"]}, in_hours=True),
)
"""What the demands P1-02 to P1-05, P1-12, P1-13 and P5-03 say, until a site says otherwise."""


def clauses_of(data: Sequence[Mapping[str, Any]] | None) -> tuple[Clause, ...]:
    """Return a site's clauses, the defaults where it has none of its own.

    :raises msgspec.ValidationError: the data is none
    """
    return DEFAULTS if data is None else tuple(msgspec.convert(list(data), list[Clause]))


def as_data(clauses: Sequence[Clause]) -> list[dict[str, Any]]:
    """Return clauses as they are kept and sent, with every member."""
    return [
        {
            "key": clause.key,
            "id": clause.id,
            "what": clause.what,
            "amount": clause.amount,
            "unit": clause.unit,
            "applies": {member: list(words) for member, words in clause.applies.items()},
            "pause_counts": clause.pause_counts,
            "in_hours": clause.in_hours,
        }
        for clause in clauses
    ]
