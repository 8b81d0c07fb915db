"""One's own log-in: password, authenticator app, passkeys, recovery codes, and the browsers one uses.

Somebody who must set up a second factor first may do just that here, and nothing else anywhere.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server import throttle
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.people import ceremonies, factors, passkeys, passwords, service, sessions, totp
from server.people.ceremonies import LoginOver
from server.people.factors import LastFactor, WrongFactor
from server.people.login_schemas import (
    OwnLogin,
    PasskeyAsked,
    PasskeyBody,
    PasswordChange,
    RecoveryCodes,
    TotpCode,
    TotpStarted,
)
from server.people.passkeys import BadPasskey, PasskeyKnown
from server.people.policy import policy
from server.people.schemas import SessionBody
from server.people.views import bp, telling
from server.people.views.sessions import check_new_password
from server.problems import NotFound
from server.throttle import SlowDown

ME = "/api/v1/me"


@bp.get(f"{ME}/login")
@policy("member", unready=True)
@bp.response(HTTPStatus.OK, OwnLogin)
def get_own_login() -> dict[str, Any]:
    """Tell how one logs in, and where one is logged in."""
    reading()
    session, me = db.session(), telling.myself()
    have = factors.of_person(session, me.id)
    return {
        "login": me.login,
        "required": factors.is_required(me, service.organisation_of(session, me.organisation_id)),
        "totp_ms": have.totp_ms,
        "passkeys": passkeys.of_person(session, me.id),
        "recovery_left": have.recovery_left,
        "sessions": [
            {
                "id": one.id,
                "agent": one.agent,
                "network": one.network,
                "made_ms": one.made_ms,
                "seen_ms": one.seen_ms,
                "this": one.id == g.principal.session_id,
            }
            for one in sessions.sessions_of(session, person=me.id, now_ms=now_ms())
        ],
    }


@bp.post(f"{ME}/password")
@policy("member", fresh=True)
@bp.arguments(PasswordChange)
@bp.response(HTTPStatus.OK, SessionBody)
@refuses(service.WrongLogin, SlowDown)
def change_password(body: dict[str, Any]) -> Any:
    """Choose another password; every other session of one's own ends."""
    session, now = db.session(), now_ms()
    check_new_password(body["new"], login=g.principal.login, at="new")
    found = service.count_refresh(session, person=g.principal.person_id, key=telling.count_key(), now_ms=now)
    session.commit()
    if not passwords.fits(found.password_hash, body["old"]):
        raise service.WrongLogin()
    new_hash = passwords.make_hash(body["new"])
    for name in found.counted:
        throttle.forgive(session, name=name)
    token = sessions.change_password(
        session,
        person=telling.myself(),
        password_hash=new_hash,
        session_id=g.principal.session_id,
        now_ms=now,
    )
    session.commit()
    return telling.begun(token)


# -- sessions --------------------------------------------------------------------------


@bp.delete(f"{ME}/sessions/<uuid:session_id>")
@policy("member", unready=True)
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(NotFound)
def end_session(session_id: UUID) -> None:
    """Log out in another browser."""
    session = db.session()
    sessions.end_one(session, person=telling.myself(), session_id=session_id, now_ms=now_ms())
    session.commit()


@bp.post(f"{ME}/sessions/end-others")
@policy("member", unready=True)
@bp.response(HTTPStatus.NO_CONTENT)
def end_other_sessions() -> None:
    """Log out in every other browser."""
    session, now, me = db.session(), now_ms(), telling.myself()
    ended = sessions.end_others(session, person=me.id, but=g.principal.session_id, now_ms=now)
    sessions.note(session, me, "session.ended", subject=f"person:{me.id}", now_ms=now, others=ended)
    session.commit()


# -- an authenticator app --------------------------------------------------------------


@bp.post(f"{ME}/totp")
@policy("member", fresh=True, unready=True)
@bp.response(HTTPStatus.CREATED, TotpStarted)
def start_totp() -> dict[str, Any]:
    """Make a secret for an authenticator app; it counts when its first code was given."""
    session, me = db.session(), telling.myself()
    made = totp.start(
        session,
        person=me.id,
        organisation=me.organisation_id,
        login=g.principal.login,
        keys=telling.factor_keys(),
    )
    session.commit()
    return {"secret": made.secret, "url": made.url, "qr": telling.qr_modules(made.url)}


@bp.post(f"{ME}/totp/confirm")
@policy("member", fresh=True, unready=True)
@bp.arguments(TotpCode)
@bp.response(HTTPStatus.OK, RecoveryCodes)
@refuses(WrongFactor)
def confirm_totp(body: dict[str, Any]) -> Any:
    """Give the first code of the app: from now on it is asked for."""
    session, now, me = db.session(), now_ms(), telling.myself()
    right = totp.confirm(
        session, person=me.id, code="".join(body["code"].split()), keys=telling.factor_keys(), now_ms=now
    )
    if not right:
        raise WrongFactor()
    return _factor_added("totp.set", f"person:{me.id}", now)


