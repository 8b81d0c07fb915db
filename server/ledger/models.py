"""Tables of the ledger: phones and their logs, records, receipts, photos, and what became of them.

`record`, `receipt` and `blob` are insert-only by trigger. `verdict`, `blob_claim` and a log's
figures are computed from them and may change; private parts may be erased.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl


class Device(Base):
    """A phone that belongs to a site, whoever carries it."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(index=True)
    site_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(String(10))
    """See `server.ledger.lifecycle`."""
    public_key: Mapped[str]
    """The key with which it joined."""
    check_word: Mapped[str] = mapped_column(String(20))
    made_ms: Mapped[int]
    heard_ms: Mapped[int | None]
    """Server time of the last proven contact."""
    clear_ms: Mapped[int | None]
    """Server time of the last contact that said nothing was left unsent: it is *heard up to* then."""
    app: Mapped[str] = mapped_column(String(32), default="")
    unsent_records: Mapped[int] = mapped_column(default=0)
    unsent_photos: Mapped[int] = mapped_column(default=0)
    unsent_oldest_wall: Mapped[int | None]
    """The phone's own clock at its oldest unsent record, ms."""
    storage: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    capabilities: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    pin_failed: Mapped[int] = mapped_column(default=0)
    """Wrong PINs in a row on this phone, whoever tried."""
    pin_wait_until_ms: Mapped[int] = mapped_column(default=0)
    left_ms: Mapped[int | None]
    """When it was last told to leave: drained or revoked."""
    wipe_order: Mapped[UUID | None]
    """The order to wipe itself that stands, if one does."""
    wipe_ms: Mapped[int | None]
    wipe_records: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many unsent records may be lost with the wipe."""
    wipe_photos: Mapped[int] = mapped_column(default=0, server_default="0")
    wiped_ms: Mapped[int | None]
    """When the phone said that it has wiped itself."""
    replaces: Mapped[UUID | None]
    """The phone in whose place it came."""


class DeviceSite(Base):
    """A phone works for a site from one moment to another; the row that is open is the site of now.

    A phone may read what belongs to the sites of its open rows. What it recorded is taken for every
    site that it ever worked for.
    """

    __tablename__ = "device_site"
    __table_args__ = (Index("ix_device_site_open", "device_id", "until_ms"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 …: how often the phone was given a site."""
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(index=True)
    from_ms: Mapped[int]
    until_ms: Mapped[int | None]


class Log(Base):
    """A phone's chain of records: one key, one life of the phone's database."""

    __tablename__ = "log"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    public_key: Mapped[str]
    alg: Mapped[str] = mapped_column(String(8), default="ES256")
    """``none`` for a log opened in the declared weak mode."""
    state: Mapped[str] = mapped_column(String(10))
    """``open``, or ``unknown``: nobody vouched for its key yet, its records wait in quarantine."""
    opened_ms: Mapped[int | None]
    """When its `log.open` came."""
    previous_log: Mapped[str | None] = mapped_column(String(26))
    max_seq: Mapped[int] = mapped_column(default=0)
    """The highest number stored in its place."""
    head_hash: Mapped[str] = mapped_column(String(64))
    """The record at `max_seq`, 64 zeros at first."""
    kept: Mapped[int] = mapped_column(default=0)
    """How many records hold a place; less than `max_seq` where some are missing."""
    settled_seq: Mapped[int] = mapped_column(default=0)
    """Every record up to this number has had its turn."""
    settled_hash: Mapped[str] = mapped_column(String(64))
    """The record at `settled_seq`, 64 zeros at first."""
    archived_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """A verified backup holds every record up to this number: the phone may let go of them."""


class LedgerHead(Base):
    """The counter and the chain of one organisation's ledger."""

    __tablename__ = "ledger_head"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    pos: Mapped[int]
    chain: Mapped[str] = mapped_column(String(64))


class Receipt(Base):
    """The server's signed word for one batch, and the phone's clocks as that request stated them."""

    __tablename__ = "receipt"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The ledger's position after the batch."""
    site_id: Mapped[UUID]
    log: Mapped[str] = mapped_column(String(26))
    from_seq: Mapped[int]
    to_seq: Mapped[int]
    received_ms: Mapped[int]
    body: Mapped[str]
    sig: Mapped[str]
    kid: Mapped[str] = mapped_column(String(64))


