"""How often what an occurrence is judged by has changed, counted by the database itself."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl
from server.rounds import triggers
from server.rounds.models import Visit
from server.rounds.skips import Skip, SkipDecision

MOVED = text("changes <> looked")


class RoundChange(Base):
    """How often what an occurrence is judged by has changed: triggers count, whoever writes it."""

    __tablename__ = "round_change"
    __table_args__ = (Index("ix_round_change_moved", "site_id", sqlite_where=MOVED, postgresql_where=MOVED),)

    occurrence_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID]
    changes: Mapped[int]
    looked: Mapped[int] = mapped_column(default=0, server_default="0")
    """How far `changes` was when `server.rounds.service.telling` looked last."""


for _table in (Visit, Skip, SkipDecision):
    ddl.attach(_table.__table__, triggers.counted(_table.__tablename__, "round_change"))  # type: ignore[arg-type]
