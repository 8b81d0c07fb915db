"""What goes straight to the driver reads, writes and fails as through SQLAlchemy, on either database."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Uuid, bindparam, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.direct import Direct, connection_of, execute, listed
from server.ledger.models import LedgerHead, Log, Verdict
from server.problems import Busy, trouble_of

ORGANISATION = UUID(int=1)
SITES = [uuid4() for _ in range(3)]
MARKS: list[list[str]] = [["fork", "水管"], [], ['"%s"']]

READ = Direct(
    select(Verdict.ledger_pos, Verdict.site_id, Verdict.trunk, Verdict.marks, Verdict.code)
    .where(
        Verdict.organisation_id == bindparam("organisation"),
        Verdict.site_id.op("IN")(listed("sites", Uuid())),
    )
    .order_by(Verdict.ledger_pos)
)
BY_HASH = Direct(
    select(Verdict.hash).where(Verdict.hash.op("IN")(listed("hashes"))).order_by(Verdict.ledger_pos).limit(2)
)


@pytest.fixture
def rows(session: Session) -> list[dict[str, Any]]:
    empty = {column.name: None for column in Verdict.__table__.columns}
    made = [
        {
            **empty,
            "organisation_id": ORGANISATION,
            "ledger_pos": pos,
            "site_id": site,
            "log": "k3v2",
            "hash": f"{pos:064x}",
            "trunk": pos == 1,
            "outcome": "applied",
            "marks": MARKS[pos],
        }
        for pos, site in enumerate(SITES)
    ]
    Bulk(Verdict).insert(session, made)
    return made


def test_rows_have_the_types_of_their_columns(session: Session, rows: list[dict[str, Any]]) -> None:
    found = READ.rows(session, {"organisation": ORGANISATION, "sites": SITES[:2]})

    assert [(row.ledger_pos, row.site_id, row.trunk, row.marks, row.code) for row in found] == [
        (row["ledger_pos"], row["site_id"], row["trunk"], row["marks"], None) for row in rows[:2]
    ]
    assert [type(row.site_id) for row in found] == [UUID, UUID]
    assert [row.trunk for row in found] == [False, True]


def test_a_collection_is_one_value_and_a_number_in_the_statement_stays(
    session: Session, rows: list[dict[str, Any]]
) -> None:
    hashes = [row["hash"] for row in rows]

    assert [row.hash for row in BY_HASH.rows(session, {"hashes": {*hashes, "nobody's"}})] == hashes[:2]
    assert BY_HASH.rows(session, {"hashes": []}) == []
    assert BY_HASH.row(session, {"hashes": ["'; --"]}) is None
    with pytest.raises(KeyError):
        BY_HASH.rows(session, {})


def test_what_is_written_belongs_to_the_session_s_transaction(session: Session) -> None:
    session.add(LedgerHead(organisation_id=ORGANISATION, pos=0, chain="0" * 64))
    session.commit()
    lengthen = (
        update(LedgerHead)
        .where(LedgerHead.organisation_id == bindparam("organisation"))
        .values(pos=LedgerHead.pos + bindparam("by"))
        .returning(LedgerHead.pos)
    )

    assert Direct(lengthen).row(session, {"organisation": ORGANISATION, "by": 3}).pos == 3
    session.rollback()
    assert Direct(lengthen).row(session, {"organisation": ORGANISATION, "by": 5}).pos == 5
    session.commit()
    assert session.scalar(select(LedgerHead.pos)) == 5


def test_the_connection_is_that_of_the_transaction_at_hand(session: Session) -> None:
    first = connection_of(session)
    with session.begin_nested():
        assert connection_of(session) is first
    assert connection_of(session) is session.connection() is first
    session.rollback()

    assert first.closed
    assert connection_of(session) is session.connection()
    assert not connection_of(session).closed


def test_an_error_is_sqlalchemy_s(session: Session, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(IntegrityError) as told:
        Bulk(Verdict).insert(session, rows)
    session.rollback()

    assert told.value.orig is not None
    with pytest.raises(DBAPIError):
        execute(connection_of(session), "SELECT nothing_of_the_kind", ())
    session.rollback()


def test_a_connection_that_was_lost_is_given_up_and_the_next_one_works(session: Session) -> None:
    engine = session.get_bind().engine
    connection_of(session)
    if engine.dialect.name == "postgresql":
        victim = session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
    else:
        connection_of(session).connection.driver_connection.close()  # type: ignore[union-attr]
    find = Direct(select(Log.id).where(Log.id == bindparam("log")))

    with pytest.raises(DBAPIError) as told:
        find.rows(session, {"log": "k3v2"})

    assert told.value.connection_invalidated
    assert trouble_of(told.value) is Busy
    session.rollback()
    assert find.rows(session, {"log": "k3v2"}) == []
