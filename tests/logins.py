"""How tests log people in to the console without typing a password."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from server.people import factors, service
from server.people.login_models import Totp
from server.people.models import Person
from server.people.sessions import Login
from server.tenancy import across


def give_factor(session: Session, person: Person) -> None:
    """Give a person a second factor that nobody holds: an administrator may do nothing without one."""
    session.add(
        Totp(
            person_id=person.id,
            organisation_id=person.organisation_id,
            secret=b"",
            pending=None,
            last_step=0,
            made_ms=0,
        )
    )
    session.flush()


def begin_session(session: Session, person: UUID, *, now_ms: int) -> str:
    """Return the cookie's value of somebody who has just logged in; the caller commits."""
    with across(session):
        found = session.get_one(Person, person)
        if factors.is_missing(session, found):
            give_factor(session, found)
        return service.log_in(session, found=Login(person, None, ()), agent="test", now_ms=now_ms)
