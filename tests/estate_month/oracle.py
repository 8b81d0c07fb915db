"""The truth: what a report has to say, from what really happened. Its own few lines, nobody else's.

It knows of each deed the true time, and when its phone could tell it. A deed is *weak* when the clock of its
phone was set between the two words of the phone around it: its time is then only claimed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from tests.estate_month.places import Place
from tests.estate_month.story import FOREVER, MIN, Round

TOGETHER_MS = 10 * MIN
TURN_MS = 30 * MIN
PROVEN = ("done", "late")
OPEN = ("upcoming", "open", "progress")


@dataclass(frozen=True)
class Deed:
    """Somebody was at a stop of a round."""

    at_ms: int
    phone: str
    stop: int


@dataclass
class Journal:
    """What happened at a site, as it happened."""

    place: Place
    deeds: dict[Round, list[Deed]] = field(default_factory=dict)
    skips: dict[Round, list[Deed]] = field(default_factory=dict)
    accepted: dict[tuple[Round, int], int] = field(default_factory=dict)
    """(round, stop) → when the supervisor accepted that it was skipped."""
    excused: dict[Round, int] = field(default_factory=dict)
    heard: dict[str, list[int]] = field(default_factory=dict)
    """Phone → when everything it had was with the server."""
    set_ms: dict[str, list[int]] = field(default_factory=dict)
    """Phone → when its clock was set."""
    revoked: dict[str, int] = field(default_factory=dict)
    stop_ids: dict[str, Sequence[str]] = field(default_factory=dict)
    """Plan → the ids of its stops, for the draw."""
    ids: dict[Round, str] = field(default_factory=dict)

    def arrives(self, deed: Deed) -> int:
        """Return when the phone told it."""
        heard = self.heard[deed.phone]
        at = bisect_left(heard, deed.at_ms)
        return heard[at] if at < len(heard) else FOREVER

    def is_weak(self, deed: Deed) -> bool:
        """Whether the phone's clock was set between its words before and after the deed."""
        heard = self.heard[deed.phone]
        before = heard[bisect_left(heard, deed.at_ms) - 1]
        after = self.arrives(deed)
        return any(before < at < after for at in self.set_ms.get(deed.phone, ()))

    def weak(self, one: Round) -> bool:
        """Whether anything of a round, or of those that share its window, is only claimed."""
        return any(self.is_weak(deed) for deed in self._of(one))

    def truth(self, one: Round, now_ms: int) -> str:
        """Return what became of a round in fact, without what a phone kept that was written off."""
        gone = {phone for phone, at in self.revoked.items() if at <= now_ms}
        known = [d for d in self._of(one) if d.phone not in gone or self.arrives(d) < FOREVER]
        return self._judge(one, [d for d in known if d.at_ms <= now_ms], now_ms, heard=True)

    def told(self, one: Round, now_ms: int) -> str:
        """Return what can be said of a round at a moment, by what had arrived by then."""
        return self._judge(one, [d for d in self._of(one) if self.arrives(d) <= now_ms], now_ms, heard=False)

    def _of(self, one: Round) -> list[Deed]:
        """Return the deeds of a round by true time; rounds that share a window share them."""
        named = Round(one.plan, one.from_ms, one.to_ms)
        return sorted(self.deeds.get(named, ()), key=lambda deed: deed.at_ms)

    def _judge(self, one: Round, deeds: list[Deed], now_ms: int, *, heard: bool) -> str:
        first: dict[int, int] = {}
        inside = [d for d in deeds if one.from_ms <= d.at_ms < one.over_ms]
        if one.plan.windows:
            for deed in inside:
                first.setdefault(deed.stop, deed.at_ms)
        else:
            first = {s: t for s, turns in _turns(inside).items() for t in turns[one.number - 1 : one.number]}
        missing = set(range(len(one.plan.stops))) - first.keys()
        skipped = {
            d.stop for d in self.skips.get(one, ()) if self.accepted.get((one, d.stop), FOREVER) <= now_ms
        }
        complete = bool(first) and missing <= skipped
        if complete and one.plan.crew == 2:
            complete = self._together(one, inside, first)
        if complete:
            return "late" if any(at >= one.to_ms for at in first.values()) else "done"
        if self.excused.get(one, FOREVER) <= now_ms:
            return "excused"
        if now_ms < one.from_ms:
            return "upcoming"
        if now_ms < one.over_ms:
            return "progress" if first else "open"
        if not heard and not all(self._heard_since(p.key, one, now_ms) for p in self._carriers(one, now_ms)):
            return "unheard"
        return "partial" if first else "missed"

    def _carriers(self, one: Round, now_ms: int) -> list:  # type: ignore[type-arg]
        phones = self.place.phones_of(one.plan)
        return [phone for phone in phones if self.revoked.get(phone.key, FOREVER) > now_ms]

    def _heard_since(self, phone: str, one: Round, now_ms: int) -> bool:
        heard = self.heard[phone]
        last = bisect_right(heard, now_ms)
        return last > 0 and heard[last - 1] >= one.over_ms

    def _together(self, one: Round, deeds: Sequence[Deed], first: Mapping[int, int]) -> bool:
        ids = self.stop_ids[one.plan.key]
        between = range(1, len(ids) - 1)
        drawn = sorted(
            between,
            key=lambda n: sha256(f"fieldsync/1 crew\n{self.ids[one]}\n{ids[n]}".encode()).hexdigest(),
        )[:2]
        order = sorted(first, key=lambda stop: first[stop])
        asked = {order[0], order[-1], *(stop for stop in drawn if stop in first)}
        return all(
            any(
                abs(a.at_ms - b.at_ms) <= TOGETHER_MS and a.phone != b.phone
                for a in deeds
                for b in deeds
                if a.stop == b.stop == stop
            )
            for stop in asked
        )


def _turns(deeds: Iterable[Deed]) -> dict[int, list[int]]:
    """Return stop → when each turn of it began: what lies within half an hour of a turn is that turn."""
    turns: dict[int, list[int]] = {}
    for deed in deeds:
        mine = turns.setdefault(deed.stop, [])
        if not mine or deed.at_ms >= mine[-1] + TURN_MS:
            mine.append(deed.at_ms)
    return turns


def sums(states: Iterable[str]) -> Counter[str]:
    """Return how many rounds are in each state, and how many were due."""
    found = Counter(states)
    found["due"] = sum(n for state, n in found.items() if state not in (*OPEN, "excused"))
    return found
