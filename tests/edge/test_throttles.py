"""Wrong tries are counted in the database: by every process, and over restarts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import create_app
from sync.enrolment import make_code
from tests.api.field import SAME_ORIGIN, Garden, Handset
from tests.conftest import FakeClock, settings_for

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

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
