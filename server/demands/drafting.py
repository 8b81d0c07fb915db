"""From a template and a site's choices to what the site would get. Pure: no session, no clock.

A draft names everything by keys of the template. What the site has several of is counted out:
``lobby`` of three buildings becomes ``lobby.1``, ``lobby.2``, ``lobby.3``. Only what a chosen demand
needs is in it: its plans, the routes that these walk, and the places and forms at the stops.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from server.demands.catalogue import Words
from server.demands.templates import Plan, Stop, Template, forms

DAY_MIN = 24 * 60
Label = dict[str, str]


@dataclass(frozen=True, slots=True)
class Daytime:
    """A site's day, in minutes after midnight; the rest is its night. It may begin before midnight."""

    from_min: int
    to_min: int

    def length(self) -> int:
        """Return how long the day is, minutes."""
        return (self.to_min - self.from_min) % DAY_MIN or DAY_MIN


@dataclass(frozen=True, slots=True)
class Choices:
    """What a site chooses of a template."""

    daytime: Daytime
    demands: frozenset[str]
    """A plan is made when it serves one of these, and names those of its demands that are here."""
    counts: Mapping[str, int]
    """How many there are of what a site has several of, such as ``{"building": 6}``."""


@dataclass(frozen=True, slots=True)
class DraftZone:
    """A zone that is needed; `parent` is the key of the one around it."""

    key: str
    name: Label
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """A place that is needed; `zone` is the key of its zone."""

    key: str
    name: Label
    zone: str | None
    kind: Literal["checkpoint", "asset"]
    category: str
    number: str | None = None
    """The number that it is to have where that is free; None: the next free one."""


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A form that is needed."""

    key: str
    name: Label
    fields: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DraftStop:
    """A stop; `place` and `form` are keys."""

    place: str
    form: str | None
    terms: dict[str, Any]
    """What it asks for besides, as it travels: ``window``, ``dwell_s``, ``walk_s``, ``certificate``."""


@dataclass(frozen=True, slots=True)
class DraftRoute:
    """A route that is needed."""

    key: str
    name: Label
    order: str
    stops: tuple[DraftStop, ...]


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A plan; it walks a route, or stands at one stop. `whose` is the key of whose work it is."""

    key: str
    name: Label
    demand: str | None
    also: tuple[str, ...]
    whose: str | None
    recurrence: dict[str, Any]
    crew: int
    grace_min: int
    route: str | None
    stop: DraftStop | None
    judged: bool = False
    """The trade says how often, not the service plan."""
    more: dict[str, Any] = field(default_factory=dict)
    """Further arguments of `make_plan`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a site would get."""

    zones: tuple[DraftZone, ...]
    places: tuple[DraftPlace, ...]
    forms: tuple[DraftForm, ...]
    routes: tuple[DraftRoute, ...]
    plans: tuple[DraftPlan, ...]


def chosen_at_first(template: Template) -> tuple[str, ...]:
    """Return the demands that are chosen unless somebody says otherwise."""
    return tuple(
        dict.fromkeys(found for plan in template.plan if not plan.optional for found in plan.demands)
    )


def draft(template: Template, choices: Choices) -> Draft:
    """Return what a site gets that makes these choices.

    A number that was not given is the template's own; one out of its bounds is for the caller to refuse.
    A stop that asks for more than a form is a route of its own: a plan's only stop asks for nothing else.
    """
    counts = {per.key: choices.counts.get(per.key, per.count) for per in template.per}
    per_place = {place.key: place.per for place in template.place}
    plans = [
        made
        for plan in template.plan
        if (served := tuple(found for found in plan.demands if found in choices.demands))
        for made in _plans(plan, served, counts, choices.daytime, per_place)
    ]
    walked = {plan.route for plan in plans}
    routes = [
        DraftRoute(
            route.key, route.name.label(), route.order, tuple(_counted(route.stops, per_place, counts))
        )
        for route in template.route
        if route.key in walked
    ]
    routes += [
        DraftRoute(plan.key, plan.name, "free", (plan.stop,))
        for plan in plans
        if plan.stop and plan.stop.terms
    ]
    plans = [
        replace(plan, route=plan.key, stop=None) if plan.stop and plan.stop.terms else plan for plan in plans
    ]
    stops = [stop for route in routes for stop in route.stops] + [plan.stop for plan in plans if plan.stop]
    at, filled = {stop.place for stop in stops}, {stop.form for stop in stops}
    per_zone = {zone.key: zone.per for zone in template.zone}
    places = [
        DraftPlace(
            key,
            name,
            of.key_of(place.zone) if per_zone[place.zone] else place.zone,
            place.kind,
            place.category,
        )
        for place in template.place
        for of, key, name in _each(place.key, place.name, place.per, counts)
        if key in at
    ]
    inside = {place.zone for place in places}
    zones = [
        DraftZone(key, name)
        for zone in template.zone
        for _, key, name in _each(zone.key, zone.name, zone.per, counts)
        if key in inside
    ]
    needed = [
        DraftForm(form.key, form.name.label(), form.fields) for form in forms().values() if form.key in filled
    ]
    return Draft(tuple(zones), tuple(places), tuple(needed), tuple(routes), tuple(plans))


