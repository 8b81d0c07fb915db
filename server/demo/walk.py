"""Lets the demo's phones live through the story, each through the real protocol.

Every request goes through the application as one from outside would, and everything that the
board shows follows from the records that were sent.
"""

from __future__ import annotations

import contextvars
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from flask import Flask

from server.demo import estate, forms, grounds, ink, people, plans, readings, story
from server.demo.clock import DemoClock
from server.demo.pictures import Album
from sync import ids
from sync.crew import drawn
from sync.geo import Geo
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.ports import NetError
from sync.phone.saving import Picture
from sync.phone.store import Record, Store

APP = "demo"
CAPABILITIES: Mapping[str, str | bool] = {
    "camera": True,
    "storage": "persistent",
    "keys": "kept",
    "install": "standalone",
}
CONSENT = 1
"""The version of the text about what is recorded."""
_SAYS_NO = "G09"
"""One of the guards would rather not have places in the records, as is everybody's right."""
_DARK_FROM, _DARK_TO = 18, 6
_UNDERGROUND = ("basement", "power", "water")
_NEAR, _AWAY = 900, 36_000
"""How far from its checkpoint a phone says it is, in degrees times 10^7: some 10 m, or 400 m."""
_LIES = 0.02
"""How often it is the latter."""


class StoryBroken(RuntimeError):
    """Something did not go as the story tells it: a bug in the demo or below it."""


class InProcess:
    """The network of a demo phone: the application itself. `reachable` False: no network."""

    def __init__(self, app: Flask, *, public_url: str) -> None:
        self._client = app.test_client(use_cookies=False)
        self._public_url = public_url
        self.reachable = True

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body of the application's answer.

        :raises NetError: there is no network
        """
        if not self.reachable:
            raise NetError("no network")
        # A context of its own: the request must not find the application context (and with it the
        # database session) of whoever makes the demo.
        response = contextvars.Context().run(
            self._client.open,
            path,
            method=method,
            base_url=self._public_url,
            headers=dict(headers),
            data=body,
        )
        return response.status_code, dict(response.headers), response.get_data()


class PhoneClock:
    """A phone's clocks: they follow the demo's time; the one on the wall can be set wrong."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._began_ms = now_ms()
        self.skew_ms = 0

    def wall(self) -> int:
        """Return the clock on the wall, ms."""
        return self._now_ms() + self.skew_ms

    def mono(self) -> int:
        """Return ms since this phone began."""
        return self._now_ms() - self._began_ms


@dataclass
class Handset:
    """A phone in somebody's pocket; `knows` are those who signed in on it before."""

    phone: Phone
    clock: PhoneClock
    net: InProcess
    staff: str | None = None
    before: str = ""
    knows: set[str] = field(default_factory=set)
    last_scan: Record | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """What the story's words stand for: keys and numbers to ids, places to their tags' addresses."""

    plans: Mapping[str, str]
    people: Mapping[str, str]
    tags: Mapping[str, str]
    meters: Mapping[tuple[str, str], str]
    """Number of the asset and key → meter."""


def handset(app: Flask, clock: DemoClock, *, public_url: str) -> Handset:
    """Return a new phone that has not joined yet. Its keys are random, as on any phone."""
    store = Store()
    randomness = SeededRandomness(secrets.token_hex(32))
    phone_clock, net = PhoneClock(clock), InProcess(app, public_url=public_url)
    crypto = StoredKeys(store, randomness)
    ports = Ports(store, net, phone_clock, randomness, crypto, OwnLocks())
    return Handset(Phone(ports, app=APP, tz=estate.TIME_ZONE), phone_clock, net)


