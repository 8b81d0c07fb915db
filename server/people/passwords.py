"""Passwords and PINs: Argon2id, and how long one waits after wrong tries."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_CHARACTERS = 12
"""The fewest characters of a password."""

FREE_TRIES = 5
FIRST_WAIT_MS = 60_000
LONGEST_WAIT_MS = 3_600_000

_hasher = PasswordHasher()


def make_hash(secret: str) -> str:
    """Return what the database keeps of a password or a PIN."""
    return _hasher.hash(secret)


def fits(stored: str | None, secret: str) -> bool:
    """Tell whether `secret` is the one stored; takes as long when there is none."""
    try:
        return _hasher.verify(stored or _nobodys(), secret) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def wait_after(failed: int, *, free: int = FREE_TRIES) -> int:
    """Return the wait in ms after `failed` wrong tries in a row: none, then a minute, doubling to an hour."""
    if failed < free:
        return 0
    return int(min(FIRST_WAIT_MS * 2 ** min(failed - free, 10), LONGEST_WAIT_MS))
