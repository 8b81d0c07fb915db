"""The terms of stops: kept with a route, told to phones, and held against what phones send."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.feed.models import FeedRow
from server.rounds import service as rounds
from server.rounds.models import Occurrence, PlanEdition, Route, RouteEdition
from server.rounds.service import StopSpec
from server.rounds.service.judging import judge_all
from server.rounds.state import Judgement
from sync.crew import drawn
from tests.api.rounds.conftest import MIN, As, Estate
from tests.api.rounds.night import Night, Room
from tests.conftest import FakeClock

TERMS = {
    "window": {"from_min": 0, "to_min": 30},
    "dwell_s": 60,
    "walk_s": 120,
    "certificate": "electrician_low",
}
NONE = dict.fromkeys(TERMS)


def walk(estate: Estate, *specs: dict[str, Any], order: str = "advised") -> Route:
    """Make a route over the checkpoints, each with the terms given."""
    stops = [StopSpec(p.kind, p.id, **spec) for p, spec in zip(estate.places, specs, strict=False)]
    route = rounds.make_route(
        estate.session,
        site=estate.site,
        name={"zh": "夜巡", "en": ""},
        order=order,
        stops=stops,
        now_ms=estate.clock.ms,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)
    return route


def judged(night: Night, minutes: float = 200) -> Judgement:
    [found] = judge_all(
        night.estate.session,
        site_id=night.estate.site.id,
        occurrences=[night.estate.session.get_one(Occurrence, night.id)],
        now_ms=night.start + int(minutes * MIN),
    )
    return found.judgement


# -- the route --------------------------------------------------------------------------


def stop(estate: Estate, n: int, **terms: Any) -> dict[str, Any]:
    place = estate.places[n]
    return {"target": {"kind": place.kind, "id": str(place.id)}, **terms}


def test_terms_are_kept_told_to_phones_and_can_be_taken_away(estate: Estate, as_: As, at: str) -> None:
    li, path = as_("Li"), f"{at}/routes"
    name = {"zh": "夜巡", "en": "Night"}
    body = {"name": name, "order": "enforced", "stops": [stop(estate, 0), stop(estate, 1, **TERMS)]}

    made = li.post(path, body)

    assert made.status_code == 201
    assert made.json is not None
    assert made.json["order"] == "enforced"
    plain, strict = made.json["stops"]
    assert not TERMS.keys() & plain.keys()
    assert TERMS.items() <= strict.items()
    told = fed(estate, UUID(made.json["id"]))
    assert (told["order"], told["enforced"]) == ("advised", True), "an earlier phone goes on with it"
    assert not TERMS.keys() & told["stops"][0].keys(), "a stop without terms travels as it always did"
    assert TERMS.items() <= told["stops"][1].items()
    edition = estate.session.scalars(select(RouteEdition)).one()
    assert (edition.order, edition.stops) == ("enforced", told["stops"])

    bare = {"id": strict["id"], "target": strict["target"]}
    changed = li.patch(f"{path}/{made.json['id']}", {"order": "free", "stops": [bare]})

    assert changed.status_code == 200
    assert changed.json is not None
    assert not TERMS.keys() & changed.json["stops"][0].keys()
    told = fed(estate, UUID(made.json["id"]))
    assert not TERMS.keys() & told["stops"][0].keys()
    assert (told["order"], told.get("enforced")) == ("free", None)


IMPOSSIBLE: tuple[dict[str, Any], ...] = (
    {"window": {"from_min": 30, "to_min": 30}},
    {"window": {"from_min": -1, "to_min": 30}},
    {"window": {"from_min": 0, "to_min": 400 * 1440}},
    {"window": {"from_min": 0}},
    {"dwell_s": 0},
    {"dwell_s": 86_400},
    {"dwell_s": 1.5},
    {"walk_s": -5},
    {"walk_s": "60"},
    {"certificate": "driving"},
    {"certificate": ""},
)


def test_terms_that_cannot_be_are_refused_and_change_nothing(estate: Estate, as_: As, at: str) -> None:
    li, path = as_("Li"), f"{at}/routes"
    for terms in IMPOSSIBLE:
        body = {"name": {"zh": "夜巡", "en": ""}, "order": "advised", "stops": [stop(estate, 0, **terms)]}

        answer = li.post(path, body)

        assert answer.status_code == 422, terms
        assert answer.json is not None
        assert next(iter(terms)) in str(answer.json["errors"])
    assert estate.session.scalars(select(Route)).all() == []


def fed(estate: Estate, entity: UUID) -> dict[str, Any]:
    """Return what phones were told last of something."""
    row = estate.session.scalars(
        select(FeedRow).where(FeedRow.entity == entity).order_by(FeedRow.version.desc()).limit(1)
    ).one()
    told: dict[str, Any] = json.loads(row.row)["body"]
    return told


# -- held against what phones send ------------------------------------------------------


def test_a_round_is_judged_by_the_order_that_was_in_force_when_it_began(
    estate: Estate, clock: FakeClock
) -> None:
    route = walk(estate, {}, {}, {}, order="enforced")
    night = Night(estate, clock, route=route)
    for minutes, n in ((10, 1), (20, 3), (30, 2)):
        night.scan(n, minutes)
    night.push(31)

    found = judged(night)
    third = estate.session.scalars(select(RouteEdition)).one().stops[2]["id"]
    assert (found.state, found.done) == ("unproven", 3)
    assert found.doubts == {UUID(third): {"order"}}

    rounds.change_route(
        estate.session, site=estate.site, route_id=route.id, changes={"order": "free"}, now_ms=clock.ms
    )
    feed.commit(estate.session, now_ms=clock.ms)
    assert judged(night).state == "unproven"
    estate.session.scalars(select(RouteEdition).where(RouteEdition.version == 1)).one().order = None
    estate.session.flush()
    assert judged(night).state == "done", "an edition from before order mattered enforces none"


def test_a_stop_is_held_to_its_own_window(estate: Estate, clock: FakeClock) -> None:
    night = Night(estate, clock, route=walk(estate, {}, {"window": (30, 60)}, {}))
    for n, minutes in ((1, 5), (2, 29), (3, 40)):
        night.scan(n, minutes)
    night.push(41)
    assert judged(night, 50).state == "progress"
    night.scan(2, 61)
    night.push(62)

    assert judged(night).state == "late"


def test_the_stay_is_spanned_by_the_answers_of_a_scan(estate: Estate, clock: FakeClock) -> None:
    night = Room(estate, clock, dwell_s=60)
    scan = night.scan(1, 10, walk_on=False)
    night.push(10.2)
    night.answer(10.5, {"pressure": "0.40", "leaks": "ok"}, scan=scan)
    night.push(10.6)
    assert judged(night).state == "unproven"
    again = night.scan(1, 11, walk_on=False)
    night.answer(11.5, {"pressure": "0.40", "leaks": "ok"}, scan=again)
    night.push(12)

    assert judged(night).state == "done"
    assert [visit.left_ms for visit in night.visits()] == [
        night.start + int(minutes * MIN) for minutes in (10.5, 11.5)
    ]


def test_answers_where_no_stay_is_asked_leave_no_trace_of_one(estate: Estate, clock: FakeClock) -> None:
    night = Room(estate, clock)
    night.answer(11, {"pressure": "0.40", "leaks": "ok"}, scan=night.scan(1, 10, walk_on=False))
    night.push(12)

    assert [visit.left_ms for visit in night.visits()] == [None]


@pytest.mark.parametrize(
    ("second", "marks"),
    [(10 + 119 / 60, ["too_fast"]), (10 + 121 / 60, [])],
)
def test_too_fast_is_what_the_route_says_of_the_way_in_either_direction(
    estate: Estate, clock: FakeClock, second: float, marks: list[str]
) -> None:
    night = Night(estate, clock, route=walk(estate, {"walk_s": 999}, {"walk_s": 120}, {}))
    night.scan(1, 10)
    night.scan(2, second)
    for n, minutes in ((3, 0.2), (1, 0.4), (3, 0.6), (2, 0.8)):  # of these ways the route says nothing
        night.scan(n, second + minutes)
    night.scan(1, second + 0.8 + (second - 10))

    assert night.push(60) == [[], marks, [], [], [], [], marks]


# -- crew of two ------------------------------------------------------------------------


def test_a_crew_is_seen_together_at_the_drawn_stops_within_the_plans_time(
    estate: Estate, clock: FakeClock
) -> None:
    night = Night(estate, clock, crew=2, crew_within_min=5)
    stops = estate.session.scalars(select(RouteEdition)).one().stops
    assert drawn(str(night.id), [one["id"] for one in stops]) == (stops[1]["id"],), (
        "of three one is in between"
    )
    other = estate.phone("5 号手机")
    other.sign_in(estate.people["Liu"], at_ms=clock.ms)
    for n in (1, 2, 3):
        night.scan(n, n * 10)
        night.scan(n, n * 10 + (6 if n == 2 else 4), phone=other)
    night.push(181)
    night.push(181, phone=other)
    assert judged(night).state == "partial"
    assert judged(night).alone == {UUID(stops[1]["id"])}

    estate.session.scalars(select(PlanEdition)).one().crew_within_min = None
    estate.session.flush()
    assert judged(night).state == "done", "an edition from before two stops were drawn keeps its rule"


def test_phones_are_told_within_what_time(estate: Estate, clock: FakeClock) -> None:
    plan = estate.plan(crew=2, crew_within_min=7)

    assert fed(estate, plan.id)["crew_within_min"] == 7
