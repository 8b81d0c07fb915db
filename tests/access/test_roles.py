"""What the roles are: the one table, what it means at a site, and that it is asked anew at every request."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from server.feed import service as feed
from server.people import roles, service
from server.people.access import NotAllowed, Principal, Standing
from server.people.models import Membership, Person
from server.people.policy import UndeclaredPolicy, check_declared, policy
from server.problems import NotFound
from tests.api.field import PASSWORD, PIN, SAME_ORIGIN, Garden, data, slug, stored

ROOT = Path(__file__).resolve().parents[2]
on_sqlite = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)


# -- the table -------------------------------------------------------------------------


def test_the_document_shows_the_table_that_the_code_reads() -> None:
    text = (ROOT / "docs/access.md").read_text("utf-8")
    head, *lines = re.findall(
        r"^\| (.+) \|$", text.partition("## Roles")[2].partition("\n## ")[0], re.MULTILINE
    )
    names = [cell.strip().strip("`") for cell in head.split("|")]
    assert names == ["may", *roles.ROLES]
    shown = {}
    for line in lines:
        cells = [cell.strip() for cell in line.split("|")]
        if cells[0].startswith("`"):
            shown[cells[0].strip("`")] = {
                role for role, cell in zip(roles.ROLES, cells[1:], strict=True) if cell
            }
    assert shown == {
        capability: {role for role in roles.ROLES if capability in roles.MAY[role]}
        for capability in roles.CAPABILITIES
    }


def test_who_has_no_role_or_an_unknown_one_may_nothing() -> None:
    for role in (None, "", "king", "worker"):
        assert roles.may(role) == frozenset()


def test_only_the_administrator_administers() -> None:
    assert [role for role in roles.ROLES if "administer" in roles.may(role)] == ["administrator"]
    assert [role for role in roles.ROLES if "export" in roles.may(role)] == ["administrator"]


LI, NORTH, SOUTH = "li", "north", "south"


@pytest.mark.parametrize(
    ("over", "may"),
    [
        ({}, True),
        ({"roles": {NORTH: "contractor"}, "role": "team_leader"}, True),
        ({"roles": {NORTH: "worker"}, "changed": {"pin"}}, True),
        ({"role": "supervisor"}, False),
        ({"role": "administrator"}, False),
        ({"role": "desk"}, False),
        ({"role": "viewer"}, False),
        ({"roles": {NORTH: "supervisor"}}, False),
        ({"roles": {NORTH: "viewer"}, "role": "worker"}, False),
        ({"roles": {NORTH: "worker", SOUTH: "supervisor"}}, False),
        ({"roles": {NORTH: "worker", SOUTH: "worker"}, "changed": {"team"}}, True),
        ({"roles": {NORTH: "worker", SOUTH: "worker"}, "changed": {"left"}}, False),
        ({"roles": {NORTH: "worker", SOUTH: "worker"}, "changed": {"pin"}}, False),
        ({"administrator": True}, False),
        ({"changed": {"login"}}, False),
        ({"site": SOUTH}, False),
        ({"supervised": set()}, False),
    ],
)
def test_whom_a_supervisor_looks_after(over: dict[str, Any], may: bool) -> None:
    asked: dict[str, Any] = {
        "supervised": {NORTH},
        "site": NORTH,
        "roles": {},
        "administrator": False,
        "changed": {"name", "number", "role"},
        "role": "worker",
    }
    assert roles.may_handle(**{**asked, **over}) is may


# -- at a site -------------------------------------------------------------------------


@on_sqlite
def test_without_a_standing_nobody_sees_any_site(garden: Garden) -> None:
    nobody = Principal(
        session_id=uuid4(),
        person_id=garden.people["li"],
        organisation_id=garden.organisation,
        name="li",
        login="li",
        standings={},
        administrator=False,
        fresh=True,
        needs_factor=False,
    )
    with garden.app.app_context():
        assert nobody.sites(garden.session) == []
        for standings in ({}, {garden.site: Standing("worker")}, {garden.site: Standing("king")}):
            for capability in roles.CAPABILITIES:
                with pytest.raises(NotFound):
                    replace(nobody, standings=standings).site(garden.session, garden.site, may=capability)
        viewer = replace(nobody, standings={garden.site: Standing("viewer")})
        with pytest.raises(NotAllowed):
            viewer.site(garden.session, garden.site, may="see.evidence")
        stranger = replace(nobody, organisation_id=uuid4(), administrator=True)
        with pytest.raises(NotFound):
            stranger.site(garden.session, garden.site, may="see.board")


def hire(garden: Garden, name: str, role: str, **standing: Any) -> UUID:
    """Give the garden somebody with a log-in, and return who."""
    person = service.make_person(
        garden.session,
        organisation=garden.organisation,
        name=name,
        number=name,
        login=name,
        trade="guard",
        now_ms=garden.clock.ms,
    )
    person.password_hash, person.pin_hash = stored(PASSWORD), stored(PIN)
    service.join(garden.session, person=person, site=garden.site, role=role, **standing)
    feed.commit(garden.session, now_ms=garden.clock.ms)
    garden.people[name] = person.id
    return person.id


def firm(garden: Garden, name: str = "捷达电梯") -> UUID:
    company = service.make_company(
        garden.session, organisation=garden.organisation, name=name, now_ms=garden.clock.ms
    )
    garden.session.commit()
    return company.id


def change(garden: Garden, who: str, person: str, **changes: Any) -> Any:
    url = f"/api/v1/sites/{garden.site}/people/{garden.people[person]}"
    return garden.client(who).patch(url, json=changes, headers=SAME_ORIGIN)


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(garden: Garden) -> None:
    hire(garden, "mei", "desk")
    mei, board = garden.client("mei"), f"/api/v1/sites/{garden.site}/board"
    people = f"/api/v1/sites/{garden.site}/people/{garden.people['mei']}"
    assert mei.get(board).status_code == 200

    assert garden.client("ada").delete(people, headers=SAME_ORIGIN).status_code == 204

    assert mei.get(board).status_code == 404
    assert mei.get("/api/v1/session").get_json()["sites"] == []
    assert garden.client("ada").get(people + "/login").status_code == 404
    given = garden.client("ada").post(
        f"/api/v1/sites/{garden.site}/people/known",
        json={"person": str(garden.people["mei"]), "role": "viewer"},
        headers=SAME_ORIGIN,
    )
    assert given.status_code == 201
    assert mei.get(board).status_code == 200
    assert mei.get(f"/api/v1/sites/{garden.site}/findings").status_code == 403


@on_sqlite
def test_a_leader_without_a_team_sees_nobody(garden: Garden) -> None:
    hire(garden, "mei", "team_leader")
    people = garden.client("mei").get(f"/api/v1/sites/{garden.site}/people")
    assert people.get_json() == {"people": []}


@on_sqlite
def test_a_smaller_role_counts_at_the_next_request(garden: Garden) -> None:
    hire(garden, "mei", "supervisor")
    mei, quarantine = garden.client("mei"), f"/api/v1/sites/{garden.site}/quarantine"
    assert mei.get(quarantine).status_code == 200
    assert change(garden, "ada", "mei", role="viewer").status_code == 200
    assert mei.get(quarantine).status_code == 403
    [site] = mei.get("/api/v1/session").get_json()["sites"]
    assert (site["role"], site["may"]) == ("viewer", ["see.board", "see.plan"])


@on_sqlite
def test_who_leaves_is_logged_out(garden: Garden) -> None:
    hire(garden, "mei", "team_leader")
    mei = garden.client("mei")
    assert mei.get("/api/v1/session").status_code == 200
    assert change(garden, "li", "mei", left=True).status_code == 200
    assert mei.get("/api/v1/session").status_code == 401


def test_the_last_administrator_stays(garden: Garden) -> None:
    given = garden.client("ada").post(
        f"/api/v1/sites/{garden.site}/people/known",
        json={"person": str(garden.people["ada"]), "role": "administrator"},
        headers=SAME_ORIGIN,
    )
    assert given.status_code == 201
    for refused in (
        change(garden, "ada", "ada", role="viewer"),
        change(garden, "ada", "ada", left=True),
        garden.client("ada").delete(
            f"/api/v1/sites/{garden.site}/people/{garden.people['ada']}", headers=SAME_ORIGIN
        ),
    ):
        assert (refused.status_code, slug(refused)) == (409, "last-administrator")
    hire(garden, "bo", "administrator")
    assert garden.client("bo").get("/api/v1/people").status_code == 200
    assert change(garden, "bo", "ada", role="viewer").status_code == 200
    assert garden.client("ada").get("/api/v1/people").status_code == 403


@on_sqlite
def test_a_supervisor_hires_leaders_and_contractors_and_nobody_above(garden: Garden) -> None:
    company = firm(garden)
    assert change(garden, "li", "wang", role="team_leader").status_code == 200
    alone = change(garden, "li", "liu", role="contractor")
    assert (alone.status_code, list(alone.get_json()["errors"]["json"])) == (422, ["company"])
    hired = change(garden, "li", "liu", role="contractor", company=str(company))
    assert (hired.status_code, hired.get_json()["company"]) == (200, str(company))
    back = change(garden, "li", "liu", role="worker")
    assert (back.status_code, back.get_json()["company"]) == (200, None)
    for who, role in (("liu", "supervisor"), ("liu", "desk"), ("li", "administrator"), ("vera", "worker")):
        refused = change(garden, "li", who, role=role)
        assert (refused.status_code, slug(refused)) == (403, "not-allowed")


@on_sqlite
def test_whoever_works_elsewhere_too_keeps_their_pin_and_place(garden: Garden) -> None:
    wang = garden.session.get_one(Person, garden.people["wang"])
    service.join(garden.session, person=wang, site=garden.north, role="worker")
    feed.commit(garden.session, now_ms=garden.clock.ms)
    for changes in ({"pin": "135790"}, {"left": True}, {"name": "x"}):
        assert change(garden, "li", "wang", **changes).status_code == 403
    assert change(garden, "li", "wang", role="team_leader").status_code == 200
    ended = garden.client("li").delete(
        f"/api/v1/sites/{garden.site}/people/{garden.people['wang']}", headers=SAME_ORIGIN
    )
    assert ended.status_code == 204
    kept = garden.all(
        select(Membership.role).where(Membership.person_id == wang.id, Membership.ended_ms.is_(None))
    )
    assert kept == ["worker"]


# -- on the phone ----------------------------------------------------------------------


def test_phones_know_leaders_and_contractors_and_let_them_sign_in(garden: Garden) -> None:
    company = firm(garden)
    hire(garden, "mei", "team_leader")
    hire(garden, "gu", "contractor", company=company)
    hire(garden, "tan", "desk")
    phone = garden.handset()
    page = data(phone.post("pull", {"cursor": None, "limit": 100}))
    roster = {
        row["body"]["name"]: row["body"] for row in page["rows"] if row["kind"] == "person" and row["body"]
    }
    assert {name: (row["leader"], row["company"]) for name, row in roster.items()} == {
        "wang": (False, None),
        "liu": (False, None),
        "mei": (True, None),
        "gu": (False, "捷达电梯"),
    }

    def may_sign_in(name: str) -> bool:
        asked = {"person": str(garden.people[name]), "pin": PIN}
        return bool(data(phone.post("sign-in", asked))["ok"])

    assert [may_sign_in(name) for name in ("mei", "gu")] == [True, True]
    assert not may_sign_in("tan")
    phone.post("sign-in", {"person": str(garden.people["mei"]), "pin": PIN})
    garden.client("li").delete(
        f"/api/v1/sites/{garden.site}/people/{garden.people['gu']}", headers=SAME_ORIGIN
    )
    assert not may_sign_in("gu")
    renamed = garden.client("ada").patch(
        f"/api/v1/companies/{company}", json={"name": "捷达"}, headers=SAME_ORIGIN
    )
    assert renamed.status_code == 200
    rows = data(phone.post("pull", {"cursor": page["cursor"], "limit": 100}))["rows"]
    assert [(row["id"], row["op"]) for row in rows] == [(str(garden.people["gu"]), "leave")]


# -- what starts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ("/api/v1/sites/<uuid:site_id>/x", None),
        ("/api/v1/x", None),
        ("/api/v1/x", "see.board"),
        ("/api/v1/x", "see.everything"),
        ("/api/v1/sites/<uuid:site_id>/x", "member"),
        ("/api/v1/sites/<uuid:site_id>/x", "public"),
    ],
)
def test_a_route_that_does_not_say_who_may_stops_the_start(rule: str, who: Any) -> None:
    app = Flask("test", static_folder=None)

    def view(**_: Any) -> str:
        return ""

    app.add_url_rule("/good", "good", policy("public")(lambda: ""))
    app.add_url_rule(rule, "view", view if who is None else policy(who)(view))
    with pytest.raises(UndeclaredPolicy, match="x \\(view\\)"):
        check_declared(app)
