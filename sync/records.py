"""The sealed record: its body, made once, and what the two sides do with it.

See ``docs/protocol/records.md``. A body is a text, never an object that is written out
again: `build_body` makes it when the person presses save, and from then on its bytes
are stored, signed, hashed, sent and verified as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from sync.encoding import ZERO_HASH, EncodingError, b64url_decode, sha256_hex
from sync.keys import SigningKey, verify
from sync.payloads import (
    PAYLOADS,
    PRIVATE_LIMITS,
    PRIVATE_TEXT_LIMIT,
    WITHOUT_ACTOR,
    AnyPayload,
    newest,
)
from sync.scalars import (
    App,
    Boot,
    Code,
    Count,
    FieldId,
    Hash,
    Int,
    LogId,
    Seq,
    Token,
    Uuid,
    Version,
    Zone,
)
from sync.strict import StrictError, loads

MAX_BODY_BYTES = 262_144
"""256 KiB of UTF-8; a longer body goes to `raw` and is `too_large`."""

SIGNED_PREFIX = "fieldsync/1 record\n"

PrivateName = Annotated[str, Meta(pattern=r"^(geo|name|note|raw|text\.[a-z][a-z0-9_]{0,31})\Z")]

SchemaCode = Literal["schema", "unknown_type", "too_large"]


class SchemaError(ValueError):
    """A body that cannot be read as a record; it is kept under quarantine `code`.

    `place` is where the body says it stands, when at least that can be read: a record
    that nobody understands still holds its place in the chain.
    """

    def __init__(self, code: SchemaCode, detail: str = "", place: Place | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: SchemaCode = code
        self.detail = detail
        self.place = place


class Place(Struct, frozen=True):
    """Where a record stands: its log, its number and the hash of the one before."""

    log: LogId
    seq: Seq
    prev: Hash


class Time(Struct, forbid_unknown_fields=True, frozen=True):
    """The phone's clocks when the record was made; see ``sync.clocks``.

    `wall` and `mono` in ms; `boot` names the page session whose `mono` it is; `anchor` is
    the token last heard from the server.
    """

    wall: Int
    mono: Count
    boot: Boot
    tz: Zone
    anchor: Token | None


class Base(Struct, forbid_unknown_fields=True, frozen=True):
    """The entity and the version of it that a command saw."""

    entity: Uuid
    version: Version


class Blob(Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A photo, voice note or signature that the record names: hash and bytes of the whole, and what it is."""

    sha256: Hash
    size: Annotated[int, Meta(ge=0, le=12_582_912)]
    mime: Literal["image/jpeg", "image/png", "image/webp", "audio/webm", "audio/mp4"]
    role: Literal["frame", "photo", "voice", "signature"]
    field: FieldId | None = None
    of: Hash | None = None
    """This is the photo as it was taken, before it was drawn on: the hash of the other."""
    lost: bool = False


