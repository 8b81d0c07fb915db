"""The templates really schedule what the demands ask for: a year of each is cut and counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from server.demands.catalogue import demand, demands
from server.demands.drafting import Choices, Daytime, Draft, DraftPlan, chosen_at_first, draft
from server.demands.templates import Template, forms, template, templates
from server.rounds import recurrence, windows
from sync.certificates import KINDS
from sync.forms import check_form

ZONE = ZoneInfo("Asia/Shanghai")
DAY = Daytime(7 * 60, 19 * 60)
YEAR = 2027

FIGURES: dict[str, dict[str, int]] = {
    "P1-09": {"year": 1},
    "P1-11": {"day": 1},
    "P1-15": {"month": 2},
    "P1-26": {"year": 2, "half_year": 1, "quarter": 1},
    "P1-27": {"day": 2},
    "P1-29": {"day": 1},
    "P1-35": {"day": 7},
    "P1-36": {"day": 2},
    "P1-37": {"day": 4},
    "P1-43": {"day": 4},
    "P1-44a": {"day": 2},
    "P1-44b": {"day": 1, "week": 1},
    "P1-44c": {"day": 1},
    "P1-44d": {"week": 2},
    "P1-44e": {"week": 1},
    "P1-44f": {"month": 1},
    "P1-44g": {"day": 1},
    "P1-44h": {"half_month": 1},
    "P1-44i": {"month": 1},
    "P1-45": {"month": 1, "two_months": 1, "year": 1},
    "P1-46": {"half_year": 1},
    "P1-48": {"week": 1, "half_year": 1},
    "P2-01": {"week": 2},
    "P2-02": {"day": 1},
    "P4-01": {"day": 8},
    "P6-03": {"year": 1, "quarter": 1},
}
"""What each demand asks for where it sets a figure: how often in each period, over all of its plans."""

OPEN = {
    *("P1-10", "P1-22", "P1-24", "P1-25", "P1-32", "P1-38", "P1-47", "P1-49", "P1-57", "P1-59"),
    *("P2-06", "P4-04", "P4-07", "P4-08", "P5-10", "P8-08"),
}
"""Demands of rounds that leave open how often: a checklist, a retention, "regularly", "as planned"."""

PERIODS: dict[str, Callable[[date], object]] = {
    "day": lambda day: day,
    "week": lambda day: day.isocalendar()[:2],
    "half_month": lambda day: (day.month, day.day > 15),
    "month": lambda day: day.month,
    "two_months": lambda day: (day.month - 1) // 2,
    "quarter": lambda day: (day.month - 1) // 3,
    "half_year": lambda day: (day.month - 1) // 6,
    "year": lambda day: day.year,
}

SEALED = {
    "elderly": (1, "d1b0ad682b74a89b"),
    "hospital": (1, "ada988c71b5963f3"),
    "oil_field": (1, "43105b2106e9f24d"),
    "residential": (1, "ada2c8e5523dada0"),
}
"""Template → its version, and the SHA-256 of itself and of the forms that it uses, in short."""


@cache
def whole(template_id: str) -> Draft:
    found = template(template_id)
    assert found is not None
    return draft(found, Choices(DAY, frozenset(found.demands), {per.key: 1 for per in found.per}))


@cache
def starts(template_id: str, key: str) -> tuple[datetime, ...]:
    """Return when the windows of a plan begin within the year, by the site's clock."""
    plan = next(plan for plan in whole(template_id).plans if plan.key == key)
    terms = windows.Terms(recurrence.read(plan.recurrence), ZONE, date(YEAR, 1, 1))
    bounds = [int(datetime(y, 1, 1, tzinfo=ZONE).timestamp() * 1000) for y in (YEAR, YEAR + 1)]
    cut = windows.cut(terms, from_ms=bounds[0], until_ms=bounds[1])
    return tuple(datetime.fromtimestamp(w.from_ms / 1000, UTC).astimezone(ZONE) for w in cut)


def rhythm(template_id: str, plan: DraftPlan) -> tuple[str, int]:
    """Return the shortest period in which the plan comes equally often all year, and how often that is."""
    begun = [moment.date() for moment in starts(template_id, plan.key)]
    year = [
        date.fromordinal(n) for n in range(date(YEAR, 1, 1).toordinal(), date(YEAR + 1, 1, 1).toordinal())
    ]
    for name, of in PERIODS.items():
        counts = Counter({of(day): 0 for day in year})
        counts.update(of(day) for day in begun)
        if name == "week":  # the first and the last one lie in another year as well
            del counts[of(year[0])], counts[of(year[-1])]
        if len(times := set(counts.values())) == 1 and (n := times.pop()) > 0:
            return name, n
    raise AssertionError(f"{plan.key} has no rhythm: {Counter(begun)}")


def serving(template_id: str, demand_id: str) -> list[DraftPlan]:
    return [plan for plan in whole(template_id).plans if demand_id in (plan.demand, *plan.also)]


SCHEDULED = [(found.id, each) for found in templates() for each in found.demands]


def test_every_demand_of_rounds_has_a_template() -> None:
    asked = {found.id for found in demands() if "R" in found.kinds}

    assert {each for _, each in SCHEDULED} == asked
    assert FIGURES.keys() | OPEN == asked
    assert not FIGURES.keys() & OPEN


