"""Tables of the asset register, beside `asset` itself, which is a place of `server.sites`."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.feed.models import Fed
from server.sites.models import Named


class Document(Named, Fed, Base):
    """A paper of assets: an operating procedure, a maintenance standard, a drawing, a certificate."""

    __tablename__ = "document"
    feed_kind_name: ClassVar[str] = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """``procedure``, ``standard``, ``drawing``, ``certificate`` or ``other``."""
    categories: Mapped[list[str]] = mapped_column(JSON)
    """It belongs to every asset of these categories."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file as it was given."""
    mime: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"sha256", "width", "height", "size"}]``: pictures of the site, one for each page."""
    added_by: Mapped[UUID | None]
    added_ms: Mapped[int]


class DocumentFile(Base):
    """The bytes of a paper as they were given; only the console asks for them."""

    __tablename__ = "document_file"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation_id: Mapped[UUID]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentAsset(Base):
    """A paper belongs to an asset."""

    __tablename__ = "document_asset"
    __table_args__ = (Index("ix_document_asset_asset_id", "asset_id"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]


class StateSaid(Base):
    """Somebody at the asset said that it stands, or runs again: a record `asset.state`. A projection."""

    __tablename__ = "asset_said"
    __table_args__ = (Index("ix_asset_said_asset_id", "asset_id"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the record."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    asset_id: Mapped[UUID]
    """As the record names it; there may be no such asset."""
    state: Mapped[str] = mapped_column(String(10))
    since_ms: Mapped[int | None]
    """Since when, as the person says; None: since the record was made."""
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    log: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int]
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class StateEntry(Base):
    """The office entered that an asset stands, or runs again. Never changed."""

    __tablename__ = "asset_entry"
    __table_args__ = (Index("ix_asset_entry_asset_id", "asset_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    state: Mapped[str] = mapped_column(String(10))
    at_ms: Mapped[int]
    """Since when, as the office says."""
    why: Mapped[str]
    entered_by: Mapped[UUID]
    entered_ms: Mapped[int]


class Duty(Named, Base):
    """A test or a calibration that an asset needs again and again."""

    __tablename__ = "duty"
    __table_args__ = (
        Index("ix_duty_asset_id", "asset_id"),
        Index("ix_duty_site_id_next_on", "site_id", "next_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("asset.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """``test``, ``calibration``, ``lightning`` or ``other``."""
    every_months: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(8))
    """``done``: so many months after it was done; ``fixed``: on the days that follow from the first."""
    first_on: Mapped[date]
    """When it is due first."""
    remind_days: Mapped[int]
    """So long before somebody is told."""
    next_on: Mapped[date]
    """When it is due next: what `duties.next_due` says, for lists and filters."""
    retired_ms: Mapped[int | None]
    """When it was taken off the asset. What was done stays."""


class DutyDone(Base):
    """A test or a calibration was done, or a row of this table is taken back. Never changed."""

    __tablename__ = "duty_done"
    __table_args__ = (Index("ix_duty_done_duty_id", "duty_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duty.id"))
    done_on: Mapped[date]
    passed: Mapped[bool]
    """A test that was not passed leaves the duty due as it was."""
    number: Mapped[str]
    """Of the certificate or report."""
    by: Mapped[str]
    """Who tested: an institute, a company."""
    document_id: Mapped[UUID | None]
    next_on: Mapped[date | None]
    """The day that the certificate itself names."""
    voids: Mapped[UUID | None]
    """The row that this one takes back."""
    entered_by: Mapped[UUID]
    entered_ms: Mapped[int]


class CategoryNeed(Base):
    """Which members the card of an asset of a category needs, where it is not what every card needs."""

    __tablename__ = "category_need"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[UUID]
    needs: Mapped[list[str]] = mapped_column(JSON)


class AssetImport(Base):
    """A table of assets that was read and judged, and is being taken over part by part."""

    __tablename__ = "asset_import"
    __table_args__ = (Index("ix_asset_import_site_id", "site_id", "made_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    file_name: Mapped[str]
    made_by: Mapped[UUID]
    made_ms: Mapped[int]
    total: Mapped[int]
    """Rows of the file, blank ones left out."""
    new: Mapped[int]
    """Rows that make an asset."""
    changed: Mapped[int]
    """Rows that change one."""
    same: Mapped[int]
    """Rows that say what is so already."""
    bad: Mapped[int]
    """Rows that were refused."""
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"row", "column", "why", "value"}]``, the first so many."""
    unknown: Mapped[list[str]] = mapped_column(JSON)
    """Heads of columns that nobody knows; what stands below them is passed over."""
    parts: Mapped[int]
    taken: Mapped[int]
    """How many parts have been taken over."""
    state: Mapped[str] = mapped_column(String(8))
    """``judged``, ``taking``, ``done`` or ``dropped``."""


class AssetImportPart(Base):
    """Some hundred rows of an import, as they will be taken over. Gone when they were."""

    __tablename__ = "asset_import_part"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("asset_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON."""


class TakeOver(Base):
    """A property is taken over: what stands in the register is looked at, thing by thing."""

    __tablename__ = "take_over"
    __table_args__ = (Index("ix_take_over_site_id", "site_id", "begun_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    from_whom: Mapped[str]
    begun_by: Mapped[UUID]
    begun_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    ended_by: Mapped[UUID | None]


class TakeOverCheck(Base):
    """What was found of one asset, shared part or acceptance paper. Never changed; the last word holds."""

    __tablename__ = "take_over_check"
    __table_args__ = (Index("ix_take_over_check_take_over_id", "take_over_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    take_over_id: Mapped[UUID] = mapped_column(ForeignKey("take_over.id"))
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    asset_id: Mapped[UUID | None]
    item: Mapped[str | None] = mapped_column(String(20))
    """A shared part or an acceptance paper, by its name in `server.assets.takeover`."""
    found: Mapped[str] = mapped_column(String(8))
    """``there``, ``defect`` or ``missing``."""
    note: Mapped[str]
    checked_by: Mapped[UUID]
    checked_ms: Mapped[int]


for _table in (StateEntry, DutyDone, TakeOverCheck):
    ddl.attach(_table.__table__, ddl.insert_only(_table.__tablename__))  # type: ignore[arg-type]