class Envelope(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """Everything of a body but its payload, which depends on the type; members in their order."""

    v: Literal[1]
    log: LogId
    seq: Seq
    prev: Hash
    id: Uuid
    type: Code
    tv: Version
    actor: Uuid | None
    site: Uuid
    app: App
    t: Time
    private: Annotated[dict[PrivateName, Hash], Meta(max_length=104)] = {}
    deps: Annotated[list[Hash], Meta(max_length=16)] = []
    base: Base | None = None
    blobs: Annotated[list[Blob], Meta(max_length=32)] = []
    payload: Raw = msgspec.field(name="p")
    """The payload's JSON text."""

    @property
    def p(self) -> dict[str, object]:
        """The payload's members as they travel."""
        members: dict[str, object] = msgspec.json.decode(self.payload)
        return members

    @property
    def place(self) -> Place:
        """Where the record stands."""
        return Place(self.log, self.seq, self.prev)


class Body(Struct, frozen=True):
    """A body that was read: the envelope, and the payload in the newest version of its type."""

    envelope: Envelope
    payload: AnyPayload

    @property
    def place(self) -> Place:
        """Where the record stands."""
        return self.envelope.place


class PrivatePart(Struct, forbid_unknown_fields=True, frozen=True):
    """What a person may later have erased: it travels beside the body, which has its hash."""

    salt: Annotated[str, Meta(max_length=64)]
    value: Annotated[str, Meta(max_length=8_192)]


class WireRecord(Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A record as it travels. Only its form is checked here; its content by `parse_body`."""

    body: Annotated[str, Meta(max_length=4_194_304)]
    sig: Annotated[str, Meta(max_length=200)]
    alg: Annotated[str, Meta(max_length=16)]
    private: Annotated[dict[Annotated[str, Meta(max_length=64)], PrivatePart], Meta(max_length=104)] = {}
    sig_prev: Annotated[str, Meta(max_length=200)] | None = None


# -- making a record -------------------------------------------------------------------


def build_body(
    *,
    log: str,
    seq: int,
    prev: str,
    id: str,  # noqa: A002 (the member's name)
    type: str,  # noqa: A002
    actor: str | None,
    site: str,
    app: str,
    t: Time,
    p: AnyPayload | Mapping[str, object],
    tv: int = 1,
    private: Mapping[str, str] | None = None,
    deps: Sequence[str] = (),
    base: Base | None = None,
    blobs: Sequence[Blob] = (),
) -> str:
    """Return the text of a body: members in the order of the specification, no blanks.

    :param private: name → hash of the private part (`private_hash`)
    """
    body: dict[str, object] = {
        "v": 1,
        "log": log,
        "seq": seq,
        "prev": prev,
        "id": id,
        "type": type,
        "tv": tv,
        "actor": actor,
        "site": site,
        "app": app,
        "t": msgspec.to_builtins(t),
    }
    if private:
        body["private"] = dict(private)
    if deps:
        body["deps"] = list(deps)
    if base is not None:
        body["base"] = msgspec.to_builtins(base)
    if blobs:
        body["blobs"] = [_blob_members(blob) for blob in blobs]
    body["p"] = msgspec.to_builtins(p)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _blob_members(blob: Blob) -> dict[str, object]:
    members: dict[str, object] = {
        "sha256": blob.sha256,
        "size": blob.size,
        "mime": blob.mime,
        "role": blob.role,
    }
    if blob.field is not None:
        members["field"] = blob.field
    if blob.of is not None:
        members["of"] = blob.of
    if blob.lost:
        members["lost"] = True
    return members


def record_hash(body: str) -> str:
    """Return the hash of a record: SHA-256 of its body's UTF-8."""
    return sha256_hex(body.encode("utf-8"))


def signed_bytes(body: str) -> bytes:
    """Return the bytes that a record's signature covers."""
    return (SIGNED_PREFIX + body).encode("utf-8")


def sign_record(key: SigningKey, body: str) -> str:
    """Return the log's signature of a record."""
    return key.sign(signed_bytes(body))


def verify_record(public_key: str, body: str, signature: str) -> bool:
    """Whether `signature` is the key's over the body."""
    return verify(public_key, signed_bytes(body), signature)


def private_hash(salt: str, value: str) -> str:
    """Return what a body holds of a private part: the hash of salt text and value text.

    :param salt: base64url of 16 random bytes
    """
    return sha256_hex((salt + value).encode("utf-8"))


# -- reading a record ------------------------------------------------------------------


def parse_body(text: str) -> Body:
    """Return a body that keeps the schema of its type.

    :raises SchemaError: `too_large`, `schema`, or `unknown_type` when the envelope is in
        order but this code does not know the type or the version of its payload
    """
    if len(text) > MAX_BODY_BYTES or len(text.encode("utf-8", "replace")) > MAX_BODY_BYTES:
        raise SchemaError("too_large")
    return _as_written(text) or _exactly(text)


def _as_written(text: str) -> Body | None:
    """Return a body that is surely good, and None for one that must be looked at closely.

    What was read is written again: where that gives the same text, there was nothing in it that two
    decoders could understand differently, no key twice, no blank, no number of another form.
    """
    try:
        raw = text.encode("utf-8")
        envelope = _ENVELOPE.decode(raw)
        payload = _PAYLOAD[envelope.type, envelope.tv].decode(envelope.payload)
    except (KeyError, ValueError, RecursionError, msgspec.MsgspecError):
        return None
    if b"\\" in raw or _WRITE(envelope) != raw or _WRITE(payload) != bytes(envelope.payload):
        return None
    if _inconsistency(envelope):
        return None
    return Body(envelope, newest(envelope.type, envelope.tv, payload))


def _exactly(text: str) -> Body:
    """Return any good body.

    :raises SchemaError: it is none, and why
    """
    try:
        members = loads(text, integers_only=True)
    except StrictError as error:
        raise SchemaError("schema", str(error)) from None
    if not isinstance(members, dict):
        raise SchemaError("schema", "not an object")
    place = _place(members)
    version = members.get("v")
    if type(version) is int and version > 1:
        raise SchemaError("unknown_type", f"envelope version {version}", place)
    if not isinstance(members.get("p", {}), dict):
        raise SchemaError("schema", "p is not an object", place)
    try:
        envelope = _ENVELOPE.decode(text)
    except msgspec.ValidationError as error:
        raise SchemaError("schema", str(error), place) from None
    decoder = _PAYLOAD.get((envelope.type, envelope.tv))
    if decoder is None:
        raise SchemaError("unknown_type", f"{envelope.type} {envelope.tv}", place)
    try:
        payload = decoder.decode(envelope.payload)
    except msgspec.ValidationError as error:
        raise SchemaError("schema", f"p: {error}", place) from None
    fault = _inconsistency(envelope)
    if fault:
        raise SchemaError("schema", fault, place)
    return Body(envelope, newest(envelope.type, envelope.tv, payload))


_ENVELOPE = msgspec.json.Decoder(Envelope)
_PAYLOAD: dict[tuple[str, int], msgspec.json.Decoder[AnyPayload]] = {
    name: msgspec.json.Decoder(payload) for name, payload in PAYLOADS.items()
}
_WRITE = msgspec.json.Encoder().encode


def read_place(text: str) -> Place | None:
    """Return where a body says it stands, whatever else is wrong with it."""
    try:
        members = loads(text, max_bytes=MAX_BODY_BYTES)
    except StrictError:
        return None
    return _place(members)


def check_private(body: Body, parts: Mapping[str, PrivatePart]) -> None:
    """Check the private parts that came with a record. A missing one is never a fault.

    :raises SchemaError: `schema`: a part that the body does not name, whose hash does not
        fit, whose salt is not of 16 bytes or whose text is too long
    """
    for name, part in parts.items():
        fault = _private_fault(body, name, part)
        if fault:
            raise SchemaError("schema", f"private part {name} {fault}", body.place)


def fitting_private(body: Body, parts: Mapping[str, PrivatePart]) -> dict[str, PrivatePart]:
    """Return those private parts that fit the body: what the author sealed, whoever brings it."""
    return {name: part for name, part in parts.items() if _private_fault(body, name, part) is None}


def _private_fault(body: Body, name: str, part: PrivatePart) -> str | None:
    if name not in body.envelope.private:
        return "is not named"
    if private_hash(part.salt, part.value) != body.envelope.private[name]:
        return "does not fit"
    try:
        b64url_decode(part.salt, length=16)
    except EncodingError:
        return "has no salt of 16 bytes"
    return "is too long" if len(part.value) > PRIVATE_LIMITS.get(name, PRIVATE_TEXT_LIMIT) else None


def _place(members: object) -> Place | None:
    try:
        return msgspec.convert(members, Place)
    except msgspec.ValidationError:
        return None


def _inconsistency(envelope: Envelope) -> str | None:
    first = envelope.seq == 1
    if first != (envelope.prev == ZERO_HASH):
        return "prev is 64 zeros in record 1 and only there"
    if first != (envelope.type == "log.open"):
        return "record 1 is log.open and no other is"
    actor = WITHOUT_ACTOR.get(envelope.type, "never")
    if envelope.actor is None and actor == "never":
        return "no actor"
    if envelope.actor is not None and actor == "always":
        return "an actor"
    return None
