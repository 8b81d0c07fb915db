"""At which stops both people of a crew scan: drawn from the occurrence, the same on every phone.

The rules are ``docs/protocol/crew.md``, the cases ``tests/vectors/crew.json``. Nobody needs a network
to know the draw, so whoever reads a phone's store can know it early; screens tell it once the round
has begun.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.encoding import sha256_hex

DRAWN = 2
"""How many stops are drawn, where there are as many."""


def drawn(occurrence: str, stops: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the stops that are drawn: two of those between the first and the last.

    :param stops: ids of the round's stops in walking order, lower case
    """
    between = sorted(
        stops[1:-1], key=lambda stop: sha256_hex(f"fieldsync/1 crew\n{occurrence}\n{stop}".encode())
    )
    return tuple(between[:DRAWN])
