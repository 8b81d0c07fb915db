"""What really happens, told by a seed: who is where when, which clocks are set, which networks are gone.

Nothing here knows the server. Times are true times, ms since 1970 UTC.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.estate_month.places import MIN_MS, ZONE_MIN, Phone, Place, Plan

MIN = MIN_MS
HOUR = 60 * MIN
DAY = 24 * HOUR
FOREVER = 10**15


@dataclass(frozen=True)
class Round:
    """One round that is due: a window of a plan, and which of those that share it."""

    plan: Plan
    from_ms: int
    to_ms: int
    number: int = 1

    @property
    def over_ms(self) -> int:
        """When nothing counts any more."""
        return self.to_ms + self.plan.grace_min * MIN


@dataclass(frozen=True)
class Visit:
    """Somebody is at a stop and scans it; `if_drawn`: only where the crew was drawn to scan together."""

    at_ms: int
    phone: str
    round: Round
    stop: int
    if_drawn: bool = False


@dataclass(frozen=True)
class Skip:
    """Somebody skips a stop with a reason, and what the supervisor will say to it."""

    at_ms: int
    phone: str
    round: Round
    stop: int
    accepted: bool


@dataclass(frozen=True)
class Excuse:
    """The supervisor excuses a round."""

    at_ms: int
    round: Round


@dataclass(frozen=True)
class Sync:
    """A phone tries to send and fetch."""

    at_ms: int
    phone: str
    works: bool


@dataclass(frozen=True)
class SetClock:
    """Somebody sets a phone's clock; `restarted`: and the app begins anew."""

    at_ms: int
    phone: str
    skew_ms: int
    restarted: bool


Event = Visit | Skip | Excuse | Sync | SetClock


@dataclass(frozen=True)
class Span:
    """A period of the report, and the days of it on which people walk."""

    key: str
    first: date
    days: int
    walked: int

    def start_ms(self, place: Place) -> int:
        """Return when the period begins at a site."""
        return midnight(self.first) + place.day_start_min * MIN

    def end_ms(self, place: Place) -> int:
        """Return when it ends."""
        return self.start_ms(place) + self.days * DAY


@dataclass
class Story:
    """Everything that happens at a site."""

    place: Place
    rounds: list[Round]
    events: list[Event]
    lost: frozenset[str] = field(default_factory=frozenset)
    """Phones that are never heard again."""


def midnight(day: date) -> int:
    """Return the beginning of a day on the wall of the sites."""
    return (day - date(1970, 1, 1)).days * DAY - ZONE_MIN * MIN


def tell(place: Place, span: Span, seed: int) -> Story:
    """Return the story of a site."""
    return _Teller(place, span, Random(f"{seed} {place.key}")).tell()


def rounds_of(place: Place, span: Span) -> Iterator[Round]:
    """Return the rounds that begin in the period, by the plans' own figures."""
    begin, end = span.start_ms(place), span.end_ms(place)
    for plan in place.plans:
        for day in range(span.days + 1):
            today = midnight(span.first + timedelta(days=day))
            for start, stop in plan.windows:
                if begin <= today + start * MIN < end:
                    yield Round(plan, today + start * MIN, today + stop * MIN)
        for first, last in _counted(plan, span):
            edges = (midnight(each) + place.day_start_min * MIN for each in (first, last))
            from_ms, to_ms = edges
            for number in range(1, plan.times + 1):
                yield Round(plan, from_ms, to_ms, number)


def _counted(plan: Plan, span: Span) -> Iterator[tuple[date, date]]:
    days = [span.first + timedelta(days=n) for n in range(span.days)]
    if plan.per == "week":
        yield from ((day, day + timedelta(days=7)) for day in days if day.weekday() == 0)
    elif plan.per == "month":
        yield from ((day, (day + timedelta(days=31)).replace(day=1)) for day in days if day.day == 1)


