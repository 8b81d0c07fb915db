"""Signed heads: once a day the server signs how far ledger and audit log reach, in a file of its own.

Whoever can write to the database can also cut it at its end and set the heads back; then a signed
head that somebody copied elsewhere contradicts it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit.models import AuditHead, AuditRow
from server.ledger.models import LedgerHead, Record
from sync.keys import SigningKey, verify
from sync.verify import HEAD_PREFIX

FOLDER = "heads"


Note = Callable[[UUID, str, str, str], None]
"""Takes organisation, kind, where and why."""


def sign_today(session: Session, *, data_dir: Path, key: SigningKey, now_ms: int) -> int:
    """Write the signed heads of every organisation, once a day (UTC); return how many were new."""
    made = 0
    day = datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()
    rows = session.execute(
        select(LedgerHead, AuditHead)
        .join(AuditHead, AuditHead.organisation_id == LedgerHead.organisation_id)
        .order_by(LedgerHead.organisation_id)
    ).all()
    for ledger, audit in rows:
        folder = data_dir / FOLDER / str(ledger.organisation_id)
        target = folder / f"{day}.json"
        if target.exists():
            continue
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target.with_suffix(".part")
        part.write_text(head_text(ledger, audit, key=key, now_ms=now_ms))
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        made += 1
    return made


def head_text(ledger: LedgerHead, audit: AuditHead, *, key: SigningKey, now_ms: int) -> str:
    """Return a signed head as it stands in its file."""
    body = json.dumps(
        {
            "v": 1,
            "organisation": str(ledger.organisation_id),
            "at_ms": now_ms,
            "ledger_pos": ledger.pos,
            "ledger_chain": ledger.chain,
            "audit_pos": audit.pos,
            "audit_chain": audit.chain,
        },
        separators=(",", ":"),
    )
    return json.dumps({"body": body, "sig": key.sign((HEAD_PREFIX + body).encode()), "kid": key.log}) + "\n"


def check(
    session: Session, organisation: UUID, *, data_dir: Path, keys: Mapping[str, str], note: Note
) -> None:
    """Compare ledger and audit log with every signed head that lies in `data_dir`."""
    for path in sorted((data_dir / FOLDER / str(organisation)).glob("*.json")):
        said = _read(path, keys)
        if said is None:
            note(organisation, "head", path.name, "the signature is not the server's")
            continue
        ledger = session.scalar(
            select(Record.chain).where(
                Record.organisation_id == organisation, Record.ledger_pos == said["ledger_pos"]
            )
        )
        audit = session.scalar(
            select(AuditRow.chain).where(
                AuditRow.organisation_id == organisation, AuditRow.pos == said["audit_pos"]
            )
        )
        if said["ledger_pos"] and ledger != said["ledger_chain"]:
            note(organisation, "head", path.name, f"the ledger was another one at {said['ledger_pos']}")
        if said["audit_pos"] and audit != said["audit_chain"]:
            note(organisation, "head", path.name, f"the audit log was another one at {said['audit_pos']}")


def _read(path: Path, keys: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        held = json.loads(path.read_text())
        if verify(keys.get(held["kid"], ""), (HEAD_PREFIX + held["body"]).encode(), held["sig"]):
            said: dict[str, Any] = json.loads(held["body"])
            return said
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None
