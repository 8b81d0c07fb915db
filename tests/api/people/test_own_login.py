"""One's own log-in: the browsers one is logged in with, and the password."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.people.access import COOKIE
from server.people.models import ConsoleSession
from tests.api.field import PASSWORD, SAME_ORIGIN, Garden, slug
from tests.conftest import FakeClock

SESSION, ME = "/api/v1/session", "/api/v1/me"
NEW = "quite another way round"

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
"""What depends on the engine is in `test_logins_on_both_engines.py`."""


def change(client: FlaskClient, **over: Any) -> TestResponse:
    return client.post(f"{ME}/password", json={"old": PASSWORD, "new": NEW, **over}, headers=SAME_ORIGIN)


def own(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{ME}/login").get_json()["sessions"]
    return found


def test_a_person_sees_where_they_are_logged_in(garden: Garden, clock: FakeClock) -> None:
    client = garden.client()
    client.post(
        SESSION,
        json={"login": "li", "password": PASSWORD},
        headers={**SAME_ORIGIN, "User-Agent": "Firefox on the desk"},
        environ_base={"REMOTE_ADDR": "203.0.113.77"},
    )
    clock.forward(minutes=2)
    other = garden.client("li")
    garden.client("chen")
    other.get(SESSION)
    assert [(one["this"], one["agent"], one["network"]) for one in own(other)] == [
        (True, "test", ""),
        (False, "Firefox on the desk", "203.0.113.0/24"),
    ]
    clock.forward(minutes=29)
    assert len(own(other)) == 1  # the other one is over by itself


def test_one_ends_another_session_or_all_others_and_nobody_elses(garden: Garden) -> None:
    first, second, third = (garden.client("li") for _ in range(3))
    [seconds] = [one["id"] for one in own(second) if one["this"]]
    chen = garden.client("chen")
    assert chen.delete(f"{ME}/sessions/{seconds}", headers=SAME_ORIGIN).status_code == 404
    assert first.delete(f"{ME}/sessions/{seconds}", headers=SAME_ORIGIN).status_code == 204
    assert second.get(SESSION).status_code == 401
    assert first.delete(f"{ME}/sessions/{seconds}", headers=SAME_ORIGIN).status_code == 404
    assert first.post(f"{ME}/sessions/end-others", headers=SAME_ORIGIN).status_code == 204
    assert [one.get(SESSION).status_code for one in (first, third, chen)] == [200, 401, 200]
    written = garden.all(select(AuditRow.action).where(AuditRow.action == "session.ended"))
    assert len(written) == 2


def test_a_new_password_takes_the_old_one_and_ends_every_other_session(garden: Garden) -> None:
    client, other = garden.client("li"), garden.client("li")
    wrong = change(client, old="wrong")
    assert (wrong.status_code, slug(wrong)) == (401, "wrong-login")
    before = client.get_cookie(COOKIE)
    assert change(client).status_code == 200
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    stolen = garden.client()
    stolen.set_cookie(COOKIE, before.value, secure=True)
    assert [one.get(SESSION).status_code for one in (client, other, stolen)] == [200, 401, 401]
    again = garden.client()
    body = {"login": "li", "password": PASSWORD}
    assert again.post(SESSION, json=body, headers=SAME_ORIGIN).status_code == 401
    assert again.post(SESSION, json={**body, "password": NEW}, headers=SAME_ORIGIN).status_code == 200
    assert "password.changed" in garden.all(select(AuditRow.action))


def test_a_new_password_takes_a_fresh_log_in(garden: Garden, clock: FakeClock) -> None:
    client = garden.client("li")
    clock.forward(minutes=11)
    assert slug(change(client)) == "fresh-login"


def test_guessing_the_old_password_is_counted(garden: Garden) -> None:
    client = garden.client("li")
    assert [change(client, old=f"wrong {n}").status_code for n in range(6)] == [401] * 5 + [429]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("elevenchars", "Length must be between 12 and 200"),
        ("x" * 201, "Length must be between 12 and 200"),
        ("password1234", "too common"),
        ("aaaabbbbaaaabbbb", "too simple"),
    ],
)
def test_what_is_no_password_is_told_at_its_field(garden: Garden, new: str, told: str) -> None:
    refused = change(garden.client("li"), new=new)
    assert refused.status_code == 422
    [message] = refused.get_json()["errors"]["json"]["new"]
    assert told in message


def test_a_password_is_counted_in_characters_of_whatever_script(garden: Garden) -> None:
    assert change(garden.client("li"), new="夜班从东门走到泵房再回来交").status_code == 200


def test_a_log_in_never_takes_up_a_name_that_the_browser_brought(garden: Garden) -> None:
    client = garden.client("li")
    before = client.get_cookie(COOKIE)
    client.post(SESSION, json={"login": "li", "password": PASSWORD}, headers=SAME_ORIGIN)
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert len(garden.all(select(ConsoleSession.id))) == 2
