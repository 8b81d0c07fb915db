"""`roundsman rotate-secret factor`: every second factor is encrypted anew, beside a running server."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import rotation
from server.audit.models import AuditRow
from server.cli import main
from server.db import db
from server.keeping import backup
from server.keeping.backup import read_back
from server.people import factor_keys, totp
from server.people.factor_keys import FactorKeys
from server.people.login_models import Totp
from server.secrets import FACTOR_NEXT, FOLDER, Secrets, SecretsError
from server.tenancy import enter_installation
from tests.api.field import Garden
from tests.api.people.test_factors import ME, code_of, first_step, post, second_step, set_up_app
from tests.conftest import FakeClock

ONE_ENGINE = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)


def folder(garden: Garden) -> Path:
    found: Path = garden.app.extensions["roundsman.settings"].data_dir
    return found


@contextmanager
def working(garden: Garden) -> Iterator[Session]:
    """Lend a session as the command line has one, with the rights of the application."""
    garden.session.rollback()
    with garden.app.app_context():
        engine = db.engine
    with Session(engine) as made:
        enter_installation(made)
        yield made


def renew(garden: Garden, note: Callable[[], None] = lambda: None) -> int:
    with working(garden) as session:
        return factor_keys.renew(session, data_dir=folder(garden), note=note)


def log_in(garden: Garden, secret: bytes, clock: FakeClock) -> int:
    """Return the status of a log-in with a fresh code."""
    clock.forward(s=30)
    client, begun = first_step(garden)
    return second_step(client, begun["attempt"], code_of(secret, clock)).status_code


def sealed(garden: Garden) -> bytes:
    found = garden.one(select(Totp.secret).where(Totp.person_id == garden.people["li"]))
    assert isinstance(found, bytes)
    return found


def test_the_old_key_is_gone_and_codes_work_on_without_a_start(garden: Garden, clock: FakeClock) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    waiting = garden.client("chen")
    half = base64.b32decode(post(waiting, f"{ME}/totp").get_json()["secret"])
    old, before = (folder(garden) / FOLDER / "factor").read_bytes(), sealed(garden)

    assert renew(garden) == 2

    new = (folder(garden) / FOLDER / "factor").read_bytes()
    assert old != new
    assert {path.name for path in (folder(garden) / FOLDER).iterdir()} == {
        "proof", "cursor", "session", "factor", "receipt",
    }  # fmt: skip
    li = garden.people["li"]
    assert sealed(garden) != before
    assert factor_keys.unseal(sealed(garden), person=li, key=old) is None
    assert factor_keys.unseal(sealed(garden), person=li, key=new) == secret
    assert log_in(garden, secret, clock) == 200
    confirmed = post(waiting, f"{ME}/totp/confirm", code=totp.code_at(half, clock.ms // 30_000))
    assert confirmed.status_code == 200


class Killed(BaseException):
    """The process ended here."""


@ONE_ENGINE
@pytest.mark.parametrize("where", ["begun", "encrypted", "committed"])
def test_killed_in_between_every_factor_opens_and_doing_it_again_ends_it(
    garden: Garden, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    secret, _ = set_up_app(garden.client("li"), clock)
    old = (folder(garden) / FOLDER / "factor").read_bytes()

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if where == "begun":
            patched.setattr(factor_keys, "_bar", die)
        if where == "committed":
            patched.setattr(rotation, "finish_factor", die)
        with pytest.raises(Killed):
            renew(garden, note=die if where == "encrypted" else lambda: None)
    garden.session.rollback()

    Secrets.load(folder(garden))  # a server starts on it
    assert (folder(garden) / FOLDER / FACTOR_NEXT).exists()
    assert log_in(garden, secret, clock) == 200
    late, _ = set_up_app(garden.client("chen"), clock)

    assert renew(garden) == 2

    assert not (folder(garden) / FOLDER / FACTOR_NEXT).exists()
    assert (folder(garden) / FOLDER / "factor").read_bytes() != old
    assert log_in(garden, secret, clock) == 200
    held = FactorKeys(folder(garden)).held()
    row = garden.one(select(Totp.secret).where(Totp.person_id == garden.people["chen"]))
    assert factor_keys.unseal(row, person=garden.people["chen"], key=held[0]) == late


def test_an_app_that_is_set_up_meanwhile_is_not_left_with_the_old_key(
    garden: Garden, clock: FakeClock
) -> None:
    """It has its key already when the replacement begins: that waits until it is written."""
    keys, li = FactorKeys(folder(garden)), garden.people["li"]
    set_up_app(garden.client("li"), clock)
    done = threading.Event()

    def replace() -> None:
        renew(garden)
        done.set()

    with working(garden) as mine:
        row = mine.get_one(Totp, li, with_for_update=True)
        row.pending = keys.seal(mine, b"s" * 20, person=li)
        thread = threading.Thread(target=replace)
        thread.start()
        assert not done.wait(0.2)  # a glance: it may only ever be too short to notice a fault
        mine.commit()
    thread.join()

    pending = garden.one(select(Totp.pending).where(Totp.person_id == li))
    assert factor_keys.unseal(pending, person=li, key=keys.held()[0]) == b"s" * 20


@ONE_ENGINE
def test_a_row_that_is_older_or_newer_than_the_keys_opens(garden: Garden) -> None:
    keys, person = FactorKeys(folder(garden)), UUID(int=5)
    before = keys.held()
    old = factor_keys.seal(b"a" * 20, person=person, key=before[0])
    renew(garden)
    new = factor_keys.seal(b"b" * 20, person=person, key=keys.held()[0])

    assert keys.open(old, person=person, held=before) == b"a" * 20
    assert keys.open(new, person=person, held=before) == b"b" * 20
    assert keys.open(old, person=person, held=keys.held()) is None
    assert keys.open(None, person=person, held=before) is None


@ONE_ENGINE
def test_a_backup_holds_the_key_of_its_rows(
    garden: Garden, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replacement that begins while the tables are written waits until their key was copied."""
    secret, _ = set_up_app(garden.client("li"), clock)
    right, threads = backup._copy_tables, []

    def replace() -> None:
        rotation.begin_factor(folder(garden))
        with rotation.holding(folder(garden), alone=True):
            rotation.finish_factor(folder(garden))

    def meanwhile(session: Session, part: Path, *, now_ms: int) -> dict[str, Any]:
        found = right(session, part, now_ms=now_ms)
        threads.append(threading.Thread(target=replace))
        threads[0].start()
        return found

    monkeypatch.setattr(backup, "_copy_tables", meanwhile)
    garden.session.rollback()
    made = backup.back_up(garden.session, root=tmp_path / "backups", data_dir=folder(garden), now_ms=clock.ms)
    threads[0].join()

    with read_back(made) as (scratch, _report):
        row = scratch.scalars(select(Totp.secret).where(Totp.person_id == garden.people["li"])).one()
    found = FactorKeys(made).open(row, person=garden.people["li"], held=())
    assert found == secret


@ONE_ENGINE
@pytest.mark.parametrize("value", [b"", bytes(32), b"this is not a secret, is it? No."])
def test_a_next_key_that_is_none_stops_the_start(garden: Garden, value: bytes) -> None:
    rotation.begin_factor(folder(garden))
    (folder(garden) / FOLDER / FACTOR_NEXT).write_bytes(value)

    with pytest.raises(SecretsError, match=r"factor\.next"):
        Secrets.load(folder(garden))


@ONE_ENGINE
def test_the_command_replaces_and_notes(
    garden: Garden, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_app(garden.client("li"), clock)
    monkeypatch.setenv("ROUNDSMAN_DATA_DIR", str(folder(garden)))
    monkeypatch.setenv("ROUNDSMAN_DATABASE_URL", garden.app.config["SQLALCHEMY_DATABASE_URI"])
    garden.session.rollback()

    told = CliRunner().invoke(main, ["rotate-secret", "factor"], catch_exceptions=False)

    assert told.exit_code == 0, told.output
    assert "1 encrypted anew" in told.output
    noted = garden.all(select(AuditRow.subject).where(AuditRow.action == "secret.rotate"))
    assert noted == ["secret:factor"]
