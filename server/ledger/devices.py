"""Phones and their logs, as a request's proof finds them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
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


def find_caller(session: Session, log: str) -> Caller | None:
    """Return the phone that a log belongs to, or None when nobody knows the log."""
    row = session.execute(
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
        .where(Log.id == log)
    ).one_or_none()
    return None if row is None else Caller(*row)
