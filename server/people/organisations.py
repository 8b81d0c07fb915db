"""Organisations, persons and their roles at sites."""

from __future__ import annotations

import secrets
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.feed import service as feed
from server.ledger import service as ledger
from server.people import passwords
from server.people.access import TEAM
from server.people.models import ConsoleSession, Membership, Organisation, Person
from server.problems import NotFound, Problem
from sync.ids import uuid7


class NumberTaken(Problem):
    """Another person of the organisation has this staff number."""

    slug, status, title = "number-taken", HTTPStatus.CONFLICT, "Somebody has this number already"


class LoginTaken(Problem):
    """Another person has this log-in name."""

    slug, status, title = "login-taken", HTTPStatus.CONFLICT, "Somebody has this log-in already"


def new_id(now_ms: int) -> UUID:
    """Return a new id in time order, which keeps the indexes small."""
    return UUID(uuid7(now_ms, secrets.token_bytes(10)))


def is_empty(session: Session) -> bool:
    """Tell whether nobody exists yet: the installation waits for its first run."""
    return session.scalar(select(Person.id).limit(1)) is None


def make_organisation(
    session: Session,
    *,
    name: str,
    demo: bool = False,
    now_ms: int,
    id: UUID | None = None,  # noqa: A002
) -> Organisation:
    """Make an organisation with its feed, its ledger and its audit log."""
    organisation = Organisation(id=id or new_id(now_ms), name=name, demo=demo)
    session.add(organisation)
    session.flush()
    feed.begin(session, organisation=organisation.id)
    audit.begin(session, organisation=organisation.id)
    ledger.begin(session, organisation=organisation.id)
    return organisation


def make_person(
    session: Session,
    *,
    organisation: UUID,
    name: str,
    number: str,
    trade: str | None = None,
    administrator: bool = False,
    login: str | None = None,
    password: str | None = None,
    pin: str | None = None,
    now_ms: int,
    id: UUID | None = None,  # noqa: A002
) -> Person:
    """Make a person; `join` gives them a site.

    :raises NumberTaken, LoginTaken: somebody has it
    """
    person = Person(
        id=id or new_id(now_ms),
        organisation_id=organisation,
        name=name,
        number=number,
        trade=trade,
        administrator=administrator,
    )
    _check_free(session, person, number=number, login=login)
    person.login = login
    person.password_hash = passwords.make_hash(password) if password else None
    person.pin_hash = passwords.make_hash(pin) if pin else None
    session.add(person)
    _flush(session)
    return person


def join(session: Session, *, person: Person, site: UUID, role: str, team: UUID | None = None) -> Membership:
    """Give a person a role at a site of their organisation.

    :raises NotFound: there is no such team at the site
    """
    _check_team(session, site=site, team=team)
    membership = Membership(
        person_id=person.id,
        site_id=site,
        organisation_id=person.organisation_id,
        role=role,
        team_id=team,
        version=1,
    )
    session.add(membership)
    session.flush()
    _feed(session, person, membership)
    return membership


def change_person(
    session: Session, *, person: Person, membership: Membership, changes: dict[str, Any], now_ms: int
) -> None:
    """Change a person and their role at one site.

    :param changes: any of `name, number, trade, team, role, pin, login, password, left`
    :raises NumberTaken, LoginTaken: somebody has it
    :raises NotFound: there is no such team at the site
    """
    _check_free(session, person, number=changes.get("number"), login=changes.get("login"))
    with session.no_autoflush:  # a membership is written once, with its new version
        memberships = session.scalars(
            select(Membership).where(Membership.person_id == person.id).order_by(Membership.site_id)
        ).all()
        for field in ("name", "number", "trade", "login"):
            if field in changes:
                setattr(person, field, changes[field])
        if "role" in changes:
            membership.role = changes["role"]
            person.administrator = changes["role"] == "administrator"
        if "team" in changes:
            _check_team(session, site=membership.site_id, team=changes["team"])
            membership.team_id = changes["team"]
        if "left" in changes:
            person.left_ms = (person.left_ms or now_ms) if changes["left"] else None
        for each in memberships:
            each.version += 1
    if changes.get("pin") is not None:
        set_pin(session, person=person, pin=changes["pin"])
    if changes.get("password") is not None:
        set_password(session, person=person, password=changes["password"], now_ms=now_ms)
    if person.left_ms is not None or ("login" in changes and person.login is None):
        end_sessions(session, person=person.id, now_ms=now_ms)
    _flush(session)
    for each in memberships:
        _feed(session, person, each)


