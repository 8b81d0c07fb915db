"""`roundsman make-admin` and `roundsman recover`, beside a running server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow
from server.cli import main
from server.clock import system_ms
from server.people import service
from server.people.models import Organisation, Person
from tests.api.field import PASSWORD, SAME_ORIGIN, Garden
from tests.conftest import FakeClock

Run = Callable[..., Result]

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
"""What depends on the engine is in `test_logins_on_both_engines.py`."""


@pytest.fixture
def run(
    app: Flask, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> Run:
    """Run a command of the installation, whose clock is the machine's."""
    monkeypatch.setenv("ROUNDSMAN_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ROUNDSMAN_DATABASE_URL", database_url)
    monkeypatch.setenv("ROUNDSMAN_PUBLIC_URL", "http://localhost")
    clock.ms = system_ms()
    return lambda *words: CliRunner().invoke(main, list(words))


def code_of(ran: Result) -> str:
    assert ran.exit_code == 0, ran.output
    found = re.search(r"http://localhost/console/#/invitation\?code=([A-Za-z0-9_-]{22})\n", ran.output)
    assert found is not None, ran.output
    return found.group(1)


def accept(app: Flask, code: str, login: str) -> dict[str, object]:
    client = app.test_client()
    body = {"code": code, "login": login, "password": PASSWORD}
    answer = client.post("/api/v1/invitation/accept", json=body, headers=SAME_ORIGIN)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told: dict[str, object] = answer.get_json()
    return told


def test_the_first_administrator_takes_the_place_of_the_first_run(
    app: Flask, session: Session, run: Run
) -> None:
    data_dir = app.extensions["roundsman.settings"].data_dir
    service.first_run_code(data_dir)
    nameless = run("make-admin", "--name", "Ada")
    assert nameless.exit_code == 1
    assert "give the first its name" in nameless.output
    code = code_of(run("make-admin", "--name", "Ada", "--organisation", "Green Estates"))
    assert not (data_dir / "first-run-code").exists()
    assert app.test_client().get("/api/v1/session").get_json()["first_run"] is False
    told = accept(app, code, "ada")
    assert told["administrator"] is True
    assert told["factors"]["needed"] is True  # type: ignore[index]
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.pos)).all()
    assert list(actions)[:2] == ["administrator.made", "invitation.made"]


def test_one_more_administrator_of_the_only_organisation(garden: Garden, run: Run) -> None:
    told = accept(garden.app, code_of(run("make-admin", "--name", "Eva")), "eva")
    assert told["organisation"]["name"] == "Green Estates"  # type: ignore[index]
    eva = garden.one(select(Person).where(Person.login == "eva"))
    assert (eva.administrator, eva.number) == (True, "A1")
    taken = run("make-admin", "--name", "Eve", "--number", "1")
    assert taken.exit_code == 1
    assert "number" in taken.output


def test_of_several_organisations_one_is_named(garden: Garden, run: Run) -> None:
    service.make_organisation(garden.session, name="Other", now_ms=garden.clock.ms)
    garden.session.commit()
    unsaid = run("make-admin", "--name", "Eva")
    assert unsaid.exit_code == 1
    assert "Green Estates, Other" in unsaid.output
    unknown = run("make-admin", "--name", "Eva", "--organisation", "Nobody")
    assert unknown.exit_code == 1
    told = accept(garden.app, code_of(run("make-admin", "--name", "Eva", "--organisation", "Other")), "eva")
    assert told["organisation"]["name"] == "Other"  # type: ignore[index]
    assert len(garden.all(select(Organisation.id))) == 2


def test_nobody_is_recovered_who_does_not_exist(garden: Garden, run: Run) -> None:
    ran = run("recover", "nobody")
    assert ran.exit_code == 1
    assert "Nobody has the log-in nobody" in ran.output
