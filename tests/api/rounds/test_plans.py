"""Routes, plans, and the windows cut from them."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.feed.models import FeedRow
from server.rounds import rules
from server.rounds import service as rounds
from server.rounds.models import Occurrence
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.conftest import FakeClock
from tests.recurring import daily

DAY = 24 * H


def newest(session: Session, kind: str) -> dict[UUID, dict[str, Any]]:
    """Return entity → its newest row, of those that phones have."""
    found: dict[UUID, dict[str, Any]] = {}
    query = select(FeedRow.entity, FeedRow.row).where(FeedRow.kind == kind).order_by(FeedRow.pos)
    for entity, row in session.execute(query):
        found[entity] = json.loads(row)
    return {entity: row["body"] for entity, row in found.items() if row["op"] == "upsert"}


def plan_body(route: str, **members: Any) -> dict[str, Any]:
    return {
        "name": {"zh": "园区夜巡", "en": "Night grounds"},
        "route": route,
        "recurrence": daily(("22:00", "24:00")),
        "starts_on": "2026-11-01",
    } | members


def test_a_plan_serves_several_demands_and_names_each_once(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    route = str(estate.route(*estate.places).id)
    made = li.post(at + "/plans", plan_body(route, demand="P1-35", also=["P1-37", "P1-38"]))
    plan = made.json
    assert plan is not None
    assert (plan["demand"], plan["also"]) == ("P1-35", ["P1-37", "P1-38"])

    for wrong in (["P1-35"], ["P1-37", "P1-37"], [""], "P1-37"):
        refused = li.patch(f"{at}/plans/{plan['id']}", {"also": wrong})
        assert refused.status_code == 422, wrong
    assert li.get(at + "/plans").json == {"plans": [plan]}


# -- routes ---------------------------------------------------------------------------


def test_a_route_keeps_the_stops_that_it_had(as_: As, at: str, estate: Estate) -> None:
    stops = [{"target": {"kind": "checkpoint", "id": str(p.id)}} for p in estate.places]
    made = as_("Li").post(at + "/routes", {"name": {"zh": "园区", "en": ""}, "stops": stops}).json
    assert made is not None
    assert [s["number"] for s in made["stops"]] == [1, 2, 3]

    turned = [{"id": s["id"], "target": s["target"], "form": s["form"]} for s in reversed(made["stops"])]
    changed = as_("Li").patch(f"{at}/routes/{made['id']}", {"stops": turned[:2]}).json

    assert changed is not None
    assert [s["id"] for s in changed["stops"]] == [made["stops"][2]["id"], made["stops"][1]["id"]]
    assert as_("Vera").get(at + "/routes").json == {"routes": [changed]}
    fed = newest(estate.session, "route")[UUID(made["id"])]
    assert fed["stops"] == changed["stops"]


def test_name_and_stops_of_a_route_change_together(as_: As, at: str, estate: Estate) -> None:
    stops = [{"target": {"kind": "checkpoint", "id": str(p.id)}} for p in estate.places]
    made = as_("Li").post(at + "/routes", {"name": {"zh": "园区", "en": ""}, "stops": stops}).json
    assert made is not None
    changes = {"name": {"zh": "园区", "en": "Grounds"}, "order": "free", "stops": stops[:2]}

    changed = as_("Li").patch(f"{at}/routes/{made['id']}", changes)

    assert changed.status_code == 200
    assert changed.json is not None
    assert (changed.json["name"]["en"], len(changed.json["stops"])) == ("Grounds", 2)


def test_a_route_stops_only_at_places_of_its_site_and_once_at_each(as_: As, at: str, estate: Estate) -> None:
    def post(*stops: dict[str, Any]) -> int:
        body = {"name": {"zh": "园区", "en": ""}, "stops": list(stops)}
        return as_("Li").post(at + "/routes", body).status_code

    here = {"target": {"kind": "checkpoint", "id": str(estate.places[0].id)}}
    assert post(here) == 201
    assert post(here, here) == 422
    assert post({"target": {"kind": "asset", "id": here["target"]["id"]}}) == 422
    assert post({"target": {"kind": "checkpoint", "id": str(estate.site.id)}}) == 422
    assert post({**here, "form": str(estate.site.id)}) == 422
    assert post({**here, "number": 7}) == 422


def test_a_route_of_another_site_is_not_there(as_: As, at: str, estate: Estate) -> None:
    route = estate.route()
    north = f"/api/v1/sites/{estate.north.id}"

    assert as_("Chen").patch(f"{north}/routes/{route.id}", {"order": "free"}).status_code == 404
    assert as_("Chen").get(at + "/routes").status_code == 404
    assert as_("Chen").get(north + "/routes").json == {"routes": []}
    assert as_("Vera").patch(f"{at}/routes/{route.id}", {"order": "free"}).status_code == 403


def test_a_route_that_a_plan_walks_is_never_empty(as_: As, at: str, estate: Estate) -> None:
    route = estate.route()
    estate.plan(route)

    refused = as_("Li").patch(f"{at}/routes/{route.id}", {"stops": []})

    assert refused.status_code == 409
    assert refused.json is not None
    assert refused.json["type"] == "/problems/empty-route"


# -- plans ----------------------------------------------------------------------------


def test_a_plan_is_cut_35_days_ahead_and_goes_down_to_the_phones(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    route = estate.route()

    made = as_("Li").post(at + "/plans", plan_body(str(route.id), grace_min=60, crew=2, demand="P1-35"))

    assert made.status_code == 201
    assert made.json is not None
    plan = rounds.plan_of(estate.session, site_id=estate.site.id, plan_id=UUID(made.json["id"]))
    found = estate.occurrences(plan)
    assert len(found) == 35
    assert found[0].from_ms > clock.ms, "it is nine in the evening; tonight's window is still to come"
    assert all(b.from_ms - a.from_ms == DAY for a, b in itertools.pairwise(found))
    assert found[0].id == rules.occurrence_id(plan.id, found[0].from_ms)
    fed = newest(estate.session, "occurrence")
    assert fed[found[0].id] == {
        "id": str(found[0].id), "plan": str(plan.id), "from_ms": found[0].from_ms,
        "to_ms": found[0].from_ms + 2 * H, "grace_ms": H, "number": 1, "excused": None,
    }  # fmt: skip
    assert len(fed) == 35
    assert as_("Vera").get(at + "/plans").json == {"plans": [made.json]}


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"recurrence": daily(("22:00", "02:00"), ("01:00", "03:00"))}, "recurrence"),
        ({"recurrence": daily(("24:00", "02:00"))}, "recurrence"),
        ({"recurrence": daily(("7:00", "08:00"))}, "recurrence"),
        ({"recurrence": daily()}, "recurrence"),
        ({"recurrence": daily(("08:00", "09:00"), rule="FREQ=WEEKLY;BYDAY=")}, "recurrence"),
        ({"recurrence": "daily"}, "recurrence"),
        ({"ends_on": "2026-10-31"}, "ends_on"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"crew": 3}, "crew"),
        ({"grace_min": -1}, "grace_min"),
        ({"grace_min": 1441}, "grace_min"),
        *(
            ({"assignee": {"kind": kind, "id": "5f0c8f64-5b5a-4a3c-9a77-000000000001"}}, "assignee")
            for kind in ("team", "post", "person", "company")
        ),
        ({"route": None}, "route"),
        ({"starts_on": "1999-12-31"}, "starts_on"),
        ({"route": "5f0c8f64-5b5a-4a3c-9a77-000000000001"}, "route"),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(
    as_: As, at: str, estate: Estate, wrong: dict[str, Any], member: str
) -> None:
    route = estate.route()

    refused = as_("Li").post(at + "/plans", plan_body(str(route.id)) | wrong)

    assert refused.status_code == 422, refused.text
    assert refused.json is not None
    assert list(refused.json["errors"]["json"]) == [member]
    assert estate.session.scalar(select(func.count()).select_from(Occurrence)) == 0


def test_a_plan_over_an_empty_route_is_refused(as_: As, at: str) -> None:
    route = as_("Li").post(at + "/routes", {"name": {"zh": "空", "en": ""}}).json
    assert route is not None

    refused = as_("Li").post(at + "/plans", plan_body(route["id"]))

    assert (refused.status_code, refused.json and refused.json["type"]) == (409, "/problems/empty-route")


def test_a_plan_of_another_site_is_not_there(as_: As, at: str, estate: Estate) -> None:
    plan = estate.plan()
    north = f"/api/v1/sites/{estate.north.id}"

    assert as_("Chen").patch(f"{north}/plans/{plan.id}", {"paused": True}).status_code == 404
    assert as_("Chen").get(at + "/plans").status_code == 404
    assert as_("Vera").patch(f"{at}/plans/{plan.id}", {"paused": True}).status_code == 403


def test_a_plan_made_while_its_window_runs_is_walked_today(estate: Estate, clock: FakeClock) -> None:
    plan = estate.plan(recurrence=daily(("20:00", "22:00")))

    assert estate.occurrences(plan)[0].from_ms == clock.ms - H


def test_a_window_that_has_begun_stays_and_later_ones_follow_the_change(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    plan = estate.plan()
    tonight, tomorrow = (o.id for o in estate.occurrences(plan)[:2])
    clock.forward(hours=1.5)  # half past ten

    changed = as_("Li").patch(
        f"{at}/plans/{plan.id}", {"recurrence": daily(("23:00", "01:00")), "grace_min": 0}
    )

    assert changed.status_code == 200, changed.text
    found = estate.occurrences(plan)
    assert (found[0].id, found[0].to_ms - found[0].from_ms, found[0].grace_ms) == (tonight, 2 * H, H)
    assert found[1].from_ms == found[0].from_ms + DAY + H, "tonight's new window would meet the running one"
    assert found[1].grace_ms == 0
    fed = newest(estate.session, "occurrence")
    assert tomorrow not in fed
    assert {o.id for o in found} == set(fed)


def test_the_same_window_cut_again_is_the_same_occurrence(as_: As, at: str, estate: Estate) -> None:
    plan = estate.plan()
    before = [(o.id, o.from_ms) for o in estate.occurrences(plan)]
    path = f"{at}/plans/{plan.id}"

    as_("Li").patch(path, {"paused": True})
    assert estate.occurrences(plan) == []
    assert newest(estate.session, "occurrence") == {}

    as_("Li").patch(path, {"paused": False})
    assert [(o.id, o.from_ms) for o in estate.occurrences(plan)] == before
    assert len(newest(estate.session, "occurrence")) == len(before)


def test_a_change_that_touches_no_window_sends_none_anew(as_: As, at: str, estate: Estate) -> None:
    plan = estate.plan()
    rows = select(func.count()).select_from(FeedRow).where(FeedRow.kind == "occurrence")
    before = estate.session.scalar(rows)

    as_("Li").patch(f"{at}/plans/{plan.id}", {"crew": 2, "name": {"zh": "夜巡", "en": ""}})

    assert estate.session.scalar(rows) == before


def test_only_half_a_name_is_no_name(as_: As, at: str, estate: Estate) -> None:
    plan = estate.plan()

    assert as_("Li").patch(f"{at}/plans/{plan.id}", {"name": {"en": "x"}}).status_code == 422


# -- periodic work --------------------------------------------------------------------


def test_the_tick_cuts_what_has_come_into_reach_and_is_safe_to_repeat(
    estate: Estate, clock: FakeClock
) -> None:
    plan = estate.plan()
    rows = select(func.count()).select_from(FeedRow)

    clock.forward(hours=24 * 3)
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    estate.session.commit()
    after = estate.session.scalar(rows)
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    estate.session.commit()

    assert len(estate.occurrences(plan)) == 38
    assert estate.session.scalar(rows) == after


def test_a_server_that_was_away_owns_up_to_the_windows_of_that_time(estate: Estate, clock: FakeClock) -> None:
    plan = estate.plan()

    clock.forward(hours=24 * 60)
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    estate.session.commit()

    found = estate.occurrences(plan)
    assert len(found) == 95
    assert all(b.from_ms - a.from_ms == DAY for a, b in itertools.pairwise(found))


def test_what_ended_two_weeks_ago_leaves_the_phones_and_stays_in_the_table(
    estate: Estate, clock: FakeClock
) -> None:
    plan = estate.plan()
    first = estate.occurrences(plan)[0].id

    clock.forward(hours=24 * 14 + 2)
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    estate.session.commit()
    assert first in newest(estate.session, "occurrence")
    clock.forward(hours=2)
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    estate.session.commit()

    assert first not in newest(estate.session, "occurrence")
    assert estate.occurrences(plan)[0].id == first


def test_the_last_day_is_the_last_day(estate: Estate, clock: FakeClock) -> None:
    today = date(2026, 11, 23)
    plan = estate.plan(ends_on=today + timedelta(days=2))

    assert len(estate.occurrences(plan)) == 3


def test_a_change_that_forgets_the_phones_does_not_commit(estate: Estate, clock: FakeClock) -> None:
    plan = estate.plan()
    occurrence = estate.occurrences(plan)[0]

    occurrence.to_ms += MIN
    with pytest.raises(IntegrityError):
        feed.commit(estate.session, now_ms=clock.ms)
    estate.session.rollback()

    occurrence.version += 1
    occurrence.to_ms += MIN
    with pytest.raises(IntegrityError):
        feed.commit(estate.session, now_ms=clock.ms)
    estate.session.rollback()