class Walker:
    """Lets phones do what the story tells; `excuse` is the supervisor's part, `look` the periodic work's."""

    def __init__(
        self,
        *,
        clock: DemoClock,
        ids_of: Ids,
        phones: Mapping[str, Handset],
        excuse: Callable[[story.Excuse], None],
        look: Callable[[int], None],
        beside: Callable[[Any, Mapping[str, Handset]], bool] = lambda _event, _phones: False,
    ) -> None:
        self._clock = clock
        self._ids = ids_of
        self._phones = phones
        self._excuse, self._look, self._beside = excuse, look, beside
        self._album = Album()
        self._places = {place.number: place for place in estate.PLACES}
        self._forms = {form.key: form for form in forms.FORMS}
        self._routes = {plan.key: _route(plan.route) for plan in plans.PLANS}

    def live(self, events: Sequence[Any]) -> None:
        """Let every event happen at its time; what is none of the story's own goes to `beside`.

        :raises StoryBroken: the application did not take what the story tells
        """
        for event in events:
            self._clock.set(event.at_ms)
            if isinstance(event, story.Excuse):
                self._excuse(event)
            elif isinstance(event, story.Look):
                self._look(event.at_ms)
            elif not self._beside(event, self._phones):
                self._happen(self._phones[event.phone], event)

    def _happen(self, handset: Handset, event: story.Event) -> None:
        match event:
            case story.SignIn():
                self._sign_in(handset, event.person)
            case story.SignOut():
                handset.phone.sign_out()
                handset.staff = None
            case story.Visit():
                self._visit(handset, event)
            case story.Fill():
                self._fill(handset, event)
            case story.Report():
                picture = self._photo(handset, event.number, event.at_ms, None)
                handset.phone.finding(
                    event.kind,
                    note=event.note,
                    urgency=event.urgency,
                    photos=[picture],
                    scan=handset.last_scan,
                )
            case story.Foreign():
                handset.phone.scan(event.text)
            case story.SetClock():
                handset.clock.skew_ms = event.skew_ms
            case story.Sync():
                sync(handset)

    def _sign_in(self, handset: Handset, staff: str) -> None:
        """Sign in with the network the first time, later from the phone's own knowledge."""
        if handset.staff == staff:
            return
        person = self._ids.people[staff]
        handset.net.reachable = staff not in handset.knows
        found = handset.phone.sign_in(person, people.PIN)
        handset.net.reachable = True
        if not found.ok:
            raise StoryBroken(f"{staff} could not sign in: {found}")
        if staff not in handset.knows:
            handset.phone.consent(CONSENT, "zh", location=staff != _SAYS_NO)
        handset.knows.add(staff)
        handset.before, handset.staff = handset.staff or handset.before, staff

    def _visit(self, handset: Handset, visit: story.Visit) -> None:
        number, _ = self._routes[visit.plan].stops[visit.stop]
        occurrence = ids.occurrence_id(self._ids.plans[visit.plan], visit.from_ms)
        if visit.if_drawn and not self._is_drawn(handset, visit, occurrence):
            return
        place = self._places[number]
        random = Random(f"{visit.plan} {visit.from_ms} {visit.stop} {visit.phone}")  # noqa: S311
        wall_ms = handset.clock.wall()
        handset.last_scan = handset.phone.scan(
            self._ids.tags[number],
            occurrence=occurrence,
            geo=_outdoors(place, random),
            frame=self._album.frame(
                place,
                url=self._ids.tags[number],
                random=random,
                dark=_dark(place, visit.at_ms),
                stamp=_stamp(wall_ms),
            ),
        )

    def _is_drawn(self, handset: Handset, visit: story.Visit, occurrence: str) -> bool:
        """Tell, as the phone knows it, whether both of a crew scan at the stop."""
        plans_by_id = {row.id: row.body for row in handset.phone.rows("plan")}
        routes_by_id = {row.id: row.body for row in handset.phone.rows("route")}
        route: Any = routes_by_id[str(plans_by_id[self._ids.plans[visit.plan]]["route"])]
        stops = [stop["id"] for stop in route["stops"]]
        return stops[visit.stop] in drawn(occurrence, stops)

    def _fill(self, handset: Handset, fill: story.Fill) -> None:
        number, form = self._routes[fill.plan].stops[fill.stop]
        if form is None or handset.last_scan is None:
            raise StoryBroken(f"there is nothing to fill: {fill}")
        filled = readings.fill(
            self._forms[form],
            changed=fill.answers,
            note=fill.note,
            signed=(_name(handset.before), _name(handset.staff or "")),
            random=Random(f"{fill.plan} {fill.from_ms} {fill.stop}"),  # noqa: S311
            at_ms=fill.at_ms,
        )
        for one in self._forms[form].fields:
            if one["kind"] == "meter" and isinstance(filled.values.get(one["id"]), str):
                meter = self._ids.meters[number, one["meter"]]
                filled.values[one["id"]] = {"meter": meter, "edition": 1, "value": filled.values[one["id"]]}
        photos = [self._photo(handset, number, fill.at_ms, name) for name in filled.photo_fields]
        photos += [
            Picture(ink.signature(filled.texts[name]), "image/png", "signature", name)
            for name in filled.signatures
        ]
        handset.phone.answers(
            handset.last_scan, filled.values, texts=filled.texts, note=filled.note, photos=photos
        )

    def _photo(self, handset: Handset, number: str, at_ms: int, name: str | None) -> Picture:
        place = self._places[number]
        data = self._album.photo(
            place,
            random=Random(f"{number} {at_ms} {name}"),  # noqa: S311 (a drawing)
            dark=_dark(place, at_ms),
            stamp=_stamp(handset.clock.wall()),
        )
        return Picture(data, field=name)


def sync(handset: Handset) -> None:
    """Let a phone send and fetch everything.

    :raises StoryBroken: the round did not come to its end
    """
    report = handset.phone.sync()
    if not report.complete or not handset.phone.all_sent():
        raise StoryBroken(f"a round ended early: {report}")


def _route(key: str) -> plans.Route:
    return next(route for route in plans.ROUTES if route.key == key)


def _name(number: str) -> str:
    return next((person.name for person in people.PEOPLE if person.number == number), "—")


def _local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, story.ZONE)


def _stamp(wall_ms: int) -> str:
    return f"{_local(wall_ms):%Y-%m-%d %H:%M:%S}"


def _dark(place: estate.Place, at_ms: int) -> bool:
    hour = _local(at_ms).hour
    return place.zone in _UNDERGROUND or hour >= _DARK_FROM or hour < _DARK_TO


def _outdoors(place: estate.Place, random: Random) -> Geo | None:
    if place.zone != "grounds":
        return None
    there = grounds.position(place.number)
    if there is None:
        return None
    lat, lon = (there[axis] + random.randint(-_NEAR, _NEAR) for axis in ("lat", "lon"))
    return Geo(lat=lat + _AWAY * (random.random() < _LIES), lon=lon, accuracy=random.randint(4, 18))
