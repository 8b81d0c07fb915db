"""The record types and their payloads.

Rules of evolution: a type's name and a version of its payload are never reused and
never change; a new member, bound or meaning is a new ``tv`` with a struct of its own.
Every version is read for ever. What this code does not know is `unknown_type`: the
record is kept and projected once the server has learnt it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from sync.meters import MeterExchange
from sync.order_payloads import ORDER_PAYLOADS, AnyOrder
from sync.scalars import B64Url, Code, Count, FieldId, Hash, Int, LogId, Uuid, Version
from sync.stock import StockCount, StockMove

ShortString = Annotated[str, Meta(max_length=200)]
AnswerText = Annotated[str, Meta(max_length=64)]


class LogOpen(Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """The first record of a log: its key and what it continues."""

    public_key: B64Url
    device: Uuid
    previous_log: LogId | None
    previous_head: Hash | None
    reason: Literal["enrolled", "restored", "rotated", "lost"]
    capabilities: Annotated[dict[Code, ShortString | bool], Meta(max_length=32)]
    previous_seq: Version | None = None
    """Of a log whose records were cleared from the phone: the last number that was shown as saved."""


class ShiftStart(Struct, forbid_unknown_fields=True, frozen=True):
    """A person signed in on the phone."""

    method: Literal["pin"]
    online: bool
    failed_tries: Count


class ShiftEnd(Struct, forbid_unknown_fields=True, frozen=True):
    """A person's shift on the phone ended: by themselves, by quiet, by somebody else, with a move."""

    reason: Literal["person", "quiet", "switch", "moved"]


class Target(Struct, forbid_unknown_fields=True, frozen=True):
    """What a record is about, and the version of it that the phone saw."""

    kind: Literal["checkpoint", "asset"]
    id: Uuid
    version: Version


class ScannedTag(Struct, forbid_unknown_fields=True, frozen=True):
    """The tag that was read: its hash, the proof of reading, the printed version."""

    hash: Hash
    proof: Hash
    version: Version | None


