"""The people of a site: made, changed, gone, and seen by nobody of another site."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.people import passwords
from server.people.models import Person
from tests.api.field import SAME_ORIGIN, Garden, data, slug

HU: dict[str, Any] = {"name": "胡", "number": "A-17", "trade": "cleaner", "role": "worker"}


def people(garden: Garden) -> str:
    return f"/api/v1/sites/{garden.site}/people"


def make(garden: Garden, who: str = "li", **over: Any) -> Any:
    return garden.client(who).post(people(garden), json={**HU, **over}, headers=SAME_ORIGIN)


def change(garden: Garden, person: str, who: str = "li", **changes: Any) -> Any:
    url = f"{people(garden)}/{garden.people.get(person, person)}"
    return garden.client(who).patch(url, json=changes, headers=SAME_ORIGIN)


def test_a_new_worker_is_on_the_phones_roster(garden: Garden) -> None:
    phone = garden.handset()
    cursor = data(phone.post("pull", {"cursor": None, "limit": 100}))["cursor"]
    answer = make(garden, pin="135790")
    assert answer.status_code == 201
    told = answer.get_json()
    assert told == {
        "id": told["id"],
        "name": "胡",
        "number": "A-17",
        "trade": "cleaner",
        "team": None,
        "company": None,
        "role": "worker",
        "login": None,
        "has_pin": True,
        "has_badge": False,
        "certificates": [],
        "left": False,
    }
    (row,) = data(phone.post("pull", {"cursor": cursor, "limit": 100}))["rows"]
    assert row["body"] == {
        "id": told["id"],
        "name": "胡",
        "number": "A-17",
        "role": "cleaner",
        "team": None,
        "leader": False,
        "company": None,
    }
    assert data(phone.post("sign-in", {"person": told["id"], "pin": "135790"}))["ok"] is True
    listed = garden.client("li").get(people(garden)).get_json()["people"]
    assert [person["name"] for person in listed] == ["li", "vera", "wang", "liu", "胡"]
    assert (
        garden.one(select(AuditRow.subject).where(AuditRow.action == "person.made")) == f"person:{told['id']}"
    )


def test_no_answer_and_no_audit_row_holds_a_secret(garden: Garden) -> None:
    answer = make(garden, who="ada", pin="135790", login="hu")
    hidden = answer.get_data(as_text=True) + str([row.detail for row in garden.all(select(AuditRow))])
    for secret in ("135790", "argon2"):
        assert secret not in hidden


def test_a_number_and_a_log_in_belong_to_one_person(garden: Garden) -> None:
    assert make(garden).status_code == 201
    taken = make(garden)
    assert (taken.status_code, slug(taken)) == (409, "number-taken")
    login = make(garden, who="ada", number="A-18", login="li")
    assert (login.status_code, slug(login)) == (409, "login-taken")
    moved = change(garden, "wang", number="A-17")
    assert (moved.status_code, slug(moved)) == (409, "number-taken")
    assert change(garden, "wang", number="4").status_code == 200  # their own


def test_a_change_reaches_the_phones_with_a_higher_version(garden: Garden) -> None:
    phone = garden.handset()
    page = data(phone.post("pull", {"cursor": None, "limit": 100}))
    before = {row["id"]: row["version"] for row in page["rows"]}
    assert change(garden, "wang", name="王强").get_json()["name"] == "王强"
    (row,) = data(phone.post("pull", {"cursor": page["cursor"], "limit": 100}))["rows"]
    wang = str(garden.people["wang"])
    assert (row["id"], row["version"], row["body"]["name"]) == (wang, before[wang] + 1, "王强")


def test_who_leaves_is_listed_as_gone_and_may_come_back(garden: Garden) -> None:
    assert change(garden, "wang", left=True).get_json()["left"] is True
    phone = garden.handset(actor="liu")
    assert data(phone.post("sign-in", {"person": str(garden.people["wang"]), "pin": "240617"}))["ok"] is False
    assert change(garden, "wang", left=False).get_json()["left"] is False


def test_a_new_pin_takes_the_place_of_the_old_one(garden: Garden) -> None:
    change(garden, "wang", pin="111222")
    stored = garden.one(select(Person.pin_hash).where(Person.id == garden.people["wang"]))
    assert passwords.fits(stored, "111222")
    assert not passwords.fits(stored, "240617")


def test_nobody_types_a_password_for_somebody_else(garden: Garden) -> None:
    assert change(garden, "li", who="ada", password="quite another one").status_code == 422
    assert make(garden, who="ada", login="hu", password="quite another one").status_code == 422


@pytest.mark.parametrize(
    "over",
    [
        {"role": "supervisor"},
        {"role": "administrator"},
        {"login": "hu"},
    ],
)
def test_a_supervisor_gives_nobody_a_log_in_or_a_higher_role(garden: Garden, over: dict[str, str]) -> None:
    refused = make(garden, **over)
    assert (refused.status_code, slug(refused)) == (403, "not-allowed")
    assert make(garden, who="ada", **over).status_code == 201
    raised = change(garden, "wang", **over)
    assert (raised.status_code, slug(raised)) == (403, "not-allowed")


def test_a_supervisor_does_not_touch_another_one(garden: Garden) -> None:
    make(garden, who="ada", role="supervisor", login="hu")
    hu = garden.one(select(Person.id).where(Person.login == "hu"))
    refused = change(garden, str(hu), name="x")
    assert (refused.status_code, slug(refused)) == (403, "not-allowed")


@pytest.mark.parametrize(
    "over",
    [
        {"name": ""},
        {"name": "a\u202eb"},
        {"name": 7},
        {"number": ""},
        {"number": "x" * 21},
        {"trade": "king"},
        {"role": "owner"},
        {"role": None},
        {"pin": "12345"},
        {"pin": "１２３４５６"},
        {"team": "x"},
        {"surprise": 1},
        {"left": True},
    ],
)
def test_a_person_that_does_not_fit_is_refused_by_field(garden: Garden, over: dict[str, Any]) -> None:
    answer = make(garden, **over)
    assert (answer.status_code, slug(answer)) == (422, "invalid-body")
    assert next(iter(over)) in answer.get_json()["errors"]["json"]
    assert len(garden.client("li").get(people(garden)).get_json()["people"]) == 4


def test_a_team_must_be_one_of_the_site(garden: Garden) -> None:
    answer = make(garden, team=str(garden.site))
    assert (answer.status_code, slug(answer)) == (404, "not-found")


def test_a_viewer_looks_and_does_not_touch(garden: Garden) -> None:
    for answer in (make(garden, who="vera"), change(garden, "wang", who="vera", name="x")):
        assert (answer.status_code, slug(answer)) == (403, "not-allowed")


def test_chen_of_another_site_sees_nobody_of_the_garden(garden: Garden) -> None:
    chen = garden.client("chen")
    north = f"/api/v1/sites/{garden.north}/people"
    for answer in (
        chen.get(people(garden)),
        make(garden, who="chen"),
        change(garden, "wang", who="chen", name="x"),
        chen.patch(f"{north}/{garden.people['wang']}", json={"name": "x"}, headers=SAME_ORIGIN),
    ):
        assert (answer.status_code, slug(answer)) == (404, "not-found")
    assert [person["name"] for person in chen.get(north).get_json()["people"]] == ["chen", "zhao"]


def test_nobody_sees_anybody_without_a_log_in(garden: Garden) -> None:
    client = garden.client()
    for answer in (
        client.get(people(garden)),
        client.post(people(garden), json=HU, headers=SAME_ORIGIN),
        client.patch(f"{people(garden)}/{garden.people['wang']}", json={}, headers=SAME_ORIGIN),
    ):
        assert (answer.status_code, slug(answer)) == (401, "not-logged-in")


def test_a_worker_with_a_log_in_sees_nothing_in_the_console(garden: Garden) -> None:
    wang = garden.session.get_one(Person, garden.people["wang"])
    wang.login = "wang"
    garden.session.commit()
    client = garden.client("wang")
    assert client.get("/api/v1/session").get_json()["sites"] == []
    assert client.get(people(garden)).status_code == 404


def test_the_administrator_of_another_company_sees_nothing(garden: Garden) -> None:
    from server.feed import service as feed
    from server.people import service

    other = service.make_organisation(garden.session, name="Other", now_ms=garden.clock.ms)
    otto = service.make_person(
        garden.session,
        organisation=other.id,
        name="Otto",
        number="1",
        administrator=True,
        login="otto",
        now_ms=garden.clock.ms,
    )
    garden.people["otto"] = otto.id
    feed.commit(garden.session, now_ms=garden.clock.ms)
    client = garden.client("otto")
    assert client.get("/api/v1/session").get_json()["sites"] == []
    for path in ("people", "devices"):
        assert client.get(f"/api/v1/sites/{garden.site}/{path}").status_code == 404
