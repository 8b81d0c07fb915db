"""The state of an occurrence: one pure function for page, report, alert and API alike.

Nothing here is stored. A record that comes late is judged by asking again.

**Which visits count.** A visit counts for a stop when somebody read the stop's own code and did
what the stop asks, and the time of it falls into the stop's window, or after it into the grace:

- with quality A or B the estimate decides, however wide the bounds are: a night without a network
  is not suspicious in itself;
- with quality C or D the time is only claimed. Bounds inside the window (for a claim in the grace:
  inside window and grace) prove it all the same. Bounds that cannot meet window and grace at all
  rule the visit out. Between the two it counts as *claimed*.

A visit whose tag proof is wrong or missing is *claimed* as well: the place is only said. A stop is
proven by its best visit, so a claimed one never spoils a proven one. What the office enters from a
paper sheet is claimed, whatever it says: a round that stands on paper alone is `unproven`.

**The terms of a stop** (docs/routes.md, docs/decisions/0012-terms-of-a-stop.md).

- *Its own window* lies inside the round's. A visit before it does not count, one after it is late;
  the grace ends for all stops with the round's.
- *Time on the spot*: a person's visits there with no other stop in between, and the answers that
  went with them, span the stay. A visit that is no part of a long enough stay is claimed.
- *Order*, where the route enforces it: a stop is in order when it was proven at or after the time
  that its predecessor is judged by. One that was only proven before is claimed. Nothing is refused.
- *Skipped*: a stop that was skipped for a reason is not done. Once a supervisor has accepted the
  reason the round can be complete without it, if at least one stop was reached; it is told as a
  footnote. A stop that was reached all the same was not skipped.

**Crew of two.** Two persons must have counted at the first and at the last stop that was visited and
at those that were drawn, within a set time of each other; else the round is not complete, however
many stops were walked. Where a claimed time or place leaves open whether they were together, the stop
is claimed: neither together nor alone. Editions of plans from before there was a draw set no time and
draw nothing.

**States**, in the order in which they are decided:

1. complete and every stop proven: `done`, or `late` when a stop was first reached after its window;
2. excused by a person: `excused`. Evidence beats an excuse, an excuse beats everything else;
3. complete but for claims: `unproven`;
4. before the window: `upcoming`; until the grace is over: `open`, or `progress` once a stop counts;
5. over, and a phone that carries the round was not heard clear since: `unheard`;
6. over, and all were heard: `partial` when a stop counts, else `missed`.

**Who carries a round** (docs/decisions/0004-who-carries-a-round.md). An active phone carries it when
a person who may walk it had a shift on the phone that reaches into the window, its grace, or the
seven days before, or when the round was taken over on it. It is *heard* when it said, at the end of
window and grace or later, that it keeps nothing unsent. A revoked phone carries nothing: whoever
revokes it writes its records off.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from server.rounds import crews

State = Literal[
    "upcoming", "open", "progress", "done", "late", "partial", "missed", "excused", "unheard", "unproven"
]
STATES: tuple[State, ...] = (
    "upcoming", "open", "progress", "done", "late", "partial", "missed", "excused", "unheard", "unproven",
)  # fmt: skip

Quality = Literal["A", "B", "C", "D"]
Order = Literal["free", "advised", "enforced"]
Doubt = Literal["tag", "time", "stay", "order"]
"""Why a stop is only claimed."""

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
class Stop:
    """What the judgement needs of one stop: its own window in ms after the round's start, and the stay."""

    id: UUID
    window_ms: tuple[int, int] | None = None
    stay_ms: int = 0


@dataclass(frozen=True, slots=True)
class Crew:
    """How many walk together, where two were drawn to scan, and within what time of each other, ms."""

    size: int = 1
    drawn: frozenset[UUID] = frozenset()
    within_ms: int | None = None
    """None: at any time, as plans asked for before there was a draw."""


