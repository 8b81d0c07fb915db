"""Organisations, persons and their roles at sites."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.feed import service as feed
from server.ledger import service as ledger
from server.people import passwords
from server.people.memberships import change_standing, check_not_last, feed_membership
from server.people.models import ConsoleSession, Membership, Organisation, Person
from server.problems import Problem
from server.tenancy import across, enter
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
    with across(session):
        return session.scalar(select(Person.id).limit(1)) is None


def make_organisation(
    session: Session,
    *,
    name: str,
    demo: bool = False,
    now_ms: int,
    id: UUID | None = None,  # noqa: A002
) -> Organisation:
    """Make an organisation with its feed, its ledger and its audit log; the session is of it from now on."""
    organisation = Organisation(id=id or new_id(now_ms), name=name, demo=demo)
    enter(session, organisation.id)
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
    check_free(session, person, number=number, login=login)
    person.login = login
    person.password_hash = passwords.make_hash(password) if password else None
    person.pin_hash = passwords.make_hash(pin) if pin else None
    session.add(person)
    flush_person(session)
    return person


def change_person(
    session: Session, *, person: Person, membership: Membership, changes: dict[str, Any], now_ms: int
) -> None:
    """Change a person and their role at one site.

    :param changes: any of `name, number, trade, team, company, role, pin, login, left`
    :raises NumberTaken, LoginTaken: somebody has it
    :raises NotFound, Invalid, LastAdministrator: as `change_standing`; a last administrator does not leave
    """
    check_free(session, person, number=changes.get("number"), login=changes.get("login"))
    with session.no_autoflush:  # a membership is written once, with its new version
        memberships = session.scalars(
            select(Membership).where(Membership.person_id == person.id).order_by(Membership.site_id)
        ).all()
        for field in ("name", "number", "trade", "login"):
            if field in changes:
                setattr(person, field, changes[field])
        if {"role", "team", "company"} & changes.keys():
            change_standing(session, person=person, membership=membership, changes=changes)
        if "left" in changes:
            if changes["left"]:
                check_not_last(session, person)
            person.left_ms = (person.left_ms or now_ms) if changes["left"] else None
        for each in memberships:
            each.version += 1
    if changes.get("pin") is not None:
        set_pin(session, person=person, pin=changes["pin"])
    if person.left_ms is not None or ("login" in changes and person.login is None):
        end_sessions(session, person=person.id, now_ms=now_ms)
    flush_person(session)
    for each in memberships:
        feed_membership(session, person, each)


def set_pin(session: Session, *, person: Person, pin: str) -> None:
    """Give a person a PIN of six digits; wrong tries before are forgotten."""
    person.pin_hash = passwords.make_hash(pin)
    person.pin_failed, person.pin_wait_until_ms = 0, 0
    session.flush()


def end_sessions(session: Session, *, person: UUID, now_ms: int) -> None:
    """Log a person out everywhere."""
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.person_id == person, ConsoleSession.ended_ms.is_(None))
        .values(ended_ms=now_ms)
        .execution_options(synchronize_session=False)
    )


def check_free(session: Session, person: Person, *, number: str | None, login: str | None) -> None:
    """Raise `NumberTaken` or `LoginTaken` when somebody else has it; None is nobody's."""
    with session.no_autoflush:
        if number is not None and session.scalar(
            select(Person.id).where(
                Person.organisation_id == person.organisation_id,
                Person.number == number,
                Person.id != person.id,
            )
        ):
            raise NumberTaken()
        if login is not None and _is_taken(session, login, person):
            raise LoginTaken()


def _is_taken(session: Session, login: str, person: Person) -> bool:
    """Tell whether anybody logs in so: the name alone says to which organisation somebody belongs."""
    with across(session):
        taken = select(Person.id).where(Person.login == login, Person.id != person.id)
        return session.scalar(taken) is not None


def flush_person(session: Session) -> None:
    """Write a person; who has the number or the log-in in this very moment is found out here.

    :raises NumberTaken, LoginTaken: somebody has it
    """
    try:
        session.flush()
    except IntegrityError as error:  # taken in this very moment
        raise (LoginTaken() if "login" in str(error.orig) else NumberTaken()) from error
