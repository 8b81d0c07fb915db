"""What people say of rounds and records, beside scanning: who stands in for whom, and how a mark came about.

Both tables are projections of the ledger's records, made by `server.rounds.apply_said`.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class StandIn(Base):
    """A person took over a round that is another's: a record `round.take`. A projection."""

    __tablename__ = "stand_in"
    __table_args__ = (
        Index("ix_stand_in_occurrence_id", "occurrence_id"),
        Index("ix_stand_in_site_id_estimate_ms", "site_id", "estimate_ms"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the record."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID]
    """Who took it over."""
    occurrence_id: Mapped[UUID]
    """As the record names it; there may be no such occurrence."""
    instead_kind: Mapped[str | None] = mapped_column(String(10))
    """``team``, ``person``, ``post`` or ``company``: whose the phone saw it to be; None: it did not know."""
    instead_id: Mapped[UUID | None]
    lower_ms: Mapped[int | None]
    estimate_ms: Mapped[int]
    upper_ms: Mapped[int]
    quality: Mapped[str] = mapped_column(String(1))
    received_ms: Mapped[int]
    marks: Mapped[list[str]] = mapped_column(JSON)


class Explanation(Base):
    """A person said how a record came about: a record `explain`. A projection.

    The words stay a private part of the record.
    """

    __tablename__ = "explanation"
    __table_args__ = (Index("ix_explanation_record_hash", "organisation_id", "record_hash"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the record that says it."""
    record_hash: Mapped[str] = mapped_column(String(64))
    """Of the record that is explained; it may not have come."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID]
    estimate_ms: Mapped[int]
    received_ms: Mapped[int]
