"""What was told of a round: to the office, by its board and list; and to the phones that may walk it.

`round_report` and `report_seen` are insert-only: what somebody was told stays known, also when it
turns out wrong. `progress` says of a round of these days how far it is, and comes down to phones.
"""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.feed.models import Fed

CAUSES: Final = ("over", "record", "heard", "office")
"""Why a state is told: the round is over, a record came late, a phone was heard, or the office said so."""

FURTHER = text("number > 1")
WAITS = text("state = 'unheard'")


class RoundReport(Base):
    """The state of a round as it was told once it was over, and again whenever it changed."""

    __tablename__ = "round_report"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "number"),
        Index("ix_round_report_further", "site_id", "at_ms", sqlite_where=FURTHER, postgresql_where=FURTHER),
        Index("ix_round_report_waits", "site_id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    number: Mapped[int]
    """1 is what was told first."""
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int]
    total: Mapped[int]
    at_ms: Mapped[int]
    cause: Mapped[str] = mapped_column(String(10))
    """One of `CAUSES`."""
    record: Mapped[str | None] = mapped_column(String(64))
    """With the cause `record`, the visit that came last."""


class ReportSeen(Base):
    """Somebody in the office has taken note that what they were told was corrected."""

    __tablename__ = "report_seen"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("round_report.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    at_ms: Mapped[int]


class Progress(Fed, Base):
    """How far a round is, as the server knows it: what phones show of colleagues' walks."""

    __tablename__ = "progress"
    __table_args__ = (Index("ix_progress_site_id", "site_id"),)
    feed_kind_name: ClassVar[str] = "progress"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """The occurrence's."""
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    state: Mapped[str] = mapped_column(String(10))
    stops: Mapped[list[str]] = mapped_column(JSON)
    """The stops that somebody reached, in walking order."""
    people: Mapped[list[str]] = mapped_column(JSON)
    """Who reached them, the first first."""
    known_ms: Mapped[int]
    """When the newest record behind it came to the server."""
    fed: Mapped[bool] = mapped_column(default=True)
    """Whether phones still get it; it leaves them a while after the round is over."""


for _table in ("round_report", "report_seen"):
    ddl.attach(Base.metadata.tables[_table], ddl.insert_only(_table))
