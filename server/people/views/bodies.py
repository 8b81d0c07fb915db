"""What the console shows of a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.ledger.models import Device
from server.people.models import Person


def device_body(
    device: Device, *, person: Person | None = None, enrolment: UUID | None = None
) -> dict[str, Any]:
    """Return a phone as the console shows it.

    :param person: who is signed in on it
    :param enrolment: the enrolment in which it waits for the supervisor's word
    """
    wipe = {"ordered_ms": device.wipe_ms, "records": device.wipe_records, "photos": device.wipe_photos}
    return {
        "id": device.id,
        "name": device.name,
        "state": device.state,
        "enrolment": enrolment,
        "heard_ms": device.heard_ms,
        "clear_ms": device.clear_ms,
        "unsent_records": device.unsent_records,
        "unsent_photos": device.unsent_photos,
        "unsent_oldest_wall": device.unsent_oldest_wall,
        "left_ms": device.left_ms,
        "wipe": wipe if device.wipe_order is not None and device.state != "wiped" else None,
        "wiped_ms": device.wiped_ms,
        "replaces": device.replaces,
        "app": device.app,
        "person": {"id": person.id, "name": person.name} if person else None,
        "storage": device.storage,
        "capabilities": device.capabilities,
        "ended": None,
        "made_ms": device.made_ms,
    }
