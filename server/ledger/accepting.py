"""A supervisor accepts what a phone sent after it was revoked: it has its turn after all."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.devices import lock_logs, save_logs
from server.ledger.items import load
from server.ledger.models import Log, Verdict
from server.ledger.store import wait_in_line
from server.ledger.turns import Turns

_APART = (Verdict.outcome == "quarantined") & (Verdict.code == "scope_denied") & Verdict.trunk


def apart(session: Session, *, device: UUID) -> int:
    """Return how many records of a phone are kept apart because it does not belong to the site."""
    logs = select(Log.id).where(Log.device_id == device)
    return session.scalar(select(func.count()).select_from(Verdict).where(Verdict.log.in_(logs), _APART)) or 0


def accept(session: Session, *, organisation: UUID, device: UUID, receipt_key: str, now_ms: int) -> int:
    """Give the records of a phone that are kept apart their turn; return how many count now.

    Each is judged as if it had just come: what no site of the phone knows stays where it is. What comes
    after this moment is kept apart again.

    :param receipt_key: the server's public key
    """
    names = session.scalars(select(Log.id).where(Log.device_id == device, Log.state == "open")).all()
    logs = lock_logs(session, names)
    wait_in_line(session, organisation)
    turns = Turns(session, organisation, receipt_key, now_ms)
    taken = 0
    for name, log in logs.items():
        items = load(session, Verdict.log == name, _APART)
        for item in sorted(items, key=lambda one: one.seq or 0):
            if item.seq is not None and item.seq > log.settled_seq:
                item.code, item.outcome = None, "held"
                turns.changed[item.ledger_pos] = item
            else:
                turns.learn(log, item)
        turns.settle(log, [])
        taken += sum(item.code is None for item in items)
    turns.write(turns.changed.values())
    save_logs(session, logs)
    return taken