ALONE = Crew()
"""One person walks."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A stop that somebody skipped for a reason, and whether a supervisor accepted it."""

    stop: UUID
    accepted: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """What the judgement needs of one visit. `does` is whether it did what its stop asks.

    `left_ms` is when its answers were saved; None when there are none.
    """

    stop: UUID
    person: UUID | None
    lower_ms: int | None
    estimate_ms: int
    upper_ms: int
    quality: Quality
    tag_proven: bool
    does: bool = True
    left_ms: int | None = None


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
    `lacks_crew` says that every stop was walked but not by two: not at the stops `alone`. `doubts`
    say of each claimed stop why. `skipped` are stops that nobody reached and whose skipping was
    accepted; `asked` those where it was not.
    """

    state: State
    done: int
    total: int
    end_ms: int | None
    claimed: frozenset[UUID]
    silent: tuple[UUID, ...] = ()
    lacks_crew: bool = False
    alone: frozenset[UUID] = frozenset()
    doubts: Mapping[UUID, frozenset[Doubt]] = field(default_factory=dict)
    skipped: frozenset[UUID] = frozenset()
    asked: frozenset[UUID] = frozenset()


def bounds_at(stop: Stop, bounds: Bounds) -> Bounds:
    """Return the stretch in which a visit of the stop counts.

    A stop's window is cut to the round's; where nothing of it would be left, the round's holds.
    """
    if stop.window_ms is None:
        return bounds
    from_ms = bounds.from_ms + stop.window_ms[0]
    to_ms = min(bounds.from_ms + stop.window_ms[1], bounds.to_ms)
    return Bounds(from_ms, to_ms, bounds.over_ms - to_ms) if from_ms < to_ms else bounds


def counts(visit: Visit, bounds: Bounds) -> bool:
    """Whether the visit's time, proven or claimed, falls into the window or its grace."""
    if visit.quality in ("A", "B"):
        return bounds.from_ms <= visit.estimate_ms < bounds.over_ms
    reaches = visit.lower_ms is None or visit.lower_ms < bounds.over_ms
    return reaches and visit.upper_ms >= bounds.from_ms


def doubts_of(visit: Visit, bounds: Bounds) -> frozenset[Doubt]:
    """Return why the visit is only claimed to be at its place and in its time; nothing when it is proven."""
    found: set[Doubt] = set() if visit.tag_proven else {"tag"}
    if visit.quality not in ("A", "B"):
        end = bounds.to_ms if visit.estimate_ms < bounds.to_ms else bounds.over_ms
        inside = visit.lower_ms is not None and bounds.from_ms <= visit.lower_ms and visit.upper_ms < end
        if not inside or visit.estimate_ms < bounds.from_ms:
            found.add("time")
    return frozenset(found)


def carries(
    bounds: Bounds,
    *,
    uses: Sequence[Use],
    may_walk: frozenset[UUID] | set[UUID],
    active: bool,
    taken: bool = False,
) -> bool:
    """Whether a phone may still hold records of the occurrence, by who used it and when.

    :param taken: the round was taken over on this phone
    """
    if not active:
        return False
    if taken:
        return True
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
    stops: Sequence[Stop],
    visits: Sequence[Visit],
    carriers: Sequence[Carrier],
    excused: bool,
    now_ms: int,
    crew: Crew = ALONE,
    order: Order = "free",
    skips: Sequence[Skip] = (),
) -> Judgement:
    """Return the occurrence's state at `now_ms`; the rules stand in the module's docstring.

    An occurrence without stops is never complete: nothing was walked.

    :param stops: in walking order
    """
    walk = _Walk(bounds, stops, visits)
    reached, doubts = walk.reached(enforced=order == "enforced")
    missing = {stop.id for stop in stops} - reached.keys()
    skipped = frozenset(skip.stop for skip in skips if skip.accepted and skip.stop in missing)
    asked = frozenset(skip.stop for skip in skips if skip.stop in missing) - skipped
    end_ms = max((visit.estimate_ms for visit in reached.values()), default=None)
    all_walked = len(reached) > 0 and missing <= skipped
    alone: frozenset[UUID] = frozenset()
    if all_walked and crew.size > 1:
        alone, perhaps = walk.alone(reached, crew)
        doubts = dict(doubts) | {stop: doubts.get(stop, frozenset()) | why for stop, why in perhaps.items()}
    complete = all_walked and not alone

    def judged(state: State, silent: tuple[UUID, ...] = ()) -> Judgement:
        return Judgement(
            state=state,
            done=len(reached),
            total=len(stops),
            end_ms=end_ms,
            claimed=frozenset(doubts),
            silent=silent,
            lacks_crew=len(alone) > 0,
            alone=alone,
            doubts=doubts,
            skipped=skipped,
            asked=asked,
        )

    if complete and not doubts:
        late = any(reached[s.id].estimate_ms >= bounds_at(s, bounds).to_ms for s in stops if s.id in reached)
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


