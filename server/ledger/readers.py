"""Stored records and their receipts, as others read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.models import Countersignature, LedgerHead, Log, PrivatePart, Receipt, Record, Verdict
from sync.encoding import ZERO_HASH
from sync.receipts import ledger_step


@dataclass(frozen=True, slots=True)
class RecordView:
    """A stored record and what became of it."""

    organisation_id: UUID
    site_id: UUID
    device_id: UUID
    ledger_pos: int
    log: str
    seq: int | None
    prev: str | None
    hash: str
    type: str | None
    tv: int | None
    actor: UUID | None
    wall_ms: int | None
    body: bytes
    """The exact bytes that the phone sealed; UTF-8 but for `raw`."""
    sig: str
    alg: str
    received_ms: int
    outcome: str
    code: str | None
    marks: list[str]
    lower_ms: int | None
    estimate_ms: int | None
    upper_ms: int | None
    quality: str | None
    trunk: bool

    @property
    def signature(self) -> str:
        """`verified`, `bad`, or `weak` for a record without one."""
        if self.code == "bad_signature":
            return "bad"
        return "verified" if self.alg == "ES256" else "weak"


_VIEW = (
    Record.organisation_id,
    Verdict.site_id,
    func.coalesce(Log.device_id, Record.device_id),
    Record.ledger_pos,
    Verdict.log,
    Verdict.seq,
    Verdict.prev,
    Record.hash,
    Record.type,
    Record.tv,
    Record.actor,
    Record.wall_ms,
    Record.body,
    func.coalesce(Countersignature.sig, Record.sig),
    func.coalesce(Countersignature.alg, Record.alg),
    Record.received_ms,
    Verdict.outcome,
    Verdict.code,
    Verdict.marks,
    Verdict.lower_ms,
    Verdict.estimate_ms,
    Verdict.upper_ms,
    Verdict.quality,
    Verdict.trunk,
)


def _views(
    session: Session, *conditions: Any, limit: int | None = None, newest: bool = False
) -> list[RecordView]:
    order = Record.ledger_pos.desc() if newest else Record.ledger_pos
    rows: Sequence[Any] = session.execute(
        select(*_VIEW)
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .outerjoin(Log, Log.id == Verdict.log)
        .outerjoin(
            Countersignature,
            (Countersignature.organisation_id == Record.organisation_id)
            & (Countersignature.hash == Record.hash),
        )
        .where(*conditions)
        .order_by(order)
        .limit(limit)
    ).all()
    return [RecordView(*row) for row in rows]


def record_view(session: Session, organisation: UUID, hash: str) -> RecordView | None:  # noqa: A002
    """Return a record of the organisation, or None."""
    found = _views(session, Record.organisation_id == organisation, Record.hash == hash)
    return found[0] if found else None


def neighbours(
    session: Session, organisation: UUID, log: str, seq: int
) -> tuple[RecordView | None, RecordView | None]:
    """Return the records right before and right after `seq` in the chain; None where one is missing."""
    found = _views(
        session,
        Record.organisation_id == organisation,
        Verdict.log == log,
        Verdict.trunk,
        Verdict.seq.in_((seq - 1, seq + 1)),
    )
    by_seq = {view.seq: view for view in found}
    return by_seq.get(seq - 1), by_seq.get(seq + 1)


def quarantined(session: Session, organisation: UUID, site: UUID, *, limit: int = 200) -> list[RecordView]:
    """Return the site's records in quarantine, the newest first."""
    return _views(
        session,
        Verdict.organisation_id == organisation,
        Verdict.outcome == "quarantined",
        Verdict.site_id == site,
        limit=limit,
        newest=True,
    )


def receipt_for(session: Session, organisation: UUID, hash: str) -> Receipt | None:  # noqa: A002
    """Return the receipt of the batch in which a record first came; None for `raw`."""
    return session.scalars(
        select(Receipt)
        .join(
            Record,
            (Record.organisation_id == Receipt.organisation_id) & (Record.receipt_id == Receipt.id),
        )
        .where(Record.organisation_id == organisation, Record.hash == hash)
    ).one_or_none()


def private_values(session: Session, organisation: UUID, hash: str) -> dict[str, str]:  # noqa: A002
    """Return the private parts of a record that came and were not erased, by name."""
    rows = session.execute(
        select(PrivatePart.name, PrivatePart.value).where(
            PrivatePart.organisation_id == organisation, PrivatePart.hash == hash
        )
    )
    return dict(rows.all())


def first_altered(session: Session, *, organisation: UUID) -> int | None:
    """Return the first ledger position at which the chain breaks, or None when the ledger is whole."""
    chain = ZERO_HASH
    expected = 1
    for pos, found, after in session.execute(
        select(Record.ledger_pos, Record.hash, Record.chain)
        .where(Record.organisation_id == organisation)
        .order_by(Record.ledger_pos)
    ):
        chain = ledger_step(chain, found)
        if pos != expected or after != chain:
            return expected
        expected += 1
    head = session.execute(
        select(LedgerHead.pos, LedgerHead.chain).where(LedgerHead.organisation_id == organisation)
    ).one()
    return None if (head.pos, head.chain) == (expected - 1, chain) else expected
