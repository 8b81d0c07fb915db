"""Service plans: what was promised, making a site from a template, copying plans from site to site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow
from server.demands.models import Drafted
from server.feed import service as feed
from server.feed.models import FeedRow
from server.people import memberships
from server.rounds.models import Occurrence, Plan, Route
from server.sites.models import Asset, Checkpoint, Site, Tag, Zone
from tests.api.rounds.conftest import As, Console, Estate

THINGS = ("zones", "places", "forms", "routes", "plans")
DAY = {"from_min": 420, "to_min": 1140}


def use(**members: Any) -> dict[str, Any]:
    return {
        "template": "residential",
        "version": 1,
        "daytime": DAY,
        "demands": ["P1-35", "P1-37", "P1-44c", "P1-48"],
        "counts": {"building": 2},
        "starts_on": "2026-11-01",
    } | members


def told(console: Console, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = console.post(path, body)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] | None = answer.json
    assert found is not None
    return found


def held(session: Session) -> tuple[int, ...]:
    """Return how many rows there are of everything that a template makes."""
    tables = (Zone, Checkpoint, Asset, Tag, Route, Plan, Occurrence, Drafted, FeedRow)
    counts = [select(func.count()).select_from(table) for table in tables]
    counts.append(select(func.count()).select_from(AuditRow).where(AuditRow.action.startswith("site.")))
    return tuple(session.scalar(count) or 0 for count in counts)


def there(outcome: dict[str, Any]) -> set[str | None]:
    """Return what there was of all that was asked for."""
    return {thing["there"] for things in THINGS for thing in outcome[things]}


# -- the catalogue --------------------------------------------------------------------


def test_everybody_reads_the_demands_and_the_templates(as_: As) -> None:
    catalogue = as_("Vera").get("/api/v1/service-plans").json
    listed = as_("Chen").get("/api/v1/templates").json
    assert catalogue is not None
    assert listed is not None

    plans = catalogue["service_plans"]
    assert sum(len(plan["demands"]) for plan in plans) == 112
    demand = next(one for one in plans[0]["demands"] if one["id"] == "P1-35")
    assert demand["figure"]["en"] == "3 by day and 4 by night, every day"
    assert demand["kinds"] == ["R"]
    assert [one["id"] for one in listed["templates"]] == ["elderly", "hospital", "oil_field", "residential"]
    estate = listed["templates"][-1]
    assert estate["per"][0]["key"] == "building"
    assert {one["id"]: one["first"] for one in estate["demands"]}["P4-01"] is False
    assert {one["id"]: one["plans"] for one in estate["demands"]}["P1-35"] == 2


# -- making a site from a template ----------------------------------------------------


def test_looking_makes_nothing_and_tells_what_would_be_made(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    before = held(estate.session)

    seen = told(li, f"{at}/service-plan/look", use())

    assert held(estate.session) == before
    assert seen["made"] is False
    assert there(seen) == {None, "name"}
    assert [place["name"]["en"] for place in seen["places"] if place["there"]] == ["Plaza"]
    assert [plan["key"] for plan in seen["plans"]] == [
        "grounds_day", "grounds_night", "lifts", "pond_skimmed", "pond_drained",
    ]  # fmt: skip
    night = seen["plans"][1]
    assert (night["crew"], night["demand"], night["also"], night["whose"]) == (
        2,
        "P1-35",
        ["P1-37"],
        "security",
    )
    numbers = {place["name"]["en"]: place["number"] for place in seen["places"]}
    assert numbers["Main gate"] == "04", "01 to 03 are taken"
    assert numbers["Lift 2"] == "E02"
    assert as_("Li").get(at).json["daytime"] is None  # type: ignore[index]


def test_one_act_makes_the_site_and_a_second_one_nothing(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    seen = told(li, f"{at}/service-plan/look", use())

    made = told(li, f"{at}/service-plan", use(teams={"security": str(estate.team.id)}))

    assert made["made"] is True
    assert [place["number"] for place in made["places"]] == [place["number"] for place in seen["places"]]
    assert all(thing["id"] for things in THINGS for thing in made[things])
    plans = {plan["name"]["en"]: plan for plan in li.get(f"{at}/plans").json["plans"]}  # type: ignore[index]
    assert plans.keys() == {plan["name"]["en"] for plan in seen["plans"]}
    assert plans["Grounds, by night, two"]["also"] == ["P1-37"]
    assert plans["Grounds, by day"]["assignee"] == {"kind": "team", "id": str(estate.team.id)}
    assert plans["Lift cars, daily"]["assignee"] is None
    assert plans["Pond skimmed, weekly"]["stop"]["target"]["kind"] == "checkpoint"
    assert li.get(at).json["daytime"] == DAY  # type: ignore[index]
    rows = estate.session.scalars(select(AuditRow).where(AuditRow.action == "site.planned")).all()
    assert [(row.detail["template"], row.detail["new_plans"]) for row in rows] == [("residential", 5)]

    before = held(estate.session)
    again = told(li, f"{at}/service-plan", use())
    after = held(estate.session)

    assert [now - then for now, then in zip(after, before, strict=True)] == [0] * (len(before) - 1) + [1]
    assert there(again) == {"made", "name"}, "the plaza was there before"
    assert not any(
        thing["differs"] for things in ("places", "forms", "routes", "plans") for thing in again[things]
    )


def test_what_was_made_is_changed_like_anything_else_and_stays_so(as_: As, at: str) -> None:
    li = as_("Li")
    made = told(li, f"{at}/service-plan", use())
    night = made["plans"][1]["id"]
    li.patch(f"{at}/plans/{night}", {"name": {"zh": "夜巡", "en": "Night"}, "grace_min": 5})

    again = told(li, f"{at}/service-plan", use(demands=["P1-35", "P1-44h"]))

    assert [plan["there"] for plan in again["plans"]] == ["made", "made", None]
    found = {plan["id"]: plan for plan in li.get(f"{at}/plans").json["plans"]}  # type: ignore[index]
    assert (found[night]["name"]["en"], found[night]["grace_min"]) == ("Night", 5)
    origins = {one["id"]: one for one in li.get(f"{at}/service-plan").json["origins"]}  # type: ignore[index]
    assert origins[night]["changed"] == ["name", "grace_min"]
    assert origins[made["plans"][0]["id"]]["changed"] == []


def test_a_thing_of_the_same_name_is_used_and_told(as_: As, at: str) -> None:
    li = as_("Li")
    place = li.post(f"{at}/checkpoints", {"number": "P9", "name": {"zh": "水池岸边", "en": "Old pond"}}).json
    form = {"zh": "水池", "en": "Pond of ours"}
    fields = [{"id": "ok", "kind": "check", "label": form, "required": True}]
    ours = li.post(f"{at}/forms", {"name": form, "fields": fields}).json
    assert place is not None
    assert ours is not None

    made = told(li, f"{at}/service-plan", use(demands=["P1-48"]))

    assert [(one["id"], one["there"], one["number"]) for one in made["places"]] == [
        (place["id"], "name", "P9")
    ]
    assert [(one["id"], one["there"], one["differs"]) for one in made["forms"]] == [
        (ours["id"], "name", True)
    ]
    plan = li.get(f"{at}/plans").json["plans"][0]  # type: ignore[index]
    assert plan["stop"] == {"target": {"kind": "checkpoint", "id": place["id"]}, "form": ours["id"]}


def test_more_buildings_later_are_made_and_the_route_says_that_it_lacks_them(as_: As, at: str) -> None:
    li = as_("Li")
    told(li, f"{at}/service-plan", use(demands=["P1-44c"]))

    more = told(li, f"{at}/service-plan", use(demands=["P1-44c"], counts={"building": 3}))

    assert [place["there"] for place in more["places"]] == ["made", "made", None]
    assert [(route["there"], route["differs"]) for route in more["routes"]] == [("made", True)]
    origins = li.get(f"{at}/service-plan").json["origins"]  # type: ignore[index]
    assert [one["differs"] for one in origins if one["kind"] == "route"] == [["stops"]]


def test_another_day_is_told_of_the_plans_whose_windows_followed_from_it(as_: As, at: str) -> None:
    li = as_("Li")
    made = told(li, f"{at}/service-plan", use())

    li.patch(at, {"daytime": {"from_min": 360, "to_min": 1200}})

    origins = {one["id"]: one["differs"] for one in li.get(f"{at}/service-plan").json["origins"]}  # type: ignore[index]
    assert [origins[plan["id"]] for plan in made["plans"]] == [["recurrence"], ["recurrence"], [], [], []]


def test_a_newer_version_of_the_template_is_told_and_touches_nothing(
    as_: As, at: str, estate: Estate
) -> None:
    li = as_("Li")
    made = told(li, f"{at}/service-plan", use(demands=["P1-44c"]))
    key = (estate.site.id, "residential", "plan", "lifts")
    row = estate.session.get_one(Drafted, key)
    row.template_version = 0
    row.source = row.source | {"grace_min": 5, "crew": 2}
    estate.session.commit()

    (plan,) = (one for one in li.get(f"{at}/service-plan").json["origins"] if one["kind"] == "plan")  # type: ignore[index]

    assert (plan["id"], plan["version"], plan["newer"]) == (made["plans"][0]["id"], 0, 1)
    assert plan["differs"] == ["crew", "grace_min"]
    assert plan["gone"] is False


def test_a_place_that_was_taken_down_is_made_anew(as_: As, at: str) -> None:
    li = as_("Li")
    made = told(li, f"{at}/service-plan", use(demands=["P1-44h"]))
    old = made["places"][0]["id"]
    plan = made["plans"][0]["id"]
    other = li.get(f"{at}/checkpoints").json["checkpoints"][0]["id"]  # type: ignore[index]
    stop = {"target": {"kind": "checkpoint", "id": other}}
    assert li.patch(f"{at}/plans/{plan}", {"stop": stop}).status_code == 200
    assert li.patch(f"{at}/checkpoints/{old}", {"retired": True}).status_code == 200

    again = told(li, f"{at}/service-plan", use(demands=["P1-44h"]))

    assert again["places"][0]["there"] is None
    assert again["places"][0]["id"] != old
    assert again["plans"][0]["there"] == "made"


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"template": "castle"}, "template"),
    ({"demands": []}, "demands"),
    ({"demands": ["P1-01"]}, "demands"),
    ({"counts": {"building": 0}}, "counts"),
    ({"counts": {"building": 10_000}}, "counts"),
    ({"counts": {"tower": 1}}, "counts"),
    ({"daytime": {"from_min": 420, "to_min": 420}}, "daytime"),
    ({"daytime": None}, "daytime"),
    ({"teams": {"security": "00000000-0000-4000-8000-000000000000"}}, "teams"),
    ({"teams": {"pirates": None}}, "teams"),
    ({"starts_on": "2026-02-29"}, "starts_on"),
    ({"starts_on": "0001-01-01"}, "starts_on"),
)


def test_what_cannot_be_meant_is_refused_and_makes_nothing(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    before = held(estate.session)

    for wrong, member in WRONG:
        for path in ("/service-plan/look", "/service-plan"):
            refused = li.post(at + path, use(**wrong))
            assert refused.status_code == 422, wrong
            assert refused.mimetype == "application/problem+json"
            assert member in refused.json["errors"]["json"]  # type: ignore[index]
    assert held(estate.session) == before


def test_another_version_than_the_one_that_was_looked_at_is_refused(as_: As, at: str) -> None:
    refused = as_("Li").post(f"{at}/service-plan", use(version=99))

    assert refused.status_code == 409
    assert refused.json["type"] == "/problems/template-changed"  # type: ignore[index]


def test_a_refusal_halfway_leaves_nothing_behind(as_: As, at: str, estate: Estate) -> None:
    li = as_("Li")
    li.post(f"{at}/routes", {"name": {"zh": "电梯轿厢", "en": "An empty one"}})
    before = held(estate.session)

    refused = li.post(f"{at}/service-plan", use(demands=["P1-44c", "P1-35"]))

    assert refused.status_code == 409
    assert refused.json["type"] == "/problems/empty-route"  # type: ignore[index]
    assert held(estate.session) == before


# -- copying --------------------------------------------------------------------------


def north(estate: Estate) -> str:
    return f"/api/v1/sites/{estate.north.id}"


def test_plans_are_copied_by_name_with_codes_of_their_own(as_: As, at: str, estate: Estate) -> None:
    ada = as_("Ada")
    told(ada, f"{at}/service-plan", use(teams={"security": str(estate.team.id)}))
    taken = ada.post(f"{north(estate)}/checkpoints", {"number": "04", "name": {"zh": "岗亭", "en": ""}})
    assert taken.status_code == 201
    body = {"from": str(estate.site.id), "starts_on": "2026-12-01"}
    before = held(estate.session)

    seen = told(ada, f"{north(estate)}/service-plan/copy/look", body)

    assert held(estate.session) == before
    assert seen["missing"] == ["夜班"]
    made = told(ada, f"{north(estate)}/service-plan/copy", body)

    assert len(made["plans"]) == 5
    copied = {plan["name"]["en"]: plan for plan in ada.get(f"{north(estate)}/plans").json["plans"]}  # type: ignore[index]
    kept = {plan["name"]["en"]: plan for plan in ada.get(f"{at}/plans").json["plans"]}  # type: ignore[index]
    assert copied.keys() == kept.keys()
    for name, plan in copied.items():
        for member in ("recurrence", "demand", "also", "crew", "grace_min"):
            assert plan[member] == kept[name][member]
        assert plan["starts_on"] == "2026-12-01"
        assert plan["assignee"] is None
    gate = next(one for one in made["places"] if one["name"]["en"] == "Main gate")
    assert gate["number"] not in ("04", None), "that number is taken there"
    codes = [{tag.token for tag in tags_of(estate, site)} for site in (estate.site.id, estate.north.id)]
    assert not codes[0] & codes[1]
    assert ada.get(north(estate)).json["daytime"] == DAY  # type: ignore[index]
    origins = ada.get(f"{north(estate)}/service-plan").json["origins"]  # type: ignore[index]
    assert {one["template"] for one in origins} == {"residential"}
    assert {plan["id"] for plan in copied.values()} <= {one["id"] for one in origins}

    again = told(ada, f"{north(estate)}/service-plan/copy", body)
    assert there(again) == {"name"}


def tags_of(estate: Estate, site: UUID) -> list[Tag]:
    return list(estate.session.scalars(select(Tag).where(Tag.site_id == site)))


def test_chosen_plans_bring_only_what_they_need(as_: As, at: str, estate: Estate) -> None:
    ada = as_("Ada")
    made = told(ada, f"{at}/service-plan", use())
    lifts = next(plan["id"] for plan in made["plans"] if plan["key"] == "lifts")

    copied = told(
        ada,
        f"{north(estate)}/service-plan/copy",
        {"from": str(estate.site.id), "plans": [lifts], "starts_on": "2026-12-01"},
    )

    assert [one["name"]["en"] for one in copied["plans"]] == ["Lift cars, daily"]
    assert [one["name"]["en"] for one in copied["places"]] == ["Lift 1", "Lift 2"]
    assert [one["name"]["en"] for one in copied["zones"]] == ["Building 1", "Building 2"]


def test_nobody_copies_what_they_may_not_see_or_where_they_may_not_change(
    as_: As, at: str, estate: Estate
) -> None:
    told(as_("Li"), f"{at}/service-plan", use())
    from_here = {"from": str(estate.site.id), "starts_on": "2026-12-01"}
    from_north = {"from": str(estate.north.id), "starts_on": "2026-12-01"}
    before = held(estate.session)

    for path in ("/service-plan/copy/look", "/service-plan/copy"):
        assert as_("Chen").post(north(estate) + path, from_here).status_code == 404
        assert as_("Li").post(at + path, from_north).status_code == 404
        assert as_("Li").post(north(estate) + path, from_here).status_code == 404
        assert as_("Vera").post(at + path, from_north).status_code == 403
        assert as_("Li").post(at + path, from_here).status_code == 422
        strange = from_here | {"plans": [str(estate.team.id)]}
        assert as_("Ada").post(north(estate) + path, strange).status_code == 422
    assert held(estate.session) == before

    memberships.join(estate.session, person=estate.people["Chen"], site=estate.site.id, role="viewer")
    feed.commit(estate.session, now_ms=estate.clock.ms)
    assert as_("Chen").post(north(estate) + "/service-plan/copy", from_here).status_code == 200


def test_somebody_of_another_site_or_company_sees_nothing(as_: As, at: str, estate: Estate) -> None:
    told(as_("Li"), f"{at}/service-plan", use(demands=["P1-44c"]))
    other = estate.session.scalars(select(Site).where(Site.id != estate.site.id)).first()
    assert other is not None
    for name in ("Chen", "Otto"):
        assert as_(name).get(f"{at}/service-plan").status_code == 404
        assert as_(name).post(f"{at}/service-plan", use()).status_code == 404
        assert as_(name).post(f"{at}/service-plan/look", use()).status_code == 404
    assert as_("Vera").get(f"{at}/service-plan").status_code == 200
    assert as_("Vera").post(f"{at}/service-plan/look", use()).status_code == 403
