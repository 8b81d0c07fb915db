"""A database that is older than it was gets another history, and people are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from server.audit.models import AuditRow
from server.db import UnsafeDatabase, check_durability, db
from server.feed.models import Epoch
from server.keeping import witness
from server.ledger.models import LedgerHead
from tests.api.field import Garden, data, slug


def folder(garden: Garden) -> Path:
    found: Path = garden.app.extensions["roundsman.settings"].data_dir
    return found


def check(garden: Garden) -> list[Any]:
    garden.session.rollback()
    with garden.app.app_context():
        found = witness.check(db.session(), folder(garden), now_ms=garden.clock.ms)
        db.session.remove()
        return list(found)


def remember(garden: Garden) -> None:
    with garden.app.app_context():
        witness.write(db.engine, folder(garden))


def forged(garden: Garden, **over: Any) -> None:
    """Let the witness remember something else."""
    path = folder(garden) / witness.FILE
    seen = json.loads(path.read_bytes())
    seen[str(garden.organisation)].update(over)
    path.write_text(json.dumps(seen))


def test_a_database_that_is_as_it_was_keeps_its_history(garden: Garden) -> None:
    before = garden.one(select(Epoch.epoch))
    assert check(garden) == []
    phone = garden.handset()
    remember(garden)
    phone.push(phone.record())  # after the witness was written: the database is newer
    assert check(garden) == []
    assert garden.one(select(Epoch.epoch)) == before


@pytest.mark.parametrize(
    "seen",
    [
        {"ledger_pos": 9},
        {"feed_pos": 99},
        {"ledger_pos": 1, "ledger_chain": "0" * 64},
        {"feed_chain": "1" * 64},
    ],
)
def test_an_older_or_another_database_begins_another_history(garden: Garden, seen: dict[str, Any]) -> None:
    phone = garden.handset()
    told = data(phone.post("pull", {"cursor": None, "limit": 1000}))
    remember(garden)
    phone.push(phone.record())
    forged(garden, **seen)
    before = garden.one(select(Epoch.epoch))

    assert check(garden) == [garden.organisation]
    assert garden.one(select(Epoch.epoch)) != before
    assert garden.one(select(AuditRow.detail).where(AuditRow.action == "history.begin")) == {"why": "older"}
    refused = phone.post("pull", {"cursor": told["cursor"], "limit": 1000})
    assert (slug(refused), json.loads(refused.get_data())["reason"]) == ("reset", "epoch")
    session = json.loads(garden.client("li").get("/api/v1/session").get_data())
    assert session["history"] == {"since_ms": garden.clock.ms, "why": "older"}
    assert check(garden) == []  # once


def test_the_console_tells_nothing_of_a_history_that_was_never_broken(garden: Garden) -> None:
    assert json.loads(garden.client("li").get("/api/v1/session").get_data())["history"] is None


def test_requests_that_change_something_write_the_witness(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = garden.handset()
    monkeypatch.setattr(witness, "EVERY_S", -1.0)
    phone.push(phone.record())
    seen = json.loads((folder(garden) / witness.FILE).read_bytes())[str(garden.organisation)]
    head = garden.one(select(LedgerHead))
    assert (seen["ledger_pos"], seen["ledger_chain"]) == (head.pos, head.chain)


def test_a_witness_that_cannot_be_read_is_no_accusation(garden: Garden) -> None:
    folder(garden).mkdir(exist_ok=True)
    (folder(garden) / witness.FILE).write_text('{"half a')
    assert check(garden) == []


def test_another_cluster_begins_another_history(garden: Garden) -> None:
    if garden.session.get_bind().dialect.name != "postgresql":
        assert check(garden) == []
        assert garden.one(select(Epoch.cluster)) is None
        return
    assert check(garden) == []
    here = garden.one(select(Epoch.cluster))
    assert here.count("/") == 1
    garden.session.execute(text("UPDATE epoch SET cluster = '7000000000000000000/00000001'"))
    garden.session.commit()
    assert check(garden) == [garden.organisation]
    assert garden.one(select(Epoch.why)) == "cluster"
    assert garden.one(select(Epoch.cluster)) == here


def test_the_server_does_not_start_on_a_database_that_forgets(garden: Garden) -> None:
    """Failure 44: settings under which a power cut takes back what was acknowledged."""
    with garden.app.app_context():
        if db.engine.dialect.name == "sqlite":
            check_durability(db.engine)
            with db.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[union-attr]
                level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
            assert level == 1
            with pytest.raises(UnsafeDatabase, match="synchronous=1"):
                check_durability(db.engine)
            return
        with db.engine.connect() as connection:  # the tests' own cluster runs without fsync
            assert connection.scalar(text("SHOW fsync")) == "off"
        with pytest.raises(UnsafeDatabase, match="fsync"):
            check_durability(db.engine)


def test_an_asynchronous_commit_keeps_the_server_from_starting() -> None:
    class Answers:
        """A PostgreSQL with these settings."""

        dialect = type("Dialect", (), {"name": "postgresql"})

        def __init__(self, **settings: str) -> None:
            self.settings = settings

        def connect(self) -> Answers:
            return self

        def __enter__(self) -> Answers:
            return self

        def __exit__(self, *args: object) -> None:
            return

        def scalar(self, asked: object) -> str:
            return self.settings[str(asked).removeprefix("SHOW ")]

    good = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    check_durability(Answers(**good))  # type: ignore[arg-type]
    for name in good:
        with pytest.raises(UnsafeDatabase, match=name):
            check_durability(Answers(**{**good, name: "off"}))  # type: ignore[arg-type]
