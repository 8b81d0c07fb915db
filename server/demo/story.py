"""What happens on the demo estate, as a list of events in the order of time. Pure.

The days follow from the plans and the rota. A few rounds have a fate of their own, chosen by how
recent they are, so that the board tells of everything whatever the hour at which it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from server.demo import plans, rota
from server.demo.estate import DAY_START_MIN, TIME_ZONE
from server.demo.plans import Plan
from server.rounds import recurrence, rules, windows

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
BEGIN_MIN = 5 * 60 + 35
"""The estate begins before its first handover of the day, when no window runs."""

FOUND_MS = 40 * MINUTE_MS
"""So long after it was told as missed a round is heard of."""

ZONE = ZoneInfo(TIME_ZONE)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody signs in on a phone; who was on it before goes."""

    at_ms: int
    phone: str
    person: str


@dataclass(frozen=True, slots=True)
class SignOut:
    """The shift on a phone ends."""

    at_ms: int
    phone: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody reads the code of a stop; `stop` counts from 0.

    With `if_drawn` only where the draw asks the second of a crew to scan as well.
    """

    at_ms: int
    phone: str
    plan: str
    from_ms: int
    stop: int
    if_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """Somebody fills the form of the stop whose code was read last on this phone.

    `answers` are those that differ from an ordinary day; `note` is told with them.
    """

    at_ms: int
    phone: str
    plan: str
    from_ms: int
    stop: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody reports what they saw on the way, with a photo; `number` is the place."""

    at_ms: int
    phone: str
    number: str
    kind: str
    urgency: str
    note: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Somebody reads a code that is no tag at all."""

    at_ms: int
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class SetClock:
    """Somebody sets a phone's clock: `skew_ms` beside the true time."""

    at_ms: int
    phone: str
    skew_ms: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A phone finds the network; `counts`: what the office is told next depends on it."""

    at_ms: int
    phone: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """The server's periodic work looks which rounds are over, and tells of them."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Excuse:
    """The supervisor excuses a round."""

    at_ms: int
    plan: str
    from_ms: int
    why: str


Event = SignIn | SignOut | Visit | Fill | Report | Foreign | SetClock | Sync | Excuse | Look


@dataclass(frozen=True, slots=True)
class Round:
    """One window of one plan; `recent` is 0 for the plan's group's last one that is over, None if none is."""

    plan: Plan
    from_ms: int
    to_ms: int
    over_ms: int
    recent: int | None


def begin_ms(until_ms: int) -> int:
    """Return when the estate's history begins: two of its days before the day of `until_ms`."""
    day = rules.day_of(until_ms, day_start_min=DAY_START_MIN, zone=ZONE) - timedelta(days=2)
    return rules.moment_ms(day, BEGIN_MIN, ZONE)


def first_day(until_ms: int) -> date:
    """Return the date on which every plan starts."""
    return rules.day_of(until_ms, day_start_min=DAY_START_MIN, zone=ZONE) - timedelta(days=2)


def tell(until_ms: int) -> list[Event]:
    """Return everything that has happened by `until_ms`, in order."""
    since = begin_ms(until_ms)
    told = rounds(since, until_ms)
    silent_ms = _falls_silent(told)
    events: list[Event] = [*_shifts(since, until_ms)]
    deaf: dict[str, list[tuple[int, int]]] = {rota.SILENT_PHONE: [(silent_ms, until_ms + 1)]}
    corrected = _corrected(told, until_ms)
    for one in told:
        events += _stood_in(one, deaf) if one is corrected else _walked(one, deaf)
    events += _idle(since, until_ms)
    events.append(Sync(silent_ms - 1_000, rota.SILENT_PHONE))
    kept = [e for e in events if since <= e.at_ms <= until_ms and not _lost(e, deaf)]
    return _without_idle_talk(sorted(kept, key=lambda e: (e.at_ms, type(e).__name__, repr(e))))


