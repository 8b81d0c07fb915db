"""What the database itself forbids, and that a crash in the middle leaves nothing half done."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.audit.service import first_altered as first_altered_audit
from server.audit.service import write
from server.ledger import service
from server.ledger.models import Record, Verdict
from server.ledger.turns import Turns
from tests.api.field import Garden, data
from tests.conftest import FakeClock
from tests.statements import counted

TABLES = ("record", "receipt", "countersignature", "audit", "feed", "blob")


def furnish(garden: Garden, clock: FakeClock) -> None:
    """Put a row into every table that only grows."""
    phone = garden.handset()
    phone.push(phone.record())
    session = garden.session
    session.execute(
        text(
            "INSERT INTO blob (organisation_id, sha256, size, mime, width, height, received_ms) "
            "SELECT organisation_id, hash, 1, 'image/jpeg', 1, 1, 1 FROM record WHERE seq = 1"
        )
    )
    session.execute(
        text(
            "INSERT INTO countersignature (organisation_id, hash, site_id, sig, alg, sent_by, received_ms) "
            "SELECT organisation_id, hash, site_id, sig, alg, log, 1 FROM record WHERE seq = 1"
        )
    )
    write(
        session,
        organisation=garden.organisation,
        site=None,
        person=None,
        action="test",
        subject="x",
        detail={},
        now_ms=clock.ms,
    )
    session.commit()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {t} SET organisation_id = organisation_id",
        "DELETE FROM {t}",
        "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
    ],
)
def test_what_was_written_can_neither_change_nor_go(
    garden: Garden, clock: FakeClock, table: str, statement: str
) -> None:
    furnish(garden, clock)
    session = garden.session
    if session.get_bind().dialect.name == "postgresql":
        statement = statement.replace("INSERT OR REPLACE INTO {t} SELECT * FROM {t}", "TRUNCATE {t} CASCADE")
    before = session.scalar(text(f"SELECT count(*) FROM {table}"))
    assert before
    with pytest.raises(DatabaseError, match=r"insert-only|keeps every row"):
        session.execute(text(statement.format(t=table)))
    session.rollback()
    assert session.scalar(text(f"SELECT count(*) FROM {table}")) == before


def test_a_changed_ledger_is_found(garden: Garden, clock: FakeClock) -> None:
    furnish(garden, clock)
    assert service.first_altered(garden.session, organisation=garden.organisation) is None
    assert first_altered_audit(garden.session, organisation=garden.organisation) is None
    _without_triggers(garden, "record", "UPDATE record SET hash = chain WHERE ledger_pos = 2")
    assert service.first_altered(garden.session, organisation=garden.organisation) == 2


def test_a_changed_audit_log_is_found(garden: Garden, clock: FakeClock) -> None:
    furnish(garden, clock)
    write(
        garden.session,
        organisation=garden.organisation,
        site=None,
        person=None,
        action="second",
        subject="y",
        detail={"n": 1},
        now_ms=clock.ms,
    )
    garden.session.commit()
    _without_triggers(garden, "audit", "UPDATE audit SET action = 'other' WHERE action = 'second'")
    assert first_altered_audit(garden.session, organisation=garden.organisation) == garden.session.scalar(
        text("SELECT pos FROM audit WHERE action = 'other'")
    )


def _without_triggers(garden: Garden, table: str, statement: str) -> None:
    """Do what somebody with the database's password could do."""
    session = garden.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        session.execute(text(f"DROP TRIGGER {table}_no_update"))
    session.execute(text(statement))
    session.commit()


@pytest.mark.parametrize("where", ["_claim_photos", "insert-verdict", "commit"])
def test_a_crash_in_the_middle_of_a_push_leaves_nothing_and_the_batch_comes_again(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    from server.feed import service as feed
    from server.ledger import store

    phone = garden.handset()
    batch = [phone.record(), phone.record()]

    def crash(*args: Any, **kwargs: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if where == "_claim_photos":
            patch.setattr(store, "_claim_photos", crash)
        elif where == "insert-verdict":
            patch.setattr(Turns, "write", crash)
        else:
            patch.setattr(feed, "commit", crash)
        with pytest.raises(KeyboardInterrupt):
            phone.push(*batch)
    assert len(garden.all(select(Record.hash))) == 1
    assert len(garden.all(select(Verdict.hash))) == 1
    assert phone.outcomes(*batch) == [("applied", None)] * 2


def test_an_answer_that_was_lost_is_given_again(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.ledger.views import records as views

    phone = garden.handset()
    batch = [phone.record(), phone.record()]

    def lose(*args: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(views, "answer", lose)
        with pytest.raises(KeyboardInterrupt):
            phone.push(*batch)
    assert len(garden.all(select(Record.hash))) == 3
    told = data(phone.push(*batch))
    assert [o["outcome"] for o in told["outcomes"]] == ["duplicate"] * 2
    assert told["receipt"]


def test_a_database_that_is_away_fails_the_push_and_quarantines_nothing(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from server.ledger import appliers

    def away(session: Any, arrival: Any) -> list[str]:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    phone = garden.handset()
    record = phone.record()
    with monkeypatch.context() as patch:
        patch.setitem(appliers._appliers, ("finding", 1), away)
        answer = phone.push(record)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert len(garden.all(select(Record.hash))) == 1
    assert phone.outcomes(record) == [("applied", None)]


def test_rebuilt_projections_are_those_of_the_first_time(garden: Garden, clock: FakeClock) -> None:
    from server.ledger import logs
    from server.people.models import Shift, ShiftEnd

    phone = garden.handset()
    phone.push(phone.record("shift.start", {"method": "pin", "online": True, "failed_tries": 2}))
    clock.forward(hours=8)
    phone.push(phone.record("shift.end", {"reason": "person"}))
    columns = Shift.__table__.c
    before = garden.session.execute(select(*columns)).all()
    assert [(row.failed_tries, row.ended_ms) for row in before] == [(2, clock.ms)]
    for model in (Shift, ShiftEnd):
        garden.session.execute(model.__table__.delete())  # type: ignore[attr-defined]
    assert logs.replay(garden.session, organisation=garden.organisation) == 3
    garden.session.commit()
    assert garden.session.execute(select(*columns)).all() == before


def test_a_batch_is_bounded_in_statements(garden: Garden) -> None:
    """Twenty records cost no more statements than two, but for what each one's projection writes."""
    from sqlalchemy import event

    phone = garden.handset()
    costs: list[int] = []
    savepoints: list[int] = []
    with garden.app.app_context():
        from server.db import db

        engine = db.engine

    def count_savepoint(*args: Any) -> None:
        savepoints[-1] += 1

    event.listen(engine, "savepoint", count_savepoint)
    try:
        for size in (2, 20):
            batch = [phone.record("shift.end", {"reason": "person"}) for _ in range(size)]
            savepoints.append(0)
            with counted() as count:
                assert phone.push(*batch).status_code == 200
            costs.append(count.statements)
    finally:
        event.remove(engine, "savepoint", count_savepoint)
    assert costs[0] > 10
    assert costs[1] - costs[0] <= 18
    assert savepoints == [1, 1]
