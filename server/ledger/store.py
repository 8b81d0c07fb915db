"""Puts new records into the ledger: bytes, private parts, the photos they name, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, func, select, update
from sqlalchemy.orm import Session

from server.bulk import Bulk, as_uuid
from server.direct import Direct
from server.ledger.devices import Caller
from server.ledger.items import Item
from server.ledger.models import BlobClaim, LedgerHead, PrivatePart, Receipt, Record
from sync.keys import SigningKey
from sync.messages import SignedReceipt
from sync.receipts import Receipt as ReceiptBody
from sync.receipts import ledger_step, receipt_body, sign_receipt

_RECORDS, _RECEIPTS = Bulk(Record), Bulk(Receipt)
_PARTS, _CLAIMS = Bulk(PrivatePart), Bulk(BlobClaim)

_TURN = Direct(select(func.pg_advisory_xact_lock(bindparam("line", type_=BigInteger())).label("turn")))
_OURS = LedgerHead.organisation_id == bindparam("organisation")
_LENGTHEN = Direct(
    update(LedgerHead)
    .where(_OURS)
    .values(pos=LedgerHead.pos + bindparam("by"))
    .returning(LedgerHead.pos, LedgerHead.chain)
)
_CHAIN = Direct(update(LedgerHead).where(_OURS).values(chain=bindparam("to")))


def store(
    session: Session,
    *,
    caller: Caller,
    items: Sequence[Item],
    batch: Sequence[Item],
    key: SigningKey,
    now_ms: int,
) -> SignedReceipt | None:
    """Put the bytes of new records into the ledger, and return the receipt for the whole batch."""
    wait_in_line(session, caller.organisation_id)
    head = _LENGTHEN.row(session, {"organisation": caller.organisation_id, "by": len(items)})
    chain: str = head.chain
    chains = []
    for pos, item in enumerate(items, start=head.pos - len(items) + 1):
        item.ledger_pos = pos
        chain = ledger_step(chain, item.hash)
        chains.append(chain)
    receipt, row = _receipt(batch, caller, pos=head.pos, chain=chain, key=key, now_ms=now_ms)
    if not items:
        return receipt
    _CHAIN.run(session, {"organisation": caller.organisation_id, "to": chain})
    if row is not None:
        _RECEIPTS.insert(session, [row])
        for item in items:
            item.receipt_id = head.pos
    _RECORDS.insert(
        session, [_record_row(caller, item, chain) for item, chain in zip(items, chains, strict=True)]
    )
    parts = [
        {
            "organisation_id": caller.organisation_id,
            "hash": item.hash,
            "name": name,
            "site_id": item.site_id,
            "salt": part.salt,
            "value": part.value,
        }
        for item in items
        for name, part in item.private.items()
    ]
    _PARTS.insert(session, parts)
    _claim_photos(session, caller, items)
    return receipt


def wait_in_line(session: Session, organisation: UUID) -> None:
    """Let whoever came first have the head first.

    PostgreSQL has those who wait for a row in a line only while the row stays the same, and each push writes
    the head anew: newcomers would go before those who wait. On SQLite all writers are in one line anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        _TURN.row(session, {"line": int.from_bytes(organisation.bytes[:8], signed=True)})


def _receipt(
    batch: Sequence[Item], caller: Caller, *, pos: int, chain: str, key: SigningKey, now_ms: int
) -> tuple[SignedReceipt | None, dict[str, Any] | None]:
    """Return the receipt for a batch and its row; nothing when no record says where it stands."""
    placed = [item.place for item in batch if item.place and item.place.log == caller.log]
    if not placed and batch:
        placed = [item.place for item in batch if item.place and item.place.log == batch[-1].log]
    if not placed:
        return None, None
    first, last = min(place.seq for place in placed), max(place.seq for place in placed)
    head_hash = next(
        item.hash
        for item in batch
        if item.place and item.place.seq == last and item.place.log == placed[0].log
    )
    body = receipt_body(
        ReceiptBody(
            v=1,
            log=placed[0].log,
            from_seq=first,
            to_seq=last,
            head_hash=head_hash,
            received_ms=now_ms,
            ledger_pos=pos,
            ledger_chain=chain,
            count=len(batch),
        )
    )
    sig = sign_receipt(key, body)
    row = {
        "organisation_id": caller.organisation_id,
        "id": pos,
        "site_id": caller.site_id,
        "log": placed[0].log,
        "from_seq": first,
        "to_seq": last,
        "received_ms": now_ms,
        "body": body,
        "sig": sig,
        "kid": key.log,
    }
    return SignedReceipt(body, sig, key.log), row


def _record_row(caller: Caller, item: Item, chain: str) -> dict[str, Any]:
    envelope = item.body.envelope if item.body else None
    after = item.after
    return {
        "organisation_id": caller.organisation_id,
        "ledger_pos": item.ledger_pos,
        "site_id": item.site_id,
        "device_id": item.device_id,
        "log": item.named,
        "seq": item.place.seq if item.place else None,
        "prev": item.place.prev if item.place else None,
        "hash": item.hash,
        "type": envelope.type if envelope else None,
        "tv": envelope.tv if envelope else None,
        "actor": as_uuid(envelope.actor) if envelope and envelope.actor else None,
        "wall_ms": envelope.t.wall if envelope else None,
        "body": item.bytes,
        "sig": item.sig,
        "alg": item.alg,
        "sig_prev": item.sig_prev,
        "received_ms": item.received_ms,
        "receipt_id": item.receipt_id,
        "sent_by": item.sent_by,
        "chain": chain,
        "clock_wall": after.wall if after else None,
        "clock_mono": after.mono if after else None,
        "clock_boot": after.boot if after else None,
    }


def _claim_photos(session: Session, caller: Caller, items: Sequence[Item]) -> None:
    """Note which photos the records name, and mark those that another record named before."""
    rows = [
        {
            "organisation_id": caller.organisation_id,
            "hash": item.hash,
            "number": number,
            "site_id": item.site_id,
            "device_id": item.device_id,
            "log": item.named,
            "sha256": blob.sha256,
            "size": blob.size,
            "mime": blob.mime,
            "role": blob.role,
            "field": blob.field,
            "of_sha256": blob.of,
            "lost": blob.lost,
            "damaged": False,
        }
        for item in items
        if item.body
        for number, blob in enumerate(item.body.envelope.blobs)
    ]
    if not rows:
        return
    before = set(
        session.scalars(
            select(BlobClaim.sha256).where(
                BlobClaim.organisation_id == caller.organisation_id,
                BlobClaim.sha256.in_({row["sha256"] for row in rows}),
            )
        )
    )
    _CLAIMS.insert(session, rows)
    for item in items:
        named = {blob.sha256 for blob in item.body.envelope.blobs} if item.body else set()
        if named & before:
            item.marks.append("duplicate_photo")
        before |= named
