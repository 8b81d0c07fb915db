"""Which visit belongs to which of the rounds that share a window: "twice a week", at any time of it.

Two phones without a network both walk what each takes for the first round of the week. So it does not
matter which of them a record names; the visits themselves decide, by one rule:

- at each stop the visits make *turns*: those within half an hour of a turn's first visit are that turn,
  so two people who walk together, or a code that is read twice, are one round;
- the first turn of every stop makes the first round, the second turn the second, and so on. Turns with
  proof come before those that only claim their time, and among their like the earlier comes first;
- what comes after the last round is shown with it, and changes nothing.

So n visits apart from each other do n rounds, whoever made them, and one more spoils none. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

TURN_MS = 30 * 60_000


@dataclass(frozen=True, slots=True)
class Said:
    """A visit that counts for a stop. `proven` is whether evidence puts it there and then."""

    id: Hashable
    stop: Hashable
    at_ms: int
    proven: bool


def numbers(visits: Sequence[Said], rounds: int) -> dict[Hashable, int]:
    """Return visit → the number of its round, from 1 to `rounds`."""
    by_stop: dict[Hashable, list[Said]] = {}
    for visit in sorted(visits, key=lambda v: (v.at_ms, str(v.id))):
        by_stop.setdefault(visit.stop, []).append(visit)
    found: dict[Hashable, int] = {}
    for here in by_stop.values():
        turns = _turns(here)
        turns.sort(key=lambda turn: not any(visit.proven for visit in turn))  # keeps the order of time
        for number, turn in enumerate(turns, start=1):
            found |= {visit.id: min(number, rounds) for visit in turn}
    return found


def _turns(visits: Sequence[Said]) -> list[list[Said]]:
    turns: list[list[Said]] = []
    for visit in visits:
        if turns and visit.at_ms < turns[-1][0].at_ms + TURN_MS:
            turns[-1].append(visit)
        else:
            turns.append([visit])
    return turns
