"""Logging in to the console, and the first run."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, request

from server import VERSION
from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.describe import refuses
from server.feed import epochs
from server.ledger import service as ledger
from server.people import access, passwords, service
from server.people.access import COOKIE, LIFE_MS, NotLoggedIn, Principal
from server.people.policy import policy
from server.people.schemas import FirstRunBody, LoginBody, PasswordBody, SessionBody
from server.people.throttle import SlowDown
from server.people.views import bp
from server.secrets import Secrets


def _key() -> bytes:
    secrets: Secrets = current_app.extensions["roundsman.secrets"]
    return secrets.session


def _agent() -> str:
    return request.headers.get("User-Agent", "")


def _told(principal: Principal) -> dict[str, Any]:
    session = db.session()
    return {
        "person": {"id": principal.person_id, "name": principal.name, "login": principal.login},
        "organisation": service.organisation_of(session, principal.organisation_id),
        "history": epochs.beginning(session, organisation=principal.organisation_id, now_ms=now_ms()),
        "clock_behind_ms": ledger.behind_ms(session, principal.organisation_id, now_ms()),
        "administrator": principal.administrator,
        "fresh": principal.fresh,
        "sites": principal.sites(session),
        "version": VERSION,
    }


def _begun(token: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a new session is told, and the header with its cookie."""
    reading()
    principal = access.principal_of(db.session(), token, now_ms=now_ms())
    carrier = Response()
    carrier.set_cookie(
        COOKIE, token, max_age=LIFE_MS // 1000, secure=True, httponly=True, samesite="Lax", path="/"
    )
    return _told(principal), {"Set-Cookie": carrier.headers["Set-Cookie"]}


@bp.get("/api/v1/session")
@policy("public")
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(NotLoggedIn)
def get_session() -> dict[str, Any]:
    """Tell who is logged in."""
    session = db.session()
    try:
        principal = access.enter(session, request, now_ms=now_ms())
    except NotLoggedIn:
        session.rollback()
        reading()
        raise NotLoggedIn(first_run=service.is_empty(session)) from None
    reading()
    return _told(principal)


@bp.post("/api/v1/session")
@policy("public")
@bp.arguments(LoginBody)
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(service.WrongLogin, SlowDown)
def log_in(body: dict[str, Any]) -> Any:
    """Log in."""
    session, now = db.session(), now_ms()
    found = service.look_up(
        session,
        login=body["login"].lower(),
        address=request.remote_addr or "",
        key=_key(),
        now_ms=now,
    )
    session.commit()  # counted before it is judged, and no lock is held while the password is checked
    if not passwords.fits(found.password_hash, body["password"]):
        raise service.WrongLogin()
    token = service.log_in(session, found=found, agent=_agent(), now_ms=now)
    session.commit()
    return _with_status(HTTPStatus.OK, token)


@bp.delete("/api/v1/session")
@policy("member")
@bp.response(HTTPStatus.NO_CONTENT)
def log_out() -> Any:
    """Log out."""
    service.log_out(db.session(), session_id=g.principal.session_id, now_ms=now_ms())
    db.session.commit()
    carrier = Response()
    carrier.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return None, HTTPStatus.NO_CONTENT, {"Set-Cookie": carrier.headers["Set-Cookie"]}


@bp.post("/api/v1/session/refresh")
@policy("member")
@bp.arguments(PasswordBody)
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(service.WrongLogin, SlowDown)
def refresh(body: dict[str, Any]) -> dict[str, Any]:
    """Give the password again, before something that cannot be undone."""
    session, now = db.session(), now_ms()
    found = service.count_refresh(session, person=g.principal.person_id, key=_key(), now_ms=now)
    session.commit()
    if not passwords.fits(found.password_hash, body["password"]):
        raise service.WrongLogin()
    service.refresh(session, session_id=g.principal.session_id, found=found, now_ms=now)
    session.commit()
    reading()
    return _told(access.current(session, request, now_ms=now))


@bp.post("/api/v1/first-run")
@policy("public")
@bp.arguments(FirstRunBody)
@bp.response(HTTPStatus.CREATED, SessionBody)
@refuses(service.FirstRunOver, service.WrongCode)
def first_run(body: dict[str, Any]) -> Any:
    """Make the first organisation and its administrator, who is then logged in."""
    settings: Settings = current_app.extensions["roundsman.settings"]
    session = db.session()
    token = service.first_run(session, data_dir=settings.data_dir, agent=_agent(), now_ms=now_ms(), **body)
    session.commit()
    service.forget_first_run_code(settings.data_dir)
    return _with_status(HTTPStatus.CREATED, token)


def _with_status(status: HTTPStatus, token: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    told, headers = _begun(token)
    return told, int(status), headers