class _Walk:
    """The visits that count, stop by stop in walking order, each with what is doubted of it."""

    def __init__(self, bounds: Bounds, stops: Sequence[Stop], visits: Sequence[Visit]) -> None:
        stays = _stays(visits) if any(stop.stay_ms for stop in stops) else {}
        by_stop: dict[UUID, list[Visit]] = {stop.id: [] for stop in stops}
        for visit in visits:
            if visit.does and visit.stop in by_stop:
                by_stop[visit.stop].append(visit)
        self._found: dict[UUID, list[tuple[Visit, frozenset[Doubt]]]] = {}
        for stop in stops:
            own = bounds_at(stop, bounds)
            self._found[stop.id] = [
                (visit, doubts_of(visit, own) | _stay_doubt(stop, stays.get(visit, 0)))
                for visit in by_stop[stop.id]
                if counts(visit, own)
            ]

    def reached(self, *, enforced: bool) -> tuple[dict[UUID, Visit], dict[UUID, frozenset[Doubt]]]:
        """Return stop → the visit that it is judged by, and of those that are only claimed, why.

        That visit is the first proven one, where order is enforced the first one since the stop
        before; where there is none, the first of all.
        """
        chosen: dict[UUID, Visit] = {}
        doubts: dict[UUID, frozenset[Doubt]] = {}
        since: int | None = None
        for stop, found in self._found.items():
            if not found:
                continue
            proven = [visit for visit, doubt in found if not doubt]
            in_order = [v for v in proven if not enforced or since is None or v.estimate_ms >= since]
            if in_order:
                chosen[stop] = min(in_order, key=_when)
                since = chosen[stop].estimate_ms
            elif proven:
                chosen[stop], doubts[stop] = min(proven, key=_when), frozenset({"order"})
            else:
                chosen[stop], doubts[stop] = min(found, key=lambda pair: (*_when(pair[0]), sorted(pair[1])))
        return chosen, doubts

    def alone(
        self, reached: Mapping[UUID, Visit], crew: Crew
    ) -> tuple[frozenset[UUID], dict[UUID, frozenset[Doubt]]]:
        """Return the stops where the crew had to scan together and did not, and where it perhaps did."""
        in_order = sorted(reached, key=lambda stop: reached[stop].estimate_ms)
        asked = {in_order[0], in_order[-1], *(crew.drawn & reached.keys())}
        found = {stop: [(v, d) for v, d in self._found[stop] if v.person is not None] for stop in asked}
        sure = {stop: [v for v, doubt in mine if not doubt & _SAID] for stop, mine in found.items()}
        unsure = {stop for stop in asked if not crews.surely(sure[stop], crew)}
        alone = {stop for stop in unsure if not crews.perhaps([v for v, _ in found[stop]], crew)}
        return frozenset(alone), {stop: _why(found[stop]) for stop in unsure - alone}


_SAID: frozenset[Doubt] = frozenset({"tag", "time"})
"""With these doubts it is only said that somebody was there then."""


def _why(found: Sequence[tuple[Visit, frozenset[Doubt]]]) -> frozenset[Doubt]:
    """Return why it is not sure that two were together."""
    return frozenset[Doubt]().union(*(doubt & _SAID for _, doubt in found)) or frozenset({"time"})


def _when(visit: Visit) -> tuple[int, int, str]:
    return visit.estimate_ms, visit.left_ms or 0, str(visit.person)


def _stay_doubt(stop: Stop, stay_ms: int) -> frozenset[Doubt]:
    return frozenset({"stay"}) if stay_ms < stop.stay_ms else frozenset()


def _stays(visits: Sequence[Visit]) -> dict[Visit, int]:
    """Return how long the person of each visit was surely seen at its place without leaving it, ms."""
    stays: dict[Visit, int] = {}
    believed = [v for v in visits if v.person is not None and v.quality in ("A", "B")]
    believed.sort(key=lambda v: (str(v.person), v.estimate_ms, v.left_ms or 0, str(v.stop)))
    for _, run in itertools.groupby(believed, key=lambda v: (v.person, v.stop)):
        there = list(run)
        last = max(visit.left_ms or visit.estimate_ms for visit in there)
        stays |= dict.fromkeys(there, last - there[0].estimate_ms)
    return stays
