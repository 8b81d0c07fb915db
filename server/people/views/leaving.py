"""How a phone leaves the site: the page of a phone that is lost, and what may be decided on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses, speaks
from server.feed import service as feed
from server.ledger import lifecycle, wire
from server.people import leaving
from server.people.policy import policy
from server.people.schemas import Accepted, DeviceBody, DeviceTrace, RevokeBody, WipeIn
from server.people.views import bp
from server.people.views.bodies import device_body
from server.people.views.phones import DEVICES
from server.secrets import Secrets
from sync.leaving import LeaveAnswer, LeaveRequest, WipedAnswer, WipedRequest
from sync.messages import PREFIX

ONE = f"{DEVICES}/<uuid:device_id>"


def _secrets() -> Secrets:
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    return secrets


@bp.get(ONE)
@policy("see.phones")
@bp.response(HTTPStatus.OK, DeviceTrace)
def get_device(site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Tell the last that is known of a phone."""
    reading()
    session = db.session()
    device = leaving.find(session, site=site_id, device=device_id)
    found = leaving.trace(session, device)
    return {
        **device_body(device),
        "last_person": {"id": found.person.id, "name": found.person.name} if found.person else None,
        "last_ms": found.at_ms,
        "apart": found.apart,
        "replaced_by": (
            {"id": found.replaced_by.id, "name": found.replaced_by.name} if found.replaced_by else None
        ),
    }


@bp.post(f"{ONE}/drain")
@policy("revoke.phone", fresh=True)
@refuses(leaving.NotPossible)
@bp.arguments(RevokeBody)
@bp.response(HTTPStatus.OK, DeviceBody)
def drain(body: dict[str, Any], site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Let a phone hand over what it has, and nothing more: nobody signs in on it, nothing comes down."""
    session = db.session()
    device = leaving.drain(session, **_who(site_id, device_id), why=body["why"], now_ms=now_ms())
    return _done(device_body(device))


@bp.post(f"{ONE}/keep")
@policy("revoke.phone", fresh=True)
@refuses(leaving.NotPossible)
@bp.response(HTTPStatus.OK, DeviceBody)
def keep(site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Take back what was decided: a draining phone works again, no order to wipe stands any more."""
    device = leaving.keep(db.session(), **_who(site_id, device_id), now_ms=now_ms())
    return _done(device_body(device))


@bp.post(f"{ONE}/revoke")
@policy("revoke.phone", fresh=True)
@refuses(leaving.NotPossible)
@bp.arguments(RevokeBody)
@bp.response(HTTPStatus.OK, DeviceBody)
def revoke(body: dict[str, Any], site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Take a phone out of service; what it still sends is kept in quarantine."""
    session = db.session()
    device = leaving.revoke(session, **_who(site_id, device_id), why=body["why"], now_ms=now_ms())
    return _done(device_body(device))


@bp.post(f"{ONE}/wipe")
@policy("revoke.phone", fresh=True)
@refuses(leaving.NotPossible, leaving.StillUnsent)
@bp.arguments(WipeIn)
@bp.response(HTTPStatus.OK, DeviceBody)
def wipe(body: dict[str, Any], site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Tell a phone to wipe itself, once the app is opened on it and no more is unsent than may be lost."""
    device = leaving.order_wipe(
        db.session(),
        **_who(site_id, device_id),
        why=body["why"],
        records=body["lose_records"],
        photos=body["lose_photos"],
        now_ms=now_ms(),
    )
    return _done(device_body(device))


@bp.post(f"{ONE}/accept")
@policy("revoke.phone", fresh=True)
@refuses(leaving.NotPossible)
@bp.response(HTTPStatus.OK, Accepted)
def accept(site_id: UUID, device_id: UUID) -> dict[str, Any]:
    """Have what a phone sent after it was revoked count after all."""
    session, now = db.session(), now_ms()
    device, taken = leaving.accept(
        session, **_who(site_id, device_id), receipt_key=_secrets().receipt.public_key, now_ms=now
    )
    told = {**device_body(device), "accepted": taken}
    feed.commit(session, now_ms=now)
    return told


def _who(site_id: UUID, device_id: UUID) -> dict[str, UUID]:
    return {"site": site_id, "device": device_id, "person": g.principal.person_id}


def _done(told: dict[str, Any]) -> dict[str, Any]:
    db.session().commit()
    return told


# -- the phone's own messages ----------------------------------------------------------


@bp.post(f"{PREFIX}leave")
@wire.phone
@speaks(LeaveRequest, LeaveAnswer)
def leave() -> Response:
    """Tell a phone that leaves what is wanted of it."""
    sent = wire.receive(request)
    session, now, secrets = db.session(), now_ms(), _secrets()
    caller = wire.prove(session, request, sent, key=secrets.proof, now_ms=now, states=lifecycle.KEPT)
    asked = wire.decode(request, sent, LeaveRequest)
    order = leaving.told(session, caller=caller, request=asked, key=secrets.receipt, now_ms=now)
    told = LeaveAnswer(
        proto=1,
        nonce=asked.nonce,
        epoch=feed.epoch(session, organisation=caller.organisation_id),
        state=caller.device_state,
        wipe=order,
    )
    session.commit()
    return wire.answer(request, told)


@bp.post(f"{PREFIX}wiped")
@wire.phone
@speaks(WipedRequest, WipedAnswer)
def wiped() -> Response:
    """Note that a phone has wiped itself: its last word."""
    sent = wire.receive(request)
    session, now = db.session(), now_ms()
    caller = wire.prove(session, request, sent, key=_secrets().proof, now_ms=now, states=lifecycle.KEPT)
    asked = wire.decode(request, sent, WipedRequest)
    leaving.wiped(session, caller=caller, request=asked, now_ms=now)
    session.commit()
    return wire.answer(request, WipedAnswer(proto=1, nonce=asked.nonce))
