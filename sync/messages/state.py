"""`pull` and `snapshot`: state comes down."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct

from sync.feed import ResetReason
from sync.messages.common import PULL_ROWS, SCOPES
from sync.scalars import Code, Int, Nonce, Uuid, Version

Cursor = Annotated[str, Meta(max_length=1_000)]
Scopes = Annotated[list[Uuid], Meta(max_length=SCOPES)]
Limit = Annotated[int, Meta(ge=1, le=PULL_ROWS)]


class PullRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask for the rows after a cursor.

    `scopes` are those that the phone has whole under this cursor. A phone that does not say them
    (null) is told no difference: null as cursor then reads the feed from its beginning.
    """

    proto: Literal[1]
    nonce: Nonce
    cursor: Cursor | None
    limit: Limit
    scopes: Scopes | None = None


class Row(Struct, frozen=True):
    """One row of the feed; see ``docs/protocol/entities.md``."""

    kind: Code
    id: Uuid
    scope: Uuid
    version: Version
    op: Literal["upsert", "leave"]
    body: dict[str, object] | None


class ScopeChange(Struct, frozen=True):
    """How the phone's scopes differ from what it may see: `add` comes by snapshot, `remove` goes."""

    add: Scopes
    remove: Scopes


class PullAnswer(Struct, frozen=True):
    """A page of rows and the cursor that goes with them; no cursor while no scope is whole."""

    proto: Literal[1]
    nonce: Nonce
    rows: Annotated[list[Row], Meta(max_length=PULL_ROWS)]
    cursor: Cursor | None
    more: bool
    server_ms: Int
    scopes: ScopeChange | None = None


class PullPage(Struct, frozen=True):
    """A `PullAnswer` as the server writes it: each row in its stored bytes."""

    proto: Literal[1]
    nonce: str
    rows: list[Raw]
    cursor: str | None
    more: bool
    server_ms: int
    scopes: ScopeChange


class SnapshotRequest(Struct, forbid_unknown_fields=True, frozen=True):
    """Ask for a page of one scope as it stands; null as `resume` begins.

    `cursor` and `scopes` are the phone's as in `PullRequest`: what it has whole already.
    """

    proto: Literal[1]
    nonce: Nonce
    scope: Uuid
    cursor: Cursor | None
    scopes: Scopes
    resume: Cursor | None
    limit: Limit


class SnapshotAnswer(Struct, frozen=True):
    """A page of a scope. The last one has no `resume`, and the cursor of all that is whole then."""

    proto: Literal[1]
    nonce: Nonce
    rows: Annotated[list[Row], Meta(max_length=PULL_ROWS)]
    resume: Cursor | None
    cursor: Cursor | None
    server_ms: Int


class SnapshotPage(Struct, frozen=True):
    """A `SnapshotAnswer` as the server writes it."""

    proto: Literal[1]
    nonce: str
    rows: list[Raw]
    resume: str | None
    cursor: str | None
    server_ms: int


class ResetProblem(Struct, frozen=True):
    """The members of a 409 `reset` that a phone acts on."""

    type: Annotated[str, Meta(pattern=r"/reset\Z", max_length=200)]
    reason: ResetReason
