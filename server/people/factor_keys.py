"""The key that encrypts the secrets of authenticator apps, and its replacement while the server works."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server import rotation
from server.people.login_models import Totp
from server.secrets import FOLDER, factor_keys

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class FactorKeys:
    """The keys of second factors as they lie in the data folder at each use."""

    data_dir: Path

    def held(self) -> tuple[bytes, ...]:
        """Return the keys of this moment; the first encrypts.

        :raises SecretsError: one of them cannot be used
        """
        return factor_keys(self.data_dir / FOLDER)

    def seal(self, session: Session, secret: bytes, *, person: UUID) -> bytes:
        """Encrypt a secret; no replacement passes it before the transaction ends."""
        _bar(session, "ROW EXCLUSIVE")
        return seal(secret, person=person, key=self.held()[0])

    def open(self, sealed: bytes | None, *, person: UUID, held: tuple[bytes, ...]) -> bytes | None:
        """Return the secret; None when there is none, or none that this installation's keys open.

        :param held: the keys before the row was read. A replacement that ends in between leaves either
            the row older than the keys or the keys older than the row: so both are tried
        """
        for keys in (held, self.held()):
            for key in keys if sealed is not None else ():
                secret = unseal(sealed, person=person, key=key)
                if secret is not None:
                    return secret
        return None


def renew(session: Session, *, data_dir: Path, note: Callable[[], None]) -> int:
    """Replace the key and encrypt every second factor anew; the old key is gone. Commits.

    It works beside a running server. Killed at any moment, every factor still opens, and doing it again
    ends what was begun.

    :param note: called before the transaction ends, to write down that it was done
    :return: how many were encrypted anew; what no key opened before stays as it is
    """
    keys, count = FactorKeys(data_dir), 0
    with rotation.holding(data_dir, alone=True):
        rotation.begin_factor(data_dir)
        _bar(session, "EXCLUSIVE")  # whoever encrypts with the old key has committed by now
        held = keys.held()
        for row in session.scalars(select(Totp).order_by(Totp.person_id)).all():
            for name in ("secret", "pending"):
                secret = keys.open(getattr(row, name), person=row.person_id, held=held)
                if secret is not None:
                    setattr(row, name, seal(secret, person=row.person_id, key=held[0]))
                    count += 1
        note()
        session.commit()
        rotation.finish_factor(data_dir)
    return count


def seal(secret: bytes, *, person: UUID, key: bytes) -> bytes:
    """Return the secret encrypted for a person."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, person.bytes)


def unseal(sealed: bytes | None, *, person: UUID, key: bytes) -> bytes | None:
    """Return the secret; None when there is none, or none that this key opens."""
    if sealed is None:
        return None
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], person.bytes)
    except InvalidTag:
        return None


def _bar(session: Session, mode: str) -> None:
    """Lock the table on PostgreSQL; on SQLite whoever may write is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE totp IN {mode} MODE"))
