"""A person signs in on a phone with six digits, checked by the server.

Wrong PINs are counted per person and per phone, before they are judged: five, then a minute's wait,
doubling to an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.ledger.devices import Caller
from server.ledger.models import Device
from server.people import passwords
from server.people.models import Membership, Person
from server.people.roles import ON_ROSTER
from server.throttle import FREE_TRIES, wait_after, wait_until


@dataclass(frozen=True, slots=True)
class Try:
    """A PIN's try that was counted and is now to be judged."""

    person_id: UUID | None
    """None when the phone's site has no such worker: no PIN is right then."""
    pin_hash: str | None
    failed: int
    wait_ms: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many wrong tries: nothing was judged."""

    wait_ms: int


def count_try(session: Session, *, caller: Caller, person: UUID, now_ms: int) -> Try | Throttled:
    """Count a try for the person and for the phone; commit before the PIN is judged."""
    device = session.scalars(
        select(Device)
        .where(Device.id == caller.device_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    worker = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.id == person,
            Membership.site_id == caller.site_id,
            Membership.role.in_(ON_ROSTER),
            Membership.ended_ms.is_(None),
            Person.left_ms.is_(None),
        )
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    ).one_or_none()
    until = max(device.pin_wait_until_ms, worker.pin_wait_until_ms if worker else 0)
    if until > now_ms:
        return Throttled(until - now_ms)
    device.pin_failed += 1
    device.pin_wait_until_ms = wait_until(now_ms, device.pin_failed)
    failed = device.pin_failed
    if worker is not None:
        worker.pin_failed += 1
        worker.pin_wait_until_ms = wait_until(now_ms, worker.pin_failed)
        failed = max(failed, worker.pin_failed)
    session.flush()
    return Try(
        person_id=worker.id if worker else None,
        pin_hash=worker.pin_hash if worker else None,
        failed=failed,
        wait_ms=wait_after(failed),
    )


def is_right(tried: Try, pin: str) -> bool:
    """Tell whether the PIN is the person's. Needs no transaction, and takes its time."""
    return passwords.fits(tried.pin_hash, pin) and tried.person_id is not None


def forgive(session: Session, *, caller: Caller, tried: Try) -> None:
    """Forget the wrong tries before a right one."""
    forgotten = {"pin_failed": 0, "pin_wait_until_ms": 0}
    session.execute(update(Device).where(Device.id == caller.device_id).values(forgotten))
    session.execute(update(Person).where(Person.id == tried.person_id).values(forgotten))


def tries_left(tried: Try) -> int:
    """Return how many wrong PINs are left before one has to wait."""
    return max(0, FREE_TRIES - tried.failed)