def windows_of_part(window: Mapping[str, Any], daytime: Daytime) -> list[dict[str, Any]]:
    """Return what ``{part, times, minutes}`` means: windows in the middle of equal pieces of day or night.

    A window that is as long as its piece, or longer, is the whole piece. What does not divide evenly
    is spread, so that pieces leave no gap between them.
    """
    begin, length = daytime.from_min, daytime.length()
    if window["part"] == "night":
        begin, length = daytime.to_min, DAY_MIN - length
    times = window["times"]
    cuts = [begin + length * n // times for n in range(times + 1)]
    found = []
    for start, end in itertools.pairwise(cuts):
        spare = max(0, end - start - window.get("minutes", end - start))
        found.append(
            {"from": _clock(start + spare // 2), "to": _clock(end - (spare - spare // 2), is_end=True)}
        )
    return found


def recurrence_at(recurrence: Mapping[str, Any], daytime: Daytime) -> dict[str, Any]:
    """Return a template's recurrence with the windows that it has at a site."""
    if "windows" not in recurrence:
        return dict(recurrence)
    windows: list[dict[str, Any]] = []
    for window in recurrence["windows"]:
        windows += windows_of_part(window, daytime) if "part" in window else [dict(window)]
    return {**recurrence, "windows": windows}


@dataclass(frozen=True, slots=True)
class _One:
    """One of several, or the only one (`n` is None); makes the key of what else belongs to it."""

    n: int | None

    def key_of(self, key: str) -> str:
        return key if self.n is None else f"{key}.{self.n}"


def _each(
    key: str, name: Words, per: str | None, counts: Mapping[str, int]
) -> Iterator[tuple[_One, str, Label]]:
    if per is None:
        yield _One(None), key, name.label()
        return
    for n in range(1, counts[per] + 1):
        yield _One(n), f"{key}.{n}", {lang: text.format(n=n) for lang, text in name.label().items()}


def _plans(
    plan: Plan,
    served: tuple[str, ...],
    counts: Mapping[str, int],
    daytime: Daytime,
    per_place: Mapping[str, str | None],
) -> Iterator[DraftPlan]:
    for of, key, name in _each(plan.key, plan.name, plan.per, counts):
        stop = None
        if plan.stop is not None:
            stop = _stop(plan.stop, of.key_of if per_place[plan.stop.at] else str)
        yield DraftPlan(
            key=key,
            name=name,
            demand=served[0],
            also=served[1:],
            whose=plan.craft,
            recurrence=recurrence_at(plan.recurrence, daytime),
            crew=plan.crew,
            grace_min=plan.grace_min,
            judged=plan.judged,
            route=plan.route,
            stop=stop,
        )


def _counted(
    stops: Iterable[Stop], per_place: Mapping[str, str | None], counts: Mapping[str, int]
) -> Iterator[DraftStop]:
    """Count out the stops: neighbours that each building has follow one another building by building."""
    for per, together in itertools.groupby(stops, key=lambda stop: per_place[stop.at]):
        group = list(together)
        for n in [None] if per is None else range(1, counts[per] + 1):
            yield from (_stop(stop, _One(n).key_of) for stop in group)


def _stop(stop: Stop, key_of: Callable[[str], str]) -> DraftStop:
    terms = {"certificate": stop.certificate, "dwell_s": stop.dwell_s}
    return DraftStop(
        key_of(stop.at), stop.form, {name: value for name, value in terms.items() if value is not None}
    )


def _clock(minutes: int, *, is_end: bool = False) -> str:
    minutes %= DAY_MIN
    if is_end and minutes == 0:
        return "24:00"
    return f"{minutes // 60:02}:{minutes % 60:02}"
