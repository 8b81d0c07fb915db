"""Invitations to the console: a link by which a person chooses their own log-in and password.

Nobody else ever knows a password. The link holds 128 random bits behind the `#`, where no server
and no proxy sees them; only their hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session, aliased

from server import throttle
from server.audit import service as audit
from server.people import ceremonies
from server.people.login_models import Invitation
from server.people.models import Membership, Organisation, Person
from server.people.organisations import check_free, end_sessions, flush_person, new_id
from server.people.roles import may
from server.problems import Invalid, NotFound, Problem
from server.tenancy import across, enter
from sync.encoding import b64url_encode

LIFE_MS = 48 * 3_600_000
KEPT_MS = 30 * 24 * 3_600_000
FROM_TRIES = 20
"""Links that did not work which one address may try in a row."""


class InvitationOver(Problem):
    """The link is wrong, was used, was withdrawn or is older than two days."""

    slug, status, title = "invitation-over", HTTPStatus.GONE, "This invitation is over; ask for a new one"


class NoConsole(Problem):
    """The person's role has nothing to do in the console, or they have left."""

    slug, status, title = "no-console", HTTPStatus.CONFLICT, "Their role has nothing to do in the console"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as it is shown once."""

    id: UUID
    url: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that may still be accepted."""

    id: UUID
    person_id: UUID
    name: str
    made_by: str | None
    made_ms: int
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the link's page tells the person before they choose."""

    organisation: str
    name: str
    login: str | None
    """Their log-in name; None when they choose one."""


def has_console(session: Session, person: Person) -> bool:
    """Tell whether a person could do anything in the console."""
    roles = session.scalars(
        select(Membership.role).where(Membership.person_id == person.id, Membership.ended_ms.is_(None))
    )
    return person.left_ms is None and (person.administrator or any(may(role) for role in roles))


def check_has_console(session: Session, person: Person) -> None:
    """Raise `NoConsole` when a person could do nothing in the console."""
    if not has_console(session, person):
        raise NoConsole()


def make(
    session: Session,
    *,
    person: Person,
    site: UUID | None,
    made_by: UUID | None,
    public_url: str,
    now_ms: int,
    action: str = "invitation.made",
) -> Invited:
    """Invite a person; an earlier link of theirs works no more."""
    revoke_all(session, person=person.id, now_ms=now_ms)
    code = b64url_encode(secrets.token_bytes(16))
    row = Invitation(
        id=new_id(now_ms),
        organisation_id=person.organisation_id,
        site_id=site,
        person_id=person.id,
        code_hash=_hash(code),
        made_by=made_by,
        made_ms=now_ms,
        expires_ms=now_ms + LIFE_MS,
        used_ms=None,
        revoked_ms=None,
    )
    session.add(row)
    session.flush()
    _audit(session, row, action, by=made_by, now_ms=now_ms)
    return Invited(row.id, f"{public_url}/console/#/invitation?code={code}", row.expires_ms)


def open_of(session: Session, *, site: UUID, now_ms: int) -> list[Open]:
    """Return the invitations to people of a site that may still be accepted, the newest first."""
    inviter = aliased(Person)
    maker = select(inviter.name).where(inviter.id == Invitation.made_by).scalar_subquery()
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.person_id,
            Person.name,
            maker,
            Invitation.made_ms,
            Invitation.expires_ms,
        )
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.site_id == site, *_is_open(now_ms))
        .order_by(Invitation.made_ms.desc(), Invitation.id)
    )
    return [Open(*row) for row in rows]


def revoke(session: Session, *, site: UUID, invitation: UUID, by: UUID, now_ms: int) -> None:
    """Withdraw an invitation.

    :raises NotFound: the site has no such one that is open
    """
    row = session.scalars(
        select(Invitation).where(Invitation.id == invitation, Invitation.site_id == site)
    ).one_or_none()
    revoked = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation, Invitation.site_id == site, *_is_open(now_ms))
        .values(revoked_ms=now_ms)
        .execution_options(synchronize_session=False)
    )
    if row is None or not revoked.rowcount:  # type: ignore[attr-defined]
        raise NotFound()
    _audit(session, row, "invitation.revoked", by=by, now_ms=now_ms)


def revoke_all(session: Session, *, person: UUID, now_ms: int) -> None:
    """Withdraw every open invitation of a person."""
    session.execute(
        update(Invitation)
        .where(Invitation.person_id == person, *_is_open(now_ms))
        .values(revoked_ms=now_ms)
        .execution_options(synchronize_session=False)
    )


def count_try(session: Session, *, address: str, key: bytes, now_ms: int) -> str:
    """Count a try of a link; commit before it is judged. Returns the name to forgive.

    :raises SlowDown: too many from this address
    """
    name = throttle.name_of("invitation-from", address, key=key)
    throttle.count_try(session, name=name, free=FROM_TRIES, now_ms=now_ms)
    return name


def welcome(session: Session, *, code: str, now_ms: int) -> Welcome:
    """Return whom a link invites.

    :raises InvitationOver: nobody, or nobody any more
    """
    row, person = _find(session, code, now_ms=now_ms)
    organisation = session.get_one(Organisation, row.organisation_id)
    return Welcome(organisation.name, person.name, person.login)


def accept(session: Session, *, code: str, login: str | None, password_hash: str, now_ms: int) -> Person:
    """Use a link: give the person the log-in and the password that they chose. The caller commits.

    :param login: what they chose; not looked at when they have a log-in
    :raises InvitationOver: it is over, or somebody else used it in this very moment
    :raises LoginTaken: somebody has this log-in
    :raises Invalid: they have no log-in yet, and chose none
    """
    row, person = _find(session, code, now_ms=now_ms)
    used = session.execute(
        update(Invitation)
        .where(Invitation.id == row.id, *_is_open(now_ms))
        .values(used_ms=now_ms)
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise InvitationOver()
    session.refresh(person, with_for_update=True)
    if not has_console(session, person):
        raise InvitationOver()
    if person.login is None:
        if login is None:
            raise Invalid(errors={"json": {"login": ["Missing data for required field."]}})
        check_free(session, person, number=None, login=login)
        person.login = login
    person.password_hash = password_hash
    ceremonies.forget(session, person=person.id)
    end_sessions(session, person=person.id, now_ms=now_ms)
    flush_person(session)
    _audit(session, row, "invitation.accepted", by=person.id, now_ms=now_ms)
    return person


def clean(session: Session, *, now_ms: int) -> None:
    """Drop invitations that have long been over; the audit log keeps what became of them."""
    session.execute(delete(Invitation).where(Invitation.expires_ms < now_ms - KEPT_MS))


def _find(session: Session, code: str, *, now_ms: int) -> tuple[Invitation, Person]:
    with across(session):
        found = session.execute(
            select(Invitation, Person)
            .join(Person, Person.id == Invitation.person_id)
            .where(Invitation.code_hash == _hash(code), Person.left_ms.is_(None), *_is_open(now_ms))
        ).one_or_none()
    if found is None:
        raise InvitationOver()
    enter(session, found[0].organisation_id)
    return found[0], found[1]


def _is_open(now_ms: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.used_ms.is_(None),
        Invitation.revoked_ms.is_(None),
        Invitation.expires_ms > now_ms,
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _audit(session: Session, row: Invitation, action: str, *, by: UUID | None, now_ms: int) -> None:
    audit.write(
        session,
        organisation=row.organisation_id,
        site=row.site_id,
        person=by,
        action=action,
        subject=f"person:{row.person_id}",
        detail={"invitation": str(row.id)},
        now_ms=now_ms,
    )
