"""Receipts: the server's signed word that it has a log up to a number.

And the ledger's chain, which a receipt states: what the server once confirmed it can
neither drop nor alter without contradicting its own signature.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct

from sync import encoding
from sync.keys import SigningKey, verify
from sync.scalars import Count, Hash, Int, LogId, Seq
from sync.strict import StrictError, loads

MAX_RECEIPT_BYTES = 2_048
_PREFIX = "fieldsync/1 receipt\n"


class Receipt(Struct, frozen=True):
    """What a receipt says. Its text is what is signed and kept, never this struct.

    `from_seq` and `to_seq` are the lowest and highest number of the batch, `head_hash` the
    hash of the record at `to_seq`; the ledger's position and chain are those after it.
    """

    v: Literal[1]
    log: LogId
    from_seq: Seq = msgspec.field(name="from")
    to_seq: Seq = msgspec.field(name="to")
    head_hash: Hash
    received_ms: Int
    ledger_pos: Count
    ledger_chain: Hash
    count: Count


def receipt_body(receipt: Receipt) -> str:
    """Return the text of a receipt, made once by the server."""
    return msgspec.json.encode(receipt).decode("ascii")


def sign_receipt(key: SigningKey, body: str) -> str:
    """Return the server's signature of a receipt's text."""
    return key.sign((_PREFIX + body).encode("utf-8"))


def parse_receipt(body: str) -> Receipt | None:
    """Return what a receipt's text says, or None when it is none."""
    try:
        return msgspec.convert(loads(body, max_bytes=MAX_RECEIPT_BYTES), Receipt)
    except (StrictError, msgspec.ValidationError):
        return None


def verify_receipt(public_key: str, body: str, sig: str) -> Receipt | None:
    """Return the receipt when the server's key signed its text, else None."""
    if not verify(public_key, (_PREFIX + body).encode("utf-8", "replace"), sig):
        return None
    return parse_receipt(body)


def check_word(body: str) -> str:
    """Return the 12 characters, in groups of four, by which people compare a receipt."""
    digest = hashlib.sha256(body.encode("utf-8")).digest()
    return encoding.check_word(digest, characters=12)


def ledger_step(chain: str, record_hash: str) -> str:
    """Return the ledger's chain after one more record; both in hex, 64 zeros at first."""
    return encoding.sha256_hex(bytes.fromhex(chain) + bytes.fromhex(record_hash))
