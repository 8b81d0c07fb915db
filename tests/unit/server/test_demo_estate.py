"""The demo's data fit together: every form is a good form, everything that a plan names exists."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from server.demands import catalogue
from server.demo import estate, forms, people, plans, story
from server.people.roles import ON_ROSTER
from server.rounds import recurrence, windows
from sync.forms import check_form


@pytest.mark.parametrize("form", forms.FORMS, ids=lambda form: form.key)
def test_every_form_of_the_demo_is_a_good_form(form: forms.Form) -> None:
    definition = {"id": str(uuid4()), "name": form.name, "edition": 1, "fields": list(form.fields)}
    assert check_form(definition) == []


def test_every_stop_stands_at_a_place_and_asks_for_a_form_that_exists() -> None:
    places = {place.number for place in estate.PLACES}
    keys = {form.key for form in forms.FORMS} | {None}
    for route in plans.ROUTES:
        assert {number for number, _ in route.stops} <= places, route.key
        assert {form for _, form in route.stops} <= keys, route.key


def test_no_two_places_share_a_number_and_every_zone_exists() -> None:
    numbers = [place.number for place in estate.PLACES]
    assert len(numbers) == len(set(numbers))
    zones = {zone.key for zone in estate.ZONES}
    assert {place.zone for place in estate.PLACES} <= zones
    assert {zone.parent for zone in estate.ZONES} <= zones | {None}


def test_no_two_windows_of_a_plan_share_a_minute() -> None:
    for plan in plans.PLANS:
        terms = windows.Terms(recurrence.read(plan.recurrence), story.ZONE, date(2026, 11, 23))
        assert windows.faults(terms) == {}, plan.key


def test_plans_name_routes_and_teams_that_have_people() -> None:
    routes = {route.key for route in plans.ROUTES}
    manned = {person.team for person in people.PEOPLE if person.role in ON_ROSTER}
    for plan in plans.PLANS:
        assert plan.route in routes
        assert plan.team in manned
    assert manned - {None} == {team.key for team in people.TEAMS}, "the reserve is of no team"


def test_the_counts_of_the_service_plan_are_kept() -> None:
    per_day = {plan.key: len(plan.windows) for plan in plans.PLANS if plan.rule == "FREQ=DAILY"}
    assert (per_day["grounds_day"], per_day["grounds_night"], per_day["buildings"]) == (3, 4, 2)
    assert (per_day["plant"], per_day["facilities"], per_day["a1"]) == (2, 1, 8)
    night = next(plan for plan in plans.PLANS if plan.key == "grounds_night")
    assert night.crew == 2


def test_every_demand_that_a_plan_serves_is_in_the_catalogue() -> None:
    for plan in plans.PLANS:
        assert all(catalogue.demand(each) for each in (plan.demand, *plan.also)), plan.key
    rounds = [plan for plan in plans.PLANS if "P1-35" in (plan.demand, *plan.also)]
    assert sum(len(plan.windows) for plan in rounds) == 7, "3 by day and 4 by night"
