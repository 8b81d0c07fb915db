"""The server's secrets are replaced: nothing that was given before is lost, and phones follow."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server import rotation
from server.audit.models import AuditRow
from server.cli import main
from server.demo.walk import CAPABILITIES, Handset, handset, sync
from server.keeping import backup, restore
from server.keeping.verify import verify
from server.ledger.models import Device, Receipt
from server.secrets import BEFORE, CHANGES, FOLDER, KNOWN_KEYS, Secrets, SecretsError, is_weak
from sync.keys import SigningKey
from sync.phone.saving import Draft
from sync.succession import read_change
from sync.verify import verify_export
from tests.api.field import Garden
from tests.conftest import PUBLIC_URL
from tests.simulation.reference import KEY
from tests.vectors.cases.common import SERVER

SQLITE = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)
NAMES: tuple[rotation.Name, ...] = ("proof", "cursor", "session", "receipt")


def folder(garden: Garden) -> Path:
    found: Path = garden.app.extensions["roundsman.settings"].data_dir
    return found


def start_anew(garden: Garden) -> Secrets:
    """Have the server hold the secrets as they lie there now, as after a start."""
    garden.app.extensions["roundsman.secrets"] = Secrets.load(folder(garden))
    return garden.secrets


def phone(garden: Garden) -> Handset:
    """Return a phone that has joined, with all its protocol."""
    made = handset(garden.app, garden.clock, public_url=PUBLIC_URL)  # type: ignore[arg-type]
    made.phone.enrol(garden.code(), capabilities=CAPABILITIES)
    for device in garden.session.scalars(select(Device).where(Device.state == "waiting")):
        device.state = "active"
    garden.session.commit()
    assert made.phone.confirm() == "active"
    sync(made)
    return made


def record(made: Handset) -> None:
    """Have the phone record something."""
    site = made.phone.store.meta("site") or ""
    made.phone.saver.save(Draft("shift.end", lambda _log, _seq: {"reason": "moved"}, None, site))


# -- the files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_only_the_secret_named_changes_and_nobody_may_read_it(tmp_path: Path, name: rotation.Name) -> None:
    before = Secrets.load(tmp_path)

    rotation.rotate(tmp_path, name, now_ms=7)

    after = Secrets.load(tmp_path)
    changed = [
        other
        for other in ("proof", "cursor", "session", "factor")
        if getattr(before, other) != getattr(after, other)
    ]
    assert changed == ([] if name == "receipt" else [name])
    assert (after.kid != before.kid) == (name == "receipt")
    for file in (tmp_path / FOLDER).iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert not file.name.endswith(".new")


def test_the_key_before_vouches_for_the_key_after_each_time(tmp_path: Path) -> None:
    kids = [Secrets.load(tmp_path).kid]
    for n in range(3):
        rotation.rotate(tmp_path, "receipt", now_ms=n)
        kids.append(Secrets.load(tmp_path).kid)

    held = Secrets.load(tmp_path)
    said = [read_change(change) for change in held.changes]
    assert [one.made_ms for one in said if one is not None] == [0, 1, 2]
    assert list(held.receipt_keys) == kids
    assert held.receipt_keys[held.kid] == held.receipt.public_key


def test_a_change_of_key_that_was_killed_in_between_was_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Secrets.load(tmp_path)
    right = rotation._replace

    def die(path: Path, value: bytes) -> None:
        if path.name == "receipt":
            raise KeyboardInterrupt
        right(path, value)

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "_replace", die)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(tmp_path, "receipt", now_ms=1)

    found = Secrets.load(tmp_path)
    assert (found.kid, found.changes) == (before.kid, ())
    rotation.rotate(tmp_path, "receipt", now_ms=2)
    assert next(iter(Secrets.load(tmp_path).receipt_keys)) == before.kid
    assert len(Secrets.load(tmp_path).changes) == 1


@pytest.mark.parametrize("damage", ["junk", "of another installation", "cut"])
def test_changes_that_do_not_lead_to_the_key_stop_the_start(tmp_path: Path, damage: str) -> None:
    for where in ("a", "b"):
        Secrets.load(tmp_path / where)
        for n in range(2):
            rotation.rotate(tmp_path / where, "receipt", now_ms=n)
    file = tmp_path / "a" / FOLDER / CHANGES
    other = (tmp_path / "b" / FOLDER / CHANGES).read_bytes()
    file.write_bytes({"junk": b"{", "of another installation": other, "cut": file.read_bytes()[:-40]}[damage])

    with pytest.raises(SecretsError, match="receipt"):
        Secrets.load(tmp_path / "a")


WEAK = {
    "zeros": bytes(32),
    "short": os.urandom(31),
    "long": os.urandom(33),
    "counted up": bytes(range(32)),
    "counted down": bytes(range(255, 223, -1)),
    "eight bytes four times": os.urandom(8) * 4,
    "sixteen bytes twice": os.urandom(16) * 2,
    "a word, padded": b"changeme".ljust(32, b"\0"),
    "a sentence": b"this is not a secret, is it? No.",
    "hex digits": os.urandom(16).hex().encode(),
}


@pytest.mark.parametrize("value", WEAK.values(), ids=WEAK.keys())
def test_a_secret_that_is_not_random_stops_the_start(tmp_path: Path, value: bytes) -> None:
    Secrets.load(tmp_path)
    (tmp_path / FOLDER / "session").write_bytes(value)

    with pytest.raises(SecretsError, match="session"):
        Secrets.load(tmp_path)


def test_what_is_random_is_not_weak() -> None:
    assert not any(is_weak(os.urandom(32)) for _ in range(5_000))


def test_keys_that_everybody_can_read_here_stop_the_start(tmp_path: Path) -> None:
    Secrets.load(tmp_path)
    known = (SERVER, KEY, SigningKey.from_number(5))
    assert {key.log for key in known} == KNOWN_KEYS
    for key in known:
        (tmp_path / FOLDER / "receipt").write_bytes(key.pkcs8())
        with pytest.raises(SecretsError, match="everybody"):
            Secrets.load(tmp_path)


def test_a_folder_of_secrets_that_others_may_enter_stops_the_start(tmp_path: Path) -> None:
    Secrets.load(tmp_path)
    (tmp_path / FOLDER).chmod(0o755)

    with pytest.raises(SecretsError, match="chmod 700"):
        Secrets.load(tmp_path)


# -- from end to end ------------------------------------------------------------------------------------


@SQLITE
def test_a_phone_learns_the_new_key_and_what_was_received_before_still_verifies(
    garden: Garden, tmp_path: Path
) -> None:
    made, away = phone(garden), phone(garden)
    old = garden.secrets
    for n in range(2):
        rotation.rotate(folder(garden), "receipt", now_ms=garden.clock.ms + n)
    new = start_anew(garden)

    record(made)
    sync(made)
    record(away)
    sync(away)
    late = phone(garden)

    for one in (made, away, late):
        assert one.phone.store.meta("server_key") == new.receipt.public_key
    kids = set(garden.all(select(Receipt.kid)))
    assert kids == {old.kid, new.kid}
    report = verify(garden.session, data_dir=folder(garden), receipt_keys=new.receipt_keys)
    assert report.findings == []
    garden.session.rollback()
    only_new = verify(garden.session, data_dir=folder(garden), receipt_keys={new.kid: new.receipt.public_key})
    assert {found.kind for found in only_new.findings} == {"receipt"}
    garden.session.rollback()


@SQLITE
def test_a_phone_believes_no_key_that_its_own_does_not_vouch_for(garden: Garden, tmp_path: Path) -> None:
    made = phone(garden)
    known = made.phone.store.meta("server_key")
    elsewhere = Secrets.load(tmp_path / "elsewhere")
    rotation.rotate(tmp_path / "elsewhere", "receipt", now_ms=1)
    elsewhere = Secrets.load(tmp_path / "elsewhere")
    garden.app.extensions["roundsman.secrets"] = replace(
        garden.secrets, receipt=elsewhere.receipt, changes=elsewhere.changes
    )
    record(made)

    report = made.phone.sync()

    assert not report.complete
    assert not made.phone.all_sent()
    assert made.phone.store.meta("server_key") == known


@SQLITE
def test_a_cursor_of_the_secret_before_still_leads_on_and_an_older_one_begins_anew(garden: Garden) -> None:
    made = phone(garden)

    def resets() -> int:
        record(made)
        report = made.phone.sync()
        assert report.complete
        return report.resets

    rotation.rotate(folder(garden), "cursor", now_ms=1)
    start_anew(garden)
    assert resets() == 0  # and its cursor is now one of the new secret
    for _ in range(2):
        rotation.rotate(folder(garden), "cursor", now_ms=2)
    start_anew(garden)
    assert resets() == 1
    assert (folder(garden) / FOLDER / f"cursor{BEFORE}").exists()


@SQLITE
@pytest.mark.parametrize("name", ["proof", "session"])
def test_phones_and_people_work_on_with_another_proof_or_session_secret(
    garden: Garden, name: rotation.Name
) -> None:
    made, desk = phone(garden), garden.client("li")
    rotation.rotate(folder(garden), name, now_ms=1)
    start_anew(garden)

    record(made)
    sync(made)

    assert desk.get("/api/v1/session").status_code == 200


@SQLITE
def test_a_backup_of_before_does_not_take_the_newer_key_away(garden: Garden, tmp_path: Path) -> None:
    made = phone(garden)
    garden.session.rollback()
    kept = backup.back_up(
        garden.session, root=tmp_path / "backups", data_dir=folder(garden), now_ms=garden.clock.ms
    )
    rotation.rotate(folder(garden), "receipt", now_ms=1)
    new = start_anew(garden)
    record(made)
    sync(made)
    garden.session.rollback()
    place = replace(
        garden.app.extensions["roundsman.settings"], database_url=f"sqlite:///{tmp_path / 'restored.db'}"
    )

    restore.restore(kept, settings=place, replace=True, now_ms=garden.clock.ms + 5)

    assert Secrets.load(folder(garden)).kid == new.kid
    assert Secrets.load(folder(garden)).receipt_keys == new.receipt_keys
    engine = create_engine(place.database_url, poolclass=NullPool)
    with Session(engine) as there:
        found = verify(there, data_dir=folder(garden), receipt_keys=new.receipt_keys)
        assert found.findings == []
    engine.dispose()


@SQLITE
def test_the_command_replaces_notes_and_exports(
    garden: Garden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = phone(garden)
    monkeypatch.setenv("ROUNDSMAN_DATA_DIR", str(folder(garden)))
    monkeypatch.setenv("ROUNDSMAN_DATABASE_URL", garden.app.config["SQLALCHEMY_DATABASE_URI"])
    before = Secrets.load(folder(garden))
    garden.session.rollback()

    told = CliRunner().invoke(main, ["rotate-secret", "receipt"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert "next start" in told.output
    start_anew(garden)
    record(made)
    sync(made)
    garden.session.rollback()
    exported = CliRunner().invoke(main, ["export-log", str(tmp_path / "log")], catch_exceptions=False)
    assert exported.exit_code == 0, exported.output

    assert Secrets.load(folder(garden)).kid != before.kid
    noted = garden.all(select(AuditRow.subject).where(AuditRow.action == "secret.rotate"))
    assert noted == ["secret:receipt"]
    assert verify_export(tmp_path / "log").findings == {}
    assert CliRunner().invoke(main, ["rotate-secret", "everything"]).exit_code == 2
