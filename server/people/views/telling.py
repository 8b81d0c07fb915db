"""What the views of log-ins share: who asks, from where, and how a session is told and given its cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import qrcode
from flask import Response, current_app, g, request

from server import VERSION
from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.feed import epochs
from server.ledger import service as ledger
from server.people import access, factors, service
from server.people.access import COOKIE, LIFE_MS, Principal
from server.people.factor_keys import FactorKeys
from server.people.models import Person
from server.people.passkeys import Relying
from server.secrets import Secrets


def settings() -> Settings:
    """Return the installation's settings."""
    held: Settings = current_app.extensions["roundsman.settings"]
    return held


def relying() -> Relying:
    """Return for whom passkeys are made."""
    return Relying.of(settings().public_url)


def count_key() -> bytes:
    """Return the secret under which tries are counted."""
    return _secrets().session


def factor_keys() -> FactorKeys:
    """Return what encrypts the secrets of authenticator apps."""
    return FactorKeys(settings().data_dir)


def _secrets() -> Secrets:
    held: Secrets = current_app.extensions["roundsman.secrets"]
    return held


def agent() -> str:
    """Return what the browser calls itself."""
    return request.headers.get("User-Agent", "")


def address() -> str:
    """Return from where the request comes."""
    return request.remote_addr or ""


def myself() -> Person:
    """Return the person who asks."""
    return db.session().get_one(Person, g.principal.person_id)


def told(principal: Principal) -> dict[str, Any]:
    """Return what a session is told."""
    session = db.session()
    have = factors.of_person(session, principal.person_id)
    return {
        "person": {"id": principal.person_id, "name": principal.name, "login": principal.login},
        "organisation": service.organisation_of(session, principal.organisation_id),
        "history": epochs.beginning(session, organisation=principal.organisation_id, now_ms=now_ms()),
        "clock_behind_ms": ledger.behind_ms(session, principal.organisation_id, now_ms()),
        "administrator": principal.administrator,
        "fresh": principal.fresh,
        "factors": {
            "totp": have.totp_ms is not None,
            "passkeys": have.passkeys,
            "recovery_left": have.recovery_left,
            "needed": principal.needs_factor,
        },
        "sites": principal.sites(session),
        "version": VERSION,
    }


def begun(token: str, status: HTTPStatus = HTTPStatus.OK) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Return what a new session is told, with its cookie."""
    reading()
    principal = access.principal_of(db.session(), token, now_ms=now_ms())
    return told(principal), int(status), cookie(token)


def cookie(token: str | None) -> dict[str, str]:
    """Return the header that gives the browser its session, or with None takes it away."""
    carrier = Response()
    attributes: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/"}
    if token is None:
        carrier.delete_cookie(COOKIE, **attributes)
    else:
        carrier.set_cookie(COOKIE, token, max_age=LIFE_MS // 1000, **attributes)
    return {"Set-Cookie": carrier.headers["Set-Cookie"]}


def qr_modules(text: str) -> list[str]:
    """Return the modules of a QR code, without its quiet zone."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]
