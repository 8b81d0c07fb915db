"""Who is not who they say: the same refusal whatever they try, nothing changed, and the good one still works.

The cases and their answers stand in `tests/corpus/bad/login.py`.
"""

from __future__ import annotations

import hashlib

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.people import passwords
from tests.api.field import SAME_ORIGIN, Garden, garden, slug
from tests.api.ledger.test_bad_input import TELLTALES
from tests.conftest import PUBLIC_URL
from tests.corpus.bad import login
from tests.cost import bounded
from tests.logins import begin_session
from tests.unchanged import digest

__all__ = ["garden"]

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

EVERYWHERE = ("board", "audit", "audit/choices", "audit/csv", "teams")


@pytest.fixture
def token(garden: Garden) -> str:
    made = begin_session(garden.session, garden.people["li"], now_ms=garden.clock.ms)
    garden.session.commit()
    return made


@pytest.fixture
def browser(garden: Garden) -> FlaskClient:
    return garden.app.test_client(use_cookies=False)


def assert_refused(answer: TestResponse, status: int, expected: str, what: str) -> None:
    assert (answer.status_code, slug(answer)) == (status, expected), (what, answer.text[:300])
    assert answer.mimetype == "application/problem+json", what
    assert "Set-Cookie" not in answer.headers or "Max-Age=0" in answer.headers["Set-Cookie"], what
    assert not any(word in answer.text for word in TELLTALES), (what, answer.text[:300])


def test_who_has_no_session_is_told_nothing_at_any_address(
    garden: Garden, browser: FlaskClient, token: str
) -> None:
    before, count = digest(garden.session), 0
    kept = hashlib.sha256(token.encode()).hexdigest()
    for number, case in enumerate(login.strangers(token, kept)):
        count += 1
        where = f"/api/v1/sites/{garden.site}/{EVERYWHERE[number % len(EVERYWHERE)]}"
        with bounded(case.name):
            read = browser.get(where + (f"?{case.query}" if case.query else ""), headers=case.headers)
        assert_refused(read, case.status, case.slug, case.name)
        written = browser.post(
            f"/api/v1/sites/{garden.site}/teams",
            json={"name": {"zh": "x"}},
            headers={**SAME_ORIGIN, **case.headers},
        )
        assert_refused(written, case.status, case.slug, case.name)
    assert count > 50
    assert digest(garden.session) == before
    good = {"Cookie": f"{login.COOKIE}={token}"}
    assert browser.get(f"/api/v1/sites/{garden.site}/board", headers=good).status_code == 200


def test_another_page_changes_nothing_with_a_session_that_is_good(
    garden: Garden, browser: FlaskClient, token: str
) -> None:
    before, count = digest(garden.session), 0
    cookie = {"Cookie": f"{login.COOKIE}={token}"}
    for case in login.elsewhere(PUBLIC_URL):
        count += 1
        answer = browser.post(
            f"/api/v1/sites/{garden.site}/teams",
            json={"name": {"zh": "x"}},
            headers={**cookie, **case.headers},
        )
        assert_refused(answer, case.status, case.slug, case.name)
    assert count > 30
    assert digest(garden.session) == before
    mine = browser.post(
        f"/api/v1/sites/{garden.site}/teams",
        json={"name": {"zh": "x"}},
        headers={**cookie, **SAME_ORIGIN},
    )
    assert mine.status_code == 201, mine.text


def test_what_is_no_log_in_is_refused_and_never_lets_in(
    garden: Garden, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.throttle.wait_after", lambda *_, **__: 0)  # tried elsewhere
    monkeypatch.setattr(passwords, "fits", lambda *_: False)  # takes its time, and none of these is right
    count = 0
    for case in login.bodies():
        count += 1
        with bounded(case.name):
            answer = browser.post(
                "/api/v1/session", data=case.body, content_type="application/json", headers=SAME_ORIGIN
            )
        assert_refused(answer, case.status, case.slug, case.name)
    assert count > 45
