"""A record on its way from the wire, or from the store, to its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args
from uuid import UUID

import msgspec
from msgspec import Struct, field
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.appliers import Arrival
from server.ledger.devices import Caller, LockedLog
from server.ledger.models import Log, PrivatePart, Record, Verdict
from sync.clocks import Clocks, Interval, Mark, Quality, ZonedClocks
from sync.encoding import sha256_hex
from sync.messages import Clock
from sync.records import (
    MAX_BODY_BYTES,
    Body,
    Place,
    SchemaError,
    WireRecord,
    check_private,
    fitting_private,
    parse_body,
)
from sync.records import PrivatePart as WirePart
from sync.strict import StrictError, loads

TIME_MARKS: tuple[Mark, ...] = get_args(Mark)


class Item(Struct):
    """One record: what came, what could be read of it, and what became of it."""

    hash: str
    bytes: bytes
    sig: str
    alg: str
    sig_prev: str | None
    site_id: UUID
    """The site and the phone of the log under which it is judged."""
    device_id: UUID
    sent_by: str
    """The log whose proof brought it."""
    received_ms: int
    after: Clocks | None = None
    """The phone's clocks as the request stated them; None for `raw`, and where another phone brought it."""
    place: Place | None = None
    """Where it says it stands."""
    body: Body | None = None
    code: str | None = None
    """Why it goes to quarantine, if it does."""
    fault: str | None = None
    """What keeps its text from being read, whatever became of it."""
    private: Mapping[str, WirePart] = field(default_factory=dict)
    ledger_pos: int = 0
    receipt_id: int | None = None
    seq: int | None = None
    """Its place in the chain of the log under which it is judged."""
    prev: str | None = None
    trunk: bool = False
    outcome: str = "held"
    marks: list[str] = field(default_factory=list)
    lower: int | None = None
    estimate: int | None = None
    upper: int | None = None
    quality: str | None = None
    judged_before: bool = False
    """Whether its verdict is stored already and is to be changed."""
    under: str | None = None
    """The log under which it is judged, where that is not the one that it names."""

    @property
    def named(self) -> str:
        """The log that it says it belongs to; that of the request where it does not say."""
        return self.place.log if self.place else self.sent_by

    @property
    def log(self) -> str:
        """The log under which it is judged."""
        return self.under or self.named

    def judge_under(self, log: LockedLog) -> None:
        """Judge it under `log`, as a record of the phone that keeps this log."""
        self.under = None if self.named == log.id else log.id
        self.site_id, self.device_id = log.site_id, log.device_id

    def mark(self, *marks: str) -> None:
        """Add marks, each once."""
        for mark in marks:
            if mark not in self.marks:
                self.marks.append(mark)

    def arrival(self, organisation: UUID, *, now_ms: int) -> Arrival:
        """Return the record as projections take it; it must have been read and had its turn."""
        if self.body is None or self.estimate is None or self.upper is None:
            raise ValueError(f"{self.hash} was not read or had no turn")
        return Arrival(
            organisation_id=organisation,
            site_id=self.site_id,
            device_id=self.device_id,
            log=self.body.envelope.log,
            seq=self.body.envelope.seq,
            hash=self.hash,
            body=self.body,
            payload=self.body.payload,
            private={name: part.value for name, part in self.private.items()} if self.private else {},
            interval=Interval(
                self.lower,
                self.estimate,
                self.upper,
                cast(Quality, self.quality),
                tuple(mark for mark in TIME_MARKS if mark in self.marks) if self.marks else (),
            ),
            marks=tuple(self.marks),
            received_ms=self.received_ms,
            now_ms=now_ms,
        )


def read_wire(record: WireRecord, caller: Caller, *, received_ms: int, after: Clocks | None) -> Item:
    """Return the record of a push with everything that can be read of it. Refuses nothing."""
    data = record.body.encode()
    item = Item(
        hash=sha256_hex(data),
        bytes=data,
        sig=record.sig,
        alg=record.alg,
        sig_prev=record.sig_prev,
        site_id=caller.site_id,
        device_id=caller.device_id,
        sent_by=caller.log,
        received_ms=received_ms,
        after=after,
    )
    _parse(item, record.body, record.private)
    return item


