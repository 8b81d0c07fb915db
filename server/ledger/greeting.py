"""What a phone says of itself, and what the server has of it: `hello` and `have`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.ledger.clockwatch import behind_ms
from server.ledger.devices import Caller, site_of
from server.ledger.models import Device, Log, Record, Verdict
from server.ledger.push import anchor_for
from sync import messages
from sync.chain import missing_ranges
from sync.keys import SigningKey
from sync.messages import HelloAnswer, HelloRequest
from sync.records import MAX_BODY_BYTES
from sync.succession import MAX_CHANGES, SignedChange

MISSING_RANGES = 100


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