@pytest.mark.parametrize(("template_id", "demand_id"), [pair for pair in SCHEDULED if pair[1] in FIGURES])
def test_a_demand_is_scheduled_as_often_as_it_asks(template_id: str, demand_id: str) -> None:
    asked: Counter[str] = Counter()
    for plan in serving(template_id, demand_id):
        if not plan.judged:
            asked.update(dict([rhythm(template_id, plan)]))

    assert dict(asked) == FIGURES[demand_id]


@pytest.mark.parametrize(("template_id", "demand_id"), [pair for pair in SCHEDULED if pair[1] in OPEN])
def test_a_demand_without_a_figure_is_scheduled_all_the_same(template_id: str, demand_id: str) -> None:
    assert all(starts(template_id, plan.key) for plan in serving(template_id, demand_id))


@pytest.mark.parametrize("found", templates(), ids=lambda found: found.id)
def test_patrols_by_day_and_night_lie_in_the_sites_day_and_night_and_those_by_night_are_of_two(
    found: Template,
) -> None:
    plans = serving(found.id, "P1-35")
    by_day = {plan.key: [7 <= moment.hour < 19 for moment in starts(found.id, plan.key)] for plan in plans}
    if not plans:
        assert "P1-35" not in found.demands
        return

    assert {all(day) for day in by_day.values()} == {True, False}
    for plan in plans:
        assert all(by_day[plan.key]) or not any(by_day[plan.key])
        assert plan.crew == (1 if all(by_day[plan.key]) else 2)
    assert serving(found.id, "P1-37") == [plan for plan in plans if plan.crew == 2]


def test_a_patrol_has_a_plan_a_route_items_and_a_record() -> None:
    for found in templates():
        routes = {route.key: route for route in whole(found.id).routes}
        for plan in serving(found.id, "P1-38"):
            assert plan.route is not None
            assert all(stop.form for stop in routes[plan.route].stops)


def test_zone_a1_is_signed_every_hour() -> None:
    (plan,) = serving("residential", "P4-01")
    begun = {moment.time().hour for moment in starts("residential", plan.key)}
    (route,) = (route for route in whole("residential").routes if route.key == plan.route)

    assert begun == set(range(15, 23))
    for stop in route.stops:
        assert any(
            field["id"] == "signature" and field["required"] for field in forms()[stop.form or ""].fields
        )


def test_a_visit_lasts_half_a_day_on_the_spot() -> None:
    (plan,) = serving("elderly", "P2-01")
    (route,) = (route for route in whole("elderly").routes if route.key == plan.route)

    assert [stop.terms for stop in route.stops] == [{"dwell_s": 3 * 3600}]


def test_a_fixed_plan_ends_on_25_december() -> None:
    plan = next(plan for plan in serving("residential", "P6-03") if plan.key == "activity_plan")
    terms = windows.Terms(recurrence.read(plan.recurrence), ZONE, date(YEAR, 1, 1))
    (window,) = windows.cut(
        terms, from_ms=0, until_ms=int(datetime(YEAR + 1, 1, 1, tzinfo=UTC).timestamp() * 1000)
    )

    assert datetime.fromtimestamp(window.to_ms / 1000, ZONE) == datetime(YEAR, 12, 26, tzinfo=ZONE)


@pytest.mark.parametrize("found", templates(), ids=lambda found: found.id)
def test_a_template_names_only_what_there_is(found: Template) -> None:
    asked = whole(found.id)
    places, zones = {place.key for place in asked.places}, {zone.key for zone in asked.zones}

    assert {place.zone for place in asked.places} == zones
    assert {place.key for place in found.place} == {key.split(".", maxsplit=1)[0] for key in places}
    for things in (found.zone, found.place, found.route, found.plan):
        assert len({thing.key for thing in things}) == len(things)
        assert len({thing.name.zh for thing in things}) == len(things)
    for plan in found.plan:
        assert (plan.route is None) != (plan.stop is None)
        assert all(demand(each) is not None and "R" in demand(each).kinds for each in plan.demands)  # type: ignore[union-attr]
    stops = [stop for route in asked.routes for stop in route.stops] + [p.stop for p in asked.plans if p.stop]
    assert {stop.place for stop in stops} == places
    assert all(stop.form is None or stop.form in forms() for stop in stops)
    assert {stop.terms["certificate"] for stop in stops if "certificate" in stop.terms} <= set(KINDS)
    assert {route.key for route in found.route} <= {route.key for route in asked.routes}


def test_every_form_is_a_good_one_and_is_used() -> None:
    used = {form.key for found in templates() for form in whole(found.id).forms}

    assert used == set(forms())
    for form in forms().values():
        definition: dict[str, Any] = {
            "id": "00000000-0000-4000-8000-000000000000",
            "name": form.name.label(),
            "edition": 1,
            "fields": list(form.fields),
        }
        assert list(check_form(definition)) == [], form.key


def test_other_service_plans_are_not_chosen_at_first() -> None:
    found = template("residential")
    assert found is not None

    assert {each.split("-", maxsplit=1)[0] for each in chosen_at_first(found)} == {"P1"}
    assert template("castle") is None


@pytest.mark.parametrize("found", templates(), ids=lambda found: found.id)
def test_a_template_that_changes_has_another_version(found: Template) -> None:
    seal = hashlib.sha256(msgspec.json.encode([found, *whole(found.id).forms]))

    assert (found.version, seal.hexdigest()[:16]) == SEALED[found.id], "raise `version`, then seal it"
