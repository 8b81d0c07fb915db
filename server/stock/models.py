"""Tables of the stock feature. Quantities are whole thousandths of a part's unit, prices whole fen.

What moves stock stands in two tables: `stock_entry` is what the office wrote, and nobody can change
it; `stock_move` is made of the records of phones and can be made again from them.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.feed.models import Fed
from server.sites.models import Named


def _where(condition: str) -> dict[str, Any]:
    """Return the arguments of an index that holds only some rows, on both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Part(Named, Fed, Base):
    """A spare part or consumable of a site's store."""

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("site_id", "number", name="uq_part_site_id_number"),
        Index("ix_part_code", "site_id", "code"),
    )
    feed_kind_name: ClassVar[str] = "part"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_part_site_id"))
    number: Mapped[str]
    """What stands on the shelf; unique in the site, and kept when the part is retired."""
    unit: Mapped[str]
    """In which it is counted, such as ``个`` or ``m``. It stays once anything moved."""
    category: Mapped[str] = mapped_column(default="")
    code: Mapped[str | None]
    """What a scanner reads on the shelf or the box, if there is such a code."""
    minimum_milli: Mapped[int | None]
    """Below it the part is to be ordered; None: nobody watches it."""
    reorder_milli: Mapped[int | None]
    """How much is ordered at a time; None: up to the minimum."""
    places: Mapped[list[str]] = mapped_column(JSON)
    """Where it lies, in words."""
    stock_milli: Mapped[int] = mapped_column(default=0)
    """What the moves come to. Written by `server.stock.service.levels.settle` alone, which sums them
    anew each time; `levels.wrong` proves it."""
    retired_ms: Mapped[int | None]

    @property
    def retired(self) -> bool:
        """Whether it is no longer kept."""
        return self.retired_ms is not None


class PartPrice(Base):
    """What one unit of a part costs from a moment on. Never changed: what was used then cost that."""

    __tablename__ = "part_price"
    __table_args__ = (Index("ix_part_price_part_id", "part_id", "since_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_part_price_site_id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("part.id", name="fk_part_price_part_id"))
    fen: Mapped[int | None]
    """Hundredths of a yuan; None: not known any more."""
    since_ms: Mapped[int]
    set_by: Mapped[UUID | None]


class StockEntry(Base):
    """What the office wrote of a part: a move, or a count that was confirmed. Never changed."""

    __tablename__ = "stock_entry"
    __table_args__ = (
        Index("ix_stock_entry_part_id", "part_id", "at_ms"),
        Index("ix_stock_entry_site_id", "site_id", "at_ms"),
        Index("ix_stock_entry_order", "site_id", "order_id", **_where("order_id IS NOT NULL")),
        Index("ix_stock_entry_asset", "site_id", "asset_id", **_where("asset_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_stock_entry_site_id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("part.id", name="fk_stock_entry_part_id"))
    why: Mapped[str] = mapped_column(String(12))
    """``received``, ``used``, ``returned``, ``written_off``, ``moved`` (to or from another site), or
    ``counted``: then `milli` is what lay there at that moment, and nothing earlier counts any more."""
    milli: Mapped[int]
    """How much came (positive) or went (negative)."""
    at_ms: Mapped[int]
    noted_ms: Mapped[int]
    person_id: Mapped[UUID | None]
    """Who did it or counted it."""
    noted_by: Mapped[UUID | None]
    """Who wrote it down or confirmed it."""
    note: Mapped[str]
    order_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    take_id: Mapped[UUID | None]
    pair_id: Mapped[UUID | None]
    """Of a move between two sites, the entry at the other one."""


class StockMove(Base):
    """A part was taken or brought: a record `stock.move`. A projection."""

    __tablename__ = "stock_move"
    __table_args__ = (
        Index("ix_stock_move_part_id", "part_id", "estimate_ms", "milli"),
        Index("ix_stock_move_site_id", "site_id", "estimate_ms"),
        Index("ix_stock_move_order", "site_id", "order_id", **_where("order_id IS NOT NULL")),
        Index("ix_stock_move_asset", "site_id", "asset_id", **_where("asset_id IS NOT NULL")),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the record."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    part_id: Mapped[UUID]
    """As the record names it; there may be no such part."""
    why: Mapped[str] = mapped_column(String(12))
    milli: Mapped[int]
    order_id: Mapped[UUID | None]
    asset_id: Mapped[UUID | None]
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class StockCount(Base):
    """Somebody counted a part on a phone: a record `stock.count`. A projection; it changes no stock."""

    __tablename__ = "stock_count"
    __table_args__ = (Index("ix_stock_count_site_id", "site_id", "estimate_ms"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    part_id: Mapped[UUID]
    milli: Mapped[int]
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class StockTake(Base):
    """A stock-take: from its begin on counts belong to it, until somebody settles it."""

    __tablename__ = "stock_take"
    __table_args__ = (Index("ix_stock_take_site_id", "site_id", "begun_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_stock_take_site_id"))
    category: Mapped[str]
    """Whose parts are counted; empty: all of them."""
    begun_ms: Mapped[int]
    begun_by: Mapped[UUID | None]
    settled_ms: Mapped[int | None]
    settled_by: Mapped[UUID | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    """``confirmed`` or ``dropped``; None while it runs."""


class StockTally(Base):
    """A count that was typed in at the console. Never changed; the last one of a part holds."""

    __tablename__ = "stock_tally"
    __table_args__ = (Index("ix_stock_tally_take_id", "take_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", name="fk_stock_tally_site_id"))
    take_id: Mapped[UUID] = mapped_column(ForeignKey("stock_take.id", name="fk_stock_tally_take_id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("part.id", name="fk_stock_tally_part_id"))
    milli: Mapped[int]
    at_ms: Mapped[int]
    person_id: Mapped[UUID]


INSERT_ONLY = (PartPrice, StockEntry, StockTally)
for _model in INSERT_ONLY:
    ddl.attach(_model.__table__, ddl.insert_only(_model.__tablename__))  # type: ignore[arg-type]
