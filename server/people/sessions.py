"""Console sessions: begun at a log-in, renewed when rights rise, listed and ended."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from server import throttle
from server.audit import service as audit
from server.people import ceremonies, invitations
from server.people.access import IDLE_MS, LIFE_MS, hash_token
from server.people.models import ConsoleSession, Organisation, Person
from server.people.organisations import new_id
from server.problems import NotFound, Problem
from server.tenancy import across, enter
from sync.encoding import b64url_encode

LOGIN_TRIES = 5
ADDRESS_TRIES = 50
"""Many people may sit behind one address."""


class WrongLogin(Problem):
    """No such log-in, or another password: the answer is the same."""

    slug, status, title = "wrong-login", HTTPStatus.UNAUTHORIZED, "Log-in or password is wrong"


@dataclass(frozen=True, slots=True)
class Login:
    """Whose password is to be checked, and under which names the try was counted."""

    person_id: UUID | None
    password_hash: str | None
    counted: tuple[str, ...]


def look_up(session: Session, *, login: str, address: str, key: bytes, now_ms: int) -> Login:
    """Count a try and return whose password it is; commit, then check it, then go on.

    :param key: the secret under which tries are counted
    :raises SlowDown: too many wrong tries under this log-in or from this address
    """
    counted = names_of(login=login, address=address, key=key)
    throttle.count_try(session, name=counted[0], free=LOGIN_TRIES, now_ms=now_ms)
    throttle.count_try(session, name=counted[1], free=ADDRESS_TRIES, now_ms=now_ms)
    with across(session):
        person = session.scalars(
            select(Person).where(Person.login == login, Person.left_ms.is_(None))
        ).one_or_none()
    if person is not None:
        enter(session, person.organisation_id)
    return Login(person.id if person else None, person.password_hash if person else None, counted)


def names_of(*, login: str, address: str, key: bytes) -> tuple[str, str]:
    """Return under which names the tries of a log-in from an address are counted."""
    return (
        throttle.name_of("login", login, key=key),
        throttle.name_of("login-from", address, key=key),
    )


def log_in(session: Session, *, found: Login, agent: str, address: str = "", now_ms: int) -> str:
    """Begin a session for a person who has shown all that they must; return the cookie's value."""
    for name in found.counted:
        throttle.forgive(session, name=name)
    person = session.get_one(Person, found.person_id)
    return begin(session, person, agent=agent, address=address, now_ms=now_ms)


def begin(session: Session, person: Person, *, agent: str, address: str, now_ms: int) -> str:
    """Begin a session under a name of its own, whatever the browser had before; return the cookie's value."""
    token = new_token()
    held = ConsoleSession(
        id=new_id(now_ms),
        organisation_id=person.organisation_id,
        person_id=person.id,
        token_hash=hash_token(token),
        made_ms=now_ms,
        seen_ms=now_ms,
        fresh_ms=now_ms,
        ended_ms=None,
        agent=agent[:200],
        network=network_of(address),
    )
    session.add(held)
    session.flush()
    note(session, person, "session.begin", subject=f"session:{held.id}", now_ms=now_ms)
    return token


def new_token() -> str:
    """Return 256 random bits as text."""
    return b64url_encode(secrets.token_bytes(32))


def renew(session: Session, *, session_id: UUID, now_ms: int, grace: bool = False) -> str:
    """Make a session fresh under a new name: its rights rise, and who knew the old name has none of them.

    :param grace: whether the old name is known a little longer, with the rights that it had
    """
    token = new_token()
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.id == session_id, ConsoleSession.ended_ms.is_(None))
        .values(
            before_hash=ConsoleSession.token_hash if grace else None,
            token_hash=hash_token(token),
            renewed_ms=now_ms,
            fresh_ms=now_ms,
        )
        .execution_options(synchronize_session=False)
    )
    return token


def log_out(session: Session, *, session_id: UUID, now_ms: int) -> None:
    """End a session."""
    person = session.get_one(Person, session.get_one(ConsoleSession, session_id).person_id)
    _end(session, ConsoleSession.id == session_id, now_ms=now_ms)
    note(session, person, "session.ended", subject=f"session:{session_id}", now_ms=now_ms)