def rounds(since: int, until_ms: int) -> list[Round]:
    """Return the windows that have begun, with how recent each is among those that are over."""
    found: list[Round] = []
    for group in rota.GROUPS:
        members = [plan for plan in plans.PLANS if plan.key in group and plan.starts_in is None]
        cut = [(plan, w) for plan in members for w in _windows(plan, since, until_ms)]
        cut.sort(key=lambda pair: (-pair[1].from_ms, pair[0].key))
        recent = 0
        for plan, window in cut:
            over_ms = window.to_ms + plan.grace_min * MINUTE_MS
            over = over_ms <= until_ms
            found.append(Round(plan, window.from_ms, window.to_ms, over_ms, recent if over else None))
            recent += over
    return sorted(found, key=lambda r: (r.from_ms, r.plan.key))


def _windows(plan: Plan, since: int, until_ms: int) -> list[rules.Window]:
    terms = windows.Terms(recurrence.read(plan.recurrence), ZONE, first_day(until_ms))
    return windows.cut(terms, from_ms=since, until_ms=until_ms)


def _falls_silent(told: Sequence[Round]) -> int:
    """Return when the silent phone was last heard: on the way, in its last round that is over."""
    last = [r for r in told if r.plan.key == "a1" and r.recent == 0]
    return last[0].from_ms + 16 * MINUTE_MS if last else 0


def _shifts(since: int, until_ms: int) -> Iterator[Event]:
    days = (until_ms - since) // (24 * HOUR_MS) + 2
    for n in range(-1, days):
        day = first_day(until_ms) + timedelta(days=n)
        for duty in rota.DUTIES:
            times = rules.read_times(duty.start, duty.end)
            start, end = (rules.moment_ms(day, m, ZONE) for m in (times.from_min, times.to_min))
            if end <= since:
                continue
            yield SignIn(max(start, since), duty.phone, duty.person)
            if duty.leaves:
                yield Sync(end - MINUTE_MS, duty.phone)
                yield SignOut(end, duty.phone)
                yield Sync(end + MINUTE_MS, duty.phone)


