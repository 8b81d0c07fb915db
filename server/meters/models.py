"""Tables of the meters feature.

`meter_reading`, `meter_hour` and `meter_exchange` are projections: of records, and of what the office entered
into `meter_entry`. Values are decimal strings as they were read, and millionths of the unit to reckon with.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.feed.models import Fed
from server.sites.models import Named


class Meter(Named, Fed, Base):
    """Something on an asset that is read. What a reading is judged by is the edition it was taken under."""

    __tablename__ = "meter"
    __table_args__ = (UniqueConstraint("asset_id", "key", name="uq_meter_asset_id"),)
    feed_kind_name: ClassVar[str] = "meter"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    key: Mapped[str] = mapped_column(String(32))
    """By which a form's field names it, such as ``pressure``; unique on its asset, and never changed."""
    number: Mapped[str] = mapped_column(String(40), default="")
    """The number on its case; an exchange may bring another one."""
    edition: Mapped[int]
    """The newest edition."""
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As in its newest edition: unit, decimals, kind, max, limits, seasons, jump (`sync.meters`)."""
    medium: Mapped[str] = mapped_column(String(10), default="", server_default="")
    """For the ledgers: ``water``, ``power``, ``gas``, or empty."""
    feeds_id: Mapped[UUID | None]
    """The main meter behind which it lies: what it counts, the main one counted before."""
    team_id: Mapped[UUID | None]
    """The team in whose statement its consumption stands."""
    numbered_ms: Mapped[int | None]
    """Since when it bears this number: an exchange before that does not change it."""
    exchanges: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many exchanges of it were noted, by phones and by the office."""
    retired_ms: Mapped[int | None]
    last_value: Mapped[str | None]
    """The newest reading, for phones; a reading that comes late does not take its place."""
    last_ms: Mapped[int | None]
    last_level: Mapped[str | None] = mapped_column(String(8))
    last_id: Mapped[str | None] = mapped_column(String(100))
    over_ms: Mapped[int | None]
    """Since when the newest readings lie beyond a limit; None: the newest one does not."""


class MeterEdition(Base):
    """What a meter was from a moment on. Never changed: a reading is judged by the one it was taken under."""

    __tablename__ = "meter_edition"

    meter_id: Mapped[UUID] = mapped_column(ForeignKey("meter.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    since_ms: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class MeterReading(Base):
    """A point of a meter's series. A projection of records and entries; see `server.meters.series`."""

    __tablename__ = "meter_reading"
    __table_args__ = (
        Index("ix_meter_reading_meter_id", "meter_id", "estimate_ms", "id"),
        Index("ix_meter_reading_visit_id", "visit_id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Of a reading at a visit: the visit, a dot and the field. Of an entry: its id."""
    site_id: Mapped[UUID]
    meter_id: Mapped[UUID]
    edition: Mapped[int]
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    value: Mapped[str | None]
    """As it was read; of an exchange what the new meter began with. None: not known."""
    micro: Mapped[int | None]
    """What counts, in millionths: the corrected value where there is one. None: it does not count."""
    end_micro: Mapped[int | None]
    """Of an exchange, what the old meter showed last."""
    exchange: Mapped[bool]
    level: Mapped[str | None] = mapped_column(String(8))
    mark: Mapped[str | None] = mapped_column(String(10))
    step: Mapped[int | None]
    """What the counter rose up to here since the point before, in millionths."""
    correction_id: Mapped[UUID | None]
    """The entry of the office that corrected or confirmed it last."""
    record_hash: Mapped[str | None] = mapped_column(String(64))
    visit_id: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    """Who entered it at the office; None where it came by a record."""
    received_ms: Mapped[int]


class MeterHour(Base):
    """The readings of an hour of one meter: a chart over a million of them stays quick. A projection."""

    __tablename__ = "meter_hour"

    meter_id: Mapped[UUID] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    """Hours since 1970 UTC."""
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    readings: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]
    last_ms: Mapped[int]
    worst: Mapped[int]
    """0 normal, 1 warning, 2 alarm."""
    marks: Mapped[int]
    """How many of them are marked."""


class MeterEntry(Base):
    """What the office wrote to a meter: a reading, a correction of one, or an exchange. Never changed."""

    __tablename__ = "meter_entry"
    __table_args__ = (Index("ix_meter_entry_meter_id", "meter_id", "entered_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    meter_id: Mapped[UUID] = mapped_column(ForeignKey("meter.id"))
    kind: Mapped[str] = mapped_column(String(10))
    """``reading``, ``correction`` or ``exchange``."""
    at_ms: Mapped[int | None]
    """When it was read or exchanged; None for a correction, which has the moment of its reading."""
    edition: Mapped[int]
    value: Mapped[str | None]
    """Of a correction: None strikes the reading out, the same value confirms it."""
    end_value: Mapped[str | None]
    reading_id: Mapped[str | None] = mapped_column(String(100))
    """The reading that is corrected."""
    number: Mapped[str | None] = mapped_column(String(40))
    """Of an exchange: the number on the new meter's case."""
    why: Mapped[str]
    entered_by: Mapped[UUID]
    entered_ms: Mapped[int]


class MeterExchange(Base):
    """A technician exchanged a meter: a record `meter.exchange`. A projection."""

    __tablename__ = "meter_exchange"
    __table_args__ = (Index("ix_meter_exchange_meter_id", "meter_id"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the record, and the id of its point in the series."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    meter_id: Mapped[UUID]
    """As the record names it; there may be no such meter."""
    edition: Mapped[int]
    end: Mapped[str | None]
    start: Mapped[str]
    number: Mapped[str | None] = mapped_column(String(40))
    seen: Mapped[int]
    """Of how many exchanges of the meter the phone had heard."""
    log: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int]
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class MeterTarget(Base):
    """How much of a medium a month may use at most, from a month on. Never changed; the last one holds."""

    __tablename__ = "meter_target"
    __table_args__ = (Index("ix_meter_target_site_id", "site_id", "medium"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    medium: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(8))
    """``site``, ``team`` or ``meter``."""
    scope_id: Mapped[UUID]
    month: Mapped[str] = mapped_column(String(7))
    """``2026-11``: the first month for which it holds."""
    amount: Mapped[str | None]
    """Decimal string in the medium's unit; None: no target any more."""
    set_by: Mapped[UUID]
    set_ms: Mapped[int]


for _model in (MeterEdition, MeterEntry, MeterTarget):
    ddl.attach(_model.__table__, ddl.insert_only(_model.__tablename__))  # type: ignore[arg-type]
