"""The cast of the vectors: fixed keys, ids and a log."""

from __future__ import annotations

import hashlib

from sync.encoding import b64url_encode
from sync.keys import SigningKey
from sync.records import Time


def key(name: str) -> SigningKey:
    """Return a key that everybody knows: made of a name, good for vectors only."""
    return SigningKey.from_number(int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") >> 8)


PHONE = key("phone")
OTHER_PHONE = key("other phone")
SERVER = key("server")
KID = "k1"

T0 = 1_795_438_800_000
BOOT = "b7c1d2e3"
APP = "0.1.0"
DEVICE = "6f1e5a3e-1111-4c1a-9d8e-0a0b0c0d0e01"
PERSON = "6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e02"
SITE = "6f1e5a3e-3333-4c1a-9d8e-0a0b0c0d0e03"
CHECKPOINT = "6f1e5a3e-4444-4c1a-9d8e-0a0b0c0d0e04"
STOP = "6f1e5a3e-5555-4c1a-9d8e-0a0b0c0d0e05"
FORM = "6f1e5a3e-6666-4c1a-9d8e-0a0b0c0d0e06"
PLAN = "6f1e5a3e-7777-4c1a-9d8e-0a0b0c0d0e07"
ORGANISATION = "6f1e5a3e-8888-4c1a-9d8e-0a0b0c0d0e08"
TOKEN = "7F3K92QD0ABCDEFG"


def salt(number: int) -> str:
    """Return the salt of a private part: base64url of 16 bytes."""
    return b64url_encode(bytes([number]) * 16)


def nonce(number: int) -> str:
    """Return a phone's nonce: 22 characters."""
    return b64url_encode(bytes([number]) * 16)


def at(offset_ms: int, *, anchor: str | None = None) -> Time:
    """Return the phone's clocks `offset_ms` after the vectors' moment."""
    return Time(wall=T0 + offset_ms, mono=1_000 + offset_ms, boot=BOOT, tz="Asia/Shanghai", anchor=anchor)
