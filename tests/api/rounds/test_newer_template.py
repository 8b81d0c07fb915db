"""Taking over a newer template: what it changed follows, what was changed by hand stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.demands.models import Drafted
from tests.api.rounds.conftest import As, Console, Estate
from tests.api.rounds.test_service_plans import held, told, use

NEWER = {"template": "residential", "version": 1}
OLD_NAME = {"zh": "轿厢", "en": "Cars"}


@pytest.fixture
def li(as_: As) -> Console:
    return as_("Li")


@pytest.fixture
def lifts(li: Console, at: str, estate: Estate) -> str:
    """Make the plan of the lifts as if from an older template: two people, five minutes, another name."""
    made = told(li, f"{at}/service-plan", use(demands=["P1-44c"]))
    plan = str(made["plans"][0]["id"])
    older = {"crew": 2, "grace_min": 5, "name": OLD_NAME}
    assert li.patch(f"{at}/plans/{plan}", older).status_code == 200
    row = estate.session.get_one(Drafted, (estate.site.id, "residential", "plan", "lifts"))
    row.template_version, row.source = 0, row.source | older
    estate.session.commit()
    return plan


def plan_of(console: Console, at: str, plan: str) -> dict[str, Any]:
    listed = console.get(f"{at}/plans").json
    assert listed is not None
    found: dict[str, Any] = next(one for one in listed["plans"] if one["id"] == plan)
    return found


def said(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["member"], one["becomes"]) for one in answer["changes"]]


def test_looking_tells_what_would_follow_and_changes_nothing(
    li: Console, at: str, estate: Estate, lifts: str
) -> None:
    before, plan = held(estate.session), plan_of(li, at, lifts)

    seen = told(li, f"{at}/service-plan/newer/look", NEWER)

    assert seen["done"] is False
    assert said(seen) == [("plan", one, "follows") for one in ("name", "crew", "grace_min")]
    crew = seen["changes"][1]
    assert (crew["id"], crew["was"], crew["will"]) == (lifts, 2, 1)
    assert (held(estate.session), plan_of(li, at, lifts)) == (before, plan)


def test_what_nobody_touched_follows_and_what_was_changed_by_hand_stays(
    li: Console, at: str, estate: Estate, lifts: str
) -> None:
    ours = {"zh": "轿厢早检", "en": "Our own name"}
    li.patch(f"{at}/plans/{lifts}", {"name": ours})

    done = told(li, f"{at}/service-plan/newer", NEWER)

    assert said(done) == [
        ("plan", "name", "by_hand"), ("plan", "crew", "follows"), ("plan", "grace_min", "follows"),
    ]  # fmt: skip
    plan = plan_of(li, at, lifts)
    assert (plan["name"], plan["crew"]) == (ours, 1)
    assert plan["grace_min"] != 5
    (row,) = estate.session.scalars(select(AuditRow).where(AuditRow.action == "site.renewed"))
    assert row.detail == {"template": "residential", "version": 1, "follows": 2, "by_hand": 1, "waits": 0}
    origins = li.get(f"{at}/service-plan").json["origins"]  # type: ignore[index]
    assert [one["differs"] for one in origins if one["id"] == lifts] == [[]]
    assert [one["version"] for one in origins if one["id"] == lifts] == [1]

    again = told(li, f"{at}/service-plan/newer", NEWER)
    assert again["changes"] == [], (
        "what stays by hand was decided; it is asked again when the template changes"
    )


def test_a_route_gets_its_new_stops_once_their_places_are_there(li: Console, at: str, lifts: str) -> None:
    more = use(demands=["P1-44c"], counts={"building": 3})
    told(li, f"{at}/service-plan", more)

    done = told(li, f"{at}/service-plan/newer", NEWER)

    (stops,) = (one for one in done["changes"] if one["member"] == "stops")
    assert (stops["becomes"], stops["was"], stops["will"]) == ("follows", 2, 3)
    (route,) = (one for one in li.get(f"{at}/routes").json["routes"] if one["id"] == stops["id"])  # type: ignore[index]
    assert len({stop["target"]["id"] for stop in route["stops"]}) == 3


def test_a_stop_whose_form_is_not_there_waits(li: Console, at: str, estate: Estate, lifts: str) -> None:
    (body,) = li.get(f"{at}/routes").json["routes"]  # type: ignore[index]
    (form,) = li.get(f"{at}/forms").json["forms"]  # type: ignore[index]
    bare = [{"id": stop["id"], "target": stop["target"], "form": None} for stop in body["stops"]]
    assert li.patch(f"{at}/routes/{body['id']}", {"stops": bare}).status_code == 200
    assert li.patch(f"{at}/forms/{form['id']}", {"name": OLD_NAME}).status_code == 200
    mine = select(Drafted).where(Drafted.site_id == estate.site.id)
    route = estate.session.scalars(mine.where(Drafted.kind == "route")).one()
    route.source = route.source | {"stops": [stop | {"form": None} for stop in route.source["stops"]]}
    estate.session.delete(estate.session.scalars(mine.where(Drafted.kind == "form")).one())
    estate.session.commit()

    waiting = told(li, f"{at}/service-plan/newer", NEWER)
    assert ("route", "stops", "waits") in said(waiting)
    assert said(told(li, f"{at}/service-plan/newer/look", NEWER)) == [("route", "stops", "waits")]

    told(li, f"{at}/service-plan", use(demands=["P1-44c"]))
    assert said(told(li, f"{at}/service-plan/newer", NEWER)) == [("route", "stops", "follows")]


def test_a_thing_that_is_gone_stays_gone(li: Console, at: str, estate: Estate, lifts: str) -> None:
    row = estate.session.get_one(Drafted, (estate.site.id, "residential", "plan", "lifts"))
    row.key = "not_in_it_any_more"
    estate.session.commit()

    assert told(li, f"{at}/service-plan/newer", NEWER)["changes"] == []
    assert plan_of(li, at, lifts)["crew"] == 2


def test_what_cannot_be_meant_is_refused_and_changes_nothing(li: Console, at: str, lifts: str) -> None:
    for path in ("/service-plan/newer/look", "/service-plan/newer"):
        refused = li.post(at + path, NEWER | {"version": 2})
        assert refused.status_code == 409
        assert refused.json["type"] == "/problems/template-changed"  # type: ignore[index]
        assert li.post(at + path, NEWER | {"template": "castle"}).status_code == 422
        assert li.post(at + path, NEWER | {"by_force": True}).status_code == 422
    assert plan_of(li, at, lifts)["crew"] == 2


def test_somebody_of_another_site_sees_and_changes_nothing(as_: As, at: str, lifts: str, li: Console) -> None:
    for name in ("Chen", "Otto"):
        assert as_(name).post(f"{at}/service-plan/newer/look", NEWER).status_code == 404
        assert as_(name).post(f"{at}/service-plan/newer", NEWER).status_code == 404
    assert as_("Vera").post(f"{at}/service-plan/newer", NEWER).status_code == 403
    assert plan_of(li, at, lifts)["crew"] == 2
