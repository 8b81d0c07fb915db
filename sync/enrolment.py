"""How a phone joins: the signed request and the word that both screens show."""

from __future__ import annotations

import hashlib
import re

from sync import encoding
from sync.keys import SigningKey, verify

CODE_LIFE_MS = 600_000
"""How long an enrolment code may be used."""

_CODE = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def make_code(random: bytes) -> str:
    """Return the enrolment code, 22 characters, of 16 random bytes."""
    if len(random) != 16:
        raise ValueError("an enrolment code takes 16 random bytes")
    return encoding.b64url_encode(random)


def is_code(text: str) -> bool:
    """Whether `text` has the form of an enrolment code."""
    return _CODE.match(text) is not None


def enrol_message(code: str, public_key: str) -> bytes:
    """Return the bytes that a joining phone signs with its new key."""
    return f"fieldsync/1 enrol\n{code}\n{public_key}".encode()


def sign_enrolment(key: SigningKey, code: str) -> str:
    """Return the phone's signature of its request to join."""
    return key.sign(enrol_message(code, key.public_key))


def verify_enrolment(public_key: str, code: str, sig: str) -> bool:
    """Whether the phone that asks to join holds the key that it names."""
    return verify(public_key, enrol_message(code, public_key), sig)


def check_word(code: str, public_key: str) -> str:
    """Return the 8 characters, two groups of four, that both screens show."""
    digest = hashlib.sha256(f"fieldsync/1 check\n{code}\n{public_key}".encode()).digest()
    return encoding.check_word(digest, characters=8)
