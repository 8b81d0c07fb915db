"""How a phone joins and a person signs in: the messages, the signed request, the word.

The word is what both screens show, so that a supervisor confirms the right phone. See
``docs/protocol/enrolment.md``.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from sync import encoding
from sync.keys import SigningKey, verify
from sync.messages import Clock, Name, NamedSite
from sync.scalars import App, B64Url, Code, Count, LogId, Nonce, ShortText, Uuid

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


# -- the messages ----------------------------------------------------------------------

Capabilities: TypeAlias = Annotated[
    dict[Code, Annotated[str, Meta(max_length=200)] | bool], Meta(max_length=32)
]


class ServerKey(Struct, frozen=True):
    """The key by which the server signs receipts and anchors."""

    kid: ShortText
    public_key: B64Url


class Named(Struct, frozen=True):
    """Something with a plain name: a phone, an organisation."""

    id: Uuid
    name: Name


class EnrolRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """A phone asks to join; signed by its new key, see ``sync.enrolment``."""

    proto: Literal[1]
    nonce: Nonce
    code: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
    public_key: B64Url
    sig: B64Url
    name: Annotated[str, Meta(max_length=80)]
    app: App
    clock: Clock
    capabilities: Capabilities


class EnrolAnswer(Struct, frozen=True):
    """The phone is known, and waits for a supervisor to compare the check word."""

    proto: Literal[1]
    nonce: Nonce
    device: Named
    organisation: Named
    site: NamedSite
    log: LogId
    check_word: ShortText
    server_key: ServerKey
    state: Literal["waiting", "active", "refused"]


class EnrolStateRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask whether the supervisor has confirmed the phone."""

    proto: Literal[1]
    nonce: Nonce


class EnrolStateAnswer(Struct, frozen=True, omit_defaults=True):
    """Whether the supervisor has confirmed the phone, and who goes on with it that had the one before."""

    proto: Literal[1]
    nonce: Nonce
    state: Literal["waiting", "active", "refused"]
    person: Uuid | None = None


class SignInRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """A person's PIN, checked by the server."""

    proto: Literal[1]
    nonce: Nonce
    person: Uuid
    pin: Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]


class SignInAnswer(Struct, frozen=True):
    """Whether the PIN is right; else how many tries are left, or how long to wait."""

    proto: Literal[1]
    nonce: Nonce
    ok: bool
    tries_left: Count | None
    wait_s: Count
