"""What was made from which template."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Drafted(Base):
    """A thing of a site that was made from a template; it is changed afterwards like any other thing.

    The row makes a second making find what the first one made, and tells how a later version of the
    template differs. It changes only when the thing is made anew because its place was taken down.
    """

    __tablename__ = "drafted"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    template: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """``zone``, ``place``, ``form``, ``route`` or ``plan``; ``upkeep``, a rule; ``clause``, a deadline."""
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its key in the template, with a number where the site has several: ``lobby.3``."""
    organisation_id: Mapped[UUID]
    thing_id: Mapped[UUID]
    """Of a deadline the site: it stands in the site's policy under its key."""
    template_version: Mapped[int]
    made_ms: Mapped[int]
    source: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the template said of it then, for this site."""
