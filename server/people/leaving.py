"""How a phone leaves: drained, revoked, told to wipe itself; and how what it sent later is accepted.

Which move is possible is `server.ledger.lifecycle`'s to say. Every move is audited in its own transaction,
and works at the phone's next request, for every request asks for the phone's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.ledger import accepting
from server.ledger.devices import Caller
from server.ledger.lifecycle import APART, LEAVING, Move, after
from server.ledger.models import Device, Log, Verdict
from server.people.models import Person, Shift
from server.people.organisations import new_id
from server.problems import NotFound, Problem
from sync.keys import SigningKey
from sync.leaving import LeaveRequest, WipedRequest, WipeOrder, order_body, sign_order
from sync.messages import SignedReceipt


class NotPossible(Problem):
    """The phone's state does not lead there; `state` says what it is."""

    slug, status, title = "not-possible", HTTPStatus.CONFLICT, "This cannot be done with the phone as it is"
    carries: ClassVar = {"state": {"type": "string"}}


class StillUnsent(Problem):
    """The phone had unsent work when it was last heard, and nobody said that it may be lost."""

    slug, status, title = "still-unsent", HTTPStatus.CONFLICT, "This phone still has work that was not sent"
    carries: ClassVar = {"records": {"type": "integer"}, "photos": {"type": "integer"}}


def find(session: Session, *, site: UUID, device: UUID, lock: bool = False) -> Device:
    """Return a phone of the site.

    :raises NotFound: there is none
    """
    query = select(Device).where(Device.id == device, Device.site_id == site)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def move(
    session: Session,
    row: Device,
    to: Move,
    *,
    person: UUID | None,
    detail: Mapping[str, Any],
    now_ms: int,
) -> None:
    """Bring a locked phone into another state.

    :raises NotPossible: its state does not lead there
    """
    state = after(row.state, to)
    if state is None:
        raise NotPossible(state=row.state)
    row.state = state
    if to in ("drain", "revoke"):
        row.left_ms = now_ms
    session.flush()
    note(session, row, f"device.{to}", person=person, detail=detail, now_ms=now_ms)


def drain(session: Session, *, site: UUID, device: UUID, person: UUID, why: str, now_ms: int) -> Device:
    """Let a phone hand over what it has, and nothing more. Doing it twice changes nothing more.

    :raises NotFound, NotPossible: there is no such phone at the site, or it is not in service
    """
    row = find(session, site=site, device=device, lock=True)
    _once(session, row, "drain", person=person, why=why, now_ms=now_ms)
    return row


def keep(session: Session, *, site: UUID, device: UUID, person: UUID, now_ms: int) -> Device:
    """Take back what was decided: a draining phone is in service again, and no order to wipe stands.

    A revoked phone stays revoked: its key was given up. It may join again with a new one.

    :raises NotFound, NotPossible: there is no such phone at the site, or there is nothing to take back
    """
    row = find(session, site=site, device=device, lock=True)
    had_order = row.wipe_order is not None
    row.wipe_order, row.wipe_ms, row.wipe_records, row.wipe_photos = None, None, 0, 0
    if row.state == "revoked" and had_order:
        session.flush()
        note(session, row, "device.keep", person=person, detail={"wipe": "withdrawn"}, now_ms=now_ms)
        return row
    move(session, row, "keep", person=person, detail={}, now_ms=now_ms)
    return row


def revoke(session: Session, *, site: UUID, device: UUID, person: UUID, why: str, now_ms: int) -> Device:
    """Take a phone out of service: what it still sends is kept in quarantine, nothing comes down to it.

    :raises NotFound, NotPossible: there is no such phone at the site, or it left otherwise
    """
    row = find(session, site=site, device=device, lock=True)
    _once(session, row, "revoke", person=person, why=why, now_ms=now_ms)
    return row


def _once(
    session: Session, row: Device, to: Literal["drain", "revoke"], *, person: UUID, why: str, now_ms: int
) -> None:
    """Make a move, or only note that somebody asked for it again."""
    if row.state == {"drain": "draining", "revoke": "revoked"}[to]:
        detail = {"why": why, "again": True}
        note(session, row, f"device.{to}", person=person, detail=detail, now_ms=now_ms)
        return
    move(session, row, to, person=person, detail={"why": why}, now_ms=now_ms)


def order_wipe(
    session: Session,
    *,
    site: UUID,
    device: UUID,
    person: UUID,
    why: str,
    records: int,
    photos: int,
    now_ms: int,
) -> Device:
    """Tell a phone that leaves to wipe itself. It does so only with no more unsent than may be lost.

    :param records: how many unsent records may be lost
    :param photos: how many unsent photos may be lost
    :raises NotFound, NotPossible: there is no such phone at the site, or it is not leaving
    :raises StillUnsent: it had more unsent when it was last heard
    """
    row = find(session, site=site, device=device, lock=True)
    if row.state not in LEAVING:
        raise NotPossible(state=row.state)
    if records < row.unsent_records or photos < row.unsent_photos:
        raise StillUnsent(records=row.unsent_records, photos=row.unsent_photos)
    row.wipe_order, row.wipe_ms = new_id(now_ms), now_ms
    row.wipe_records, row.wipe_photos = records, photos
    session.flush()
    detail = {"why": why, "records": records, "photos": photos}
    note(session, row, "device.wipe", person=person, detail=detail, now_ms=now_ms)
    return row


