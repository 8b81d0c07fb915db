"""Texts for bytes: base64url, hashes, the name of a log, words that people compare."""

from __future__ import annotations

import base64
import hashlib
import re

CHECK_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters of check words: no 0/O and no 1/I, which people mix up."""

ZERO_HASH = "0" * 64
"""What stands before the first record of a log, of the ledger and of the feed."""

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_B64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


class EncodingError(ValueError):
    """A text is not the one canonical form of any bytes."""


def b64url_encode(data: bytes) -> str:
    """Return `data` as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_decode(text: str, *, length: int | None = None) -> bytes:
    """Return the bytes of a base64url text without padding.

    :param length: how many bytes are expected; None takes any number
    :raises EncodingError: another alphabet, padding, bits left over, or another length
    """
    if not _B64URL.match(text) or len(text) % 4 == 1:
        raise EncodingError("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64url_encode(data) != text:
        raise EncodingError("not canonical base64url")
    if length is not None and len(data) != length:
        raise EncodingError(f"{len(data)} bytes instead of {length}")
    return data


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data`, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def is_hash(text: str) -> bool:
    """Whether `text` has the form of a hash: 64 lower-case hex digits."""
    return _HASH.match(text) is not None


def log_id(spki_der: bytes) -> str:
    """Return the name of the log whose public key is `spki_der`: 26 characters of base32."""
    head = hashlib.sha256(spki_der).digest()[:16]
    return base64.b32encode(head).rstrip(b"=").decode("ascii").lower()


def check_word(digest: bytes, *, characters: int) -> str:
    """Return the first bits of `digest` as a word that two people can read to each other.

    :param characters: how many characters of 5 bits each; they are grouped by four
        with hyphens (``7F3K-92QD``)
    """
    number = int.from_bytes(digest, "big")
    bits = len(digest) * 8
    word = "".join(CHECK_ALPHABET[number >> (bits - 5 * (i + 1)) & 31] for i in range(characters))
    return "-".join(word[i : i + 4] for i in range(0, characters, 4))
