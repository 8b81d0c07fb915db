"""Passwords and PINs: Argon2id and which passwords are too simple."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_CHARACTERS = 12
"""The fewest characters of a password, counted as code points."""
LONGEST_PASSWORD = 200
FEWEST_DIFFERENT = 5
"""Of so many different characters a password consists at least."""

_COMMON = Path(__file__).with_name("common_passwords.txt")

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


def too_simple(password: str, *, login: str) -> str | None:
    """Return why a password would be guessed at once, or None when it would not be."""
    plain = password.casefold()
    if plain.strip() in (login.casefold(), login.casefold()[::-1]) or plain in _common():
        return "too common"
    if len(set(plain)) < FEWEST_DIFFERENT or _is_run(plain):
        return "too simple"
    return None


@lru_cache
def _common() -> frozenset[str]:
    """Return what anybody tries first among the passwords that are long enough."""
    return frozenset(_COMMON.read_text("utf-8").split())


def _is_run(text: str) -> bool:
    """Tell whether every character follows the one before it: `abcdefghijkl`, `987654321098`."""
    steps = {(ord(b) - ord(a)) % 10 if (a + b).isdigit() else ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1}, {9})
