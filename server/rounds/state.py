"""The state of an occurrence: one pure function for page, report, alert and API alike.

Nothing here is stored. A record that comes late is judged by asking again.

**Which visits count.** A visit counts for a stop when somebody read the stop's own code and did
what the stop asks, and the time of it falls into the window, or after it into the grace:

- with quality A or B the estimate decides, however wide the bounds are: a night without a network
  is not suspicious in itself;
- with quality C or D the time is only claimed. Bounds inside the window (for a claim in the grace:
  inside window and grace) prove it all the same. Bounds that cannot meet window and grace at all
  rule the visit out. Between the two it counts as *claimed*.

A visit whose tag proof is wrong or missing is *claimed* as well: the place is only said. A stop is
proven by its best visit, so a claimed one never spoils a proven one.

**Crew of two.** Two persons must have counted at the first and at the last stop that was visited;
else the round is not complete, however many stops were walked.

**States**, in the order in which they are decided:

1. complete and every stop proven: `done`, or `late` when a stop was first reached after the window;
2. excused by a person: `excused`. Evidence beats an excuse, an excuse beats everything else;
3. complete but for claims: `unproven`;
4. before the window: `upcoming`; until the grace is over: `open`, or `progress` once a stop counts;
5. over, and a phone that carries the round was not heard clear since: `unheard`;
6. over, and all were heard: `partial` when a stop counts, else `missed`.

**Who carries a round** (docs/decisions/0004-who-carries-a-round.md). An active phone carries it when
a person who may walk it had a shift on the phone that reaches into the window, its grace, or the
seven days before. It is *heard* when it said, at the end of window and grace or later, that it
keeps nothing unsent. A revoked phone carries nothing: whoever revokes it writes its records off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from uuid import UUID

State = Literal[
    "upcoming", "open", "progress", "done", "late", "partial", "missed", "excused", "unheard", "unproven"
]
STATES: tuple[State, ...] = (
    "upcoming", "open", "progress", "done", "late", "partial", "missed", "excused", "unheard", "unproven",
)  # fmt: skip

Quality = Literal["A", "B", "C", "D"]

USED_BEFORE_MS = 7 * 24 * 3_600_000
"""A phone that somebody of the team used this long before the window may hold its records."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The stretch of an occurrence, ms: the window [from_ms, to_ms), then the grace."""

    from_ms: int
    to_ms: int
    grace_ms: int

    @property
    def over_ms(self) -> int:
        """From this moment on nothing that is recorded counts any more."""
        return self.to_ms + self.grace_ms


@dataclass(frozen=True, slots=True)
class Visit:
    """What the judgement needs of one visit. `does` is whether it did what its stop asks."""

    stop: UUID
    person: UUID | None
    lower_ms: int | None
    estimate_ms: int
    upper_ms: int
    quality: Quality
    tag_proven: bool
    does: bool = True


@dataclass(frozen=True, slots=True)
class Carrier:
    """A phone that carries the occurrence; `clear_ms` is when it last said that it keeps nothing."""

    device: UUID
    clear_ms: int | None


@dataclass(frozen=True, slots=True)
class Use:
    """A shift on a phone as far as known; `ended_ms` None: still open."""

    person: UUID
    started_ms: int
    ended_ms: int | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state, and what it follows from.

    `done` counts stops that were visited, claimed ones too. `end_ms` is when the last of them was
    first reached. `silent` are the carriers that keep the judgement open; only `unheard` has some.
    `lacks_crew` says that every stop was walked but not by two.
    """

    state: State
    done: int
    total: int
    end_ms: int | None
    claimed: frozenset[UUID]
    silent: tuple[UUID, ...] = ()
    lacks_crew: bool = False


def counts(visit: Visit, bounds: Bounds) -> bool:
    """Whether the visit's time, proven or claimed, falls into the window or its grace."""
    if visit.quality in ("A", "B"):
        return bounds.from_ms <= visit.estimate_ms < bounds.over_ms
    reaches = visit.lower_ms is None or visit.lower_ms < bounds.over_ms
    return reaches and visit.upper_ms >= bounds.from_ms


def proven(visit: Visit, bounds: Bounds) -> bool:
    """Whether the evidence, not the claim alone, puts the visit at its place and into its time."""
    if not visit.tag_proven:
        return False
    if visit.quality in ("A", "B"):
        return True
    end = bounds.to_ms if visit.estimate_ms < bounds.to_ms else bounds.over_ms
    inside = visit.lower_ms is not None and bounds.from_ms <= visit.lower_ms and visit.upper_ms < end
    return inside and visit.estimate_ms >= bounds.from_ms


