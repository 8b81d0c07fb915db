"""Console log-ins: the first run, logging in and out, giving the password again."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.people import passwords, throttle
from server.people.access import IDLE_MS, LIFE_MS, hash_token
from server.people.models import ConsoleSession, Organisation, Person, Throttle
from server.people.organisations import is_empty, make_organisation, make_person, new_id
from server.problems import Problem
from server.tenancy import across, enter
from sync.encoding import b64url_encode

LOGIN_TRIES = 5
ADDRESS_TRIES = 50
"""Many people may sit behind one address."""

_CODE_FILE = "first-run-code"
_LOGIN_FILE = "first-login"
_FIRST_RUN = "first-run"


class WrongLogin(Problem):
    """No such log-in, or another password: the answer is the same."""

    slug, status, title = "wrong-login", HTTPStatus.UNAUTHORIZED, "Log-in or password is wrong"


class WrongCode(Problem):
    """Not the code that the server printed at its start."""

    slug, status, title = "wrong-code", HTTPStatus.FORBIDDEN, "This is not the code the server printed"


class FirstRunOver(Problem):
    """Somebody exists already."""

    slug, status, title = "first-run-over", HTTPStatus.CONFLICT, "The first run is over; log in"


@dataclass(frozen=True, slots=True)
class Login:
    """Whose password is to be checked, and under which names the try was counted."""

    person_id: UUID | None
    password_hash: str | None
    counted: tuple[str, ...]


def look_up(session: Session, *, login: str, address: str, key: bytes, now_ms: int) -> Login:
    """Count a try and return whose password it is; commit, then check it, then `log_in`.

    :param key: the secret under which tries are counted
    :raises SlowDown: too many wrong tries under this log-in or from this address
    """
    by_login = throttle.name_of("login", login, key=key)
    by_address = throttle.name_of("login-from", address, key=key)
    throttle.count_try(session, name=by_login, free=LOGIN_TRIES, now_ms=now_ms)
    throttle.count_try(session, name=by_address, free=ADDRESS_TRIES, now_ms=now_ms)
    with across(session):
        person = session.scalars(
            select(Person).where(Person.login == login, Person.left_ms.is_(None))
        ).one_or_none()
    if person is not None:
        enter(session, person.organisation_id)
    return Login(
        person.id if person else None, person.password_hash if person else None, (by_login, by_address)
    )


def log_in(session: Session, *, found: Login, agent: str, now_ms: int) -> str:
    """Begin a session for a person whose password was right; return the cookie's value."""
    for name in found.counted:
        throttle.forgive(session, name=name)
    person = session.get_one(Person, found.person_id)
    return _begin(session, person, agent=agent, now_ms=now_ms)


def _begin(session: Session, person: Person, *, agent: str, now_ms: int) -> str:
    token = b64url_encode(secrets.token_bytes(32))
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
    )
    session.add(held)
    session.flush()
    audit.write(
        session,
        organisation=person.organisation_id,
        site=None,
        person=person.id,
        action="session.begin",
        subject=f"session:{held.id}",
        detail={},
        now_ms=now_ms,
    )
    return token


def log_out(session: Session, *, session_id: UUID, now_ms: int) -> None:
    """End a session."""
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.id == session_id, ConsoleSession.ended_ms.is_(None))
        .values(ended_ms=now_ms)
    )


def count_refresh(session: Session, *, person: UUID, key: bytes, now_ms: int) -> Login:
    """Count a try of giving the password again; commit, then check it, then `refresh`.

    :raises SlowDown: too many wrong tries
    """
    found = session.get_one(Person, person)
    name = throttle.name_of("login", found.login or "", key=key)
    throttle.count_try(session, name=name, free=LOGIN_TRIES, now_ms=now_ms)
    return Login(found.id, found.password_hash, (name,))


def refresh(session: Session, *, session_id: UUID, found: Login, now_ms: int) -> None:
    """Make a session fresh: the password was given again."""
    for name in found.counted:
        throttle.forgive(session, name=name)
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.id == session_id, ConsoleSession.ended_ms.is_(None))
        .values(fresh_ms=now_ms)
    )


def end_stale(session: Session, *, now_ms: int) -> None:
    """Drop sessions that are over and tries that nobody remembers."""
    session.execute(
        delete(ConsoleSession).where(
            or_(
                ConsoleSession.made_ms < now_ms - LIFE_MS,
                ConsoleSession.seen_ms < now_ms - IDLE_MS,
                ConsoleSession.ended_ms < now_ms - IDLE_MS,
            )
        )
    )
    throttle.clean(session, now_ms=now_ms)


def organisation_of(session: Session, organisation: UUID) -> Organisation:
    """Return an organisation that exists."""
    return session.get_one(Organisation, organisation)


# -- the first run ---------------------------------------------------------------------


def first_run_code(data_dir: Path) -> str:
    """Return the code with which the first person is made; made when there is none yet.

    It lies in a file that only the server's user can read, for whoever started the server.
    """
    path = data_dir / _CODE_FILE
    with suppress(FileExistsError):
        _write_private(path, b64url_encode(secrets.token_bytes(16)))
    return path.read_text().strip()


def first_run(
    session: Session,
    *,
    data_dir: Path,
    code: str,
    organisation: str,
    name: str,
    login: str,
    password: str,
    agent: str,
    now_ms: int,
) -> str:
    """Make the organisation and its first administrator; return the cookie's value.

    :raises FirstRunOver: somebody exists
    :raises WrongCode: it is not the code that the server printed
    """
    if not is_empty(session):
        raise FirstRunOver()
    if not hmac.compare_digest(first_run_code(data_dir).encode(), code.encode()):
        raise WrongCode()
    try:
        # Of two first runs at once, the row's key lets one through
        session.add(Throttle(key=_FIRST_RUN, failed=0, wait_until_ms=2**62, tried_ms=now_ms))
        session.flush()
    except IntegrityError:
        raise FirstRunOver() from None
    made = make_organisation(session, name=organisation, now_ms=now_ms)
    person = make_person(
        session,
        organisation=made.id,
        name=name,
        number="1",
        administrator=True,
        login=login,
        password=password,
        now_ms=now_ms,
    )
    return _begin(session, person, agent=agent, now_ms=now_ms)


def forget_first_run_code(data_dir: Path) -> None:
    """Remove the code's file after the first run was committed."""
    (data_dir / _CODE_FILE).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """The log-in that the demo made, for whoever started the server."""

    login: str
    password: str


def keep_first_login(data_dir: Path, *, login: str, password: str) -> None:
    """Keep a log-in where only the server's user can read it, to be shown at the start."""
    (data_dir / _LOGIN_FILE).unlink(missing_ok=True)
    _write_private(data_dir / _LOGIN_FILE, json.dumps({"login": login, "password": password}))


def first_login(session: Session, data_dir: Path) -> FirstLogin | None:
    """Return the log-in that was kept, as long as it still works."""
    try:
        kept: dict[str, Any] = json.loads((data_dir / _LOGIN_FILE).read_text())
    except FileNotFoundError:
        return None
    with across(session):
        stored = session.scalar(
            select(Person.password_hash).where(Person.login == kept["login"], Person.left_ms.is_(None))
        )
    if not passwords.fits(stored, kept["password"]):
        return None
    return FirstLogin(kept["login"], kept["password"])


def _write_private(path: Path, text: str) -> None:
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text + "\n")
