"""What the office writes to a round: comments, and the paper sheet that stood in for a phone.

All three tables are insert-only. A sheet that was entered wrongly is replaced by a later one of the
same person; one without stops withdraws it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed import ddl


class Comment(Base):
    """A remark of somebody in the office on a round."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_occurrence_id", "occurrence_id", "at_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    person_id: Mapped[UUID]
    at_ms: Mapped[int]
    text: Mapped[str]


class PaperPhoto(Base):
    """The picture of a paper sheet, drawn afresh: no EXIF, at most 2,000 pixels wide."""

    __tablename__ = "paper_photo"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of `data`."""
    organisation_id: Mapped[UUID]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class PaperSheet(Base):
    """What somebody noted on paper on a round, entered by the office with a photo of the sheet."""

    __tablename__ = "paper_sheet"
    __table_args__ = (Index("ix_paper_sheet_occurrence_id", "occurrence_id", "entered_ms"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    person_id: Mapped[UUID]
    """Who walked, by the sheet."""
    entered_by: Mapped[UUID]
    entered_ms: Mapped[int]
    why: Mapped[str]
    """Why there was no phone."""
    photo_sha256: Mapped[str | None] = mapped_column(String(64))
    """None only where the sheet is withdrawn."""
    stops: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"stop": id, "at_ms": ms}]`` as the sheet says; empty: withdrawn."""


for _table in ("comment", "paper_photo", "paper_sheet"):
    ddl.attach(Base.metadata.tables[_table], ddl.insert_only(_table))
