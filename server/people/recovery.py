"""Ways back in: factors taken away by an administrator, and what the command line does.

Whoever may use the server's shell owns the installation; the audit log says that it was used.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.people import ceremonies, factors, first_run, invitations
from server.people.invitations import Invited
from server.people.models import Organisation, Person
from server.people.organisations import end_sessions, is_empty, make_organisation, make_person
from server.problems import NotFound
from server.tenancy import across, enter


class WhichOrganisation(LookupError):
    """There is not exactly one organisation of this name."""


def reset_factors(
    session: Session, *, person: Person, site: UUID | None, by: UUID | None, now_ms: int
) -> None:
    """Take a person's second factors and recovery codes away, and log them out everywhere."""
    factors.reset(session, person=person.id)
    log_out_everywhere(session, person=person, now_ms=now_ms)
    _audit(session, person, "factors.reset", site=site, by=by, now_ms=now_ms)


def end_all(session: Session, *, person: Person, site: UUID, by: UUID, now_ms: int) -> None:
    """Log a person out everywhere, for an administrator."""
    log_out_everywhere(session, person=person, now_ms=now_ms)
    _audit(session, person, "sessions.ended", site=site, by=by, now_ms=now_ms)


def log_out_everywhere(session: Session, *, person: Person, now_ms: int) -> None:
    """End a person's sessions and the log-ins that they have begun."""
    ceremonies.forget(session, person=person.id)
    end_sessions(session, person=person.id, now_ms=now_ms)


def make_admin(
    session: Session, *, organisation: str | None, name: str, number: str | None, public_url: str, now_ms: int
) -> Invited:
    """Make an administrator, the very first or one more, and invite them. The caller commits.

    :param organisation: the name of the organisation; None when there is just one
    :param number: the staff number; None takes a free one
    :raises WhichOrganisation: there are several, none of this name, or none at all and no name
    :raises NumberTaken: somebody has it
    """
    if is_empty(session) and organisation is not None:
        first_run.claim(session, now_ms=now_ms)
        where = make_organisation(session, name=organisation, now_ms=now_ms)
    else:
        where = _organisation(session, organisation)
    person = make_person(
        session,
        organisation=where.id,
        name=name,
        number=number or _free_number(session, where.id),
        administrator=True,
        now_ms=now_ms,
    )
    _audit(session, person, "administrator.made", site=None, by=None, now_ms=now_ms)
    return invitations.make(
        session, person=person, site=None, made_by=None, public_url=public_url, now_ms=now_ms
    )


def recover(session: Session, *, login: str, public_url: str, now_ms: int) -> Invited:
    """Take password, factors and sessions from a person and invite them anew. The caller commits.

    :raises NotFound: nobody who works here has this log-in
    """
    with across(session):
        person = session.scalars(
            select(Person).where(Person.login == login, Person.left_ms.is_(None))
        ).one_or_none()
    if person is None:
        raise NotFound(f"Nobody has the log-in {login}")
    enter(session, person.organisation_id)
    person.password_hash = None  # whoever knew it must not set up the next second factor
    reset_factors(session, person=person, site=None, by=None, now_ms=now_ms)
    return invitations.make(
        session,
        person=person,
        site=None,
        made_by=None,
        public_url=public_url,
        now_ms=now_ms,
        action="login.recovered",
    )


def _organisation(session: Session, name: str | None) -> Organisation:
    with across(session):
        found = session.scalars(select(Organisation).order_by(Organisation.name)).all()
    matching = [one for one in found if name is None or one.name == name]
    if len(matching) != 1:
        names = ", ".join(one.name for one in found)
        raise WhichOrganisation(
            f"there are: {names}" if found else "there is none yet: give the first its name"
        )
    enter(session, matching[0].id)
    return matching[0]


def _free_number(session: Session, organisation: UUID) -> str:
    taken = set(session.scalars(select(Person.number).where(Person.organisation_id == organisation)))
    return next(number for n in range(1, len(taken) + 2) if (number := f"A{n}") not in taken)


def _audit(
    session: Session, person: Person, action: str, *, site: UUID | None, by: UUID | None, now_ms: int
) -> None:
    audit.write(
        session,
        organisation=person.organisation_id,
        site=site,
        person=by,
        action=action,
        subject=f"person:{person.id}",
        detail={},
        now_ms=now_ms,
    )
