"""Special rounds, plans for one stop, and to whom a plan is given."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.feed import service as feed
from server.feed.models import FeedRow
from server.people import service as people
from server.rounds import service as rounds
from server.rounds.models import Plan, PlanEdition
from server.rounds.service.judging import phones_of
from server.rounds.service.terms import terms_for
from tests.api.rounds.conftest import As, Estate, H
from tests.conftest import FakeClock
from tests.recurring import daily

TODAY = date(2026, 11, 23)  # a Monday, nine in the evening
DAY = 24 * H


# -- special rounds -------------------------------------------------------------------------


def test_a_special_round_is_there_at_once_and_says_why(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    route = estate.route()
    clock.ms += 25_000
    body = {"route": str(route.id), "why": "storm", "text": "蓝色预警", "minutes": 90}

    sent = as_("Li").post(at + "/special-rounds", body)

    assert sent.status_code == 201, sent.text
    assert sent.json is not None
    assert sent.json["name"] == {"zh": "特巡 · 园区巡逻", "en": "Special round · Grounds"}
    assert sent.json["special"] == {"why": "storm", "text": "蓝色预警"}
    plan = estate.session.get_one(Plan, UUID(sent.json["id"]))
    [occurrence] = estate.occurrences(plan)
    assert (occurrence.from_ms, occurrence.to_ms) == (clock.ms - 25_000, clock.ms - 25_000 + 90 * 60_000)
    bodies = [
        json.loads(row) for row in estate.session.scalars(select(FeedRow.row).where(FeedRow.kind == "plan"))
    ]
    assert bodies[-1]["body"]["special"] == {"why": "storm", "text": "蓝色预警"}
    [row] = estate.session.scalars(select(AuditRow).where(AuditRow.action == "plan.special"))
    assert row.subject == str(plan.id)
    rounds.cut_ahead(estate.session, now_ms=clock.ms + 40 * DAY)
    estate.session.commit()
    assert len(estate.occurrences(plan)) == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"minutes": 14}, 422),
        ({"minutes": 7 * 1440 + 1}, 422),
        ({"why": "boredom"}, 422),
        ({"route": None}, 422),
        ({"route": "5f0c8f64-5b5a-4a3c-9a77-000000000001"}, 404),
        ({"text": "x" * 201}, 422),
        ({"crew": 3}, 422),
    ],
)
def test_a_special_round_that_cannot_be_meant_is_refused(
    as_: As, at: str, estate: Estate, wrong: dict[str, Any], status: int
) -> None:
    body = {"route": str(estate.route().id), "why": "storm", "minutes": 90} | wrong

    assert as_("Li").post(at + "/special-rounds", body).status_code == status
    assert estate.session.scalars(select(Plan)).all() == []


# -- one stop without a route; whom a plan is given to ----------------------------------------


def test_a_plan_for_one_stop_needs_no_route(as_: As, at: str, estate: Estate) -> None:
    def stop(n: int) -> dict[str, Any]:
        return {"target": {"kind": "checkpoint", "id": str(estate.places[n].id)}, "form": None}

    body = {"name": {"zh": "泵房", "en": "Pumps"}, "stop": stop(0), "recurrence": daily(("22:00", "24:00")),
            "starts_on": "2026-11-23"}  # fmt: skip
    made = as_("Li").post(at + "/plans", body).json
    assert made is not None
    assert (made["route"], made["stop"]) == (None, stop(0))
    assert as_("Li").get(at + "/routes").json == {"routes": []}, "its route is nobody's to edit"

    changed = (
        as_("Li").patch(f"{at}/plans/{made['id']}", {"stop": stop(1), "name": {"zh": "水箱", "en": ""}}).json
    )
    assert changed is not None
    assert (changed["stop"], changed["name"]["zh"]) == (stop(1), "水箱")
    path = f"{at}/plans/{made['id']}"
    route = estate.route()
    assert as_("Li").patch(path, {"route": str(route.id)}).json["stop"] is None  # type: ignore[index]
    uses = as_("Li").get(at + "/checkpoints").json["checkpoints"]  # type: ignore[index]
    assert {c["used_by"] for c in uses} == {1}, "its own stop of before holds no place any more"
    assert as_("Li").patch(path, {"route": None}).status_code == 422
    assert as_("Li").patch(path, {"route": None, "stop": stop(2)}).json["stop"] == stop(2)  # type: ignore[index]
    for wrong in ({"route": str(route.id)}, {"stop": {**stop(0), "form": str(estate.site.id)}}):
        assert as_("Li").post(at + "/plans", body | wrong).status_code == 422


def test_who_may_walk_follows_whom_the_plan_is_given_to(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    changed = as_("Li").patch(f"{at}/people/{estate.people['Liu'].id}", {"team": str(estate.team.id)})
    assert changed.status_code == 200, changed.text
    session, site, wang, liu = estate.session, estate.site, estate.people["Wang"], estate.people["Liu"]
    firm = people.make_company(session, organisation=site.organisation_id, name="电梯公司", now_ms=clock.ms)
    lift = people.make_person(
        session, organisation=site.organisation_id, name="Zhao", number="Z-1", now_ms=clock.ms
    )
    people.join(session, person=lift, site=site.id, role="contractor", company=firm.id)
    post = rounds.make_post(session, site=site, name={"zh": "东门", "en": "East"}, team=estate.team.id)
    feed.commit(session, now_ms=clock.ms)
    route = estate.route()

    def walkers(kind: str | None, thing: UUID | None = None) -> set[UUID]:
        assignee = {"kind": kind, "id": thing} if kind else None
        plan = estate.plan(route, assignee=assignee)
        [terms] = terms_for(session, estate.occurrences(plan)[:1]).values()
        return set(phones_of(session, site_id=site.id, since_ms=0).may_walk(terms))

    assert walkers(None) == {wang.id, liu.id}
    assert walkers("team", estate.team.id) == {liu.id}
    assert walkers("post", post.id) == {liu.id}
    assert walkers("person", wang.id) == {wang.id}
    assert walkers("company", firm.id) == {lift.id}


def test_a_post_that_changes_its_team_sends_its_plans_anew(as_: As, at: str, estate: Estate) -> None:
    made = as_("Li").post(at + "/posts", {"name": {"zh": "东门", "en": "East gate"}}).json
    assert made is not None
    assert made["team"] is None
    plan = estate.plan(assignee={"kind": "post", "id": UUID(made["id"])})

    changed = as_("Li").patch(f"{at}/posts/{made['id']}", {"team": str(estate.team.id)})
    assert changed.status_code == 200, changed.text
    editions = estate.session.scalars(select(PlanEdition.team_id).where(PlanEdition.plan_id == plan.id)).all()
    assert editions == [None, estate.team.id]
    assert as_("Vera").get(at + "/posts").json == {"posts": [changed.json]}
    assert as_("Li").get(at + "/plans").json["plans"][0]["assignee"] == {"kind": "post", "id": made["id"]}  # type: ignore[index]
    assert as_("Chen").patch(f"/api/v1/sites/{estate.north.id}/posts/{made['id']}", {}).status_code == 404


def test_a_post_is_removed_once_no_plan_is_given_to_it(as_: As, at: str, estate: Estate) -> None:
    made: Any = as_("Li").post(at + "/posts", {"name": {"zh": "西门", "en": "West gate"}}).json
    plan = estate.plan(assignee={"kind": "post", "id": UUID(made["id"])})
    refused = as_("Li").delete(f"{at}/posts/{made['id']}")
    assert (refused.status_code, refused.json["type"], refused.json["plans"]) == (  # type: ignore[index]
        409, "/problems/post-in-use", 1,
    )  # fmt: skip
    assert as_("Li").get(at + "/posts").json == {"posts": [made]}, "nothing was lost"
    assert as_("Li").patch(f"{at}/plans/{plan.id}", {"assignee": None}).status_code == 200
    assert as_("Chen").delete(f"{at}/posts/{made['id']}").status_code == 404
    assert as_("Li").delete(f"{at}/posts/{made['id']}").status_code == 204
    assert as_("Li").get(at + "/posts").json == {"posts": []}
