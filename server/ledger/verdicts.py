"""Stores what became of records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.ledger.items import Item
from server.ledger.models import Verdict

_VERDICTS = Bulk(Verdict)


def write(session: Session, organisation: UUID, items: Iterable[Item]) -> None:
    """Store the verdicts of `items`: new ones are inserted, changed ones updated."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for item in items:
        (changed if item.judged_before else new).append(_row(organisation, item))
        item.judged_before = True
    _VERDICTS.insert(session, new)
    if not changed:
        return
    table = cast(Table, Verdict.__table__)
    names = [column.name for column in table.columns if not column.primary_key]
    session.connection().execute(
        update(table)
        .where(
            table.c.organisation_id == bindparam("b_organisation_id"),
            table.c.ledger_pos == bindparam("b_ledger_pos"),
        )
        .values({name: bindparam(f"b_{name}") for name in names}),
        [{f"b_{name}": value for name, value in row.items()} for row in changed],
    )


def _row(organisation: UUID, item: Item) -> dict[str, Any]:
    return {
        "organisation_id": organisation,
        "ledger_pos": item.ledger_pos,
        "site_id": item.site_id,
        "log": item.log,
        "seq": item.seq,
        "hash": item.hash,
        "prev": item.prev,
        "trunk": item.trunk,
        "outcome": item.outcome,
        "code": item.code,
        "marks": item.marks,
        "lower_ms": item.lower,
        "estimate_ms": item.estimate,
        "upper_ms": item.upper,
        "quality": item.quality,
    }
