"""Logging in to the console, in one step or two, and the first run."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, g, jsonify, request
from marshmallow import ValidationError

from server import throttle
from server.clock import now_ms
from server.db import db, reading
from server.describe import described, refuses
from server.people import access, passwords, second_step, service, sessions
from server.people.access import NotLoggedIn
from server.people.ceremonies import LoginOver
from server.people.factors import WrongFactor
from server.people.login_schemas import (
    AskBody,
    CodeBody,
    FirstRunBody,
    LoginBody,
    PasskeyAnswer,
    PasskeyAsked,
    RefreshBody,
)
from server.people.models import Person
from server.people.policy import policy
from server.people.schemas import SessionBody
from server.people.second_step import Second
from server.people.views import bp, telling
from server.problems import NotFound
from server.throttle import SlowDown

SESSION = "/api/v1/session"

SECOND = {
    "description": "The password was right; a code or a passkey is still to come.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["attempt", "totp", "passkey"],
                "additionalProperties": False,
                "properties": {
                    "attempt": {"type": "string", "description": "Goes back with the second step."},
                    "totp": {"type": "boolean", "description": "Six digits of an app would do."},
                    "passkey": {"type": "boolean", "description": "A passkey would do."},
                },
            }
        }
    },
}


@bp.get(SESSION)
@policy("public")
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(NotLoggedIn)
def get_session() -> dict[str, Any]:
    """Tell who is logged in."""
    session = db.session()
    try:
        principal = access.enter(session, request, now_ms=now_ms(), unready=True)
    except NotLoggedIn:
        session.rollback()
        reading()
        raise NotLoggedIn(first_run=service.is_empty(session)) from None
    reading()
    return telling.told(principal)


@bp.post(SESSION)
@policy("public")
@bp.arguments(LoginBody)
@bp.response(HTTPStatus.OK, SessionBody)
@described(responses={"202": SECOND})
@refuses(service.WrongLogin, SlowDown)
def log_in(body: dict[str, Any]) -> Any:
    """Log in with a password. Who has a second factor goes on with it."""
    session, now = db.session(), now_ms()
    found = service.look_up(
        session,
        login=body["login"].lower(),
        address=telling.address(),
        key=telling.count_key(),
        now_ms=now,
    )
    session.commit()  # counted before it is judged, and no lock is held while the password is checked
    fits = passwords.fits(found.password_hash, body["password"])  # as long also for nobody
    if not fits or found.person_id is None:
        raise service.WrongLogin()
    second = second_step.second_of(session, person=found.person_id, now_ms=now)
    if second is not None:
        session.commit()
        return second_answer(second)
    token = service.log_in(session, found=found, agent=telling.agent(), address=telling.address(), now_ms=now)
    session.commit()
    return telling.begun(token)


@bp.post(f"{SESSION}/code")
@policy("public")
@bp.arguments(CodeBody)
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(LoginOver, WrongFactor, SlowDown)
def give_code(body: dict[str, Any]) -> Any:
    """Give six digits of the authenticator app, or a recovery code, as the second step."""
    session, now = db.session(), now_ms()
    attempt = body["attempt"]
    person_id = second_step.count_code(session, attempt=attempt, key=telling.count_key(), now_ms=now)
    session.commit()
    kind = second_step.spend_code(
        session,
        attempt=attempt,
        person=person_id,
        code=body["code"],
        factor_keys=telling.factor_keys(),
        now_ms=now,
    )
    second_step.forgive(session, person=person_id, key=telling.count_key())
    person = session.get_one(Person, person_id)
    if kind == "recovery":
        sessions.note(session, person, "recovery.used", subject=f"person:{person_id}", now_ms=now)
    return _enter(person, now)


@bp.post(f"{SESSION}/passkey/ask")
@policy("public")
@bp.arguments(AskBody)
@bp.response(HTTPStatus.OK, PasskeyAsked)
@refuses(LoginOver, SlowDown)
def ask_passkey(body: dict[str, Any]) -> Any:
    """Ask for a passkey: as the second step of a log-in, or for a log-in without a password."""
    session, now = db.session(), now_ms()
    if "attempt" in body:
        asked = second_step.ask_passkey(session, telling.relying(), attempt=body["attempt"], now_ms=now)
    else:
        asked = second_step.ask_any_passkey(
            session, telling.relying(), address=telling.address(), key=telling.count_key(), now_ms=now
        )
    session.commit()
    return asked


@bp.post(f"{SESSION}/passkey")
@policy("public")
@bp.arguments(PasskeyAnswer)
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(LoginOver, WrongFactor)
def give_passkey(body: dict[str, Any]) -> Any:
    """Give a passkey's answer, and be logged in."""
    session, now = db.session(), now_ms()
    person = _proven(body, session_id=None, now=now)
    throttle.forgive(
        session, name=throttle.name_of("passkey-from", telling.address(), key=telling.count_key())
    )
    return _enter(person, now)


