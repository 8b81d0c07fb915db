"""Taking a person's name out of the installation. Their id stays: sealed records name it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.people.login_models import Ceremony, Invitation, Passkey, RecoveryCode, Totp
from server.people.models import Certificate, ConsoleSession, Person

LOGGING_IN: tuple[Any, ...] = (ConsoleSession, Ceremony, Invitation, Passkey, RecoveryCode, Totp)
"""Tables whose rows serve nothing but a person's logging in; they go with the name."""


def erase_names(session: Session, *, person: Person, now_ms: int) -> None:
    """Give a person who left another name, and take away everything by which they logged in or signed in."""
    number = 1 + (
        session.scalar(
            select(func.count()).where(
                Person.organisation_id == person.organisation_id, Person.erased_ms.is_not(None)
            )
        )
        or 0
    )
    person.name = f"离职员工 Former employee #{number}"
    person.number = f"former-{number}"
    person.login = person.password_hash = person.pin_hash = None
    person.badge_hash = person.badge_ms = None
    person.administrator = False
    person.erased_ms = now_ms
    session.execute(
        update(Certificate)
        .where(Certificate.person_id == person.id)
        .values(number="")
        .execution_options(synchronize_session=False)
    )
    for model in LOGGING_IN:
        session.execute(
            delete(model).where(model.person_id == person.id).execution_options(synchronize_session=False)
        )
    session.flush()
