"""Stops that were skipped for a reason, and what supervisors said to it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl


class Skip(Base):
    """Somebody skipped a stop of a round and said why: a record `stop.skip`. A projection."""

    __tablename__ = "skip"
    __table_args__ = (Index("ix_skip_occurrence_id", "occurrence_id"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the record."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    occurrence_id: Mapped[UUID]
    """As the record names it; there may be no such occurrence, and it may have no such stop."""
    stop_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(10))
    """``locked``, ``blocked``, ``works``, ``unsafe``, ``weather`` or ``other``."""
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class SkipDecision(Base):
    """A supervisor accepted that a stop was skipped, or did not. Never changed; the last one holds."""

    __tablename__ = "skip_decision"
    __table_args__ = (Index("ix_skip_decision_occurrence_id", "occurrence_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    occurrence_id: Mapped[UUID]
    stop_id: Mapped[UUID]
    accepted: Mapped[bool]
    why: Mapped[str | None]
    decided_by: Mapped[UUID]
    decided_ms: Mapped[int]


ddl.attach(SkipDecision.__table__, ddl.insert_only("skip_decision"))  # type: ignore[arg-type]