def carries(
    bounds: Bounds, *, uses: Sequence[Use], may_walk: frozenset[UUID] | set[UUID], active: bool
) -> bool:
    """Whether a phone may still hold records of the occurrence, by who used it and when."""
    if not active:
        return False
    since = bounds.from_ms - USED_BEFORE_MS
    return any(
        use.person in may_walk
        and use.started_ms < bounds.over_ms
        and (use.ended_ms is None or use.ended_ms >= since)
        for use in uses
    )


def judge(
    bounds: Bounds,
    *,
    stops: Sequence[UUID],
    crew: int,
    visits: Sequence[Visit],
    carriers: Sequence[Carrier],
    excused: bool,
    now_ms: int,
) -> Judgement:
    """Return the occurrence's state at `now_ms`; the rules stand in the module's docstring.

    An occurrence without stops is never complete: nothing was walked.
    """
    counting: dict[UUID, list[Visit]] = {stop: [] for stop in stops}
    for visit in visits:
        if visit.stop in counting and visit.does and counts(visit, bounds):
            counting[visit.stop].append(visit)
    reached = {stop: _best(found, bounds) for stop, found in counting.items() if found}
    claimed = frozenset(stop for stop, visit in reached.items() if not proven(visit, bounds))
    end_ms = max((visit.estimate_ms for visit in reached.values()), default=None)
    all_walked = len(stops) > 0 and len(reached) == len(stops)
    lacks_crew = all_walked and crew > 1 and not _together(reached, counting, crew)
    complete = all_walked and not lacks_crew

    def judged(state: State, silent: tuple[UUID, ...] = ()) -> Judgement:
        return Judgement(state, len(reached), len(stops), end_ms, claimed, silent, lacks_crew)

    if complete and not claimed:
        late = any(visit.estimate_ms >= bounds.to_ms for visit in reached.values())
        return judged("late" if late else "done")
    if excused:
        return judged("excused")
    if complete:
        return judged("unproven")
    if now_ms < bounds.from_ms:
        return judged("upcoming")
    if now_ms < bounds.over_ms:
        return judged("progress" if reached else "open")
    silent = tuple(c.device for c in carriers if c.clear_ms is None or c.clear_ms < bounds.over_ms)
    if silent:
        return judged("unheard", silent)
    return judged("partial" if reached else "missed")


def _best(visits: Sequence[Visit], bounds: Bounds) -> Visit:
    """Return the visit that a stop is judged by: proven before claimed, then the earliest."""
    return min(visits, key=lambda visit: (not proven(visit, bounds), visit.estimate_ms))


def _together(reached: dict[UUID, Visit], counting: dict[UUID, list[Visit]], crew: int) -> bool:
    in_order = sorted(reached, key=lambda stop: reached[stop].estimate_ms)
    return all(
        len({visit.person for visit in counting[stop] if visit.person}) >= crew
        for stop in (in_order[0], in_order[-1])
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """How many occurrences are in each state, how many were due, and the share as an interval.

    `due` are those whose time is over or that are complete already, without the excused ones:
    done + late + partial + missed + unheard + unproven. `low` is proven ÷ due and `high` is
    (proven + unheard + unproven) ÷ due, to thousandths, None when nothing was due. Only all is
    "1.000" and only nothing is "0.000".
    """

    counts: dict[State, int]
    due: int
    low: str | None
    high: str | None


def sums(states: Sequence[State]) -> Sums:
    """Return the sums of a day or a period."""
    by_state: dict[State, int] = dict.fromkeys(STATES, 0)
    for state in states:
        by_state[state] += 1
    is_proven = by_state["done"] + by_state["late"]
    unsure = by_state["unheard"] + by_state["unproven"]
    due = is_proven + unsure + by_state["partial"] + by_state["missed"]
    if due == 0:
        return Sums(by_state, 0, None, None)
    return Sums(by_state, due, _share(is_proven, due), _share(is_proven + unsure, due))


def _share(part: int, whole: int) -> str:
    if part in (0, whole):
        return "1.000" if part else "0.000"
    share = (Decimal(part) / whole).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    return str(min(max(share, Decimal("0.001")), Decimal("0.999")))
