"""The second step of a log-in: after the right password, a code or a passkey; or a passkey alone.

What is under way is no session: it opens nothing but the next step, for five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server import throttle
from server.people import ceremonies, factors, passkeys, totp
from server.people.access import hash_token
from server.people.ceremonies import LoginOver
from server.people.factor_keys import FactorKeys
from server.people.factors import WrongFactor
from server.people.login_models import Ceremony, Passkey
from server.people.models import Person
from server.people.passkeys import Proof, Relying
from server.problems import NotFound
from server.tenancy import across, enter

FACTOR_TRIES = 5
ASKED_FROM = 50
"""Log-ins without a password that one address may begin in a row and not end."""


@dataclass(frozen=True, slots=True)
class Second:
    """What is still to come: the token that goes on, and with what it can."""

    attempt: str
    totp: bool
    passkey: bool


def second_of(session: Session, *, person: UUID, now_ms: int) -> Second | None:
    """Begin the second step of somebody whose password was right; None when the password is all they have."""
    have = factors.of_person(session, person)
    if not have.any:
        return None
    attempt = ceremonies.begin(session, kind="password", person=person, now_ms=now_ms)
    return Second(attempt, have.totp_ms is not None, have.passkeys > 0)


# -- six digits, or a recovery code ----------------------------------------------------


def count_code(session: Session, *, attempt: str, key: bytes, now_ms: int) -> UUID:
    """Count a try and return whose code it must be; commit before it is judged.

    :raises LoginOver: the first step is too long ago, or was not taken
    :raises SlowDown: too many wrong codes of this person, from wherever
    """
    under_way = ceremonies.find(session, attempt, kinds=("password",), now_ms=now_ms)
    person = _known(session, under_way.person_id)
    throttle.count_try(session, name=_name(person.id, key), free=FACTOR_TRIES, now_ms=now_ms)
    return person.id


def spend_code(
    session: Session, *, attempt: str, person: UUID, code: str, factor_keys: FactorKeys, now_ms: int
) -> str:
    """Take the code and end what was under way; return which kind of code it was. The caller commits.

    :raises WrongFactor: it is none of theirs, or was used before
    """
    plain = "".join(code.split())
    if len(plain) == totp.DIGITS and totp.spend(
        session, person=person, code=plain, keys=factor_keys, now_ms=now_ms
    ):
        kind = "totp"
    elif factors.spend_recovery_code(session, person=person, code=plain):
        kind = "recovery"
    else:
        raise WrongFactor()
    ceremonies.end(session, hash_token(attempt))
    return kind


def forgive(session: Session, *, person: UUID, key: bytes) -> None:
    """Forget a person's wrong codes: the last one was right."""
    throttle.forgive(session, name=_name(person, key))


def _name(person: UUID, key: bytes) -> str:
    return throttle.name_of("factor", str(person), key=key)


def _known(session: Session, person: UUID | None) -> Person:
    with across(session):
        found = session.get(Person, person) if person else None
    if found is None or found.left_ms is not None or found.login is None:
        raise LoginOver()
    enter(session, found.organisation_id)
    return found


# -- a passkey -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser gives to the passkey, and the token with which its answer comes back."""

    attempt: str
    options: dict[str, Any]


def ask_passkey(session: Session, relying: Relying, *, attempt: str, now_ms: int) -> Asked:
    """Have one of the person's passkeys sign, as the second step.

    :raises LoginOver: the first step is too long ago, or was not taken
    """
    under_way = ceremonies.find(session, attempt, kinds=("password",), now_ms=now_ms)
    person = _known(session, under_way.person_id)
    challenge = passkeys.challenge()
    ceremonies.set_challenge(session, under_way, challenge)
    known = passkeys.of_person(session, person.id)
    return Asked(attempt, passkeys.request_options(relying, known=known, challenge=challenge))


def ask_any_passkey(session: Session, relying: Relying, *, address: str, key: bytes, now_ms: int) -> Asked:
    """Have whatever passkey the browser knows sign: a log-in without a password.

    :raises SlowDown: too many were begun from this address
    """
    name = throttle.name_of("passkey-from", address, key=key)
    throttle.count_try(session, name=name, free=ASKED_FROM, now_ms=now_ms)
    challenge = passkeys.challenge()
    attempt = ceremonies.begin(session, kind="passkey", challenge=challenge, now_ms=now_ms)
    return Asked(attempt, passkeys.request_options(relying, known=[], challenge=challenge))


def ask_again(session: Session, relying: Relying, *, person: UUID, session_id: UUID, now_ms: int) -> Asked:
    """Have one of the person's passkeys sign, to make their session fresh.

    :raises NotFound: they have none
    """
    known = passkeys.of_person(session, person)
    if not known:
        raise NotFound()
    challenge = passkeys.challenge()
    attempt = ceremonies.begin(
        session, kind="refresh", person=person, session_id=session_id, challenge=challenge, now_ms=now_ms
    )
    return Asked(attempt, passkeys.request_options(relying, known=known, challenge=challenge))


@dataclass(frozen=True, slots=True)
class Answer:
    """A passkey's answer on its way to be judged: its challenge is spent."""

    passkey: Passkey | None
    under_way: Ceremony
    challenge: bytes


def take_answer(
    session: Session,
    *,
    attempt: str,
    credential: dict[str, Any],
    session_id: UUID | None,
    now_ms: int,
) -> Answer:
    """Spend the challenge that an answer is to; commit, then `prove`.

    :param session_id: the session that asked, or None at a log-in
    :raises LoginOver: nothing is under way, or its challenge was answered already
    """
    kinds: tuple[ceremonies.Kind, ...] = ("password", "passkey") if session_id is None else ("refresh",)
    under_way = ceremonies.find(session, attempt, kinds=kinds, session_id=session_id, now_ms=now_ms)
    challenge = ceremonies.take_challenge(session, under_way)
    with across(session):
        found = passkeys.by_credential(session, credential)
        if found is not None:
            session.expunge(found)
    session.expunge(under_way)
    return Answer(found, under_way, challenge)


def prove(answer: Answer, relying: Relying, credential: dict[str, Any]) -> Proof:
    """Judge a passkey's answer. Needs no transaction.

    :raises WrongFactor: it proves nothing, or somebody else
    """
    if answer.passkey is None or answer.under_way.person_id not in (None, answer.passkey.person_id):
        raise WrongFactor()
    proof = passkeys.verify(answer.passkey, relying, credential=credential, challenge=answer.challenge)
    if proof is None:
        raise WrongFactor()
    return proof


def accept(session: Session, answer: Answer, proof: Proof, *, now_ms: int) -> Person:
    """Write down that the passkey was used, and end what was under way; the caller commits.

    :raises WrongFactor: the passkey was removed or used elsewhere meanwhile, or its owner has left
    :raises LoginOver: it was ended meanwhile
    """
    with across(session):
        person = session.get(Person, proof.person_id)
    if person is None or person.left_ms is not None or person.login is None:
        raise WrongFactor()
    enter(session, person.organisation_id)
    if not passkeys.note_use(session, proof, now_ms=now_ms):
        raise WrongFactor()
    ceremonies.end(session, answer.under_way.token_hash)
    return person