@bp.delete(SESSION)
@policy("member", unready=True)
@bp.response(HTTPStatus.NO_CONTENT)
def log_out() -> Any:
    """Log out."""
    service.log_out(db.session(), session_id=g.principal.session_id, now_ms=now_ms())
    db.session.commit()
    return None, HTTPStatus.NO_CONTENT, telling.cookie(None)


@bp.post(f"{SESSION}/refresh/ask")
@policy("member", unready=True)
@bp.response(HTTPStatus.OK, PasskeyAsked)
@refuses(NotFound)
def ask_refresh() -> Any:
    """Ask for one of the person's passkeys, in the place of the password, to make the log-in fresh."""
    session = db.session()
    asked = second_step.ask_again(
        session,
        telling.relying(),
        person=g.principal.person_id,
        session_id=g.principal.session_id,
        now_ms=now_ms(),
    )
    session.commit()
    return asked


@bp.post(f"{SESSION}/refresh")
@policy("member", unready=True)
@bp.arguments(RefreshBody)
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(service.WrongLogin, LoginOver, WrongFactor, SlowDown)
def refresh(body: dict[str, Any]) -> Any:
    """Give the password or a passkey again, before something that cannot be undone."""
    session, now = db.session(), now_ms()
    if "password" in body:
        found = service.count_refresh(
            session, person=g.principal.person_id, key=telling.count_key(), now_ms=now
        )
        session.commit()
        if not passwords.fits(found.password_hash, body["password"]):
            raise service.WrongLogin()
        token = service.refresh(session, session_id=g.principal.session_id, found=found, now_ms=now)
    else:
        _proven(body, session_id=g.principal.session_id, now=now)
        token = sessions.renew(session, session_id=g.principal.session_id, now_ms=now, grace=True)
    sessions.note(
        session, telling.myself(), "session.fresh", subject=f"session:{g.principal.session_id}", now_ms=now
    )
    session.commit()
    return telling.begun(token)


@bp.post("/api/v1/first-run")
@policy("public")
@bp.arguments(FirstRunBody)
@bp.response(HTTPStatus.CREATED, SessionBody)
@refuses(service.FirstRunOver, service.WrongCode, throttle.SlowDown)
def first_run(body: dict[str, Any]) -> Any:
    """Make the first organisation and its administrator, who is then logged in to set up a second factor."""
    check_new_password(body["password"], login=body["login"])
    session, now = db.session(), now_ms()
    data_dir = telling.settings().data_dir
    name = throttle.name_of("first-run-from", telling.address(), key=telling.count_key())
    throttle.count_try(session, name=name, free=throttle.FREE_TRIES, now_ms=now)
    session.commit()  # counted before it is judged
    person = service.first_run(session, data_dir=data_dir, now_ms=now, **body)
    token = sessions.begin(session, person, agent=telling.agent(), address=telling.address(), now_ms=now)
    session.commit()
    service.forget_first_run_code(data_dir)
    return telling.begun(token, HTTPStatus.CREATED)


def second_answer(second: Second) -> Response:
    """Return what goes on with the second step."""
    answer = jsonify(attempt=second.attempt, totp=second.totp, passkey=second.passkey)
    answer.status_code = HTTPStatus.ACCEPTED
    return answer


def check_new_password(password: str, *, login: str, at: str = "password") -> None:
    """Refuse a password that would be guessed at once, at its field."""
    why = passwords.too_simple(password, login=login)
    if why is not None:
        raise ValidationError({"json": {at: [why]}})


def _proven(body: dict[str, Any], *, session_id: Any, now: int) -> Person:
    """Return whose passkey has answered; the caller commits."""
    session, credential = db.session(), body["credential"]
    answer = second_step.take_answer(
        session, attempt=body["attempt"], credential=credential, session_id=session_id, now_ms=now
    )
    session.commit()  # the challenge is spent, whatever the answer is worth
    proof = second_step.prove(answer, telling.relying(), credential)
    return second_step.accept(session, answer, proof, now_ms=now)


def _enter(person: Person, now: int) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Begin the session of somebody who has shown all that they must."""
    session = db.session()
    names = sessions.names_of(login=person.login or "", address=telling.address(), key=telling.count_key())
    for name in names:
        throttle.forgive(session, name=name)
    token = sessions.begin(session, person, agent=telling.agent(), address=telling.address(), now_ms=now)
    session.commit()
    return telling.begun(token)