@bp.delete(f"{ME}/totp")
@policy("member", fresh=True)
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(NotFound, LastFactor)
def remove_totp() -> None:
    """Do without the authenticator app."""
    session, now, me = db.session(), now_ms(), telling.myself()
    if not factors.drop_totp(session, me.id):
        raise NotFound()
    factors.check_not_last(session, me)
    sessions.note(session, me, "totp.removed", subject=f"person:{me.id}", now_ms=now)
    session.commit()


# -- passkeys --------------------------------------------------------------------------


@bp.post(f"{ME}/passkeys/ask")
@policy("member", fresh=True, unready=True)
@bp.response(HTTPStatus.OK, PasskeyAsked)
def ask_new_passkey() -> dict[str, Any]:
    """Ask the browser to make a passkey."""
    session, me = db.session(), telling.myself()
    challenge = passkeys.challenge()
    attempt = ceremonies.begin(
        session,
        kind="register",
        person=me.id,
        session_id=g.principal.session_id,
        challenge=challenge,
        now_ms=now_ms(),
    )
    options = passkeys.registration_options(
        telling.relying(),
        person=me.id,
        login=g.principal.login,
        name=me.name,
        known=passkeys.of_person(session, me.id),
        challenge=challenge,
    )
    session.commit()
    return {"attempt": attempt, "options": options}


@bp.post(f"{ME}/passkeys")
@policy("member", fresh=True, unready=True)
@bp.arguments(PasskeyBody)
@bp.response(HTTPStatus.CREATED, RecoveryCodes)
@refuses(LoginOver, BadPasskey, PasskeyKnown)
def add_passkey(body: dict[str, Any]) -> Any:
    """Keep the passkey that the browser made."""
    session, now, me = db.session(), now_ms(), telling.myself()
    under_way = ceremonies.find(
        session, body["attempt"], kinds=("register",), session_id=g.principal.session_id, now_ms=now
    )
    challenge = ceremonies.take_challenge(session, under_way)
    session.commit()  # spent, whatever the answer is worth
    made = passkeys.register(
        session,
        telling.relying(),
        person=me.id,
        organisation=me.organisation_id,
        credential=body["credential"],
        challenge=challenge,
        name=body["name"],
        now_ms=now,
    )
    return _factor_added("passkey.added", f"passkey:{made.id}", now, status=HTTPStatus.CREATED)


@bp.delete(f"{ME}/passkeys/<uuid:passkey_id>")
@policy("member", fresh=True)
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(NotFound, LastFactor)
def remove_passkey(passkey_id: UUID) -> None:
    """Do without a passkey."""
    session, now, me = db.session(), now_ms(), telling.myself()
    passkeys.remove(session, person=me.id, passkey=passkey_id)
    factors.check_not_last(session, me)
    sessions.note(session, me, "passkey.removed", subject=f"passkey:{passkey_id}", now_ms=now)
    session.commit()


@bp.post(f"{ME}/recovery-codes")
@policy("member", fresh=True)
@bp.response(HTTPStatus.CREATED, RecoveryCodes)
@refuses(NotFound)
def renew_recovery_codes() -> dict[str, Any]:
    """Make recovery codes in the place of the earlier ones."""
    session, now, me = db.session(), now_ms(), telling.myself()
    if not factors.of_person(session, me.id).any:
        raise NotFound()
    codes = factors.new_recovery_codes(session, person=me.id, organisation=me.organisation_id)
    sessions.note(session, me, "recovery.renewed", subject=f"person:{me.id}", now_ms=now)
    session.commit()
    return {"codes": codes}


def _factor_added(action: str, subject: str, now: int, status: HTTPStatus = HTTPStatus.OK) -> Any:
    """Write a new factor down and give the session the rights that come with it.

    With the first one come recovery codes, and whoever logged in without it is logged out: also a
    request under way. With a further one nothing rises, and what another page asks just then is answered.
    """
    session, me = db.session(), telling.myself()
    codes: list[str] = []
    if factors.of_person(session, me.id).recovery_left == 0:
        codes = factors.new_recovery_codes(session, person=me.id, organisation=me.organisation_id)
        sessions.end_others(session, person=me.id, but=g.principal.session_id, now_ms=now)
    sessions.note(session, me, action, subject=subject, now_ms=now)
    token = sessions.renew(session, session_id=g.principal.session_id, now_ms=now, grace=not codes)
    session.commit()
    return {"codes": codes}, int(status), telling.cookie(token)
