"""What a site gets follows from its choices: its day, its demands, how many buildings it has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.demands.drafting import DAY_MIN, Choices, Daytime, Draft, draft, windows_of_part
from server.demands.templates import template

DAY = Daytime(7 * 60, 19 * 60)


def residential(*demands: str, buildings: int = 2, daytime: Daytime = DAY) -> Draft:
    found = template("residential")
    assert found is not None
    return draft(found, Choices(daytime, frozenset(demands), {"building": buildings}))


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


@given(
    st.integers(0, DAY_MIN - 1),
    st.integers(1, DAY_MIN - 1),
    st.sampled_from(["day", "night"]),
    st.integers(1, 8),
    st.one_of(st.none(), st.integers(15, 300)),
)
def test_windows_of_a_part_lie_in_it_one_after_another(
    begin: int, length: int, part: str, times: int, least: int | None
) -> None:
    daytime = Daytime(begin, (begin + length) % DAY_MIN)
    at, size = (begin, length) if part == "day" else (begin + length, DAY_MIN - length)
    if size < times:
        return
    window = {"part": part, "times": times} | ({"minutes": least} if least else {})

    found = windows_of_part(window, daytime)

    assert len(found) == times
    last, total = 0, 0
    for one in found:
        start = (minutes(one["from"]) - at) % DAY_MIN
        long = (minutes(one["to"]) - minutes(one["from"])) % DAY_MIN or DAY_MIN
        assert last <= start
        last, total = start + long, total + long
        assert long == min(least or DAY_MIN, long)
    assert last <= size
    if least is None:
        assert total == size, "without a length the pieces leave no gap"


def test_three_by_day_and_four_by_night_as_the_trade_walks_them() -> None:
    day, night = (
        [(w["from"], w["to"]) for w in plan.recurrence["windows"]] for plan in residential("P1-35").plans
    )

    assert day == [("08:00", "10:00"), ("12:00", "14:00"), ("16:00", "18:00")]
    assert night == [("19:45", "21:15"), ("22:45", "00:15"), ("01:45", "03:15"), ("04:45", "06:15")]


def test_a_night_that_ends_at_midnight_says_24() -> None:
    (window,) = windows_of_part({"part": "day", "times": 1}, Daytime(0, 0))

    assert window == {"from": "00:00", "to": "24:00"}


def test_only_what_the_chosen_demands_need_is_made() -> None:
    made = residential("P1-44c")

    assert [plan.key for plan in made.plans] == ["lifts"]
    assert [route.key for route in made.routes] == ["lifts"]
    assert [form.key for form in made.forms] == ["cleaning"]
    assert [place.key for place in made.places] == ["lift.1", "lift.2"]
    assert [zone.name["zh"] for zone in made.zones] == ["1 栋", "2 栋"]
    assert residential() == Draft((), (), (), (), ())


def test_buildings_are_walked_one_after_another() -> None:
    (route,) = residential("P1-36", buildings=3).routes

    assert [stop.place for stop in route.stops] == [
        f"{place}.{n}" for n in (1, 2, 3) for place in ("lobby", "stairs", "roof")
    ]


def test_a_plan_names_only_demands_that_were_chosen() -> None:
    both = {plan.key: (plan.demand, plan.also) for plan in residential("P1-35", "P1-37").plans}
    one = {plan.key: (plan.demand, plan.also) for plan in residential("P1-37").plans}

    assert both == {"grounds_day": ("P1-35", ()), "grounds_night": ("P1-35", ("P1-37",))}
    assert one == {"grounds_night": ("P1-37", ())}


def test_each_home_has_plans_of_its_own() -> None:
    found = template("elderly")
    assert found is not None
    made = draft(found, Choices(DAY, frozenset({"P2-01", "P2-02"}), {"home": 2}))

    assert [plan.key for plan in made.plans] == ["visit.1", "visit.2", "call.1", "call.2"]
    assert [route.stops[0].place for route in made.routes] == ["home.1", "home.2"]
    assert {plan.stop.place for plan in made.plans if plan.stop} == {"care_desk"}
