"""Bad input to the console: the expected refusal, nothing changed, quick, and the next good request works.

The cases and their answers stand in `tests/corpus/bad`, by class.
"""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.people.access import COOKIE
from tests.api.field import slug
from tests.api.ledger.test_bad_input import TELLTALES
from tests.api.rounds.conftest import Estate, estate
from tests.conftest import PUBLIC_URL, FakeClock
from tests.corpus.bad import console, records, syntax
from tests.cost import bounded
from tests.logins import begin_session
from tests.unchanged import digest

__all__ = ["estate"]

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

JSON_THAT_DOES_NOT_FIT = (
    "syntax: nothing",
    "syntax: null",
    "syntax: a number",
    "syntax: a text",
    "syntax: an array",
    "syntax: an empty object",
    "member: an unknown member",
    "member: a member with an empty name",
    "member: __proto__",
    "member: a name that looks like another",
)
"""Of the syntax cases these are JSON, and not the body that is asked for."""


class Desk:
    """Li's browser."""

    def __init__(self, client: FlaskClient, session: Session, estate: Estate, clock: FakeClock) -> None:
        self.client = client.application.test_client(use_cookies=False)
        self.session = session
        self.site = f"/api/v1/sites/{estate.site.id}"
        token = begin_session(session, estate.people["Li"].id, now_ms=clock.ms)
        session.commit()
        self.headers = {"Cookie": f"{COOKIE}={token}", "Origin": PUBLIC_URL}

    def post(self, where: str, body: bytes) -> TestResponse:
        """Send a body."""
        return self.client.post(
            f"{self.site}/{where}", data=body, content_type="application/json", headers=self.headers
        )


@pytest.fixture
def desk(client: FlaskClient, session: Session, estate: Estate, clock: FakeClock) -> Desk:
    return Desk(client, session, estate, clock)


def assert_clean(answer: TestResponse, what: str) -> None:
    told = answer.get_data(as_text=True)
    assert not any(word in told for word in TELLTALES), (what, told[:300])


def test_each_member_that_is_wrong_in_any_way_is_refused(desk: Desk, estate: Estate) -> None:
    before, count = digest(desk.session), 0
    bodies = console.bodies(str(estate.places[0].id))
    for where, body in bodies.items():
        for case in console.cases(body):
            count += 1
            what = f"{where}: {case.name}"
            with bounded(what):
                answer = desk.post(where, case.body)
            assert (answer.status_code, slug(answer)) == (case.status, case.slug), (what, answer.text[:300])
            assert_clean(answer, what)
        assert digest(desk.session) == before, where
    assert count > 450
    for where, body in bodies.items():
        if where != "plans":  # its route is nobody's
            assert desk.post(where, json.dumps(body.good).encode()).status_code == 201, where


def test_bytes_that_are_no_strict_json_are_refused(desk: Desk) -> None:
    good = json.dumps({"name": console.LABEL, "proto": 1}).encode()
    before, count = digest(desk.session), 0
    for case in syntax.cases(good):
        count += 1
        with bounded(case.name):
            answer = desk.post("teams", case.body)
        fits = case.name in JSON_THAT_DOES_NOT_FIT
        expected = (422, "invalid-body") if fits else (400, "bad-json")
        assert (answer.status_code, slug(answer)) == expected, (case.name, answer.text[:300])
        assert_clean(answer, case.name)
    assert count > 70
    assert digest(desk.session) == before
    assert desk.post("teams", json.dumps({"name": console.LABEL}).encode()).status_code == 201


def test_what_people_write_is_kept_exactly_whatever_it_looks_like(desk: Desk) -> None:
    seen = 0
    for text in records.TEXTS:
        answer = desk.post("teams", json.dumps({"name": {"zh": text, "en": ""}}).encode())
        if answer.status_code == 201:
            seen += 1
            assert answer.json is not None
            assert answer.json["name"]["zh"] == text.strip()
        else:
            assert (answer.status_code, slug(answer)) == (422, "invalid-body"), text[:20]
    assert seen > 10
