"""Which of a meter's exchanges were noted twice.

Pure: no clock, no database. Two technicians without a network may both note that a meter was exchanged,
and so may the office. Nobody can tell from afar whether it happened twice. So the first one stands, the
other is kept and marked (`twice`) until a person confirms it, or strikes one of them out.

Who could have known of what follows from what is stored alone, so that it is the same whenever it is
reckoned: a phone says how many exchanges of the meter its row told of, and knows its own log; the office
knows what came before it acted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange of one meter, by a record of a phone or by the office.

    `seen` is how many exchanges its phone had heard of; None: the office, which knew all that had come.
    """

    id: str
    at_ms: int
    received_ms: int
    seen: int | None = None
    log: str | None = None
    seq: int = 0
    struck: bool = False
    confirmed: bool = False
    number: str | None = None
    """What stands on the new meter's case, where somebody said so."""


def standing(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Return the exchanges that count, as they follow each other."""
    found = list(exchanges)
    came = {x.id: n for n, x in enumerate(sorted(found, key=lambda x: (x.received_ms, x.id)))}

    def knew(x: Exchange, of: Exchange) -> bool:
        if x.log is not None and x.log == of.log:
            return of.seq < x.seq
        return came[of.id] < (came[x.id] if x.seen is None else x.seen)

    stand: list[Exchange] = []
    for x in sorted(found, key=lambda one: (one.at_ms, one.id)):
        apart = any(not knew(x, other) and not knew(other, x) for other in stand)
        if not x.struck and (x.confirmed or not apart):
            stand.append(x)
    return stand


def twice(exchanges: Iterable[Exchange]) -> frozenset[str]:
    """Return the ids of those that somebody has to look at: another one stands that they knew nothing of."""
    found = list(exchanges)
    stand = {x.id for x in standing(found)}
    return frozenset(x.id for x in found if not x.struck and x.id not in stand)