class Scan(Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody read a code."""

    occurrence: Uuid | None
    stop: Uuid | None
    target: Target | None
    tag: ScannedTag | None
    result: Literal["known", "unknown", "retired", "not_here", "no_tag"]
    method: Literal["camera", "photo", "typed"]
    walk_on: bool
    out_of_order: bool


class PlacedScan(Scan, forbid_unknown_fields=True, frozen=True):
    """Somebody read a code (``tv`` 2): the record says by itself whether it also says where the phone was."""

    location: Literal["given", "refused", "unavailable", "unsaid"]
    """`given`: the private part `geo` holds it. `refused`: the person did not agree to it. `unavailable`:
    they did, and the phone had none in time. `unsaid`: a scan of version 1, which does not say."""


class FormRef(Struct, forbid_unknown_fields=True, frozen=True):
    """The edition of a form that was filled."""

    id: Uuid
    edition: Version


class PrivateAnswer(Struct, forbid_unknown_fields=True, frozen=True):
    """A text answer: the text itself is a private part."""

    private: Literal[True]


Answer: TypeAlias = AnswerText | Annotated[dict[FieldId, AnswerText | bool | Count], Meta(max_length=4)]
"""An answer as it travels. What fits the field is judged with the form (``sync.forms``)."""


class Answers(Struct, forbid_unknown_fields=True, frozen=True):
    """The filled form of one stop."""

    occurrence: Uuid | None
    stop: Uuid | None
    target: Target | None
    scan: Hash | None
    form: FormRef
    values: Annotated[dict[FieldId, Answer], Meta(max_length=100)]


class Finding(Struct, forbid_unknown_fields=True, frozen=True):
    """Something wrong that was seen."""

    occurrence: Uuid | None
    stop: Uuid | None
    target: Target | None
    urgency: Literal["normal", "urgent"]
    kind: Literal["damage", "hazard", "dirt", "blocked", "other"]


class PhotoCorrupt(Struct, forbid_unknown_fields=True, frozen=True):
    """The phone found a damaged photo in its store."""

    sha256: Hash
    why: Literal["hash", "missing", "unreadable"]


class Consent(Struct, forbid_unknown_fields=True, frozen=True):
    """A person read what is recorded about them, and agreed to their places being part of it, or did not."""

    version: Version
    """Of the text that was shown."""
    language: Literal["en", "zh"]
    """In which it was shown."""
    location: bool
    """Whether scans and findings may say where the phone was."""


class InsteadOf(Struct, forbid_unknown_fields=True, frozen=True):
    """Whose round it is by its plan, as the phone saw it."""

    kind: Literal["team", "person", "post", "company"]
    id: Uuid


class RoundTake(Struct, forbid_unknown_fields=True, frozen=True):
    """A person takes over a round that is somebody else's."""

    occurrence: Uuid
    instead_of: InsteadOf | None
    """None: the phone did not know whose it is."""


class Explain(Struct, forbid_unknown_fields=True, frozen=True):
    """A person says how a record of theirs came about; the words are the private part `note`."""

    record: Hash
    """The record that is explained, of whatever log."""


SKIP_REASONS = ("locked", "blocked", "works", "unsafe", "weather", "other")
"""Why a stop was skipped: no key, no way through, works under way, danger, weather, something else."""


class StopSkip(Struct, forbid_unknown_fields=True, frozen=True):
    """A person skips a stop of a round; words are the private part `note`, photos those of role `photo`."""

    occurrence: Uuid
    stop: Uuid
    target: Target | None
    reason: Literal["locked", "blocked", "works", "unsafe", "weather", "other"]


class AssetState(Struct, forbid_unknown_fields=True, frozen=True):
    """A person says that an asset stands, waits, or runs again; words are the private part `note`."""

    asset: Uuid
    state: Literal["running", "stopped", "standby"]
    since_ms: Int | None
    """Since when, as the person says; None: since now. A moment after the record's own is the record's."""


AnyPayload = (
    LogOpen
    | ShiftStart
    | ShiftEnd
    | Scan
    | PlacedScan
    | Answers
    | Finding
    | PhotoCorrupt
    | Consent
    | RoundTake
    | Explain
    | StopSkip
    | AssetState
    | MeterExchange
    | AnyOrder
    | StockMove
    | StockCount
)

PAYLOADS: dict[tuple[str, int], type[AnyPayload]] = {
    ("answers", 1): Answers,
    ("asset.state", 1): AssetState,
    ("consent", 1): Consent,
    ("explain", 1): Explain,
    ("finding", 1): Finding,
    ("log.open", 1): LogOpen,
    ("meter.exchange", 1): MeterExchange,
    **ORDER_PAYLOADS,
    ("photo.corrupt", 1): PhotoCorrupt,
    ("round.take", 1): RoundTake,
    ("scan", 1): Scan,
    ("scan", 2): PlacedScan,
    ("shift.end", 1): ShiftEnd,
    ("shift.start", 1): ShiftStart,
    ("stock.count", 1): StockCount,
    ("stock.move", 1): StockMove,
    ("stop.skip", 1): StopSkip,
}
"""Every type and version of its payload that this code can read; sorted."""


def _placed(scan: Scan) -> PlacedScan:
    return PlacedScan(
        scan.occurrence,
        scan.stop,
        scan.target,
        scan.tag,
        scan.result,
        scan.method,
        scan.walk_on,
        scan.out_of_order,
        "unsaid",
    )


UPCONVERTERS: dict[tuple[str, int], Callable[[Any], AnyPayload]] = {("scan", 1): _placed}
"""Of an older version: what makes the next one of it. Only the newest version is projected.

A type that has a version n + 1 has an entry (type, n). It reads what the older one meant into the newer
one and invents nothing; the record's bytes stay as they were sealed.
"""


def newest_version(type: str, tv: int) -> int:  # noqa: A002
    """Return the version in which a payload of version `tv` is projected."""
    while (type, tv) in UPCONVERTERS:
        tv += 1
    return tv


def newest(type: str, tv: int, payload: AnyPayload) -> AnyPayload:  # noqa: A002
    """Return a payload in the newest version of its type."""
    while (step := UPCONVERTERS.get((type, tv))) is not None:
        payload, tv = step(payload), tv + 1
    return payload


WITHOUT_ACTOR = {"log.open": "always", "photo.corrupt": "maybe"}
"""Types that the phone writes by itself; every other record names a person."""

PRIVATE_LIMITS = {"geo": 256, "name": 64, "note": 2_000, "raw": 1_000}
"""The most characters of a private part by name; `text.<field>` may have 2,000."""

PRIVATE_TEXT_LIMIT = 2_000
