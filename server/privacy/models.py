"""Tables of consent and erasure."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed.models import Fed


class Consent(Base):
    """What a person said to the text about what is recorded: a projection of `consent`."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person", "organisation_id", "person_id", "estimate_ms"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The record's hash."""
    site_id: Mapped[UUID]
    device_id: Mapped[UUID]
    person_id: Mapped[UUID]
    text_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    location: Mapped[bool]
    """Whether records may say where they were made."""
    estimate_ms: Mapped[int]


class Erasure(Fed, Base):
    """Tells the phones of a site whose private parts and photos they drop."""

    __tablename__ = "erasure"
    feed_kind_name: ClassVar[str] = "erasure"
    feed_entity: ClassVar[str] = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    at_ms: Mapped[int]
