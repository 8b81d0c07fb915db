"""The site's phones: how they join, how they are doing, how they leave."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import current_app, g

from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.ledger.endings import endings
from server.ledger.models import Device
from server.people import service
from server.people.models import Enrolment
from server.people.policy import policy
from server.people.schemas import (
    DeviceBody,
    DeviceList,
    EnrolmentBody,
    EnrolmentIn,
    EnrolmentStarted,
    MoveBody,
)
from server.people.views import bp
from server.people.views.bodies import device_body
from server.people.views.telling import qr_modules
from server.secrets import Secrets

ENROLMENTS = "/api/v1/sites/<uuid:site_id>/enrolments"
DEVICES = "/api/v1/sites/<uuid:site_id>/devices"


@bp.post(ENROLMENTS)
@policy("enrol.phone", fresh=True)
@bp.arguments(EnrolmentIn)
@bp.response(HTTPStatus.CREATED, EnrolmentStarted)
def start_enrolment(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a code for one phone: ten minutes, once."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    session, now = db.session(), now_ms()
    started = service.start_enrolment(
        session,
        organisation=g.principal.organisation_id,
        site=site_id,
        name=body["name"],
        made_by=g.principal.person_id,
        public_url=settings.public_url,
        now_ms=now,
        replaces=body["replaces"],
    )
    session.commit()
    return {
        "id": started.id,
        "code": started.code,
        "url": started.url,
        "qr": qr_modules(started.url),
        "expires_ms": started.expires_ms,
    }


@bp.get(f"{ENROLMENTS}/<uuid:enrolment_id>")
@policy("enrol.phone")
@bp.response(HTTPStatus.OK, EnrolmentBody)
def get_enrolment(site_id: UUID, enrolment_id: UUID) -> dict[str, Any]:
    """Tell how it stands with an enrolment; the page asks every two seconds."""
    reading()
    return _enrolment(service.enrolment_of(db.session(), site=site_id, enrolment=enrolment_id))


@bp.post(f"{ENROLMENTS}/<uuid:enrolment_id>/confirm")
@policy("enrol.phone")
@bp.response(HTTPStatus.OK, EnrolmentBody)
@refuses(service.NotWaiting)
def confirm(site_id: UUID, enrolment_id: UUID) -> dict[str, Any]:
    """Take the phone whose check word was compared."""
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    session, now = db.session(), now_ms()
    row = service.confirm(
        session,
        site=site_id,
        enrolment=enrolment_id,
        person=g.principal.person_id,
        receipt_key=secrets.receipt.public_key,
        now_ms=now,
    )
    told = _enrolment(row)
    feed.commit(session, now_ms=now)
    return told


@bp.post(f"{ENROLMENTS}/<uuid:enrolment_id>/refuse")
@policy("enrol.phone")
@bp.response(HTTPStatus.OK, EnrolmentBody)
@refuses(service.NotWaiting)
def refuse(site_id: UUID, enrolment_id: UUID) -> dict[str, Any]:
    """Turn the phone away."""
    session = db.session()
    row = service.refuse(
        session, site=site_id, enrolment=enrolment_id, person=g.principal.person_id, now_ms=now_ms()
    )
    told = _enrolment(row)
    session.commit()
    return told


def _enrolment(row: Enrolment) -> dict[str, Any]:
    device = db.session().get(Device, row.device_id) if row.device_id else None
    return {
        "id": row.id,
        "state": service.state_of(row, now_ms=now_ms()),
        "check_word": row.check_word,
        "device": (
            {"id": device.id, "name": device.name, "capabilities": device.capabilities} if device else None
        ),
        "expires_ms": row.expires_ms,
    }


@bp.get(DEVICES)
@policy("see.phones")
@bp.response(HTTPStatus.OK, DeviceList)
def list_devices(site_id: UUID) -> dict[str, Any]:
    """List the site's phones."""
    reading()
    found = service.devices_of(db.session(), site=site_id)
    waiting = service.waiting_of(db.session(), site=site_id)
    ended = endings(
        db.session(),
        organisation=g.principal.organisation_id,
        devices=[device.id for device, _ in found],
    )
    return {
        "devices": [
            {
                **device_body(device, person=person, enrolment=waiting.get(device.id)),
                "ended": ended.get(device.id),
            }
            for device, person in found
        ]
    }


@bp.post(f"{DEVICES}/<uuid:device_id>/move")
@policy("revoke.phone", fresh=True)
@bp.arguments(MoveBody)
@bp.response(HTTPStatus.OK, DeviceBody)
@refuses(service.NotActive)
def move(body: dict[str, Any], site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Give a phone to another site; who asks must supervise both."""
    session = db.session()
    target = g.principal.site(session, body["site"], may="enrol.phone")
    device = service.move(
        session,
        site=site_id,
        device=device_id,
        target=target.id,
        person=g.principal.person_id,
        now_ms=now_ms(),
    )
    told = device_body(device)
    session.commit()
    return told
