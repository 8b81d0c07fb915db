"""The badge (工牌): a printed code that says who somebody is. The PIN proves it, the badge never does.

It is no web address, so that nothing but this app makes anything of it. See ``docs/protocol/enrolment.md``.
"""

from __future__ import annotations

from sync.encoding import sha256_hex
from sync.tags import fold_token

PREFIX = "ROUNDSMAN.BADGE:"
"""Of QR's alphanumeric set, which makes the code small."""


def badge_text(token: str) -> str:
    """Return what a badge's code says; `token` is one of ``sync.tags.make_token``."""
    return PREFIX + token


def read_badge(text: str) -> str | None:
    """Return the token in the text that a camera saw, or None when it is no badge."""
    head, token = text.strip(" \t\r\n")[: len(PREFIX)], text.strip(" \t\r\n")[len(PREFIX) :]
    return fold_token(token) if head.isascii() and head.upper() == PREFIX else None


def badge_hash(token: str) -> str:
    """Return the hash by which phones know a badge: SHA-256 hex."""
    return sha256_hex(f"fieldsync/1 badge\n{token}".encode("ascii"))
