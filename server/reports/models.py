"""Tables of the reports feature.

`tally` is a cache; it can be emptied at any time. Whether a row of it holds, `round_change` of the rounds
feature says. See ``docs/decisions/0014``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl


class Tally(Base):
    """A judgement that was made, and what it was made of: it holds only while that is still so."""

    __tablename__ = "tally"

    occurrence_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    rules: Mapped[int]
    """Of which program: see `server.reports.service.tally.rules_of_now`."""
    changes: Mapped[int]
    """How often that had changed before it was read; see `server.reports.service.tally.CHANGES`."""
    to_ms: Mapped[int]
    grace_ms: Mapped[int]
    excused: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int]
    total: Mapped[int]
    end_ms: Mapped[int | None]


class Reporting(Base):
    """How a site closes its periods. A site without a row has the values of `settings_of`."""

    __tablename__ = "reporting"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    close_after_days: Mapped[int]
    """So many days after its end a period may be closed."""
    closes_itself: Mapped[bool]
    """Whether months are closed by the periodic work when those days are over."""


class Closing(Base):
    """The figures of a closed period as they were stated. Never changed: what comes later is another row."""

    __tablename__ = "closing"
    __table_args__ = (
        UniqueConstraint("site_id", "period", "revision"),
        Index("ix_closing_site_id_to_ms", "site_id", "to_ms"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    period: Mapped[str] = mapped_column(String(24))
    """Its key, see `server.reports.periods`."""
    revision: Mapped[int]
    """1 is the closing itself."""
    from_ms: Mapped[int]
    to_ms: Mapped[int]
    closed_ms: Mapped[int]
    closed_by: Mapped[UUID | None]
    """None: the periodic work."""
    received_ms: Mapped[int | None]
    """The newest visit of the site that the server had by then."""
    received_pos: Mapped[int]
    """How far the organisation's ledger reached."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`{"all": sums, "demands": [{"demand", "sums"}]}` as the API shows sums."""
    footnotes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """`[{"kind", "count", …}]`: what the one number leaves open, phones by their names."""
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By which one sees that nothing has changed since, without judging again."""


ddl.attach(Closing.__table__, ddl.insert_only("closing"))  # type: ignore[arg-type]
