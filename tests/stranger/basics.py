"""Encodings, hashes and keys, as docs/protocol/README.md has them."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ZERO = "0" * 64


class NoAnswerError(Exception):
    """What came is no answer of the protocol: nothing in it is believed."""


class RefusedError(Exception):
    """A refusal, by the last part of its type; `members` is all that it says."""

    def __init__(self, status: int, members: dict[str, Any]) -> None:
        self.status, self.members = status, members
        self.slug = str(members.get("type", "")).rpartition("/")[2]
        super().__init__(f"{status} {self.slug}")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def word(text: str, characters: int) -> str:
    """Return the first bits of a text's hash as people compare them, in groups of four."""
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest()) >> (256 - 5 * characters)
    drawn = "".join(ALPHABET[bits >> 5 * i & 31] for i in reversed(range(characters)))
    return "-".join(drawn[i : i + 4] for i in range(0, characters, 4))


def uuid7() -> str:
    bits = int(time.time() * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62
    return str(uuid.UUID(int=bits | secrets.randbits(62)))


def strict(text: bytes) -> dict[str, Any]:
    def closed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise NoAnswerError("a key twice")
        return dict(pairs)

    try:
        told = json.loads(text.decode("utf-8", "strict"), object_pairs_hook=closed)
    except ValueError as wrong:
        raise NoAnswerError("no JSON") from wrong
    if not isinstance(told, dict):
        raise NoAnswerError("no message")
    return told


def verifies(public_key: str, sig: str, message: str) -> bool:
    """Tell whether a raw ES256 signature is by a key that is given as base64url of its SPKI."""
    key = serialization.load_der_public_key(unb64(public_key))
    raw = unb64(sig)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        key.verify(der, message.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return len(raw) == 64


@dataclass
class Log:
    """A key and the chain that it signs."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seq: int = 0
    head: str = ZERO

    @property
    def spki(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, form)

    @property
    def public_key(self) -> str:
        return b64(self.spki)

    @property
    def name(self) -> str:
        return base64.b32encode(hashlib.sha256(self.spki).digest()[:16]).rstrip(b"=").decode().lower()

    def sign(self, message: str) -> str:
        r, s = utils.decode_dss_signature(self.key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
        return b64(r.to_bytes(32) + s.to_bytes(32))
