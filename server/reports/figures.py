"""From the states of single rounds to the figures of a period. Pure.

The sums are those of `server.rounds.sums` and no others: due are the windows that are over,
without the excused ones; the share is an interval while something is not heard or not proven.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from server.rounds import sums as of_states
from server.rounds.state import State
from server.rounds.sums import Sums

Verdict = Literal["met", "short", "open", "none"]
"""How a clause stands: met, short by so many rounds, cannot be said yet, nothing was due."""

Axis = Literal["all", "demand", "plan", "route", "team", "day"]
AXES: tuple[Axis, ...] = ("all", "demand", "plan", "route", "team", "day")

WALKED: tuple[State, ...] = ("done", "late")
"""Rounds that are proven to have been walked whole."""

SHORT: tuple[State, ...] = ("partial", "missed")
UNSURE: tuple[State, ...] = ("unheard", "unproven")


@dataclass(frozen=True, slots=True)
class Fact:
    """One occurrence as the figures need it, with its state at the moment of the report."""

    occurrence: UUID
    plan: UUID
    demands: tuple[str, ...]
    """The clauses that it serves; it counts in the row of each."""
    route: UUID
    team: UUID | None
    day: date
    """The site's day on which its window begins."""
    from_ms: int
    to_ms: int
    over_ms: int
    state: State
    done: int
    total: int
    end_ms: int | None
    """When its last stop was first reached."""
    silent: tuple[UUID, ...] = ()
    """The phones for which it waits, where it is not heard yet."""

    def on(self, axis: Axis) -> tuple[Hashable, ...]:
        """Return the rows of an axis in which it counts; None is the row of what has none."""
        if axis == "all":
            return (None,)
        if axis == "demand":
            return self.demands or (None,)
        return (getattr(self, axis),)


def split(facts: Iterable[Fact], axis: Axis) -> dict[Any, list[Fact]]:
    """Return the facts by the rows of an axis, in the order in which the rows first come."""
    found: dict[Any, list[Fact]] = {}
    for fact in facts:
        for key in fact.on(axis):
            found.setdefault(key, []).append(fact)
    return found


def sums(facts: Iterable[Fact]) -> Sums:
    """Return what was due and what became of it."""
    return of_states.sums([fact.state for fact in facts])


def verdict(total: Sums) -> Verdict:
    """Return how a clause stands that asks for every round.

    It is met only when all that is due is proven, and failed only when what is not heard or not
    proven yet could not mend it any more.
    """
    if total.due == 0:
        return "none"
    if lacking(total):
        return "short"
    return "open" if any(total.counts[one] for one in UNSURE) else "met"


def lacking(total: Sums) -> int:
    """Return how many rounds are known to be missing or only walked in part."""
    return sum(total.counts[one] for one in SHORT)


def closed_share(total: Sums) -> str | None:
    """Return the one share of a closed period: proven ÷ due, in thousandths.

    What was not heard or not proven by then stays due and is not done.
    """
    return total.low


@dataclass(frozen=True, slots=True)
class Gap:
    """The longest stretch in which no round was completed, ms.

    `unsure` says how many rounds within it are not heard or not proven: it may be shorter in fact.
    """

    from_ms: int
    to_ms: int
    unsure: int

    @property
    def ms(self) -> int:
        """How long it is."""
        return self.to_ms - self.from_ms


def longest_gap(facts: Sequence[Fact], *, from_ms: int, to_ms: int) -> Gap | None:
    """Return the longest stretch between the ends of rounds that were walked whole.

    Before the first of them the stretch counts from the first window of the period, for before that
    nothing was asked; after the last to `to_ms`, its end or now. None when no round began in the period.
    """
    if not facts or to_ms <= from_ms:
        return None
    ends = sorted(
        fact.end_ms
        for fact in facts
        if fact.state in WALKED and fact.end_ms is not None and from_ms <= fact.end_ms < to_ms
    )
    begin = min(max(from_ms, min(fact.from_ms for fact in facts)), *ends, to_ms)
    edges = [begin, *ends, to_ms]
    start, end = max(itertools.pairwise(edges), key=lambda pair: pair[1] - pair[0])
    unsure = sum(f.state in UNSURE and f.from_ms < end and f.over_ms > start for f in facts)
    return Gap(start, end, unsure)
