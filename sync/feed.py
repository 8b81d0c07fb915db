"""The feed that comes down: the bytes of its rows, their chain, the phone's bookmark.

See ``docs/protocol/entities.md`` and `pull` in ``docs/protocol/messages.md``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from sync.encoding import EncodingError, b64url_decode, b64url_encode, sha256_hex
from sync.scalars import Code, Count, Hash, Uuid

ResetReason = Literal["chain", "epoch", "scope", "horizon", "cursor"]
MembersT = TypeVar("MembersT", bound=Struct)


def row_bytes(
    *,
    kind: str,
    id: str,  # noqa: A002 (the member's name)
    scope: str,
    version: int,
    op: Literal["upsert", "leave"],
    body: Mapping[str, object] | None,
) -> bytes:
    """Return the bytes of a row, made once: stored, digested and sent as they are."""
    row = {"kind": kind, "id": id, "scope": scope, "version": version, "op": op, "body": body}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(row: bytes) -> str:
    """Return the digest of a row's bytes, in hex."""
    return sha256_hex(row)


def chain_step(chain: str, row_digest: str) -> str:
    """Return the feed's chain after one more row; both in hex, 64 zeros at first."""
    return sha256_hex(bytes.fromhex(chain) + bytes.fromhex(row_digest))


def scope_hash(scopes: Iterable[str]) -> str:
    """Return the hash of a set of scopes, whatever its order."""
    return sha256_hex("\n".join(sorted(set(scopes))).encode())


@dataclass(frozen=True, slots=True)
class Cursor:
    """A phone's place in the feed, which only the server reads.

    `pos` is the last position scanned and `chain` the feed's chain there; `epoch` names the
    server's history, `scopes` is the `scope_hash` of what the phone may see.
    """

    epoch: str
    pos: int
    chain: str
    scopes: str


@dataclass(frozen=True, slots=True)
class Resume:
    """How far a snapshot of one scope has come, which only the server reads.

    `pos` is the feed's position when the snapshot began and `chain` its chain there: what changes
    later comes by pulling from it. `kind`, `entity` and `version` are the last key scanned.
    """

    epoch: str
    pos: int
    chain: str
    scope: str
    kind: str
    entity: str
    version: int


class _CursorMembers(Struct, forbid_unknown_fields=True, frozen=True):
    e: str
    p: Count
    c: Hash
    s: Hash


class _ResumeMembers(Struct, forbid_unknown_fields=True, frozen=True):
    e: str
    p: Count
    c: Hash
    o: Uuid
    k: Code
    i: Uuid
    v: Count


def make_cursor(key: bytes, cursor: Cursor) -> str:
    """Return the cursor as text with a MAC by the server's secret `key`."""
    return _seal(key, "cursor", _CursorMembers(cursor.epoch, cursor.pos, cursor.chain, cursor.scopes))


def open_cursor(key: bytes, text: str) -> Cursor | None:
    """Return the cursor of a text that this server made, else None (reset `cursor`)."""
    members = _open(key, "cursor", text, _CursorMembers)
    return None if members is None else Cursor(members.e, members.p, members.c, members.s)


def make_resume(key: bytes, at: Resume) -> str:
    """Return the place in a snapshot as text with a MAC by the server's secret `key`."""
    members = _ResumeMembers(at.epoch, at.pos, at.chain, at.scope, at.kind, at.entity, at.version)
    return _seal(key, "resume", members)


def open_resume(key: bytes, text: str) -> Resume | None:
    """Return the place of a text that this server made, else None (reset `cursor`)."""
    members = _open(key, "resume", text, _ResumeMembers)
    if members is None:
        return None
    return Resume(members.e, members.p, members.c, members.o, members.k, members.i, members.v)


def _seal(key: bytes, what: str, members: Struct) -> str:
    payload = msgspec.json.encode(members)
    return f"{b64url_encode(payload)}.{b64url_encode(_mac(key, what, payload))}"


def _open(key: bytes, what: str, text: str, members: type[MembersT]) -> MembersT | None:
    head, _, tail = text.partition(".")
    try:
        payload, mac = b64url_decode(head), b64url_decode(tail)
    except EncodingError:
        return None
    if not hmac.compare_digest(_mac(key, what, payload), mac):
        return None
    try:
        return msgspec.json.decode(payload, type=members)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _mac(key: bytes, what: str, payload: bytes) -> bytes:
    return hmac.new(key, f"fieldsync/1 {what}\n".encode() + payload, hashlib.sha256).digest()[:16]
