"""Wrong tries are counted in the database: by every process, and over restarts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import throttle
from server.app import create_app
from server.ledger.devices import find_caller
from server.ledger.models import Record
from server.ledger.views.records import RAW_AT_ONCE
from server.people import sign_in
from sync.enrolment import make_code
from tests.api.field import SAME_ORIGIN, Garden, Handset, slug
from tests.conftest import FakeClock, settings_for

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

Try = Callable[[FlaskClient, int], TestResponse]


def log_in(client: FlaskClient, n: int) -> TestResponse:
    return client.post("/api/v1/session", json={"login": "li", "password": f"wrong {n}"}, headers=SAME_ORIGIN)


def first_run(client: FlaskClient, n: int) -> TestResponse:
    body: dict[str, Any] = {
        "code": f"wrong-code-{n}",
        "organisation": "Green Estates",
        "name": "Ada",
        "login": "ada",
        "password": "quite a long sentence",
    }
    return client.post("/api/v1/first-run", json=body, headers=SAME_ORIGIN)


def processes(folder: Path, url: str, clock: FakeClock) -> list[FlaskClient]:
    """Return clients of two processes on one database and one data folder."""
    return [create_app(settings_for(folder, url), now_ms=clock).test_client() for _ in range(2)]


@pytest.mark.parametrize(("attempt", "wrong"), [(log_in, 401), (first_run, 403)])
def test_two_processes_and_a_restart_count_together(
    tmp_path: Path,
    database_url: str,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    attempt: Try,
    wrong: int,
) -> None:
    monkeypatch.setattr("server.people.passwords.fits", lambda *_: False)  # it takes its time
    both = processes(tmp_path / "var", database_url, clock)

    answers = [attempt(both[n % 2], n).status_code for n in range(6)]
    after_a_restart = attempt(processes(tmp_path / "var", database_url, clock)[0], 7)

    assert answers == [wrong] * 5 + [429]
    assert after_a_restart.status_code == 429
    assert 0 < int(after_a_restart.headers["Retry-After"]) <= 60
    clock.forward(minutes=1, s=1)
    assert attempt(both[0], 8).status_code == wrong
    assert attempt(both[1], 9).status_code == 429  # the wait has doubled


def test_codes_that_are_guessed_are_counted_by_their_address(garden: Garden) -> None:
    phone = Handset(garden.app.test_client(), garden.clock, str(garden.site))

    statuses = [phone.ask_to_join(make_code(bytes([n] * 16))).status_code for n in range(22)]

    assert statuses[:19] == [410] * 19
    assert statuses[-1] == 429


def test_what_a_phone_hands_over_raw_is_limited_in_all_processes_and_nothing_of_it_is_lost(
    garden: Garden,
) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    settings = garden.app.extensions["roundsman.settings"]
    both = [garden.app.test_client(), create_app(settings, now_ms=garden.clock).test_client()]
    sick = [b"sick %d" % n for n in range(RAW_AT_ONCE + 2)]

    def hand_over(bytes_: bytes, by: Handset = phone) -> TestResponse:
        by.client = both[bytes_[-1] % 2]
        return by.send("raw", bytes_, content_type="application/octet-stream")

    answers = [hand_over(each) for each in sick]

    assert [answer.status_code for answer in answers] == [200] * RAW_AT_ONCE + [429] * 2
    assert slug(answers[-1]) == "too-much"
    assert hand_over(b"of another", by=other).status_code == 200
    for late in sick[RAW_AT_ONCE:]:
        wait_s = int(answers[-1].headers["Retry-After"])
        assert 0 < wait_s <= 10
        garden.clock.forward(s=wait_s)
        assert hand_over(late).status_code == 200
        assert hand_over(late).status_code == 429, "one comes back at a time"
    assert {*sick} <= {*garden.all(select(Record.body))}
    assert phone.outcomes(phone.record()) == [("applied", None)], "what can be read is not limited"


def test_who_asked_a_little_earlier_and_is_counted_later_is_not_turned_away(garden: Garden) -> None:
    """As in two processes: each reads the clock, and one then stands in line for the row."""
    now = garden.clock.ms
    phone = garden.handset()

    for earlier_ms in range(3):
        throttle.count_try(garden.session, name="x", free=5, now_ms=now - earlier_ms)
        tried = sign_in.count_try(
            garden.session,
            caller=find_caller(garden.session, phone.log) or pytest.fail("no such phone"),
            person=garden.people["wang"],
            now_ms=now - earlier_ms,
        )
        assert isinstance(tried, sign_in.Try)
