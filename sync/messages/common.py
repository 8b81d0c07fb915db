"""What every message is made of: bounds, how it is read and written, the parts that many share."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from sync.scalars import B64Url, Boot, Count, Hash, Int, ShortText, Zone
from sync.strict import StrictError, loads

MEDIA_TYPE = "application/vnd.fieldsync+json"
PREFIX = "/api/v1/sync/"
"""Where the messages live; photos live under ``/api/v1/blobs/``."""

MAX_SENT_BYTES = 1_048_576
"""The most bytes of a request as sent."""

MAX_BYTES = 4_194_304
"""The most bytes of a message unpacked."""

PUSH_RECORDS = 100
PUSH_BYTES = 524_288
HAVE_HASHES = 5_000
PULL_ROWS = 1_000
SCOPES = 32
"""The most sites of one phone."""

BLOB_BYTES = 12_582_912

STORED_OUTCOMES = ("applied", "duplicate", "held", "forked", "quarantined")
"""The outcomes that mean: the server has the record. `later` is the one that does not."""

Outcome = Literal["applied", "duplicate", "held", "forked", "quarantined", "later"]
QuarantineCode = Literal[
    "bad_signature",
    "unknown_log",
    "schema",
    "unknown_type",
    "scope_denied",
    "actor_denied",
    "stale_base",
    "server_error",
    "too_large",
]
Name = Annotated[str, Meta(max_length=200)]
Bilingual = Annotated[dict[Literal["zh", "en"], Name], Meta(min_length=2, max_length=2)]
MessageT = TypeVar("MessageT", bound=Struct)


class MessageError(ValueError):
    """Bytes that are not the message expected; `reason` is a code, the text says where."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def decode(data: bytes, message: type[MessageT], *, max_bytes: int = MAX_BYTES) -> MessageT:
    """Return a message of the given type.

    :param data: the unpacked bytes
    :raises MessageError: not strict JSON (`reason` is the decoder's), or `schema`
    """
    if message in CLOSED and len(data) <= max_bytes:
        written = _as_written(data, message)
        if written is not None:
            return written
    try:
        return msgspec.convert(loads(data, max_bytes=max_bytes), message)
    except StrictError as error:
        raise MessageError(error.reason, str(error)) from None
    except msgspec.ValidationError as error:
        raise MessageError("schema", str(error)) from None


CLOSED: set[type[Struct]] = set()
"""Messages that hold nothing but texts and bounded integers, in members of fixed names."""


def _as_written(data: bytes, message: type[MessageT]) -> MessageT | None:
    """Return a message of `CLOSED` that comes out the same when it is written again: it is surely strict."""
    try:
        read = msgspec.json.decode(data, type=message)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return None if b"\\u0000" in data or msgspec.json.encode(read) != data else read


def decode_answer(data: bytes, message: type[MessageT], *, nonce: str) -> MessageT:
    """Return an answer that echoes the request's nonce; anything else is no answer.

    :raises MessageError: as `decode`, or `nonce` when another nonce is echoed
    """
    answer = decode(data, message)
    if getattr(answer, "nonce", None) != nonce:
        raise MessageError("nonce")
    return answer


def encode(message: Struct) -> bytes:
    """Return the bytes of a message."""
    return msgspec.json.encode(message)


class Clock(Struct, forbid_unknown_fields=True, frozen=True):
    """The phone's clocks as a request states them; ms, see ``sync.clocks``."""

    wall: Int
    mono: Count
    boot: Boot
    tz: Zone


class Head(Struct, forbid_unknown_fields=True, frozen=True):
    """The last record of a log; number 0 and 64 zeros when there is none."""

    seq: Count
    hash: Hash


class Unsent(Struct, forbid_unknown_fields=True, frozen=True):
    """What the phone still has to send; `oldest_wall` is the oldest record's clock, ms."""

    records: Count
    photos: Count
    oldest_wall: Int | None


class Storage(Struct, forbid_unknown_fields=True, frozen=True):
    """The state of the phone's store, in bytes; None where the browser does not say."""

    persisted: bool | None
    usage: Count | None
    quota: Count | None


class SignedReceipt(Struct, frozen=True):
    """A receipt's text, its signature and the key's name; see ``sync.receipts``."""

    body: Annotated[str, Meta(max_length=2_048)]
    sig: B64Url
    kid: ShortText
