"""Writes the audit log, and checks its chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.audit.models import AuditHead, AuditRow
from sync.encoding import ZERO_HASH


def begin(session: Session, *, organisation: UUID) -> None:
    """Give a new organisation its audit log."""
    session.add(AuditHead(organisation_id=organisation, pos=0, chain=ZERO_HASH))
    session.flush()


def write(
    session: Session,
    *,
    organisation: UUID,
    site: UUID | None,
    person: UUID | None,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    now_ms: int,
) -> None:
    """Note that `person` did `action` to `subject`, in the transaction of the deed itself.

    :param subject: what it was done to, as ``kind:id``
    :param detail: figures that a reader needs; no password, PIN, code or token
    """
    head = session.execute(
        update(AuditHead)
        .where(AuditHead.organisation_id == organisation)
        .values(pos=AuditHead.pos + 1)
        .returning(AuditHead.pos, AuditHead.chain)
        .execution_options(synchronize_session=False)
    ).one()
    row: dict[str, Any] = {
        "organisation_id": organisation,
        "pos": head.pos,
        "site_id": site,
        "person_id": person,
        "action": action,
        "subject": subject,
        "detail": dict(detail),
        "at_ms": now_ms,
    }
    row["chain"] = _step(head.chain, row)
    session.execute(insert(AuditRow), [row])
    session.execute(
        update(AuditHead)
        .where(AuditHead.organisation_id == organisation)
        .values(chain=row["chain"])
        .execution_options(synchronize_session=False)
    )


def first_altered(session: Session, *, organisation: UUID) -> int | None:
    """Return the first position at which the log is not what was written, or None when it is whole."""
    chain = ZERO_HASH
    expected = 1
    query = (
        select(AuditRow.__table__)
        .where(AuditRow.organisation_id == organisation)
        .order_by(AuditRow.pos)
        .execution_options(yield_per=500)
    )
    with session.execute(query) as rows:
        for row in rows.mappings():
            chain = _step(chain, dict(row))
            if row["pos"] != expected or row["chain"] != chain:
                return expected
            expected += 1
    head = session.execute(
        select(AuditHead.pos, AuditHead.chain).where(AuditHead.organisation_id == organisation)
    ).one()
    return None if (head.pos, head.chain) == (expected - 1, chain) else expected


def _step(chain: str, row: Mapping[Any, Any]) -> str:
    told = {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in row.items()
        if name not in ("chain",)
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(chain) + text.encode()).hexdigest()
