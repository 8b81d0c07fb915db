"""`have`, `push` and `raw`: evidence goes up."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.messages.common import (
    CLOSED,
    HAVE_HASHES,
    PUSH_RECORDS,
    Clock,
    Outcome,
    QuarantineCode,
    SignedReceipt,
)
from sync.records import WireRecord
from sync.scalars import Code, Count, Hash, LogId, Nonce, Token


class HaveRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask which of these records the server does not have."""

    proto: Literal[1]
    nonce: Nonce
    log: LogId
    hashes: Annotated[list[Hash], Meta(max_length=HAVE_HASHES)]


class HaveAnswer(Struct, frozen=True, omit_defaults=True):
    """The hashes that the server does not have, and what is doubted since of those that it has."""

    proto: Literal[1]
    nonce: Nonce
    missing: Annotated[list[Hash], Meta(max_length=HAVE_HASHES)]
    marks: Annotated[
        dict[Hash, Annotated[list[Code], Meta(max_length=40)]], Meta(max_length=HAVE_HASHES)
    ] = {}
    """Hash → marks that came after the record's outcome, as `two_phones`; they join those that it had."""


class PushRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Records in order; `remaining` is how many more the phone has to send."""

    proto: Literal[1]
    nonce: Nonce
    log: LogId
    clock: Clock
    remaining: Count
    records: Annotated[list[WireRecord], Meta(min_length=1, max_length=PUSH_RECORDS)]


CLOSED.add(PushRequest)


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
    anchor: Token | None
    """None while the server's own clock is in doubt."""


class RawAnswer(Struct, frozen=True):
    """What became of a record that was sent as raw bytes; its nonce is empty."""

    proto: Literal[1]
    nonce: Literal[""]
    hash: Hash
    outcome: Outcome
    code: QuarantineCode | None = None
