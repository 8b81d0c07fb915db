"""The messages by which a phone joins and a person signs in on it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, request

from server import faults, throttle
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses, speaks
from server.ledger import lifecycle, wire
from server.people import leaving, service, sign_in
from server.people.views import bp
from server.secrets import Secrets
from sync import enrolment
from sync.enrolment import (
    EnrolAnswer,
    EnrolRequest,
    EnrolStateAnswer,
    EnrolStateRequest,
    SignInAnswer,
    SignInRequest,
)
from sync.messages import PREFIX, NamedSite


def _secrets() -> Secrets:
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    return secrets


@bp.post(f"{PREFIX}enrol")
@wire.stranger
@refuses(service.EnrolmentOver, service.BadKey, throttle.SlowDown)
@speaks(EnrolRequest, EnrolAnswer)
def enrol() -> Response:
    """Let a phone use a code; it then waits to be confirmed."""
    asked = wire.decode(request, wire.receive(request), EnrolRequest)
    session, now, secrets = db.session(), now_ms(), _secrets()
    counted = service.count_join(session, address=request.remote_addr or "", key=secrets.session, now_ms=now)
    session.commit()
    joined = service.enrol(session, request=asked, now_ms=now)
    throttle.forgive(session, name=counted)
    device = joined.device
    told = EnrolAnswer(
        proto=1,
        nonce=asked.nonce,
        device=enrolment.Named(id=str(device.id), name=device.name),
        organisation=enrolment.Named(id=str(device.organisation_id), name=joined.organisation_name),
        site=NamedSite(id=str(device.site_id), name=joined.site_name),  # type: ignore[arg-type]
        log=joined.log,
        check_word=joined.check_word,
        server_key=enrolment.ServerKey(kid=secrets.kid, public_key=secrets.receipt.public_key),
        state=service.state_for_phone(session, log=joined.log),  # type: ignore[arg-type]
    )
    faults.at("enrol.before_commit")
    session.commit()
    faults.at("enrol.after_commit")
    return wire.answer(request, told)


@bp.post(f"{PREFIX}enrol-state")
@wire.phone
@speaks(EnrolStateRequest, EnrolStateAnswer)
def enrol_state() -> Response:
    """Tell a phone whether it was confirmed."""
    sent = wire.receive(request)
    reading()
    session = db.session()
    caller = wire.prove(
        session,
        request,
        sent,
        key=_secrets().proof,
        now_ms=now_ms(),
        states=lifecycle.ANY,
    )
    asked = wire.decode(request, sent, EnrolStateRequest)
    state = service.state_for_phone(session, log=caller.log)
    person = leaving.carries_on(session, device=caller.device_id) if state == "active" else None
    return wire.answer(
        request,
        EnrolStateAnswer(
            proto=1,
            nonce=asked.nonce,
            state=state,  # type: ignore[arg-type]
            person=str(person) if person else None,
        ),
    )


@bp.post(f"{PREFIX}sign-in")
@wire.phone
@speaks(SignInRequest, SignInAnswer)
def check_pin() -> Response:
    """Check a person's PIN."""
    sent = wire.receive(request)
    reading()
    session, now = db.session(), now_ms()
    caller = wire.prove(session, request, sent, key=_secrets().proof, now_ms=now)
    asked = wire.decode(request, sent, SignInRequest)
    session.rollback()
    tried = sign_in.count_try(session, caller=caller, person=UUID(asked.person), now_ms=now)
    session.commit()  # counted before it is judged, and no lock is held meanwhile
    if isinstance(tried, sign_in.Throttled):
        return wire.answer(request, _signed_in(asked, ok=False, wait_ms=tried.wait_ms))
    if not sign_in.is_right(tried, asked.pin):
        left = sign_in.tries_left(tried)
        return wire.answer(request, _signed_in(asked, ok=False, tries_left=left, wait_ms=tried.wait_ms))
    sign_in.forgive(session, caller=caller, tried=tried)
    session.commit()
    return wire.answer(request, _signed_in(asked, ok=True))


def _signed_in(
    asked: SignInRequest, *, ok: bool, tries_left: int | None = None, wait_ms: int = 0
) -> SignInAnswer:
    return SignInAnswer(proto=1, nonce=asked.nonce, ok=ok, tries_left=tries_left, wait_s=-(-wait_ms // 1000))
