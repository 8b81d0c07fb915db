"""Phones and their logs, as a request's proof finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from server.ledger.models import Device, Log


@dataclass(frozen=True, slots=True)
class Caller:
    """The phone that signed a request, by the log whose key it used."""

    organisation_id: UUID
    site_id: UUID
    device_id: UUID
    device_name: str
    device_state: str
    log: str
    public_key: str


_CALLER = (
    select(
        Device.organisation_id,
        Device.site_id,
        Device.id,
        Device.name,
        Device.state,
        Log.id.label("log"),
        Log.public_key,
    )
    .join(Device, Device.id == Log.device_id)
    .where(Log.id == bindparam("log"))
)
"""Every request of a phone asks this: built once, for the building costs more than the answer."""


def find_caller(session: Session, log: str) -> Caller | None:
    """Return the phone that a log belongs to, or None when nobody knows the log."""
    row = session.execute(_CALLER, {"log": log}).one_or_none()
    return None if row is None else Caller(*row)


_STATE = ("alg", "state", "max_seq", "head_hash", "kept", "settled_seq", "settled_hash")
"""What changes of a log."""


def lock_logs(session: Session, *conditions: Any) -> dict[str, Log]:
    """Lock logs in the order of their names, and return them apart from the session.

    They change with every record, and the session would write each change before each savepoint;
    `save_logs` writes them once.
    """
    logs = session.scalars(
        select(Log)
        .where(*conditions)
        .order_by(Log.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for log in logs:
        session.expunge(log)
    return {log.id: log for log in logs}


def save_logs(session: Session, logs: dict[str, Log]) -> None:
    """Write the state of logs from `lock_logs`."""
    for log in logs.values():
        session.execute(
            update(Log)
            .where(Log.id == log.id)
            .values({name: getattr(log, name) for name in _STATE})
            .execution_options(synchronize_session=False)
        )
