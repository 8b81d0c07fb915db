"""Logs that ended because somebody cleared the phone's store, as the log after them tells it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.ledger.models import Log, Record
from sync.payloads import LogOpen
from sync.records import SchemaError, parse_body


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a phone's log ended: the last number that the phone showed as saved, and how far it came."""

    seq: int
    received: int
    """The highest number of it that is here; what lies between was lost with the phone's store."""


def endings(session: Session, *, organisation: UUID, devices: Collection[UUID]) -> dict[UUID, Ending]:
    """Return the endings of these phones' logs, the latest of each phone.

    Only what the same organisation's phones say counts: a log's name is no secret.
    """
    before, after = aliased(Log), aliased(Log)
    rows = session.execute(
        select(before.device_id, before.max_seq, Record.body)
        .join(after, after.previous_log == before.id)
        .join(Record, (Record.log == after.id) & (Record.seq == 1))
        .where(
            before.organisation_id == organisation,
            after.organisation_id == organisation,
            Record.organisation_id == organisation,
            before.device_id.in_(devices),
        )
        .order_by(after.opened_ms)
    )
    found: dict[UUID, Ending] = {}
    for device, received, body in rows:
        seq = _lost_at(bytes(body).decode("utf-8", "replace"))
        if seq is not None:
            found[device] = Ending(max(seq, received), received)
    return found


def _lost_at(body: str) -> int | None:
    try:
        payload = parse_body(body).payload
    except SchemaError:
        return None
    if not isinstance(payload, LogOpen) or payload.reason != "lost":
        return None
    return payload.previous_seq
