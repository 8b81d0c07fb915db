"""Second factors of a person: which there are, who must have one, recovery codes, the reset."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from server.people.login_models import Passkey, RecoveryCode, Totp
from server.people.models import Organisation, Person
from server.problems import Problem

RECOVERY_CODES = 10
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_CHARACTERS = 16
"""80 bits: so many that a plain hash of them cannot be tried through."""


class WrongFactor(Problem):
    """Not the second factor of this person, or a code that was used before."""

    slug, status, title = "wrong-factor", HTTPStatus.UNAUTHORIZED, "The code or the passkey is wrong"


class LastFactor(Problem):
    """An administrator keeps at least one second factor."""

    slug, status, title = "last-factor", HTTPStatus.CONFLICT, "An administrator needs a second factor"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has besides the password."""

    totp_ms: int | None
    """When the authenticator app was set up; None when there is none."""
    passkeys: int
    recovery_left: int

    @property
    def any(self) -> bool:
        """Whether the password alone does not let them in."""
        return self.totp_ms is not None or self.passkeys > 0


def of_person(session: Session, person: UUID) -> Factors:
    """Return the factors of a person."""
    totp_ms, passkeys, left = session.execute(
        select(
            select(Totp.made_ms).where(Totp.person_id == person, Totp.secret.is_not(None)).scalar_subquery(),
            select(func.count()).where(Passkey.person_id == person).scalar_subquery(),
            select(func.count()).where(RecoveryCode.person_id == person).scalar_subquery(),
        )
    ).one()
    return Factors(totp_ms, passkeys, left)


def is_required(person: Person, organisation: Organisation) -> bool:
    """Tell whether somebody must have a second factor: an administrator, except in the demo."""
    return person.administrator and not organisation.demo


def is_missing(session: Session, person: Person) -> bool:
    """Tell whether a person must set up a second factor before anything else."""
    if not person.administrator:
        return False
    has_one = or_(
        exists().where(Totp.person_id == person.id, Totp.secret.is_not(None)),
        exists().where(Passkey.person_id == person.id),
    )
    demo, has = session.execute(
        select(Organisation.demo, has_one).where(Organisation.id == person.organisation_id)
    ).one()
    return not demo and not has


def check_not_last(session: Session, person: Person) -> None:
    """Raise `LastFactor` when the person must have a factor and has none any more."""
    session.flush()
    if is_missing(session, person):
        raise LastFactor()


def drop_totp(session: Session, person: UUID) -> bool:
    """Forget the authenticator app; tell whether there was one."""
    dropped = session.execute(delete(Totp).where(Totp.person_id == person))
    return bool(dropped.rowcount)  # type: ignore[attr-defined]


def reset(session: Session, *, person: UUID) -> None:
    """Take every factor and recovery code from a person: the password alone lets them in."""
    for table in (Totp, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.person_id == person))


def new_recovery_codes(session: Session, *, person: UUID, organisation: UUID) -> list[str]:
    """Make recovery codes in the place of the earlier ones; they are shown once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person))
    codes = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_CHARACTERS)) for _ in range(RECOVERY_CODES)
    ]
    session.execute(
        insert(RecoveryCode),
        [{"person_id": person, "organisation_id": organisation, "hash": _hash(code)} for code in codes],
    )
    return ["-".join(code[at : at + 4] for at in range(0, _CODE_CHARACTERS, 4)) for code in codes]


def spend_recovery_code(session: Session, *, person: UUID, code: str) -> bool:
    """Take a recovery code, once; how it is spaced and whether in capitals does not matter."""
    plain = "".join(c for c in code.lower() if c.isalnum()).translate(_LOOKALIKES)
    spent = session.execute(
        delete(RecoveryCode).where(RecoveryCode.person_id == person, RecoveryCode.hash == _hash(plain))
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


_LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
