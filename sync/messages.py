"""The messages of ``docs/protocol/messages.md``: requests and answers.

Requests are closed, so that a misspelt member is found at once; answers may grow
members within ``proto`` 1, which an older phone passes over. Every text and list is
bounded, so that a request's memory is.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from sync.feed import ResetReason
from sync.records import WireRecord
from sync.scalars import (
    App,
    B64Url,
    Boot,
    Code,
    Count,
    Hash,
    Int,
    LogId,
    Nonce,
    Seq,
    ShortText,
    Token,
    Uuid,
    Version,
    Zone,
)
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
    try:
        return msgspec.convert(loads(data, max_bytes=max_bytes), message)
    except StrictError as error:
        raise MessageError(error.reason, str(error)) from None
    except msgspec.ValidationError as error:
        raise MessageError("schema", str(error)) from None


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


# -- parts -----------------------------------------------------------------------------


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


# -- nonce -----------------------------------------------------------------------------


class NonceRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask for a proof nonce; the one request of a phone that needs no proof."""

    proto: Literal[1]
    nonce: Nonce


class NonceAnswer(Struct, frozen=True):
    """A proof nonce and the server's time in ms."""

    proto: Literal[1]
    nonce: Nonce
    proof_nonce: Annotated[str, Meta(max_length=100)]
    server_ms: Int


# -- hello -----------------------------------------------------------------------------


class HelloRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """What the phone has. `oldest` is the lowest number that it still keeps."""

    proto: Literal[1]
    nonce: Nonce
    log: LogId
    head: Head
    oldest: Seq
    app: App
    clock: Clock
    unsent: Unsent
    storage: Storage


class LogState(Struct, frozen=True):
    """What the server has of the log; `missing` are closed ranges below `max_seq`."""

    max_seq: Count
    head_hash: Hash
    missing: Annotated[list[tuple[Seq, Seq]], Meta(max_length=100)]
    archived_through: Count


class Limits(Struct, frozen=True):
    """The bounds of a request, in records and bytes."""

    push_records: Version
    push_bytes: Version
    body_bytes: Version
    blob_bytes: Version


class DeviceState(Struct, frozen=True):
    """The phone as the server knows it."""

    id: Uuid
    name: Name
    state: Literal["waiting", "active", "refused", "revoked"]


class Advice(Struct, frozen=True):
    """What the server asks of the phone: the oldest app that will do, whether to pull now."""

    min_app: App | None
    pull: bool


class Notice(Struct, frozen=True):
    """Something that the server tells whoever holds the phone."""

    code: Code
    text: Bilingual


class HelloAnswer(Struct, frozen=True):
    """What the server has, its time, and what it allows."""

    proto: Literal[1]
    nonce: Nonce
    epoch: ShortText
    log: LogState
    anchor: Token
    limits: Limits
    device: DeviceState
    advice: Advice
    notices: Annotated[list[Notice], Meta(max_length=20)]


# -- have ------------------------------------------------------------------------------


class HaveRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask which of these records the server does not have."""

    proto: Literal[1]
    nonce: Nonce
    log: LogId
    hashes: Annotated[list[Hash], Meta(max_length=HAVE_HASHES)]


class HaveAnswer(Struct, frozen=True):
    """The hashes that the server does not have."""

    proto: Literal[1]
    nonce: Nonce
    missing: Annotated[list[Hash], Meta(max_length=HAVE_HASHES)]


# -- push ------------------------------------------------------------------------------


class PushRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Records in order; `remaining` is how many more the phone has to send."""

    proto: Literal[1]
    nonce: Nonce
    log: LogId
    clock: Clock
    remaining: Count
    records: Annotated[list[WireRecord], Meta(min_length=1, max_length=PUSH_RECORDS)]


class RecordOutcome(Struct, frozen=True, omit_defaults=True):
    """What became of one record."""

    hash: Hash
    outcome: Outcome
    code: QuarantineCode | None = None
    marks: Annotated[list[Code], Meta(max_length=40)] = []


class PushAnswer(Struct, frozen=True):
    """One outcome per record, in order, and the receipt for the batch."""

    proto: Literal[1]
    nonce: Nonce
    count: Count
    outcomes: Annotated[list[RecordOutcome], Meta(max_length=PUSH_RECORDS)]
    receipt: SignedReceipt | None
    anchor: Token


class RawAnswer(Struct, frozen=True):
    """What became of a record that was sent as raw bytes; its nonce is empty."""

    proto: Literal[1]
    nonce: Literal[""]
    hash: Hash
    outcome: Outcome
    code: QuarantineCode | None = None


# -- pull ------------------------------------------------------------------------------


class PullRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask for the rows after a cursor; null begins a new generation."""

    proto: Literal[1]
    nonce: Nonce
    cursor: Annotated[str, Meta(max_length=1_000)] | None
    limit: Annotated[int, Meta(ge=1, le=PULL_ROWS)]


class Row(Struct, frozen=True):
    """One row of the feed; see ``docs/protocol/entities.md``."""

    kind: Code
    id: Uuid
    scope: Uuid
    version: Version
    op: Literal["upsert", "leave"]
    body: dict[str, object] | None


class PullAnswer(Struct, frozen=True):
    """A page of rows and the cursor that goes with them."""

    proto: Literal[1]
    nonce: Nonce
    rows: Annotated[list[Row], Meta(max_length=PULL_ROWS)]
    cursor: Annotated[str, Meta(max_length=1_000)]
    more: bool
    server_ms: Int


class PullPage(Struct, frozen=True):
    """A `PullAnswer` as the server writes it: each row in its stored bytes."""

    proto: Literal[1]
    nonce: str
    rows: list[Raw]
    cursor: str
    more: bool
    server_ms: int


class ResetProblem(Struct, frozen=True):
    """The members of a 409 `reset` that a phone acts on."""

    type: Annotated[str, Meta(pattern=r"/reset\Z", max_length=200)]
    reason: ResetReason
