"""Six digits from an authenticator app (RFC 6238: SHA-1, 30 seconds, one step early or late).

The secret lies encrypted in the database, and a code is taken once: neither who reads a backup nor
who looks over a shoulder can use it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.people.factor_keys import FactorKeys
from server.people.login_models import Totp

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
ISSUER = "Roundsman"


@dataclass(frozen=True, slots=True)
class NewTotp:
    """A secret on its way into the app: shown once, as text and as the address of a QR code."""

    secret: str
    url: str


def start(session: Session, *, person: UUID, organisation: UUID, login: str, keys: FactorKeys) -> NewTotp:
    """Make a secret that waits for its first code; one that is in use stays in use until then."""
    secret = secrets.token_bytes(SECRET_BYTES)
    row = session.get(Totp, person, with_for_update=True)
    if row is None:
        row = Totp(person_id=person, organisation_id=organisation, secret=None, last_step=0, made_ms=None)
        session.add(row)
    row.pending = keys.seal(session, secret, person=person)
    session.flush()
    return NewTotp(base64.b32encode(secret).decode(), _generator(secret).get_provisioning_uri(login, ISSUER))


def confirm(session: Session, *, person: UUID, code: str, keys: FactorKeys, now_ms: int) -> bool:
    """Put the waiting secret in use when `code` is one of it."""
    held = keys.held()
    row = session.get(Totp, person, with_for_update=True, populate_existing=True)
    secret = keys.open(row.pending, person=person, held=held) if row else None
    step = _step_of(secret, code, now_ms=now_ms)
    if row is None or step is None:
        return False
    row.secret, row.pending, row.last_step, row.made_ms = row.pending, None, step, now_ms
    session.flush()
    return True


def spend(session: Session, *, person: UUID, code: str, keys: FactorKeys, now_ms: int) -> bool:
    """Take a code, if it is the person's and neither it nor a later one was taken before."""
    held = keys.held()
    row = session.get(Totp, person, populate_existing=True)
    secret = keys.open(row.secret, person=person, held=held) if row else None
    step = _step_of(secret, code, now_ms=now_ms)
    if step is None:
        return False
    # of two log-ins with the same code at the same moment the row lets one through
    spent = session.execute(
        update(Totp)
        .where(Totp.person_id == person, Totp.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def code_at(secret: bytes, step: int) -> str:
    """Return the six digits of a step."""
    return _generator(secret).generate(step * STEP_S).decode()


def _step_of(secret: bytes | None, code: str, *, now_ms: int) -> int | None:
    """Return the latest step near now whose code this is."""
    now = now_ms // 1000 // STEP_S
    if secret is None:
        return None
    found = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]
    return max(found, default=None)


def _generator(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303  what every authenticator app knows