def sessions_of(session: Session, *, person: UUID, now_ms: int) -> list[ConsoleSession]:
    """Return the sessions in which a person is logged in, the last used first."""
    query = (
        select(ConsoleSession)
        .where(
            ConsoleSession.person_id == person,
            ConsoleSession.ended_ms.is_(None),
            ConsoleSession.seen_ms >= now_ms - IDLE_MS,
            ConsoleSession.made_ms >= now_ms - LIFE_MS,
        )
        .order_by(ConsoleSession.seen_ms.desc(), ConsoleSession.id)
    )
    return list(session.scalars(query))


def end_one(session: Session, *, person: Person, session_id: UUID, now_ms: int) -> None:
    """End one of a person's own sessions.

    :raises NotFound: they have no such one
    """
    ended = _end(
        session, ConsoleSession.id == session_id, ConsoleSession.person_id == person.id, now_ms=now_ms
    )
    if not ended:
        raise NotFound()
    note(session, person, "session.ended", subject=f"session:{session_id}", now_ms=now_ms)


def end_others(session: Session, *, person: UUID, but: UUID, now_ms: int) -> int:
    """End every session of a person but this one; return how many there were."""
    return _end(session, ConsoleSession.person_id == person, ConsoleSession.id != but, now_ms=now_ms)


def change_password(
    session: Session, *, person: Person, password_hash: str, session_id: UUID, now_ms: int
) -> str:
    """Give a person the password that they chose; every other session of theirs ends.

    Returns the new value of this session's cookie.
    """
    person.password_hash = password_hash
    ceremonies.forget(session, person=person.id)
    ended = end_others(session, person=person.id, but=session_id, now_ms=now_ms)
    note(
        session,
        person,
        "password.changed",
        subject=f"person:{person.id}",
        now_ms=now_ms,
        sessions_ended=ended,
    )
    return renew(session, session_id=session_id, now_ms=now_ms)


def _end(session: Session, *which: ColumnElement[bool], now_ms: int) -> int:
    ended = session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.ended_ms.is_(None), *which)
        .values(ended_ms=now_ms)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def count_refresh(session: Session, *, person: UUID, key: bytes, now_ms: int) -> Login:
    """Count a try of giving the password again; commit, then check it, then `refresh`.

    :raises SlowDown: too many wrong tries
    """
    found = session.get_one(Person, person)
    name = throttle.name_of("login", found.login or "", key=key)
    throttle.count_try(session, name=name, free=LOGIN_TRIES, now_ms=now_ms)
    return Login(found.id, found.password_hash, (name,))


def refresh(session: Session, *, session_id: UUID, found: Login, now_ms: int) -> str:
    """Make a session fresh: the password was given again. Return the new value of its cookie."""
    for name in found.counted:
        throttle.forgive(session, name=name)
    return renew(session, session_id=session_id, now_ms=now_ms, grace=True)


def network_of(address: str) -> str:
    """Return the network of an address: enough to know home from office, not where somebody is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def note(
    session: Session, person: Person, action: str, *, subject: str, now_ms: int, **detail: object
) -> None:
    """Write into the audit log what a person did to their own log-in."""
    audit.write(
        session,
        organisation=person.organisation_id,
        site=None,
        person=person.id,
        action=action,
        subject=subject,
        detail=detail,
        now_ms=now_ms,
    )


def end_stale(session: Session, *, now_ms: int) -> None:
    """Drop sessions, log-ins under way and invitations that are over, and tries that nobody remembers."""
    session.execute(
        delete(ConsoleSession).where(
            or_(
                ConsoleSession.made_ms < now_ms - LIFE_MS,
                ConsoleSession.seen_ms < now_ms - IDLE_MS,
                ConsoleSession.ended_ms < now_ms - IDLE_MS,
            )
        )
    )
    ceremonies.clean(session, now_ms=now_ms)
    invitations.clean(session, now_ms=now_ms)
    throttle.clean(session, now_ms=now_ms)


def organisation_of(session: Session, organisation: UUID) -> Organisation:
    """Return an organisation that exists."""
    return session.get_one(Organisation, organisation)
