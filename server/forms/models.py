"""Tables of the forms feature."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed.models import Fed


class Form(Fed, Base):
    """A checklist; its name and fields stand in its editions."""

    __tablename__ = "form"
    feed_kind_name: ClassVar[str] = "form"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    edition: Mapped[int]
    """The edition in force; rises with every change."""


class FormEdition(Base):
    """One edition as it was published. Never changed: answers are read by the edition they name."""

    __tablename__ = "form_edition"

    form_id: Mapped[UUID] = mapped_column(ForeignKey("form.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    made_ms: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As docs/protocol/forms.md: `id, name, edition, fields`."""
