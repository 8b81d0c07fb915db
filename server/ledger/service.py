"""What others do with the ledger: begin one, greet a phone, read a record with its neighbours.

Writing is `server.ledger.push`, photos are `server.ledger.blobs`.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger import appliers
from server.ledger.blobs import open_blob, path
from server.ledger.claims import Claim, claims, note_corrupt_photos
from server.ledger.clockwatch import behind_ms
from server.ledger.greeting import hello, missing
from server.ledger.logs import give_up_dependencies, give_up_gaps, learn, note_opens, replay, trust
from server.ledger.models import LedgerHead
from server.ledger.readers import (
    RecordView,
    first_altered,
    neighbours,
    private_values,
    quarantined,
    receipt_for,
    record_view,
)
from sync.encoding import ZERO_HASH

__all__ = [
    "Claim",
    "RecordView",
    "begin",
    "behind_ms",
    "claims",
    "first_altered",
    "give_up_dependencies",
    "give_up_gaps",
    "hello",
    "learn",
    "missing",
    "neighbours",
    "open_blob",
    "path",
    "private_values",
    "quarantined",
    "receipt_for",
    "record_view",
    "register_all",
    "replay",
    "trust",
]


def begin(session: Session, *, organisation: UUID) -> None:
    """Give a new organisation its ledger."""
    session.add(LedgerHead(organisation_id=organisation, pos=0, chain=ZERO_HASH))
    session.flush()


def register_all() -> None:
    """Have the ledger project the record types that are its own."""
    appliers.register("log.open", 1, note_opens)
    appliers.register("photo.corrupt", 1, note_corrupt_photos)
