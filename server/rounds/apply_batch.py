"""What the records of one batch ask for again and again, so that it is read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, SessionTransaction

from server.rounds.models import Visit

_KEY = "roundsman.batch"
_MOST = 64


@dataclass(slots=True)
class Batch:
    """What is remembered until the savepoint ends: its rollback undoes what stands in there."""

    transaction: SessionTransaction | None
    newest: dict[str, Visit] = field(default_factory=dict)
    """Log → its last scan of a place; the log's lock keeps others from adding to it."""
    definitions: dict[tuple[UUID, UUID, int], dict[str, Any] | None] = field(default_factory=dict)
    """(Site, form, edition) → definition; editions never change."""


def batch_of(session: Session) -> Batch:
    """Return what the innermost savepoint remembers, or the transaction where there is none."""
    transaction = session.get_nested_transaction() or session.get_transaction()
    kept: Batch | None = session.info.get(_KEY)
    full = kept is not None and max(len(kept.newest), len(kept.definitions)) >= _MOST
    if kept is None or full or transaction is None or kept.transaction is not transaction:
        kept = session.info[_KEY] = Batch(transaction)
    return kept
