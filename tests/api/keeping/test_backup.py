"""A backup is made while phones push, read back, and put into an empty place; phones heal what it lacks."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server import tenancy
from server.app import create_app
from server.config import Settings
from server.db import db
from server.keeping import archive, backup, restore, witness
from server.keeping.archive import BadBackup
from server.keeping.verify import verify
from server.ledger import blobs
from server.ledger.models import Log
from sync.encoding import sha256_hex
from sync.records import Blob
from tests.api.field import Garden, Handset, data, slug
from tests.api.keeping.files import picture, rescue_file
from tests.api.keeping.test_rescue import hand_in, told
from tests.conftest import FakeClock
from tests.postgres import Cluster, as_superuser


def settings(garden: Garden) -> Settings:
    found: Settings = garden.app.extensions["roundsman.settings"]
    return found


def back_up(garden: Garden, root: Path) -> Path:
    garden.session.rollback()
    return backup.back_up(
        garden.session, root=root, data_dir=settings(garden).data_dir, now_ms=garden.clock.ms
    )


@contextmanager
def empty_place(garden: Garden, folder: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Lend the settings of an installation that nobody started yet, on the garden's engine."""
    place = replace(settings(garden), data_dir=folder / "new")
    if garden.session.get_bind().dialect.name == "sqlite":
        yield replace(place, database_url=f"sqlite:///{folder / 'new.db'}")
        return
    running: Cluster = request.getfixturevalue("postgres")
    with running.database() as url:
        yield replace(place, database_url=url)


def rows(session: Session, name: str) -> list[Any]:
    session.rollback()
    found = [tuple(row) for row in session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))]
    session.rollback()
    return found


