"""How the server's receipt key is replaced: the old one vouches for the new one.

A phone knows the key from the moment it joined. When the server takes another, `hello` carries a
text that the old key signed; a phone believes the new key when the one it knows signed for it, and
one step after the other where it was away for several; see ``docs/protocol/server-key.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import Struct

from sync.keys import SigningKey, log_of, verify
from sync.messages import SignedReceipt
from sync.scalars import Int
from sync.strict import StrictError, loads

MAX_CHANGE_BYTES = 1_024
MAX_CHANGES = 20
"""So many changes a server tells of; a phone that missed more of them joins again."""
_PREFIX = "fieldsync/1 server key\n"

SignedChange = SignedReceipt
"""A text, its signature and the old key's name, as a receipt has them."""


class KeyChange(Struct, frozen=True):
    """What a change says. Its text is what is signed, never this struct."""

    v: Literal[1]
    old: str
    """The public key that signs this."""
    new: str
    """The public key that signs everything from now on."""
    made_ms: Int


def sign_change(old: SigningKey, new: str, *, made_ms: int) -> SignedChange:
    """Return the old key's word for the public key `new`."""
    body = msgspec.json.encode(KeyChange(v=1, old=old.public_key, new=new, made_ms=made_ms)).decode("ascii")
    return SignedChange(body=body, sig=old.sign((_PREFIX + body).encode("utf-8")), kid=old.log)


def read_change(change: SignedChange) -> KeyChange | None:
    """Return what a change says, when the key that it names as the old one signed it, else None."""
    try:
        said = msgspec.convert(loads(change.body, max_bytes=MAX_CHANGE_BYTES), KeyChange)
    except (StrictError, msgspec.ValidationError):
        return None
    signed = verify(said.old, (_PREFIX + change.body).encode("utf-8", "replace"), change.sig)
    return said if signed and log_of(said.new) is not None else None


def newest(known: str, changes: Iterable[SignedChange]) -> str:
    """Return the public key to which `changes` lead from the one that is known; that one when none does."""
    for change in changes:
        said = read_change(change)
        if said is not None and said.old == known:
            known = said.new
    return known
