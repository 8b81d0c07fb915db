"""Table of the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl


class AuditHead(Base):
    """The counter and the chain of one organisation's audit log."""

    __tablename__ = "audit_head"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    pos: Mapped[int]
    chain: Mapped[str] = mapped_column(String(64))


class AuditRow(Base):
    """Somebody did something. Never altered, never deleted."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_site", "organisation_id", "site_id", "pos"),
        Index("ix_audit_person", "organisation_id", "person_id", "pos"),
        Index("ix_audit_action", "organisation_id", "action", "pos"),
        Index("ix_audit_subject", "organisation_id", "subject", "pos"),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    pos: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    """Who did it; None for the server itself."""
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at_ms: Mapped[int]
    chain: Mapped[str] = mapped_column(String(64))


class AuditLook(Base):
    """When somebody last looked at something whose reading is noted: a gallery is one look, not a hundred."""

    __tablename__ = "audit_look"
    __table_args__ = (Index("ix_audit_look_at_ms", "at_ms"),)

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    site_id: Mapped[UUID]
    at_ms: Mapped[int]


ddl.attach(AuditRow.__table__, ddl.insert_only("audit"))  # type: ignore[arg-type]
