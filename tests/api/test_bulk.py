"""Rows that are inserted many at once are those that were given, on either database."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.ledger.models import Record, Verdict
from server.rounds.apply_batch import VisitRow
from server.rounds.models import Visit

ORGANISATION, SITE = UUID(int=1), uuid4()
TEXTS = ["水管破了", "100 % of {this} \"and\" 'that'", "\\u0000 is six characters", "🔧\n\t", ""]


def _record(pos: int, **columns: Any) -> dict[str, Any]:
    empty = {column.name: None for column in Record.__table__.columns}
    needed = {
        "organisation_id": ORGANISATION,
        "ledger_pos": pos,
        "site_id": SITE,
        "device_id": SITE,
        "log": "k3v2",
        "hash": f"{pos:064x}",
        "body": b"{}",
        "sig": "",
        "alg": "ES256",
        "received_ms": 2**53 - 1,
        "sent_by": "k3v2",
        "chain": "0" * 64,
    }
    return {**empty, **needed, **columns}


def _verdict(pos: int, **columns: Any) -> dict[str, Any]:
    empty = {column.name: None for column in Verdict.__table__.columns}
    needed = {
        "organisation_id": ORGANISATION,
        "ledger_pos": pos,
        "site_id": SITE,
        "log": "k3v2",
        "hash": f"{pos:064x}",
        "trunk": pos % 2 == 0,
        "outcome": "applied",
        "marks": [],
    }
    return {**empty, **needed, **columns}


def _stored(session: Session, model: Any) -> list[dict[str, Any]]:
    names = [column.name for column in model.__table__.columns]
    rows = session.execute(select(*model.__table__.columns).order_by(*model.__table__.primary_key))
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_every_text_comes_back_as_it_was(session: Session) -> None:
    rows = [_record(pos, sig=text, body=text.encode(), type=text or None) for pos, text in enumerate(TEXTS)]
    Bulk(Record).insert(session, rows)
    session.commit()

    assert _stored(session, Record) == rows


def test_bytes_that_are_no_text_are_kept(session: Session) -> None:
    rows = [_record(1, body=bytes(range(256))), _record(2, body=b"")]
    Bulk(Record).insert(session, rows)
    session.commit()

    assert _stored(session, Record) == rows


def test_lists_truth_and_nothing_are_kept_as_such(session: Session) -> None:
    rows = [_verdict(1, marks=TEXTS, lower_ms=-5), _verdict(2, code="schema", seq=3, prev="a" * 64)]
    Bulk(Verdict).insert(session, rows)
    session.commit()

    assert _stored(session, Verdict) == rows


def test_a_row_may_be_an_object(session: Session) -> None:
    row = VisitRow(
        organisation_id=ORGANISATION,
        id="b" * 64,
        site_id=SITE,
        device_id=SITE,
        log="k3v2",
        seq=1,
        person_id=None,
        occurrence_id=None,
        stop_id=None,
        target_kind="checkpoint",
        target_id=SITE,
        scanned=True,
        result="known",
        walk_on=False,
        tag_id=None,
        tag_proof="none",
        lower_ms=None,
        estimate_ms=1,
        upper_ms=2,
        quality="B",
        received_ms=2,
        answers={"pressure": "0.45", "remark": {"private": True}},
    )
    Bulk(Visit, rows=VisitRow).insert(session, [row])
    session.commit()

    [stored] = _stored(session, Visit)
    assert stored == {name: getattr(row, name) for name in VisitRow.__struct_fields__}
    assert session.scalar(select(func.count()).where(Visit.answers.is_(None)).select_from(Visit)) == 0


def test_nothing_is_inserted_for_no_rows(session: Session) -> None:
    Bulk(Record).insert(session, [])

    assert _stored(session, Record) == []


def test_a_row_that_breaks_a_rule_undoes_all(session: Session) -> None:
    twice = [_record(1), _record(2, hash=f"{1:064x}")]
    with pytest.raises(IntegrityError):
        Bulk(Record).insert(session, twice)
    session.rollback()

    assert _stored(session, Record) == []
