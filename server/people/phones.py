"""The phones of a site: who uses each, which waits for a word, and how one is given to another site."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.ledger.devices import assign
from server.ledger.models import Device
from server.people import leaving
from server.people.models import Enrolment, Person, Shift
from server.problems import Problem


class NotActive(Problem):
    """Only a phone that was confirmed and not withdrawn can be given to another site."""

    slug, status, title = "not-active", HTTPStatus.CONFLICT, "This phone is not in service"


def devices_of(session: Session, *, site: UUID) -> list[tuple[Device, Person | None]]:
    """Return the site's phones and who is signed in on each, as far as is known."""
    devices = session.scalars(
        select(Device)
        .where(Device.site_id == site, Device.state != "refused")
        .order_by(Device.name, Device.id)
    ).all()
    on_shift: dict[UUID, Person] = dict(
        session.execute(
            select(Shift.device_id, Person)
            .join(Person, Person.id == Shift.person_id)
            .where(Shift.site_id == site, Shift.ended_ms.is_(None))
            .order_by(Shift.started_ms)
        ).all()
    )
    return [(device, on_shift.get(device.id)) for device in devices]


def waiting_of(session: Session, *, site: UUID) -> dict[UUID, UUID]:
    """Return phone → the enrolment in which it waits for the supervisor's word."""
    query = select(Enrolment.device_id, Enrolment.id).where(
        Enrolment.site_id == site, Enrolment.state == "waiting", Enrolment.device_id.is_not(None)
    )
    return {device: enrolment for device, enrolment in session.execute(query) if device is not None}


def move(session: Session, *, site: UUID, device: UUID, target: UUID, person: UUID, now_ms: int) -> Device:
    """Have a phone work for another site of its organisation from now on.

    The caller has made sure that the person supervises both. What the phone recorded before stays
    with the site before; moving it to where it is changes nothing, and is noted all the same.

    :raises NotFound: there is no such phone at the site
    :raises NotActive: the phone waits to be confirmed, or was refused or revoked
    """
    row = leaving.find(session, site=site, device=device, lock=True)
    if row.state != "active":
        raise NotActive()
    noted = [(site, {"to": str(target)})]
    if target != site:
        assign(session, device=row, site_id=target, now_ms=now_ms)
        noted.append((target, {"from": str(site)}))
    for at, detail in noted:
        audit.write(
            session,
            organisation=row.organisation_id,
            site=at,
            person=person,
            action="device.move",
            subject=f"device:{row.id}",
            detail={"name": row.name, **detail},
            now_ms=now_ms,
        )
    return row
