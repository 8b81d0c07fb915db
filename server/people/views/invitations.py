"""How others get into the console: invitations, and an administrator's help when a factor is lost."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server import throttle
from server.clock import now_ms
from server.db import db, reading
from server.describe import described, refuses
from server.people import factors, invitations, passwords, recovery, second_step, service, sessions
from server.people.invitations import InvitationOver, NoConsole
from server.people.login_schemas import (
    AcceptBody,
    AccessBody,
    InvitationCode,
    InvitationList,
    InvitationMade,
    InvitationWelcome,
)
from server.people.models import Person
from server.people.policy import policy
from server.people.schemas import SessionBody
from server.people.views import bp, telling
from server.people.views.sessions import SECOND, check_new_password, second_answer
from server.problems import NotFound
from server.throttle import SlowDown

INVITATIONS = "/api/v1/sites/<uuid:site_id>/invitations"
PERSON = "/api/v1/sites/<uuid:site_id>/people/<uuid:person_id>"


# -- the administrator -----------------------------------------------------------------


@bp.get(INVITATIONS)
@policy("administer")
@bp.response(HTTPStatus.OK, InvitationList)
def list_invitations(site_id: UUID) -> dict[str, Any]:
    """List the invitations that may still be accepted."""
    reading()
    return {"invitations": invitations.open_of(db.session(), site=site_id, now_ms=now_ms())}


@bp.post(f"{PERSON}/invitation")
@policy("administer", fresh=True)
@bp.response(HTTPStatus.CREATED, InvitationMade)
@refuses(NotFound, NoConsole)
def invite(site_id: UUID, person_id: UUID) -> Any:
    """Make a link by which a person chooses their password; an earlier one works no more."""
    session = db.session()
    person = _person(site_id, person_id)
    invitations.check_has_console(session, person)
    made = invitations.make(
        session,
        person=person,
        site=site_id,
        made_by=g.principal.person_id,
        public_url=telling.settings().public_url,
        now_ms=now_ms(),
    )
    session.commit()
    return made


@bp.delete(f"{INVITATIONS}/<uuid:invitation_id>")
@policy("administer")
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(NotFound)
def revoke_invitation(site_id: UUID, invitation_id: UUID) -> None:
    """Withdraw an invitation."""
    session = db.session()
    invitations.revoke(
        session, site=site_id, invitation=invitation_id, by=g.principal.person_id, now_ms=now_ms()
    )
    session.commit()


@bp.get(f"{PERSON}/login")
@policy("administer")
@bp.response(HTTPStatus.OK, AccessBody)
@refuses(NotFound)
def get_login(site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Tell how a person logs in."""
    reading()
    return _access(_person(site_id, person_id))


@bp.post(f"{PERSON}/login/reset-factors")
@policy("administer", fresh=True)
@bp.response(HTTPStatus.OK, AccessBody)
@refuses(NotFound)
def reset_factors(site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Take a person's second factors away, for one who lost them; they are logged out everywhere."""
    person = _person(site_id, person_id)
    recovery.reset_factors(
        db.session(), person=person, site=site_id, by=g.principal.person_id, now_ms=now_ms()
    )
    told = _access(person)
    db.session.commit()
    return told


@bp.post(f"{PERSON}/login/end-sessions")
@policy("administer", fresh=True)
@bp.response(HTTPStatus.OK, AccessBody)
@refuses(NotFound)
def end_sessions(site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Log a person out everywhere."""
    person = _person(site_id, person_id)
    recovery.end_all(db.session(), person=person, site=site_id, by=g.principal.person_id, now_ms=now_ms())
    told = _access(person)
    db.session.commit()
    return told


def _person(site: UUID, person: UUID) -> Person:
    return service.person_of(db.session(), site=site, person=person)[0]


def _access(person: Person) -> dict[str, Any]:
    session = db.session()
    have = factors.of_person(session, person.id)
    return {
        "login": person.login,
        "has_password": person.password_hash is not None,
        "has_console": invitations.has_console(session, person),
        "totp": have.totp_ms is not None,
        "passkeys": have.passkeys,
        "sessions": len(sessions.sessions_of(session, person=person.id, now_ms=now_ms())),
    }


# -- whoever has the link --------------------------------------------------------------


@bp.post("/api/v1/invitation/look")
@policy("public")
@bp.arguments(InvitationCode)
@bp.response(HTTPStatus.OK, InvitationWelcome)
@refuses(InvitationOver, SlowDown)
def look_at_invitation(body: dict[str, Any]) -> Any:
    """Tell whom a link invites; it stays good."""
    session, now = db.session(), now_ms()
    name = invitations.count_try(session, address=telling.address(), key=telling.count_key(), now_ms=now)
    session.commit()
    found = invitations.welcome(session, code=body["code"], now_ms=now)
    throttle.forgive(session, name=name)
    session.commit()
    return found


@bp.post("/api/v1/invitation/accept")
@policy("public")
@bp.arguments(AcceptBody)
@bp.response(HTTPStatus.OK, SessionBody)
@described(responses={"202": SECOND})
@refuses(InvitationOver, service.LoginTaken, SlowDown)
def accept_invitation(body: dict[str, Any]) -> Any:
    """Use a link: choose log-in and password. Who has a second factor goes on with it."""
    session, now, code = db.session(), now_ms(), body["code"]
    name = invitations.count_try(session, address=telling.address(), key=telling.count_key(), now_ms=now)
    session.commit()
    known = invitations.welcome(session, code=code, now_ms=now).login
    session.rollback()
    check_new_password(body["password"], login=known or body.get("login", ""))
    password_hash = passwords.make_hash(body["password"])
    person = invitations.accept(
        session, code=code, login=body.get("login"), password_hash=password_hash, now_ms=now
    )
    throttle.forgive(session, name=name)
    second = second_step.second_of(session, person=person.id, now_ms=now)
    if second is not None:
        session.commit()
        return second_answer(second)
    token = sessions.begin(session, person, agent=telling.agent(), address=telling.address(), now_ms=now)
    session.commit()
    return telling.begun(token)