def accept(
    session: Session, *, site: UUID, device: UUID, person: UUID, receipt_key: str, now_ms: int
) -> tuple[Device, int]:
    """Have what a phone sent after it was revoked count; return the phone and how many records do now.

    :param receipt_key: the server's public key
    :raises NotFound, NotPossible: there is no such phone at the site, or nothing of it is kept apart
    """
    row = find(session, site=site, device=device)
    if row.state not in APART:
        raise NotPossible(state=row.state)
    taken = accepting.accept(
        session,
        organisation=row.organisation_id,
        device=row.id,
        receipt_key=receipt_key,
        now_ms=now_ms,
    )
    note(session, row, "device.accept", person=person, detail={"records": taken}, now_ms=now_ms)
    return row, taken


# -- what the phone asks and says ------------------------------------------------------


def told(
    session: Session, *, caller: Caller, request: LeaveRequest, key: SigningKey, now_ms: int
) -> SignedReceipt | None:
    """Note what a phone that leaves still has; return the order to wipe itself, if one stands.

    :param key: the server's receipt key
    """
    row = session.scalars(select(Device).where(Device.id == caller.device_id).with_for_update()).one()
    row.heard_ms = now_ms
    row.unsent_records, row.unsent_photos = request.unsent.records, request.unsent.photos
    row.unsent_oldest_wall = request.unsent.oldest_wall
    session.flush()
    if row.wipe_order is None or row.wipe_ms is None or row.state not in LEAVING:
        return None
    order = WipeOrder(1, str(row.wipe_order), str(row.id), row.wipe_records, row.wipe_photos, row.wipe_ms)
    body = order_body(order)
    return SignedReceipt(body=body, sig=sign_order(key, body), kid=key.log)


def wiped(session: Session, *, caller: Caller, request: WipedRequest, now_ms: int) -> None:
    """Note that a phone has wiped itself. It is believed whatever was decided meanwhile: it is so."""
    row = session.scalars(
        select(Device)
        .where(Device.id == caller.device_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    detail = {"order": request.order, "records": request.records, "photos": request.photos}
    if row.state == "wiped":  # the answer was lost on its way
        note(session, row, "device.wiped", person=None, detail={**detail, "again": True}, now_ms=now_ms)
        return
    row.state, row.wiped_ms, row.heard_ms = "wiped", now_ms, now_ms
    row.unsent_records, row.unsent_photos, row.unsent_oldest_wall = 0, 0, None
    session.flush()
    note(session, row, "device.wiped", person=None, detail=detail, now_ms=now_ms)


# -- what is known of a phone that is missed -------------------------------------------


@dataclass(frozen=True, slots=True)
class Trace:
    """The last that is known of a phone."""

    person: Person | None
    """Who was signed in last."""
    at_ms: int | None
    """When its last record was made, as best known."""
    apart: int
    """How many records wait for a supervisor's yes."""
    replaced_by: Device | None


def trace(session: Session, row: Device) -> Trace:
    """Return the last that is known of a phone."""
    logs = select(Log.id).where(Log.device_id == row.id)
    at_ms = session.scalar(select(func.max(Verdict.estimate_ms)).where(Verdict.log.in_(logs), Verdict.trunk))
    shift = session.scalar(
        select(Shift.person_id).where(Shift.device_id == row.id).order_by(Shift.started_ms.desc()).limit(1)
    )
    return Trace(
        person=session.get(Person, shift) if shift else None,
        at_ms=at_ms,
        apart=accepting.apart(session, device=row.id),
        replaced_by=session.scalars(
            select(Device).where(Device.replaces == row.id, Device.state != "refused").limit(1)
        ).first(),
    )


def carries_on(session: Session, *, device: UUID) -> UUID | None:
    """Return who was signed in on the phone that this one replaces: they go on with it."""
    replaced = session.scalar(select(Device.replaces).where(Device.id == device))
    if replaced is None:
        return None
    return session.scalar(
        select(Shift.person_id)
        .where(Shift.device_id == replaced, Shift.ended_ms.is_(None))
        .order_by(Shift.started_ms.desc())
        .limit(1)
    )


def note(
    session: Session,
    row: Device,
    action: str,
    *,
    person: UUID | None,
    detail: Mapping[str, Any],
    now_ms: int,
) -> None:
    """Write the audit log about a phone."""
    audit.write(
        session,
        organisation=row.organisation_id,
        site=row.site_id,
        person=person,
        action=action,
        subject=f"device:{row.id}",
        detail={"name": row.name, **detail},
        now_ms=now_ms,
    )
