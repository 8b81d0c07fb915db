"""Writes the log as files that anybody can verify without this server: see `sync.verify`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.audit.models import AuditHead
from server.keeping import archive
from server.keeping.heads import head_text
from server.keeping.verify import snapshot
from server.ledger import blobs
from server.ledger.blobs.keeping import gone
from server.ledger.models import (
    Blob,
    BlobClaim,
    Countersignature,
    LedgerHead,
    Log,
    PrivatePart,
    Receipt,
    Record,
    Verdict,
)
from sync.keys import SigningKey
from sync.verify import FORMAT

_ROWS = 500
_SAME = (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos)


def export_log(
    session: Session,
    *,
    target: Path,
    organisation: UUID,
    site: UUID | None,
    data_dir: Path,
    key: SigningKey,
    receipt_keys: Mapping[str, str] | None = None,
    now_ms: int,
) -> dict[str, int]:
    """Write one state of an organisation's log to an empty folder; return counts. Ends the transaction.

    Of records of other sites, and of erased parts, only the hashes are there: the chain still holds.

    :param site: only the records of this site; None for all
    :param key: the server's receipt key
    :param receipt_keys: name → public key of all that ever signed receipts, where it was replaced
    :raises FileExistsError: the folder holds something
    """
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(target.iterdir()):
        raise FileExistsError(f"{target} is not empty")
    (target / "records").mkdir()
    (target / "photos").mkdir()
    snapshot(session)
    here = [Verdict.organisation_id == organisation]
    if site is not None:
        here.append(Verdict.site_id == site)
    counts = {
        "ledger": _ledger(session, target, organisation),
        "receipts": _receipts(session, target, organisation),
    }
    logs = _records(session, target, organisation, here)
    photos = _photos(session, target, organisation, here, data_dir)
    ledger = session.get_one(LedgerHead, organisation)
    audit = session.get_one(AuditHead, organisation)
    index = {
        "format": FORMAT,
        "made_ms": now_ms,
        "organisation": str(organisation),
        "site": str(site) if site else None,
        "server_keys": {**(receipt_keys or {}), key.log: key.public_key},
        "head": json.loads(head_text(ledger, audit, key=key, now_ms=now_ms)),
        "logs": logs,
        "photos": photos,
    }
    session.rollback()
    (target / "export.json").write_text(json.dumps(index, indent=1, ensure_ascii=False))
    return {**counts, "logs": len(logs), "photos": len(photos)}


def _write(file: IO[str], line: dict[str, Any]) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _ledger(session: Session, target: Path, organisation: UUID) -> int:
    query = (
        select(Record.ledger_pos, Record.hash)
        .where(Record.organisation_id == organisation)
        .order_by(Record.ledger_pos)
    )
    count = 0
    with (target / "ledger.jsonl").open("x", encoding="utf-8") as file:
        for pos, hash_ in session.execute(query.execution_options(yield_per=_ROWS)):
            count += 1
            _write(file, {"pos": pos, "hash": hash_})
    return count


def _receipts(session: Session, target: Path, organisation: UUID) -> int:
    query = (
        select(Receipt.id, Receipt.body, Receipt.sig, Receipt.kid)
        .where(Receipt.organisation_id == organisation)
        .order_by(Receipt.id)
    )
    count = 0
    with (target / "receipts.jsonl").open("x", encoding="utf-8") as file:
        for row in session.execute(query.execution_options(yield_per=_ROWS)):
            count += 1
            _write(file, {"id": row.id, "body": row.body, "sig": row.sig, "kid": row.kid})
    return count


def _records(session: Session, target: Path, organisation: UUID, here: list[Any]) -> list[dict[str, Any]]:
    """Write a file per log, its records in the order of their numbers; return the logs."""
    query = (
        select(
            Record.log,
            Record.ledger_pos,
            Record.hash,
            Record.body,
            func.coalesce(Countersignature.sig, Record.sig).label("sig"),
            func.coalesce(Countersignature.alg, Record.alg).label("alg"),
            func.coalesce(Countersignature.sig_prev, Record.sig_prev).label("sig_prev"),
            Record.received_ms,
            Record.receipt_id,
            Verdict.outcome,
            Verdict.code,
            Verdict.marks,
            Verdict.lower_ms,
            Verdict.estimate_ms,
            Verdict.upper_ms,
            Verdict.quality,
        )
        .join(Verdict, _SAME)
        .outerjoin(
            Countersignature,
            (Countersignature.organisation_id == Record.organisation_id)
            & (Countersignature.hash == Record.hash),
        )
        .where(*here)
        .order_by(Record.log, Record.seq, Record.ledger_pos)
    )
    logs: list[dict[str, Any]] = []
    file: IO[str] | None = None
    try:
        for portion in session.execute(query.execution_options(yield_per=_ROWS)).partitions():
            parts = _private(session, organisation, [row.hash for row in portion])
            for row in portion:
                if not logs or logs[-1]["log"] != row.log:
                    if file is not None:
                        file.close()
                    file = (target / "records" / f"{row.log}.jsonl").open("x", encoding="utf-8")
                    logs.append({"log": row.log, "public_key": "", "alg": "", "device": None})
                assert file is not None  # noqa: S101  opened with the first row
                _write(file, _line(row, parts.get(row.hash)))
    finally:
        if file is not None:
            file.close()
    for log in logs:
        known = session.get(Log, log["log"])
        if known is not None:
            log.update(public_key=known.public_key, alg=known.alg, device=str(known.device_id))
    return logs


def _line(row: Any, private: dict[str, Any] | None) -> dict[str, Any]:
    line: dict[str, Any] = {"pos": row.ledger_pos}
    try:
        line["body"] = row.body.decode()
    except UnicodeDecodeError:
        line["raw"] = b64encode(row.body).decode("ascii")
    line.update(sig=row.sig, alg=row.alg)
    if row.sig_prev is not None:
        line["sig_prev"] = row.sig_prev
    if private:
        line["private"] = private
    line.update(
        received_ms=row.received_ms,
        receipt=row.receipt_id,
        outcome=row.outcome,
        code=row.code,
        marks=row.marks,
        lower_ms=row.lower_ms,
        estimate_ms=row.estimate_ms,
        upper_ms=row.upper_ms,
        quality=row.quality,
    )
    return line


def _private(session: Session, organisation: UUID, hashes: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part in session.execute(
        select(PrivatePart.hash, PrivatePart.name, PrivatePart.salt, PrivatePart.value).where(
            PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(hashes)
        )
    ):
        found.setdefault(part.hash, {})[part.name] = {"salt": part.salt, "value": part.value}
    return found


def _photos(
    session: Session, target: Path, organisation: UUID, here: list[Any], data_dir: Path
) -> list[tuple[str, int]]:
    """Copy the photos that the exported records name and that are stored."""
    query = (
        select(Blob.sha256, Blob.size)
        .where(
            Blob.organisation_id == organisation,
            Blob.sha256.not_in(gone(organisation)),
            select(BlobClaim.number)
            .join(
                Verdict,
                (Verdict.organisation_id == BlobClaim.organisation_id) & (Verdict.hash == BlobClaim.hash),
            )
            .where(BlobClaim.organisation_id == organisation, BlobClaim.sha256 == Blob.sha256, *here)
            .exists(),
        )
        .order_by(Blob.sha256)
    )
    photos = []
    for sha256, size in session.execute(query).all():
        source = blobs.path(data_dir, organisation=organisation, sha256=sha256)
        if source.exists():  # a missing one is named by whoever verifies
            archive.copy(source, target / "photos" / sha256)
        photos.append((sha256, size))
    return photos