class _Teller:
    def __init__(self, place: Place, span: Span, random: Random) -> None:
        self.place, self.span, self.random = place, span, random
        self.begin = span.start_ms(place)
        self.end = self.begin + span.walked * DAY
        self.away = {phone.key: self._outages(phone) for phone in place.phones}
        self.events: list[Event] = []

    def tell(self) -> Story:
        rounds = list(rounds_of(self.place, self.span))
        for one in rounds:
            if one.plan.windows and one.over_ms <= self.end:
                self._walk(one)
            elif not one.plan.windows and one.number == 1:
                self._count(one)
        for phone in self.place.phones:
            self._syncs(phone)
            self._clocks(phone)
        lost = frozenset(p for p, spans in self.away.items() if any(to >= FOREVER for _, to in spans))
        order = {Visit: 1, Skip: 1}
        self.events.sort(key=lambda e: (e.at_ms, order.get(type(e), 0), str(e)))
        return Story(self.place, rounds, self.events, lost)

    # -- people

    def _walk(self, one: Round) -> None:
        phones = self.place.phones_of(one.plan)
        lead = self.random.choice(phones) if one.plan.crew == 1 else phones[0]
        kind = self.random.choices(
            ("on time", "late", "part", "missed", "too late", "skipped", "excused", "needless", "apart"),
            (62, 9, 6, 6, 3, 6, 3, 2, 3),
        )[0]
        stops = list(range(len(one.plan.stops)))
        length, grace = one.to_ms - one.from_ms, one.plan.grace_min * MIN
        start = one.from_ms + self.random.randrange(0, length // 2)
        pace = self.random.randrange(60_000, min(240_000, length // 2 // len(stops)))
        if kind == "missed":
            return
        if kind == "excused":
            self.events.append(Excuse(one.over_ms + self.random.randrange(HOUR), one))
            return
        if kind == "late":  # the last stop falls into the grace, and not beyond
            start = one.to_ms + self.random.randrange(0, grace - MIN) - pace * stops[-1]
        elif kind == "too late":
            start = one.over_ms + self.random.randrange(0, 20 * MIN) - pace * stops[-1]
        elif kind == "needless":  # excused by a supervisor who did not know that it was walked
            self.events.append(Excuse(one.over_ms + 5 * MIN, one))
        gone = self.random.choice(stops) if kind in ("part", "skipped") else None
        for stop in stops:
            at = start + pace * stop
            if stop != gone:
                self._visit(at, lead, one, stop)
            elif kind == "skipped":
                self.events.append(Skip(at, lead.key, one, stop, self.random.random() < 0.7))
        if one.plan.crew == 2 and kind != "part":
            self._second(one, phones[1], start, pace, gone, late_ms=25 * MIN if kind == "apart" else 20_000)

    def _second(
        self, one: Round, phone: Phone, start: int, pace: int, gone: int | None, *, late_ms: int
    ) -> None:
        """Let the second of a crew scan at the first and the last stop, and where it was drawn."""
        there = [stop for stop in range(len(one.plan.stops)) if stop != gone]
        for stop in there:
            between = stop not in (there[0], there[-1])
            self._visit(start + pace * stop + late_ms, phone, one, stop, if_drawn=between)

    def _count(self, one: Round) -> None:
        """Walk a round of a week or month some times, each on a day of its own."""
        hours = min(one.to_ms, self.end) - one.from_ms
        days = max(1, hours // DAY)
        wanted = self.random.choice((0, 1, one.plan.times, one.plan.times, one.plan.times + 1))
        phones = self.place.phones_of(one.plan)
        for day in sorted(self.random.sample(range(days), min(wanted, days))):
            at = one.from_ms + day * DAY + self.random.randrange(10 * MIN, 10 * HOUR)
            lead = self.random.choice(phones)
            gone = self.random.choice((None, None, None, len(one.plan.stops) - 1))
            for stop in range(len(one.plan.stops)):
                if stop == gone:
                    continue
                self._visit(at + stop * 3 * MIN, lead, one, stop)
                if self.random.random() < 0.2:  # the same code once more
                    self._visit(at + stop * 3 * MIN + 7 * MIN, lead, one, stop)

    def _visit(self, at: int, phone: Phone, one: Round, stop: int, *, if_drawn: bool = False) -> None:
        self.events.append(Visit(at, phone.key, one, stop, if_drawn))

    # -- networks and clocks

    def _outages(self, phone: Phone) -> list[tuple[int, int]]:
        """Return when a phone has no network."""
        length = self.end - self.begin
        if phone.key == "R4":
            return [(self.begin + length * 6 // 10, FOREVER)]
        if phone.key == "H2":  # is found in a locker after the period was closed
            return [(self.begin + length * 55 // 100, self.begin + self.span.days * DAY + 9 * DAY)]
        if phone.key == "R3":  # comes back two days after the end
            return [(self.begin + length * 8 // 10, self.begin + self.span.days * DAY + 2 * DAY)]
        found = []
        at = self.begin
        while at < self.end:
            at += self.random.randrange(6 * HOUR, 6 * DAY)
            longest = self.random.choice((4 * HOUR, DAY, 4 * DAY))
            found.append((at, min(at + self.random.randrange(HOUR, longest), self.end)))
            at = found[-1][1]
        return found

    def _syncs(self, phone: Phone) -> None:
        at = self.begin
        last = self.begin + self.span.days * DAY + 12 * DAY
        while at < last:
            at += self.random.randrange(2 * HOUR, 9 * HOUR) if at < self.end else 20 * HOUR
            works = not any(start <= at < to for start, to in self.away[phone.key])
            self.events.append(Sync(at, phone.key, works))

    def _clocks(self, phone: Phone) -> None:
        """Set clocks: most are right, or steadily wrong; some are set, also while there is no network."""
        if phone.key not in ("R2", "H1", "H4") and self.random.random() < 0.7:
            return
        words = [e.at_ms for e in self.events if isinstance(e, Sync) and e.phone == phone.key and e.works]
        used: set[int] = set()
        for _ in range(max(1, self.span.walked // 8)):
            at = self.random.randrange(self.begin, self.end)
            skew = self.random.choice((-26 * HOUR, -3 * HOUR, -20 * MIN, 0, 45 * MIN, 5 * HOUR))
            restarted = self.random.random() < 0.5
            # Once between two words of the phone: a clock that is set and set back unheard is not noticed
            if (between := bisect(words, at)) not in used:
                used.add(between)
                self.events.append(SetClock(at, phone.key, skew, restarted))
