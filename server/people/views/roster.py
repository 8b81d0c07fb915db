"""The people of a site: who has which role, and who may give it.

A supervisor looks after those who work in the field. Who else may use the console, and with which
role, is the administrator's to say: nobody raises themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from server.people.access import NotAllowed, people_within
from server.people.certificates import certificates_of
from server.people.models import Certificate, Membership, Person
from server.people.policy import policy
from server.people.roles import may_handle
from server.people.schemas import KnownIn, KnownList, PersonBody, PersonChange, PersonIn, PersonList
from server.people.views import bp
from server.problems import NotFound

PEOPLE = "/api/v1/sites/<uuid:site_id>/people"


def _told(person: Person, membership: Membership, held: Sequence[Certificate]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "number": person.number,
        "trade": person.trade,
        "team": membership.team_id,
        "company": membership.company_id,
        "role": membership.role,
        "login": person.login,
        "has_pin": person.pin_hash is not None,
        "has_badge": person.badge_hash is not None,
        "left": person.left_ms is not None,
        "certificates": held,
    }


@bp.get(PEOPLE)
@policy("see.people")
@bp.response(HTTPStatus.OK, PersonList)
def list_people(site_id: UUID) -> dict[str, Any]:
    """List everybody of the site; a team leader sees the team, a contractor the company."""
    reading()
    session = db.session()
    found = service.people_of(session, site=site_id, within=people_within(session, g.here))
    held = certificates_of(session, people=[person.id for person, _ in found])
    return {"people": [_told(person, membership, held.get(person.id, ())) for person, membership in found]}


@bp.post(PEOPLE)
@policy("change.people")
@bp.arguments(PersonIn)
@bp.response(HTTPStatus.CREATED, PersonBody)
@refuses(service.NumberTaken, service.LoginTaken)
def make_person(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a person and give them a role at the site."""
    check_may_handle(site_id, body)
    session, now = db.session(), now_ms()
    person = service.make_person(
        session,
        organisation=g.principal.organisation_id,
        name=body["name"],
        number=body["number"],
        trade=body.get("trade"),
        login=body.get("login"),
        pin=body.get("pin"),
        now_ms=now,
    )
    membership = service.join(
        session,
        person=person,
        site=site_id,
        role=body["role"],
        team=body.get("team"),
        company=body.get("company"),
    )
    return _finish("person.made", site_id, person, membership, now, members=sorted(body))


@bp.patch(f"{PEOPLE}/<uuid:person_id>")
@policy("change.people")
@bp.arguments(PersonChange(partial=True))
@bp.response(HTTPStatus.OK, PersonBody)
@refuses(service.NumberTaken, service.LoginTaken, service.LastAdministrator)
def change_person(body: dict[str, Any], site_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Change a person and their role at the site."""
    session, now = db.session(), now_ms()
    person, membership = service.person_of(session, site=site_id, person=person_id)
    check_may_handle(site_id, body, person)
    service.change_person(session, person=person, membership=membership, changes=body, now_ms=now)
    return _finish("person.changed", site_id, person, membership, now, members=sorted(body))


@bp.delete(f"{PEOPLE}/<uuid:person_id>")
@policy("change.people")
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(service.LastAdministrator)
def end_role(site_id: UUID, person_id: UUID) -> None:
    """Take a person's role at this site away; what they recorded here stays theirs."""
    session, now = db.session(), now_ms()
    person, membership = service.person_of(session, site=site_id, person=person_id)
    check_may_handle(site_id, {}, person)
    service.end(session, person=person, membership=membership, now_ms=now)
    _finish("person.role_ended", site_id, person, membership, now, role=membership.role)


# -- the whole organisation ------------------------------------------------------------


@bp.get("/api/v1/people")
@policy("administer")
@bp.response(HTTPStatus.OK, KnownList)
def list_everybody() -> dict[str, Any]:
    """List everybody of the organisation with their roles, so that one can be given a site."""
    reading()
    found = service.everybody(db.session(), organisation=g.principal.organisation_id)
    return {
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "number": person.number,
                "administrator": person.administrator,
                "left": person.left_ms is not None,
                "roles": [{"site": site, "role": role} for site, role in roles.items()],
            }
            for person, roles in found
        ]
    }


@bp.post(f"{PEOPLE}/known")
@policy("administer")
@bp.arguments(KnownIn)
@bp.response(HTTPStatus.CREATED, PersonBody)
@refuses(service.HereAlready, NotFound)
def give_role(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Give somebody who is known already a role at this site."""
    session, now = db.session(), now_ms()
    person = session.get(Person, body["person"])
    if person is None or person.organisation_id != g.principal.organisation_id:
        raise NotFound()
    membership = service.join(
        session,
        person=person,
        site=site_id,
        role=body["role"],
        team=body.get("team"),
        company=body.get("company"),
    )
    return _finish("person.role_given", site_id, person, membership, now, role=body["role"])


def check_may_handle(site: UUID, body: dict[str, Any], person: Person | None = None) -> None:
    """Raise `NotAllowed` where only the administrator may do this."""
    if g.principal.administrator:
        return
    allowed = may_handle(
        supervised=g.principal.supervised(),
        site=site,
        roles=service.roles_of(db.session(), person=person.id) if person else {},
        administrator=person is not None and person.administrator,
        changed=body.keys(),
        role=body.get("role"),
    )
    if not allowed:
        raise NotAllowed("This needs the role administrator")


def _finish(
    action: str, site: UUID, person: Person, membership: Membership, now: int, **detail: Any
) -> dict[str, Any]:
    session = db.session()
    held = certificates_of(session, people=[person.id]).get(person.id, ())
    told = _told(person, membership, held)
    audit.write(
        session,
        organisation=person.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=f"person:{person.id}",
        detail=detail,
        now_ms=now,
    )
    feed.commit(session, now_ms=now)
    return told
