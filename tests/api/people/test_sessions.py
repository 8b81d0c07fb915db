"""Logging in to the console, and the very first run."""

from __future__ import annotations

import stat
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.config import Settings
from server.people import service
from server.people.access import COOKIE, hash_token
from server.people.models import ConsoleSession, Organisation, Person
from server.people.roles import may
from tests.api.field import PASSWORD, SAME_ORIGIN, Garden, slug, stored
from tests.conftest import FakeClock

SESSION = "/api/v1/session"
ADA = {"login": "ada", "password": PASSWORD}


def log_in(client: FlaskClient, **over: str) -> tuple[int, str]:
    answer = client.post(SESSION, json={**ADA, **over}, headers=SAME_ORIGIN)
    return answer.status_code, "" if answer.status_code == 200 else slug(answer)


def test_a_person_logs_in_and_sees_their_sites(garden: Garden) -> None:
    client = garden.client()
    answer = client.post(SESSION, json={"login": "Li", "password": PASSWORD}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["person"] == {"id": str(garden.people["li"]), "name": "li", "login": "li"}
    assert told["organisation"] == {"id": str(garden.organisation), "name": "Green Estates", "demo": False}
    assert (told["administrator"], told["fresh"]) == (False, True)
    assert told["sites"] == [
        {
            "id": str(garden.site),
            "name": {"zh": "花园", "en": "Garden"},
            "time_zone": "Asia/Shanghai",
            "day_start_min": 360,
            "role": "supervisor",
            "may": sorted(may("supervisor")),
            "demo": False,
        }
    ]
    assert told["factors"] == {"totp": False, "passkeys": 0, "recovery_left": 0, "needed": False}
    assert client.get(SESSION).get_json() == told


def test_the_administrator_sees_every_site_of_the_company(garden: Garden) -> None:
    told = garden.client("ada").get(SESSION).get_json()
    assert told["administrator"]
    assert {site["id"] for site in told["sites"]} == {str(garden.site), str(garden.north)}


def test_the_cookie_is_safe_and_only_its_hash_is_kept(garden: Garden) -> None:
    client = garden.client()
    header = client.post(SESSION, json=ADA, headers=SAME_ORIGIN).headers["Set-Cookie"]
    name, _, rest = header.partition("=")
    token = rest.partition(";")[0]
    assert name == COOKIE == "__Host-roundsman"
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in header
    assert "Domain" not in header
    assert len(token) == 43
    assert garden.one(select(ConsoleSession.token_hash)) == hash_token(token)


def test_nobody_is_logged_in_without_a_cookie_that_was_given(garden: Garden) -> None:
    client = garden.client()
    answer = client.get(SESSION)
    assert (answer.status_code, slug(answer)) == (401, "not-logged-in")
    assert answer.get_json()["first_run"] is False
    client.set_cookie(COOKIE, "A" * 43, secure=True)
    assert client.get(SESSION).status_code == 401


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(garden: Garden) -> None:
    client = garden.client()
    first = client.post(SESSION, json={**ADA, "password": "wrong"}, headers=SAME_ORIGIN)
    second = client.post(SESSION, json={**ADA, "login": "nobody"}, headers=SAME_ORIGIN)
    assert (first.status_code, slug(first)) == (401, "wrong-login")
    assert first.get_json() == second.get_json()


def test_five_wrong_tries_cost_a_minute_then_two(garden: Garden, clock: FakeClock) -> None:
    client = garden.client()
    assert [log_in(client, password="wrong") for _ in range(5)] == [(401, "wrong-login")] * 5
    answer = client.post(SESSION, json=ADA, headers=SAME_ORIGIN)
    assert (answer.status_code, slug(answer)) == (429, "slow-down")
    assert answer.headers["Retry-After"] == "60"
    clock.forward(s=61)
    assert log_in(client, password="wrong") == (401, "wrong-login")
    assert client.post(SESSION, json=ADA, headers=SAME_ORIGIN).headers["Retry-After"] == "120"
    assert log_in(client, login="li") == (200, "")
    clock.forward(s=121)
    assert log_in(client) == (200, "")
    assert log_in(client, password="wrong") == (401, "wrong-login")  # forgiven: free tries again
    assert log_in(client) == (200, "")


def test_tries_at_the_same_moment_are_all_counted(garden: Garden) -> None:
    barrier = threading.Barrier(8)
    statuses: list[int] = []

    def guess() -> None:
        client = garden.app.test_client()
        barrier.wait()
        statuses.append(log_in(client, password="wrong")[0])

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(statuses) == [401] * 5 + [429] * 3


def test_who_left_does_not_log_in_and_is_logged_out(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    assert client.get(SESSION).status_code == 200
    person = garden.session.get_one(Person, garden.people["li"])
    person.left_ms = clock.ms
    garden.session.commit()
    assert client.get(SESSION).status_code == 401
    assert log_in(garden.client(), login="li") == (401, "wrong-login")


def test_a_session_ends_after_half_an_hour_without_use(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    for _ in range(3):
        clock.forward(minutes=29)
        assert client.get(SESSION).status_code == 200
    clock.forward(minutes=31)
    assert client.get(SESSION).status_code == 401


def test_a_session_ends_after_twelve_hours_whatever_is_done(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    for _ in range(36):
        clock.forward(minutes=20)
        last = client.get(SESSION).status_code
    assert last == 200
    clock.forward(minutes=1)
    assert client.get(SESSION).status_code == 401


def test_use_is_noted_at_most_once_a_minute(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    began = clock.ms
    clock.forward(s=59)
    client.get(SESSION)
    assert garden.one(select(ConsoleSession.seen_ms)) == began
    clock.forward(s=1)
    client.get(SESSION)
    assert garden.one(select(ConsoleSession.seen_ms)) == clock.ms


def test_logging_out_ends_the_session_on_the_server(garden: Garden) -> None:
    client = garden.client("li")
    token = client.get_cookie(COOKIE)
    assert token is not None
    answer = client.delete(SESSION, headers=SAME_ORIGIN)
    assert answer.status_code == 204
    stolen = garden.client()
    stolen.set_cookie(COOKIE, token.value, secure=True)
    assert stolen.get(SESSION).status_code == 401


def test_freshness_lasts_ten_minutes_and_the_password_brings_it_back(
    garden: Garden, clock: FakeClock
) -> None:
    client = garden.client("li")
    clock.forward(minutes=11)
    assert client.get(SESSION).get_json()["fresh"] is False
    wrong = client.post(f"{SESSION}/refresh", json={"password": "wrong"}, headers=SAME_ORIGIN)
    assert (wrong.status_code, slug(wrong)) == (401, "wrong-login")
    assert client.get(SESSION).get_json()["fresh"] is False
    right = client.post(f"{SESSION}/refresh", json={"password": PASSWORD}, headers=SAME_ORIGIN)
    assert right.get_json()["fresh"] is True
    assert client.get(SESSION).get_json()["fresh"] is True


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    ],
)
def test_what_changes_something_must_come_from_our_own_pages(garden: Garden, headers: dict[str, str]) -> None:
    client = garden.client("li")
    for answer in (
        client.post(SESSION, json=ADA, headers=headers),
        client.delete(SESSION, headers=headers),
        client.post(f"/api/v1/sites/{garden.site}/people", json={}, headers=headers),
    ):
        assert (answer.status_code, slug(answer)) == (403, "cross-site")
    assert client.delete(SESSION, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204


def test_a_form_is_no_json(garden: Garden) -> None:
    answer = garden.client().post(SESSION, data=ADA, headers=SAME_ORIGIN)
    assert answer.status_code in (400, 415, 422)
    assert answer.mimetype == "application/problem+json"


def test_stale_sessions_and_old_tries_are_cleared_away(garden: Garden, clock: FakeClock) -> None:
    from server.throttle import Throttle

    client = garden.client("li")
    log_in(garden.client(), login="nobody")
    clock.forward(hours=25)
    service.end_stale(garden.session, now_ms=clock.ms)
    garden.session.commit()
    assert garden.all(select(ConsoleSession.id)) == []
    assert garden.all(select(Throttle.key)) == []
    assert client.get(SESSION).status_code == 401


# -- the first run ---------------------------------------------------------------------

FIRST = {"organisation": "Green Estates", "name": "Ada", "login": "ada", "password": PASSWORD}


def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["roundsman.settings"]
    return found


def test_the_first_run_makes_the_company_and_its_administrator(app: Flask) -> None:
    client = app.test_client()
    assert client.get(SESSION).get_json()["first_run"] is True
    code = service.first_run_code(settings(app).data_dir)
    assert service.first_run_code(settings(app).data_dir) == code
    assert stat.S_IMODE((settings(app).data_dir / "first-run-code").stat().st_mode) == 0o600
    answer = client.post("/api/v1/first-run", json={**FIRST, "code": code}, headers=SAME_ORIGIN)
    assert answer.status_code == 201
    assert answer.get_json()["administrator"] is True
    assert client.get(SESSION).status_code == 200
    assert not (settings(app).data_dir / "first-run-code").exists()
    again = client.post("/api/v1/first-run", json={**FIRST, "code": code}, headers=SAME_ORIGIN)
    assert (again.status_code, slug(again)) == (409, "first-run-over")


def test_the_first_run_needs_the_printed_code_and_a_long_password(app: Flask) -> None:
    client = app.test_client()
    wrong = client.post("/api/v1/first-run", json={**FIRST, "code": "x" * 22}, headers=SAME_ORIGIN)
    assert (wrong.status_code, slug(wrong)) == (403, "wrong-code")
    code = service.first_run_code(settings(app).data_dir)
    short = client.post(
        "/api/v1/first-run", json={**FIRST, "code": code, "password": "elevenchars"}, headers=SAME_ORIGIN
    )
    assert short.status_code == 422
    assert "password" in short.get_data(as_text=True)
    assert client.get(SESSION).get_json()["first_run"] is True


def test_of_two_first_runs_at_once_one_wins(app: Flask, session) -> None:  # type: ignore[no-untyped-def]
    code = service.first_run_code(settings(app).data_dir)
    barrier = threading.Barrier(2)
    statuses: list[int] = []

    def run(login: str) -> None:
        client = app.test_client()
        barrier.wait()
        answer = client.post(
            "/api/v1/first-run", json={**FIRST, "login": login, "code": code}, headers=SAME_ORIGIN
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=run, args=(login,)) for login in ("ada", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(statuses) in ([201, 409], [201, 403])  # the loser may find the code gone already
    assert len(session.scalars(select(Organisation.id)).all()) == 1


def test_the_log_in_kept_for_the_start_is_shown_while_it_works(garden: Garden, clock: FakeClock) -> None:
    folder = settings(garden.app).data_dir
    assert service.first_login(garden.session, folder) is None
    service.keep_first_login(folder, login="ada", password=PASSWORD)
    assert stat.S_IMODE((folder / "first-login").stat().st_mode) == 0o600
    found = service.first_login(garden.session, folder)
    assert found is not None
    assert (found.login, found.password) == ("ada", PASSWORD)
    ada = garden.session.get_one(Person, garden.people["ada"])
    ada.password_hash = stored("another long one")
    garden.session.flush()
    assert service.first_login(garden.session, folder) is None