def set_pin(session: Session, *, person: Person, pin: str) -> None:
    """Give a person a PIN of six digits; wrong tries before are forgotten."""
    person.pin_hash = passwords.make_hash(pin)
    person.pin_failed, person.pin_wait_until_ms = 0, 0
    session.flush()


def set_password(session: Session, *, person: Person, password: str, now_ms: int) -> None:
    """Give a person a password; whoever is logged in as them is no longer."""
    person.password_hash = passwords.make_hash(password)
    end_sessions(session, person=person.id, now_ms=now_ms)


def end_sessions(session: Session, *, person: UUID, now_ms: int) -> None:
    """Log a person out everywhere."""
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.person_id == person, ConsoleSession.ended_ms.is_(None))
        .values(ended_ms=now_ms)
        .execution_options(synchronize_session=False)
    )


def people_of(session: Session, *, site: UUID) -> list[tuple[Person, Membership]]:
    """Return everybody of a site, by number."""
    rows = session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.site_id == site)
        .order_by(Person.number)
    )
    return [(person, membership) for person, membership in rows]


def person_of(session: Session, *, site: UUID, person: UUID) -> tuple[Person, Membership]:
    """Return a person of the site.

    :raises NotFound: there is none
    """
    row = session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.site_id == site, Person.id == person)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1]


_ON_ROSTER = select(Membership.person_id).where(
    Membership.site_id == bindparam("site"), Membership.person_id.in_(bindparam("persons", expanding=True))
)


def on_roster(session: Session, site: UUID, persons: AbstractSet[UUID]) -> set[UUID]:
    """Return those of `persons` who belong to the site, also those who have left since."""
    bound = {"site": site, "persons": list(persons)}
    return set(session.connection().scalars(_ON_ROSTER, bound))


def _check_free(session: Session, person: Person, *, number: str | None, login: str | None) -> None:
    with session.no_autoflush:
        if number is not None and session.scalar(
            select(Person.id).where(
                Person.organisation_id == person.organisation_id,
                Person.number == number,
                Person.id != person.id,
            )
        ):
            raise NumberTaken()
        if login is not None and session.scalar(
            select(Person.id).where(Person.login == login, Person.id != person.id)
        ):
            raise LoginTaken()


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # taken in this very moment
        raise (LoginTaken() if "login" in str(error.orig) else NumberTaken()) from error


def _check_team(session: Session, *, site: UUID, team: UUID | None) -> None:
    if team is None:
        return
    if session.scalar(select(TEAM.c.id).where(TEAM.c.id == team, TEAM.c.site_id == site)) is None:
        raise NotFound("There is no such team at this site")


def _feed(session: Session, person: Person, membership: Membership) -> None:
    """Queue a membership for the site's phones: workers are the roster, everybody else leaves it."""
    works = membership.role == "worker" and person.left_ms is None
    body = {
        "id": str(person.id),
        "name": person.name,
        "number": person.number,
        "role": person.trade or "worker",
        "team": str(membership.team_id) if membership.team_id else None,
    }
    feed.queue(
        session,
        feed.Change(
            organisation_id=membership.organisation_id,
            site_id=membership.site_id,
            kind="person",
            entity=person.id,
            version=membership.version,
            op="upsert" if works else "leave",
            body=body if works else None,
        ),
    )
