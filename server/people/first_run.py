"""The very first run, and the log-in that the demo prints: for whoever started the server."""

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

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.people import passwords
from server.people.models import Person
from server.people.organisations import is_empty, make_organisation, make_person
from server.problems import Problem
from server.tenancy import across
from server.throttle import Throttle
from sync.encoding import b64url_encode

_CODE_FILE = "first-run-code"
_LOGIN_FILE = "first-login"
_FIRST_RUN = "first-run"


class WrongCode(Problem):
    """Not the code that the server printed at its start."""

    slug, status, title = "wrong-code", HTTPStatus.FORBIDDEN, "This is not the code the server printed"


class FirstRunOver(Problem):
    """Somebody exists already."""

    slug, status, title = "first-run-over", HTTPStatus.CONFLICT, "The first run is over; log in"


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
    now_ms: int,
) -> Person:
    """Make the organisation and its first administrator, and return them.

    :raises FirstRunOver: somebody exists
    :raises WrongCode: it is not the code that the server printed
    """
    if not is_empty(session):
        raise FirstRunOver()
    if not hmac.compare_digest(first_run_code(data_dir).encode(), code.encode()):
        raise WrongCode()
    claim(session, now_ms=now_ms)
    made = make_organisation(session, name=organisation, now_ms=now_ms)
    return make_person(
        session,
        organisation=made.id,
        name=name,
        number="1",
        administrator=True,
        login=login,
        password=password,
        now_ms=now_ms,
    )


def claim(session: Session, *, now_ms: int) -> None:
    """Take the one first run that there is.

    :raises FirstRunOver: somebody did it, or does it in this very moment
    """
    if not is_empty(session):
        raise FirstRunOver()
    try:
        # of two first runs at once, the row's key lets one through
        session.add(Throttle(key=_FIRST_RUN, failed=0, wait_until_ms=2**62, tried_ms=now_ms))
        session.flush()
    except IntegrityError:
        raise FirstRunOver() from None


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