class Record(Base):
    """One record as it came: its exact bytes, signature and place."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("organisation_id", "hash", name="uq_record_hash"),
        Index("ix_record_log", "log", "seq"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    ledger_pos: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[UUID]
    """The site of the phone whose log it is, where that was known when it came; else of who brought it."""
    device_id: Mapped[UUID]
    log: Mapped[str] = mapped_column(String(26))
    """The log it says it belongs to; that of the request where it does not say."""
    seq: Mapped[int | None]
    """Its number, None where it could not be read."""
    prev: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    type: Mapped[str | None] = mapped_column(String(40))
    tv: Mapped[int | None]
    actor: Mapped[UUID | None]
    wall_ms: Mapped[int | None]
    body: Mapped[bytes]
    sig: Mapped[str]
    alg: Mapped[str] = mapped_column(String(16))
    sig_prev: Mapped[str | None]
    received_ms: Mapped[int]
    receipt_id: Mapped[int | None]
    """The receipt of its batch; None for `raw`."""
    sent_by: Mapped[str] = mapped_column(String(26))
    """The log whose proof brought it."""
    chain: Mapped[str] = mapped_column(String(64))
    """The ledger's chain after it."""
    clock_wall: Mapped[int | None]
    """The phone's clocks as the request stated them that brought it; None for `raw`."""
    clock_mono: Mapped[int | None]
    clock_boot: Mapped[str | None] = mapped_column(String(8))


class Countersignature(Base):
    """The good signature of a record that came first with another one, or with none."""

    __tablename__ = "countersignature"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The record's hash."""
    site_id: Mapped[UUID]
    sig: Mapped[str]
    alg: Mapped[str] = mapped_column(String(16))
    sig_prev: Mapped[str | None]
    sent_by: Mapped[str] = mapped_column(String(26))
    """Who brought it."""
    received_ms: Mapped[int]


class Verdict(Base):
    """What became of a record. Computed; changes when a held or quarantined record is released."""

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_log", "log", "seq"),
        Index("ix_verdict_open", "organisation_id", "outcome", "site_id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    ledger_pos: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[UUID]
    log: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int | None]
    """Its place in the log; learnt from the successor where the body could not be read."""
    hash: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str | None] = mapped_column(String(64))
    trunk: Mapped[bool]
    """Whether it holds its place in the chain: neither forked nor badly signed nor out of place."""
    outcome: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(20))
    marks: Mapped[list[str]] = mapped_column(JSON)
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int | None]
    upper_ms: Mapped[int | None]
    quality: Mapped[str | None] = mapped_column(String(1))


class Waiting(Base):
    """A held record waits for a record that it depends on."""

    __tablename__ = "waiting"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    needs: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The hash of the record that has not come, or has not had its turn."""
    ledger_pos: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Who waits."""
    site_id: Mapped[UUID]


class PrivatePart(Base):
    """What a person may later have erased: position, note, free text. Its hash stands in the body."""

    __tablename__ = "private_part"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The record's hash."""
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    site_id: Mapped[UUID]
    salt: Mapped[str] = mapped_column(String(64))
    value: Mapped[str]


class Blob(Base):
    """A photo that is stored whole; its bytes lie in a file named by their hash."""

    __tablename__ = "blob"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    mime: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    received_ms: Mapped[int]
    unreadable: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its header is a photo's, and no picture can be drawn from the rest."""


class BlobClaim(Base):
    """A record names a photo."""

    __tablename__ = "blob_claim"
    __table_args__ = (
        Index("ix_blob_claim_photo", "organisation_id", "sha256"),
        Index("ix_blob_claim_log", "log", "sha256"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The record's hash."""
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0, 1, 2 … in the record's order."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    log: Mapped[str] = mapped_column(String(26))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    mime: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(16))
    """`frame`, `photo`, `voice`, `signature`."""
    field: Mapped[str | None] = mapped_column(String(32))
    of_sha256: Mapped[str | None] = mapped_column(String(64))
    """This is the photo as it was taken, before that with this hash was drawn on."""
    lost: Mapped[bool]
    """The phone could not keep it, and said so in the record."""
    damaged: Mapped[bool]
    """The phone found it damaged in its store before it was sent."""


class BlobGone(Base):
    """A photo whose bytes were removed, or are not taken any more. Its row in `blob` stays as it was.

    It counts as stored for phones, which send it to nobody again, and for `verify`.
    """

    __tablename__ = "blob_gone"
    __table_args__ = (Index("ix_blob_gone_removed_ms", "removed_ms"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    why: Mapped[str] = mapped_column(String(8))
    """``expired``: its time was over. ``erased``: the person who took it had it erased."""
    gone_ms: Mapped[int]
    removed_ms: Mapped[int | None]
    """When its file was removed; None while that is still to be done."""


class Retention(Base):
    """How long an organisation keeps what is recorded of people, and how far it is forgotten."""

    __tablename__ = "retention"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    place_days: Mapped[int | None]
    """None: as the installation says."""
    photo_days: Mapped[int | None]
    place_pos: Mapped[int] = mapped_column(default=0)
    """Up to this position of the ledger no record has a place any more."""
    photo_pos: Mapped[int] = mapped_column(default=0)
    """Up to this position of the ledger the photos of every record were looked at."""


class Forgotten(Base):
    """A person who had erased what was recorded of them; what comes later is erased as well."""

    __tablename__ = "forgotten"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    at_ms: Mapped[int]
    pos: Mapped[int] = mapped_column(default=0)
    """Up to this position of the ledger it is done."""


for _table in (Record, Countersignature, Receipt, Blob):
    ddl.attach(_table.__table__, ddl.insert_only(_table.__tablename__))  # type: ignore[arg-type]