def read_raw(data: bytes, caller: Caller, *, received_ms: int) -> Item:
    """Return a record from opaque bytes: for quarantine, in its place where that can be read."""
    try:
        place = msgspec.convert(loads(data), Place)
    except (StrictError, msgspec.ValidationError):
        place = None
    return Item(
        hash=sha256_hex(data),
        bytes=data,
        sig="",
        alg="",
        sig_prev=None,
        site_id=caller.site_id,
        device_id=caller.device_id,
        sent_by=caller.log,
        received_ms=received_ms,
        place=place,
        code="too_large" if len(data) > MAX_BODY_BYTES else "schema",
    )


def _parse(item: Item, text: str, private: Mapping[str, WirePart]) -> None:
    try:
        item.body = parse_body(text)
        item.place = item.body.place
        if item.place.log != item.sent_by:  # who carries another log's record cannot spoil it
            private = fitting_private(item.body, private)
        check_private(item.body, private)
        item.private = private
    except SchemaError as error:
        item.code, item.place = error.code, error.place
        item.fault = error.code
        item.body = item.body if error.place else None


def load(session: Session, *conditions: Any) -> list[Item]:
    """Return stored records, in their order in the ledger, as `read_wire` gave them, with their verdicts."""
    rows = session.execute(
        select(Record, Verdict, Log.device_id)
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .outerjoin(Log, Log.id == Verdict.log)
        .where(*conditions)
        .order_by(Record.ledger_pos)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return []
    parts = _parts(session, rows[0][0].organisation_id, [record.hash for record, _, _ in rows])
    return [
        _stored(record, verdict, device or record.device_id, parts.get(record.hash, {}))
        for record, verdict, device in rows
    ]


def _parts(session: Session, organisation: UUID, hashes: list[str]) -> dict[str, dict[str, WirePart]]:
    found: dict[str, dict[str, WirePart]] = {}
    for part in session.execute(
        select(PrivatePart.hash, PrivatePart.name, PrivatePart.salt, PrivatePart.value).where(
            PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(hashes)
        )
    ):
        found.setdefault(part.hash, {})[part.name] = WirePart(part.salt, part.value)
    return found


def _stored(record: Record, verdict: Verdict, device: UUID, parts: Mapping[str, WirePart]) -> Item:
    after = None
    if record.clock_wall is not None:
        after = Clock(record.clock_wall, record.clock_mono or 0, record.clock_boot or "", "UTC")
    item = Item(
        hash=record.hash,
        bytes=record.body,
        sig=record.sig,
        alg=record.alg,
        sig_prev=record.sig_prev,
        site_id=verdict.site_id,
        device_id=device,
        sent_by=record.sent_by,
        received_ms=record.received_ms,
        after=after,
    )
    try:
        _parse(item, record.body.decode(), parts)
    except UnicodeDecodeError:
        item.fault = "schema"
    item.code = verdict.code
    item.under = None if verdict.log == item.named else verdict.log
    item.ledger_pos, item.receipt_id = record.ledger_pos, record.receipt_id
    item.seq, item.prev, item.trunk = verdict.seq, verdict.prev, verdict.trunk
    item.outcome, item.marks = verdict.outcome, list(verdict.marks)
    item.lower, item.estimate, item.upper = verdict.lower_ms, verdict.estimate_ms, verdict.upper_ms
    item.quality = verdict.quality
    item.judged_before = True
    return item


def clocks_of(body: bytes) -> ZonedClocks | None:
    """Return the phone's clocks in a stored body, or None where it cannot be read."""
    try:
        return parse_body(body.decode()).envelope.t
    except (SchemaError, UnicodeDecodeError):
        return None
