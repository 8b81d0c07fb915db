"""What others do with the ledger: begin one, greet a phone, read a record with its neighbours.

Writing is `server.ledger.push`, photos are `server.ledger.blobs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.ledger import appliers
from server.ledger.blobs import open_blob, path
from server.ledger.clockwatch import behind_ms
from server.ledger.devices import Caller, site_of
from server.ledger.logs import give_up_dependencies, give_up_gaps, learn, note_opens, replay, trust
from server.ledger.models import (
    Blob,
    BlobClaim,
    BlobGone,
    Countersignature,
    Device,
    LedgerHead,
    Log,
    PrivatePart,
    Receipt,
    Record,
    Verdict,
)
from server.ledger.push import anchor_for
from sync import messages
from sync.chain import missing_ranges
from sync.encoding import ZERO_HASH
from sync.keys import SigningKey
from sync.messages import HelloAnswer, HelloRequest
from sync.payloads import PhotoCorrupt
from sync.receipts import ledger_step
from sync.records import MAX_BODY_BYTES
from sync.succession import MAX_CHANGES, SignedChange

__all__ = [
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

MISSING_RANGES = 100


def begin(session: Session, *, organisation: UUID) -> None:
    """Give a new organisation its ledger."""
    session.add(LedgerHead(organisation_id=organisation, pos=0, chain=ZERO_HASH))
    session.flush()


def register_all() -> None:
    """Have the ledger project the record types that are its own."""
    appliers.register("log.open", 1, note_opens)
    appliers.register("photo.corrupt", 1, note_corrupt_photos)


def note_corrupt_photos(session: Session, arrivals: Sequence[appliers.Arrival]) -> list[Iterable[str]]:
    """Project `photo.corrupt`: whoever waits for the photo learns that it will not come."""
    for arrival in arrivals:
        payload = arrival.payload
        assert isinstance(payload, PhotoCorrupt)  # noqa: S101  registered for this type
        session.execute(
            update(BlobClaim)
            .where(BlobClaim.device_id == arrival.device_id, BlobClaim.sha256 == payload.sha256)
            .values(damaged=True)
            .execution_options(synchronize_session=False)
        )
    return [()] * len(arrivals)


# -- phones ----------------------------------------------------------------------------


def hello(
    session: Session,
    *,
    caller: Caller,
    request: HelloRequest,
    key: SigningKey,
    may_pull: bool,
    min_app: str | None,
    now_ms: int,
    changes: Sequence[SignedChange] = (),
) -> HelloAnswer:
    """Note what a phone says of itself, and tell it what the server has of its log.

    :param key: the server's receipt key
    :param may_pull: whether there is room for a pull just now
    :param min_app: the oldest app that will do, None when any will
    :param changes: how the receipt key was replaced
    """
    values: dict[str, Any] = {
        "heard_ms": now_ms,
        "app": request.app,
        "unsent_records": request.unsent.records,
        "unsent_photos": request.unsent.photos,
        "unsent_oldest_wall": request.unsent.oldest_wall,
        "storage": {
            "persisted": request.storage.persisted,
            "usage": request.storage.usage,
            "quota": request.storage.quota,
        },
    }
    if request.unsent.records == 0:
        values["clear_ms"] = now_ms
    session.execute(
        update(Device)
        .where(Device.id == caller.device_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    log = session.execute(
        select(Log.max_seq, Log.head_hash, Log.kept, Log.archived_seq).where(Log.id == caller.log)
    ).one()
    in_doubt = behind_ms(session, caller.organisation_id, now_ms)
    return HelloAnswer(
        proto=1,
        nonce=request.nonce,
        epoch=feed.epoch(session, organisation=caller.organisation_id),
        log=messages.LogState(
            max_seq=log.max_seq,
            head_hash=log.head_hash,
            missing=_gaps(session, caller.log, log.max_seq) if log.kept < log.max_seq else [],
            archived_through=log.archived_seq,
        ),
        anchor=None if in_doubt else anchor_for(caller.log, request.clock, key=key, now_ms=now_ms),
        limits=messages.Limits(
            push_records=messages.PUSH_RECORDS,
            push_bytes=messages.PUSH_BYTES,
            body_bytes=MAX_BODY_BYTES,
            blob_bytes=messages.BLOB_BYTES,
        ),
        device=messages.DeviceState(
            id=str(caller.device_id),
            name=caller.device_name,
            state="active",
            uploads_only=caller.device_state == "draining",
            site=site_of(session, caller.site_id),
        ),
        advice=messages.Advice(min_app=min_app, pull=may_pull),
        notices=[],
        server_keys=list(changes[-MAX_CHANGES:]),
    )


def _gaps(session: Session, log: str, upto: int) -> list[tuple[int, int]]:
    present = session.scalars(
        select(Verdict.seq).where(Verdict.log == log, Verdict.trunk).order_by(Verdict.seq)
    )
    return missing_ranges((seq for seq in present if seq is not None), upto=upto, limit=MISSING_RANGES)


def missing(session: Session, *, caller: Caller, hashes: Sequence[str]) -> list[str]:
    """Return those of the hashes that the server does not have from this phone, in their order.

    A record of the phone that somebody else brought, and that was not believed, is missing: it has
    its turn when the phone itself sends it.
    """
    mine = set(session.scalars(select(Log.id).where(Log.device_id == caller.device_id)))
    believed = Verdict.trunk | Verdict.code.is_(None) | Verdict.code.not_in(("unknown_log", "bad_signature"))
    stored = set(
        session.scalars(
            select(Record.hash)
            .join(
                Verdict,
                (Verdict.organisation_id == Record.organisation_id)
                & (Verdict.ledger_pos == Record.ledger_pos),
            )
            .where(
                Record.organisation_id == caller.organisation_id,
                Record.hash.in_(set(hashes)),
                or_(Record.sent_by.in_(mine), and_(Record.log.in_(mine), believed)),
            )
        )
    )
    return [wanted for wanted in hashes if wanted not in stored]


# -- readers ---------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Claim:
    """A photo as a record names it, and whether it is there."""

    hash: str
    sha256: str
    size: int
    mime: str
    role: str
    field: str | None
    state: str
    """``stored``, ``pending``, ``lost`` (the phone could not keep it), ``damaged`` (in its store);
    ``expired`` or ``erased``: its bytes were removed."""
    reused: bool
    """Whether another record names the same photo."""


def claims(session: Session, organisation: UUID, hashes: Sequence[str]) -> list[Claim]:
    """Return the photos that these records name, in their order."""
    rows = session.execute(
        select(BlobClaim, Blob.sha256.label("stored"), BlobGone.why)
        .outerjoin(
            Blob,
            (Blob.organisation_id == BlobClaim.organisation_id) & (Blob.sha256 == BlobClaim.sha256),
        )
        .outerjoin(
            BlobGone,
            (BlobGone.organisation_id == BlobClaim.organisation_id) & (BlobGone.sha256 == BlobClaim.sha256),
        )
        .where(BlobClaim.organisation_id == organisation, BlobClaim.hash.in_(hashes))
        .order_by(BlobClaim.hash, BlobClaim.number)
    ).all()
    photos = {claim.sha256 for claim, _, _ in rows}
    named = session.execute(
        select(BlobClaim.sha256, BlobClaim.hash).where(
            BlobClaim.organisation_id == organisation, BlobClaim.sha256.in_(photos)
        )
    ).all()
    namers: dict[str, set[str]] = {}
    for sha256, namer in named:
        namers.setdefault(sha256, set()).add(namer)
    return [
        Claim(
            hash=claim.hash,
            sha256=claim.sha256,
            size=claim.size,
            mime=claim.mime,
            role=claim.role,
            field=claim.field,
            state=gone or _state(claim, is_stored=stored is not None),
            reused=len(namers[claim.sha256]) > 1,
        )
        for claim, stored, gone in rows
    ]


def _state(claim: BlobClaim, *, is_stored: bool) -> str:
    if is_stored:
        return "stored"
    if claim.lost:
        return "lost"
    return "damaged" if claim.damaged else "pending"


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
