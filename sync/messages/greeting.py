"""`nonce` and `hello`: how a round begins."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.messages.common import Bilingual, Clock, Head, Name, SignedReceipt, Storage, Unsent
from sync.scalars import App, Code, Count, Hash, Int, LogId, Nonce, Seq, ShortText, Token, Uuid, Version


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


class NamedSite(Struct, frozen=True):
    """A site and its name."""

    id: Uuid
    name: Bilingual


class DeviceState(Struct, frozen=True, omit_defaults=True):
    """The phone as the server knows it, and the site that it works for now."""

    id: Uuid
    name: Name
    state: Literal["waiting", "active", "refused", "revoked"]
    site: NamedSite | None = None
    uploads_only: bool = False
    """The phone is draining: what it has still counts, nothing comes down, nobody signs in.

    Beside `state`, which phones of earlier releases would not know otherwise, and would not go on sending.
    """


class Advice(Struct, frozen=True):
    """What the server asks of the phone: the oldest app that will do, whether to pull now."""

    min_app: App | None
    pull: bool


class Notice(Struct, frozen=True):
    """Something that the server tells whoever holds the phone."""

    code: Code
    text: Bilingual


class HelloAnswer(Struct, frozen=True, omit_defaults=True):
    """What the server has, its time, and what it allows."""

    proto: Literal[1]
    nonce: Nonce
    epoch: ShortText
    log: LogState
    anchor: Token | None
    """None while the server's own clock is in doubt."""
    limits: Limits
    device: DeviceState
    advice: Advice
    notices: Annotated[list[Notice], Meta(max_length=20)]
    server_keys: Annotated[list[SignedReceipt], Meta(max_length=20)] = []
    """How the server's receipt key was replaced, the oldest change first; see `sync.succession`."""
