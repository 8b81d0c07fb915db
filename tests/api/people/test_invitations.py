"""Invitations to the console, and how an administrator helps who lost a factor."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.people import service
from server.people.access import COOKIE
from server.people.login_models import Invitation
from server.people.models import Person
from tests.api.field import PASSWORD, SAME_ORIGIN, Garden, slug
from tests.api.people.test_factors import set_up_app
from tests.conftest import PUBLIC_URL, FakeClock

SESSION = "/api/v1/session"
NEW = "quite another way round"

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
"""What depends on the engine is in `test_logins_on_both_engines.py`."""


def people(garden: Garden, name: str, rest: str) -> str:
    return f"/api/v1/sites/{garden.site}/people/{garden.people[name]}/{rest}"


def invite(garden: Garden, name: str, *, who: str = "ada") -> TestResponse:
    return garden.client(who).post(people(garden, name, "invitation"), headers=SAME_ORIGIN)


def code_of(made: TestResponse) -> str:
    assert made.status_code == 201, made.get_data(as_text=True)
    return str(made.get_json()["url"].partition("code=")[2])


def hu(garden: Garden, role: str = "supervisor") -> None:
    """Make somebody new who has no log-in yet."""
    made = garden.client("ada").post(
        f"/api/v1/sites/{garden.site}/people",
        json={"name": "胡", "number": "A-17", "role": role},
        headers=SAME_ORIGIN,
    )
    garden.people["hu"] = garden.one(select(Person.id).where(Person.number == "A-17"))
    assert made.status_code == 201


def accept(client: FlaskClient, code: str, **over: Any) -> TestResponse:
    body = {"code": code, "login": "hu", "password": NEW, **over}
    return client.post("/api/v1/invitation/accept", json=body, headers=SAME_ORIGIN)


def look(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/api/v1/invitation/look", json={"code": code}, headers=SAME_ORIGIN)


def test_somebody_new_chooses_their_own_log_in_and_password(garden: Garden) -> None:
    hu(garden)
    made = invite(garden, "hu")
    code = code_of(made)
    assert made.get_json()["url"] == f"{PUBLIC_URL}/console/#/invitation?code={code}"  # behind the #
    assert len(code) == 22
    kept = garden.one(select(Invitation.code_hash))
    assert code not in kept
    client = garden.client()
    assert look(client, code).get_json() == {"organisation": "Green Estates", "name": "胡", "login": None}
    answer = accept(client, code)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["person"]["login"] == "hu"
    assert client.get(f"/api/v1/sites/{garden.site}/board").status_code == 200
    again = accept(garden.client(), code, login="other")
    assert (again.status_code, slug(again)) == (410, "invitation-over")
    assert slug(look(garden.client(), code)) == "invitation-over"
    actions = garden.all(select(AuditRow.action).order_by(AuditRow.pos))
    assert [one for one in actions if one.startswith("invitation")] == [
        "invitation.made",
        "invitation.accepted",
    ]


def test_an_invitation_lasts_two_days(garden: Garden, clock: FakeClock) -> None:
    hu(garden)
    code = code_of(invite(garden, "hu"))
    clock.forward(hours=48)
    assert look(garden.client(), code).status_code == 410
    assert accept(garden.client(), code).status_code == 410
    service.end_stale(garden.session, now_ms=clock.ms)
    garden.session.commit()
    assert len(garden.all(select(Invitation.id))) == 1  # what became of it can be looked up
    clock.forward(hours=31 * 24)
    service.end_stale(garden.session, now_ms=clock.ms)
    garden.session.commit()
    assert garden.all(select(Invitation.id)) == []


def test_open_invitations_are_listed_and_withdrawn(garden: Garden) -> None:
    hu(garden)
    code = code_of(invite(garden, "hu"))
    ada, path = garden.client("ada"), f"/api/v1/sites/{garden.site}/invitations"
    [row] = ada.get(path).get_json()["invitations"]
    assert (row["name"], row["made_by"]) == ("胡", "ada")
    assert "code" not in str(row)
    north = f"/api/v1/sites/{garden.north}/invitations"
    assert ada.get(north).get_json()["invitations"] == []
    assert ada.delete(f"{north}/{row['id']}", headers=SAME_ORIGIN).status_code == 404
    assert ada.delete(f"{path}/{row['id']}", headers=SAME_ORIGIN).status_code == 204
    assert ada.delete(f"{path}/{row['id']}", headers=SAME_ORIGIN).status_code == 404
    assert ada.get(path).get_json()["invitations"] == []
    assert accept(garden.client(), code).status_code == 410
    assert "invitation.revoked" in garden.all(select(AuditRow.action))


def test_a_second_invitation_takes_the_place_of_the_first(garden: Garden) -> None:
    hu(garden)
    first, second = code_of(invite(garden, "hu")), code_of(invite(garden, "hu"))
    assert accept(garden.client(), first).status_code == 410
    assert accept(garden.client(), second).status_code == 200


def test_only_an_administrator_invites_with_a_fresh_log_in(garden: Garden, clock: FakeClock) -> None:
    hu(garden)
    for who, status, why in (
        ("li", 403, "not-allowed"),
        ("chen", 404, "not-found"),
        ("vera", 403, "not-allowed"),
    ):
        refused = invite(garden, "hu", who=who)
        assert (refused.status_code, slug(refused)) == (status, why), who
    ada = garden.client("ada")
    clock.forward(minutes=11)
    for act in ("invitation", "login/reset-factors", "login/end-sessions"):
        assert slug(ada.post(people(garden, "hu", act), headers=SAME_ORIGIN)) == "fresh-login"
    ada = garden.client("ada")
    for act in ("invitation", "login/reset-factors", "login/end-sessions"):  # zhao works next door
        assert ada.post(people(garden, "zhao", act), headers=SAME_ORIGIN).status_code == 404


def test_who_has_nothing_to_do_in_the_console_is_not_invited(garden: Garden) -> None:
    refused = invite(garden, "wang")
    assert (refused.status_code, slug(refused)) == (409, "no-console")


def test_a_role_taken_away_meanwhile_takes_the_invitation_along(garden: Garden) -> None:
    hu(garden)
    code = code_of(invite(garden, "hu"))
    path = f"/api/v1/sites/{garden.site}/people/{garden.people['hu']}"
    garden.client("ada").patch(path, json={"role": "worker"}, headers=SAME_ORIGIN)
    assert accept(garden.client(), code).status_code == 410


@pytest.mark.parametrize(
    ("over", "status", "why"),
    [
        ({"login": "li"}, 409, "login-taken"),
        ({"login": None}, 422, "invalid-body"),
        ({"password": "too short"}, 422, "invalid-body"),
        ({"login": "password1234", "password": "password1234"}, 422, "invalid-body"),
        ({"code": "A" * 22}, 410, "invitation-over"),
        ({"code": "A"}, 422, "invalid-body"),
    ],
)
def test_what_is_wrong_is_told_and_the_invitation_stays_good(
    garden: Garden, over: dict[str, Any], status: int, why: str
) -> None:
    hu(garden)
    code = code_of(invite(garden, "hu"))
    refused = accept(garden.client(), **{"code": code, **over})
    assert (refused.status_code, slug(refused)) == (status, why)
    assert accept(garden.client(), code).status_code == 200


def test_a_log_in_that_is_left_out_is_told_at_its_field(garden: Garden) -> None:
    hu(garden)
    body = {"code": code_of(invite(garden, "hu")), "password": NEW}
    refused = garden.client().post("/api/v1/invitation/accept", json=body, headers=SAME_ORIGIN)
    assert list(refused.get_json()["errors"]["json"]) == ["login"]


def test_links_are_not_guessed_for_long(garden: Garden) -> None:
    client = garden.client()
    assert [look(client, "A" * 22).status_code for _ in range(21)] == [410] * 20 + [429]


def test_who_forgot_the_password_gets_a_link_and_keeps_log_in_and_factor(
    garden: Garden, clock: FakeClock
) -> None:
    before = garden.client("li")
    set_up_app(before, clock)
    code = code_of(invite(garden, "li"))
    assert before.get(SESSION).status_code == 200  # an invitation alone changes nothing
    client = garden.client()
    assert look(client, code).get_json()["login"] == "li"
    answer = accept(client, code, login="somebody.else")
    assert answer.status_code == 202  # the second factor is still asked for
    assert client.get_cookie(COOKIE) is None
    assert before.get(SESSION).status_code == 401
    assert garden.one(select(Person.login).where(Person.id == garden.people["li"])) == "li"
    old = client.post(SESSION, json={"login": "li", "password": PASSWORD}, headers=SAME_ORIGIN)
    assert old.status_code == 401


def test_an_invited_administrator_sets_a_factor_up_first(garden: Garden) -> None:
    hu(garden, "administrator")
    client = garden.client()
    told = accept(client, code_of(invite(garden, "hu"))).get_json()
    assert told["factors"]["needed"] is True
    assert slug(client.get(f"/api/v1/sites/{garden.site}/board")) == "needs-factor"


def test_an_administrator_takes_lost_factors_away_and_ends_sessions(garden: Garden, clock: FakeClock) -> None:
    li, ada = garden.client("li"), garden.client("ada")
    set_up_app(li, clock)
    told = ada.get(people(garden, "li", "login")).get_json()
    assert told == {
        "login": "li",
        "has_password": True,
        "has_console": True,
        "totp": True,
        "passkeys": 0,
        "sessions": 1,
    }
    reset = ada.post(people(garden, "li", "login/reset-factors"), headers=SAME_ORIGIN)
    assert (reset.get_json()["totp"], reset.get_json()["sessions"]) == (False, 0)
    assert li.get(SESSION).status_code == 401
    again = garden.client()
    answer = again.post(SESSION, json={"login": "li", "password": PASSWORD}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    ended = ada.post(people(garden, "li", "login/end-sessions"), headers=SAME_ORIGIN)
    assert ended.get_json()["sessions"] == 0
    assert again.get(SESSION).status_code == 401
    written = garden.all(
        select(AuditRow.action).where(AuditRow.person_id == garden.people["ada"]).order_by(AuditRow.pos)
    )
    assert written[-2:] == ["factors.reset", "sessions.ended"]


def test_a_log_in_under_way_ends_with_the_factors(garden: Garden, clock: FakeClock) -> None:
    set_up_app(garden.client("li"), clock)
    client = garden.client()
    begun = client.post(SESSION, json={"login": "li", "password": PASSWORD}, headers=SAME_ORIGIN).get_json()
    garden.client("ada").post(people(garden, "li", "login/reset-factors"), headers=SAME_ORIGIN)
    body = {"attempt": begun["attempt"], "code": "000000"}
    late = client.post(f"{SESSION}/code", json=body, headers=SAME_ORIGIN)
    assert (late.status_code, slug(late)) == (410, "login-over")