def _walked(one: Round, deaf: dict[str, list[tuple[int, int]]]) -> Iterator[Event]:
    """Yield what happened in a round, by its fate."""
    fate = rota.fate(one.plan.key, one.recent)
    route = next(route for route in plans.ROUTES if route.key == one.plan.route)
    walk = rota.WALKS[one.plan.key]
    random = Random(f"{one.plan.key} {one.from_ms}")  # noqa: S311 (a story, not a secret)
    gaps = [random.randint(walk.pace_s * 4 // 5, walk.pace_s * 6 // 5) * 1000 for _ in route.stops]
    start = one.from_ms + walk.after_min * MINUTE_MS + random.randint(0, 6 * 60) * 1000
    if fate.kind == "late":
        start = one.to_ms + 6 * MINUTE_MS - sum(gaps[1:])
    if fate.kind == "excused":
        yield Excuse(one.to_ms + 20 * MINUTE_MS, one.plan.key, one.from_ms, fate.why)
    if fate.kind in ("missed", "excused"):
        return
    reached = len(route.stops) if fate.stops is None else fate.stops
    lead, *others = walk.phones
    at_ms = start
    for stop in range(reached):
        at_ms = start + sum(gaps[1 : stop + 1])
        number, form = route.stops[stop]
        yield Visit(at_ms, lead, one.plan.key, one.from_ms, stop)
        if form is not None:
            filled_ms = at_ms + random.randint(12, 40) * 1000
            yield Fill(
                filled_ms, lead, one.plan.key, one.from_ms, stop, *fate.answers.get(number, ({}, None))
            )
        at_an_end = stop in (0, reached - 1)
        for n, phone in enumerate(others, start=1):
            yield Visit(at_ms + n * 25_000, phone, one.plan.key, one.from_ms, stop, if_drawn=not at_an_end)
        if stop % 6 == 4 and stop < reached - 2:
            yield Sync(at_ms + MINUTE_MS, lead)
        if stop == fate.report_at:
            yield Report(at_ms + 70_000, lead, number, "damage", "normal", fate.why)
        if stop == fate.foreign_at:
            yield Foreign(at_ms + 50_000, lead, "https://u.example/coupon/8841")
    if fate.kind == "clock":
        yield from _meddled(one, lead, start + sum(gaps[1:3]) + MINUTE_MS, deaf)
    for phone in walk.phones:
        yield Sync(at_ms + 2 * MINUTE_MS, phone)


def _meddled(one: Round, phone: str, at_ms: int, deaf: dict[str, list[tuple[int, int]]]) -> Iterator[Event]:
    """Set the phone's clock while it has no network: nobody can say when the round was walked."""
    back = one.to_ms + 25 * MINUTE_MS
    deaf.setdefault(phone, []).append((one.from_ms, back - 1))
    yield SetClock(at_ms, phone, 25 * MINUTE_MS)
    yield Sync(back, phone)
    yield SetClock(back + MINUTE_MS, phone, 0)


def _corrected(told: Sequence[Round], until_ms: int) -> Round | None:
    """Return the last round of the guards by day that went as it should and was long enough ago."""
    ordinary = [
        one
        for one in told
        if one.plan.team == "security"
        and one.plan.crew == 1
        and rota.fate(one.plan.key, one.recent) == rota.Fate()
        and rota.on_duty(rota.RESERVE_PHONE, one.from_ms)
        and rota.on_duty(rota.RESERVE_PHONE, one.over_ms + FOUND_MS)
        and one.over_ms + 2 * FOUND_MS <= until_ms
    ]
    return max(ordinary, key=lambda one: one.from_ms, default=None)


def _stood_in(one: Round, deaf: dict[str, list[tuple[int, int]]]) -> Iterator[Event]:
    """Walk a round with a phone that nobody expects it on, without network: it is told as missed at first."""
    route = next(route for route in plans.ROUTES if route.key == one.plan.route)
    walk, phone, found_ms = rota.WALKS[one.plan.key], rota.RESERVE_PHONE, one.over_ms + FOUND_MS
    deaf.setdefault(phone, []).append((one.from_ms, found_ms))
    for stop, (_, form) in enumerate(route.stops):
        at_ms = one.from_ms + walk.after_min * MINUTE_MS + stop * walk.pace_s * 1000
        yield Visit(at_ms, phone, one.plan.key, one.from_ms, stop)
        if form is not None:
            yield Fill(at_ms + 20_000, phone, one.plan.key, one.from_ms, stop)
    for own in rota.WALKS["grounds_night"].phones:
        yield Sync(one.over_ms + MINUTE_MS, own, counts=True)
    yield Look(one.over_ms + 2 * MINUTE_MS)
    yield Sync(found_ms, phone, counts=True)
    yield Look(found_ms + MINUTE_MS)


def _idle(since: int, until_ms: int) -> Iterator[Event]:
    """Let the phones on duty be heard now and then, and just now."""
    for phone, every_min in rota.IDLE_MIN.items():
        at_ms = since + (7 * int(phone) + every_min) * MINUTE_MS
        while at_ms < until_ms:
            if rota.on_duty(phone, at_ms) is not None:
                yield Sync(at_ms, phone)
            at_ms += every_min * MINUTE_MS
        if rota.on_duty(phone, until_ms) is not None:
            yield Sync(until_ms - 20_000 - 2_000 * int(phone), phone)
            yield Sync(until_ms - 2_000 * int(phone), phone)


def _without_idle_talk(events: Sequence[Event]) -> list[Event]:
    """Leave out a phone's `Sync` with nothing to send that another one of it follows.

    It leaves no trace once the phone is heard again, and costs as much as any.
    """
    last = {event.phone: at for at, event in enumerate(events) if isinstance(event, Sync)}
    told: list[Event] = []
    silent: set[str] = set()
    for at, event in enumerate(events):
        if isinstance(event, Sync):
            if event.phone in silent and at != last[event.phone] and not event.counts:
                continue
            silent.add(event.phone)
        elif not isinstance(event, Excuse | Look):
            silent.discard(event.phone)
        told.append(event)
    return told


def _lost(event: Event, deaf: Mapping[str, Sequence[tuple[int, int]]]) -> bool:
    """Whether nobody ever hears of it: a phone without network, or the silent one's whole rest."""
    if isinstance(event, Excuse | Look):
        return False
    if event.phone != rota.SILENT_PHONE and not isinstance(event, Sync):
        return False
    return any(start <= event.at_ms < end for start, end in deaf.get(event.phone, ()))