def test_a_backup_under_load_is_put_back_row_for_row(
    garden: Garden, clock: FakeClock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    phones = [garden.handset(), garden.handset(actor="liu")]
    pictures = [picture(30 * n) for n in range(3)]
    author = phones[0]
    named = [author.record(blobs=[Blob(sha256_hex(p), len(p), "image/jpeg", "photo")]) for p in pictures]
    assert told(hand_in(garden, rescue_file(author, named, pictures)))["photos"] == {"stored": 3}
    author.push(author.record(private={"note": "锈"}))
    stop, pushed = threading.Event(), [0]

    def load() -> None:
        while not stop.is_set() and pushed[0] < 200:
            assert phones[1].push(phones[1].record()).status_code == 200
            pushed[0] += 1

    thread = threading.Thread(target=load)
    thread.start()
    try:
        while pushed[0] < 3:
            pass
        made = back_up(garden, tmp_path / "backups")
        with backup.read_back(made) as (scratch, report):
            assert report.findings == []
            through = backup.archived(scratch)
    finally:
        stop.set()
        thread.join()
    assert through[phones[0].log] == 5
    assert 3 <= through[phones[1].log] <= pushed[0] + 1

    manifest = archive.read_manifest(made)
    assert manifest["photos"] == {"count": 3, "bytes": sum(map(len, pictures)), "new": 3}
    assert (made / "secrets" / "receipt").stat().st_mode & 0o077 == 0
    with empty_place(garden, tmp_path, request) as place:
        put = restore.restore(made, settings=place, now_ms=clock.ms + 1)
        assert (put.photos, put.rows) == (3, sum(t["rows"] for t in manifest["tables"].values()))
        engine = create_engine(place.database_url, poolclass=NullPool)
        with Session(engine) as there:
            until = manifest["tables"]["record"]["rows"]
            for name in ("record", "verdict", "receipt", "feed", "finding", "private_part", "person", "log"):
                old, new = rows(garden.session, name), rows(there, name)
                assert len(new) == manifest["tables"][name]["rows"], name
                if name in ("person", "private_part"):
                    assert new == old
                elif name in ("record", "verdict", "receipt"):
                    assert new == old[: len(new)], name
            assert len(rows(there, "record")) == until
            found = verify(
                there,
                data_dir=place.data_dir,
                receipt_keys={garden.secrets.kid: garden.secrets.receipt.public_key},
                every_signature=True,
            )
            assert found.findings == []
            there.rollback()
        engine.dispose()
        for photo in pictures:
            path = blobs.path(place.data_dir, organisation=garden.organisation, sha256=sha256_hex(photo))
            assert path.read_bytes() == photo
        assert (place.data_dir / "secrets" / "receipt").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("announced", [True, False])
def test_phones_heal_a_server_that_was_restored(
    garden: Garden,
    clock: FakeClock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    announced: bool,
) -> None:
    phone, photo = garden.handset(), picture(7)
    before = [phone.record() for _ in range(20)]
    phone.push(*before)
    made = back_up(garden, tmp_path / "backups")
    after = [phone.record() for _ in range(19)]
    after.append(phone.record(blobs=[Blob(sha256_hex(photo), len(photo), "image/jpeg", "photo")]))
    phone.push(*after)
    told(hand_in(garden, rescue_file(phone, [], [photo])))
    cursor = data(phone.post("pull", {"cursor": None, "limit": 1000}))["cursor"]
    epoch = data(phone.hello())["epoch"]
    with garden.app.app_context():
        witness.write(db.engine, settings(garden).data_dir)
    seen = (settings(garden).data_dir / witness.FILE).read_bytes()

    with empty_place(garden, tmp_path, request) as place:
        restore.restore(made, settings=place, now_ms=clock.ms)
        if not announced:  # somebody copied the old database back; only the witness knows better
            (place.data_dir / witness.FILE).write_bytes(seen)
            engine = create_engine(place.database_url, poolclass=NullPool)
            with engine.begin() as connection:
                connection.execute(text("UPDATE epoch SET epoch = :e, why = NULL"), {"e": epoch})
            engine.dispose()
        app = create_app(place, now_ms=clock)
        with app.app_context():
            rotated = witness.check(db.session(), place.data_dir, now_ms=clock.ms)
            db.session.remove()
        assert rotated == ([] if announced else [garden.organisation])
        phone.client, phone.proof_nonce = app.test_client(), None
        hello = data(phone.hello())
        assert hello["epoch"] != epoch
        assert hello["log"]["max_seq"] == 21
        refused = phone.post("pull", {"cursor": cursor, "limit": 1000})
        assert (slug(refused), json.loads(refused.get_data())["reason"]) == ("reset", "epoch")
        hashes = [sha256_hex(record["body"].encode()) for record in (*before, *after)]
        lacking = data(phone.post("have", {"log": phone.log, "hashes": hashes}))["missing"]
        assert lacking == hashes[20:]
        assert phone.outcomes(*before, *after) == [("duplicate", None)] * 20 + [("applied", None)] * 20
        with app.app_context():
            session = db.session()
            assert session.scalar(text("SELECT count(*) FROM record")) == 41
            assert session.scalar(text("SELECT count(*) FROM finding")) == 40
            found = verify(
                session,
                data_dir=place.data_dir,
                receipt_keys={garden.secrets.kid: garden.secrets.receipt.public_key},
            )
            assert found.findings == []
            db.session.remove()
            db.engine.dispose()


def test_only_a_backup_that_was_read_back_lets_phones_forget(
    garden: Garden, clock: FakeClock, tmp_path: Path
) -> None:
    phone = garden.handset()
    first = [phone.record() for _ in range(3)]
    phone.record()  # never arrives
    phone.push(*first, phone.record())
    assert data(phone.hello())["log"]["archived_through"] == 0
    made = back_up(garden, tmp_path)
    with backup.read_back(made) as (scratch, report):
        assert report.findings == []
        through = backup.archived(scratch)
    assert through == {phone.log: 4}
    assert backup.mark_archived(garden.session, made, through) == 1
    assert data(phone.hello())["log"]["archived_through"] == 4
    # a backup of another history says nothing about this database
    manifest = json.loads((made / archive.MANIFEST).read_bytes())
    manifest["organisations"][str(garden.organisation)]["ledger"][1] = "0" * 64
    (made / archive.MANIFEST).write_text(json.dumps(manifest))
    garden.session.execute(text("UPDATE log SET archived_seq = 0"))
    garden.session.commit()
    assert backup.mark_archived(garden.session, made, through) == 0
    assert garden.one(select(Log.archived_seq)) == 0


def test_a_record_whose_photo_is_not_in_the_backup_yet_is_not_archived(
    garden: Garden, clock: FakeClock, tmp_path: Path
) -> None:
    phone = garden.handset()
    photo = picture(30)
    named = Blob(sha256_hex(photo), len(photo), "image/jpeg", "photo")
    before, with_photo = phone.record(), phone.record(blobs=[named])
    phone.push(before, with_photo, phone.record())
    made = back_up(garden, tmp_path)
    with backup.read_back(made) as (scratch, report):
        assert report.findings == []
        assert backup.archived(scratch) == {phone.log: 2}

    told(hand_in(garden, rescue_file(phone, [with_photo], [photo])))
    clock.ms += 1
    made = back_up(garden, tmp_path)
    with backup.read_back(made) as (scratch, report):
        assert report.findings == []
        assert backup.archived(scratch) == {phone.log: 4}


def test_the_next_backup_copies_only_new_photos(garden: Garden, clock: FakeClock, tmp_path: Path) -> None:
    phone = garden.handset()

    def take(shade: int) -> None:
        photo = picture(shade)
        record = phone.record(blobs=[Blob(sha256_hex(photo), len(photo), "image/jpeg", "photo")])
        told(hand_in(garden, rescue_file(phone, [record], [photo])))

    take(10)
    assert archive.read_manifest(back_up(garden, tmp_path))["photos"]["new"] == 1
    take(80)
    clock.forward(hours=1)
    second = back_up(garden, tmp_path)
    assert archive.read_manifest(second)["photos"] | {"bytes": 0} == {"count": 2, "bytes": 0, "new": 1}
    assert archive.newest(tmp_path) == second
    # a copy that was damaged since is made anew
    copy = blobs.path(tmp_path, organisation=garden.organisation, sha256=sha256_hex(picture(10)))
    copy.write_bytes(b"rust")
    with backup.read_back(second) as (_, report):
        assert [finding.kind for finding in report.findings] == ["photo"]
    clock.forward(hours=1)
    assert archive.read_manifest(back_up(garden, tmp_path))["photos"]["new"] == 1
    assert copy.read_bytes() == picture(10)


def test_a_damaged_backup_is_refused_and_changes_nothing(
    garden: Garden, clock: FakeClock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    phone = garden.handset()
    phone.push(phone.record())
    made = back_up(garden, tmp_path / "b")
    file = made / "tables" / "record.jsonl.gz"
    whole = file.read_bytes()
    with empty_place(garden, tmp_path, request) as place:
        lines = gzip.decompress(whole).splitlines(keepends=True)
        for damaged in (whole[:-9], gzip.compress(b"".join(lines[:-1])), b""):
            file.write_bytes(damaged)
            with pytest.raises(BadBackup, match="record"):
                restore.restore(made, settings=place, now_ms=clock.ms)
        file.write_bytes(gzip.compress(b"".join(lines[:-1])))
        manifest = json.loads((made / archive.MANIFEST).read_bytes())
        manifest["tables"]["record"]["sha256"] = archive.hash_of(file)
        (made / archive.MANIFEST).write_text(json.dumps(manifest))
        with pytest.raises(BadBackup, match="rows"):
            restore.restore(made, settings=place, now_ms=clock.ms)
        engine = create_engine(place.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM organisation")) == 0
        engine.dispose()


def test_what_is_in_use_is_not_replaced_unless_told(garden: Garden, clock: FakeClock, tmp_path: Path) -> None:
    phone = garden.handset()
    phone.push(phone.record())
    made = back_up(garden, tmp_path / "b")
    phone.push(phone.record())
    garden.session.rollback()
    with pytest.raises(BadBackup, match="not empty"):
        restore.restore(made, settings=settings(garden), now_ms=clock.ms)
    assert len(garden.all(text("SELECT hash FROM record"))) == 3
    with garden.app.app_context():
        db.engine.dispose()
    garden.session.close()
    owner = as_superuser(settings(garden).database_url)
    place = replace(settings(garden), owner_url=None if owner.startswith("sqlite") else owner)
    restore.restore(made, settings=place, replace=True, now_ms=clock.ms)
    assert len(garden.all(text("SELECT hash FROM record"))) == 2
    with garden.app.app_context():  # tables that were made anew are the server's to use, as before
        tenancy.enter(db.session(), garden.organisation)
        assert len(db.session.execute(text("SELECT hash FROM record")).all()) == 2


def test_from_a_shell_it_is_made_read_back_and_put_back(
    garden: Garden, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from server.cli import main

    def run(*arguments: str, place: Settings) -> str:
        monkeypatch.setenv("ROUNDSMAN_DATA_DIR", str(place.data_dir))
        monkeypatch.setenv("ROUNDSMAN_DATABASE_URL", place.database_url)
        ran = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.output

    phone: Handset = garden.handset()
    phone.push(phone.record())
    garden.session.rollback()
    root = str(tmp_path / "b")
    assert "it covers 1 logs" in run("backup", root, place=settings(garden))
    assert "everything is as it was written" in run("backup", "--verify", root, place=settings(garden))
    with empty_place(garden, tmp_path, request) as place:
        assert "another history begins" in run("restore", root, place=place)
        assert "everything is as it was written" in run("verify", place=place)
