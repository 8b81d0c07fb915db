"""The people of a site.

A supervisor looks after workers and viewers. Who else may log in to the console, and with which
role, is the administrator's to say: nobody raises themselves.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.people import service
from server.people.models import Membership, Person
from server.people.policy import policy
from server.people.schemas import PersonBody, PersonChange, PersonIn, PersonList
from server.people.views import bp

PEOPLE = "/api/v1/sites/<uuid:site_id>/people"
FIELD_ROLES = ("worker", "viewer")


def _told(person: Person, membership: Membership) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "number": person.number,
        "trade": person.trade,
        "team": membership.team_id,
        "role": membership.role,
        "login": person.login,
        "has_pin": person.pin_hash is not None,
        "left": person.left_ms is not None,
    }


@bp.get(PEOPLE)
@policy("viewer")
@bp.response(HTTPStatus.OK, PersonList)
def list_people(site_id: UUID) -> dict[str, Any]:
    """List everybody of the site."""
    reading()
    found = service.people_of(db.session(), site=site_id)
    return {"people": [_told(person, membership) for person, membership in found]}


@bp.post(PEOPLE)
@policy("supervisor")
@bp.arguments(PersonIn)
@bp.response(HTTPStatus.CREATED, PersonBody)
@refuses(service.NumberTaken, service.LoginTaken)
def make_person(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a person and give them a role at the site."""
    _check_rank(body)
    session, now = db.session(), now_ms()
    person = service.make_person(
        session,
        organisation=g.principal.organisation_id,
        name=body["name"],
        number=body["number"],
        trade=body.get("trade"),
        administrator=body["role"] == "administrator",
        login=body.get("login"),
        password=body.get("password"),
        pin=body.get("pin"),
        now_ms=now,
    )
    membership = service.join(session, person=person, site=site_id, role=body["role"], team=body.get("team"))
    return _finish("person.made", site_id, person, membership, body, now)


@bp.patch(f"{PEOPLE}/<uuid:person_id>")
@policy("supervisor")
@bp.arguments(PersonChange(partial=True))
@bp.response(HTTPStatus.OK, PersonBody)
@refuses(service.NumberTaken, service.LoginTaken)
def change_person(body: dict[str, Any], site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Change a person and their role at the site."""
    session, now = db.session(), now_ms()
    person, membership = service.person_of(session, site=site_id, person=person_id)
    _check_rank(body, person, membership)
    service.change_person(session, person=person, membership=membership, changes=body, now_ms=now)
    return _finish("person.changed", site_id, person, membership, body, now)


def _check_rank(
    body: dict[str, Any], person: Person | None = None, membership: Membership | None = None
) -> None:
    """Raise `NotAllowed` where only the administrator may do this."""
    raised = body.get("role", "worker") not in FIELD_ROLES or body.keys() & {"login", "password"}
    above = membership is not None and membership.role not in FIELD_ROLES
    above = above or (person is not None and (person.administrator or person.login is not None))
    if raised or above:
        g.principal.need_administrator()


def _finish(
    action: str, site: UUID, person: Person, membership: Membership, body: dict[str, Any], now: int
) -> dict[str, Any]:
    session = db.session()
    told = _told(person, membership)
    audit.write(
        session,
        organisation=person.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=f"person:{person.id}",
        detail={"members": sorted(body)},
        now_ms=now,
    )
    feed.commit(session, now_ms=now)
    return told
