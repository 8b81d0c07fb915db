"""The printed code: what a camera saw, and what a scan proves of it.

See ``docs/protocol/tags.md``. Only the server knows tokens; a phone holds hashes.
"""

from __future__ import annotations

import re

from sync.encoding import sha256_hex

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O and U."""

TOKEN_CHARACTERS = 16
SHORT_CODE_CHARACTERS = 8

# Printable ASCII but / ? #, so that every regex engine reads the same host.
_ADDRESS = re.compile(r"https?://[!-\"$-.0->@-~]{1,255}/t/([0-9a-z]{16})/?\Z", re.IGNORECASE | re.ASCII)
_TOKEN = re.compile(rf"[{ALPHABET}]{{16}}\Z")
_SHORT_CODE = re.compile(rf"[{ALPHABET}]{{8}}\Z")
_BLANK = " \t\r\n"
_LOOK_ALIKES = str.maketrans("OIL", "011")


def read_address(text: str) -> str | None:
    """Return the token in the text that a camera saw, or None when it is no tag.

    The host is not compared: the token's hash decides whether a phone knows the tag.
    """
    match = _ADDRESS.match(text.strip(_BLANK))
    return None if match is None else fold_token(match.group(1))


def fold_token(text: str) -> str | None:
    """Return a token as printed (upper case, look-alikes folded), or None when it is none."""
    return _fold(text, _TOKEN)


def fold_short_code(text: str) -> str | None:
    """Return the 8 characters of a typed short code without blanks and hyphens, or None."""
    return _fold(re.sub(r"[ \t\r\n-]", "", text), _SHORT_CODE)


def format_short_code(code: str) -> str:
    """Return a short code as it is printed: ``7F3K-92QD``."""
    return f"{code[:4]}-{code[4:]}"


def make_token(random: bytes) -> str:
    """Return the token of 10 random bytes."""
    return _characters(random, TOKEN_CHARACTERS)


def make_short_code(random: bytes) -> str:
    """Return the short code, 8 characters, of 5 random bytes."""
    return _characters(random, SHORT_CODE_CHARACTERS)


def tag_hash(token: str) -> str:
    """Return the hash by which a phone knows a tag: SHA-256 hex of the token."""
    return sha256_hex(token.encode("ascii"))


def tag_proof(*, log: str, seq: int, token: str) -> str:
    """Return what only somebody who read the code can put into record `seq` of `log`."""
    return sha256_hex(f"fieldsync/1 tag\n{log}\n{seq}\n{token}".encode("ascii"))


def _fold(text: str, form: re.Pattern[str]) -> str | None:
    if not text.isascii():
        return None
    folded = text.upper().translate(_LOOK_ALIKES)
    return folded if form.match(folded) else None


def _characters(random: bytes, count: int) -> str:
    if len(random) * 8 != count * 5:
        raise ValueError(f"{count} characters need {count * 5 // 8} random bytes")
    number = int.from_bytes(random, "big")
    return "".join(ALPHABET[number >> 5 * (count - 1 - i) & 31] for i in range(count))
