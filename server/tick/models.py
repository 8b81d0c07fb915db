"""Tables of periodic work."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Lease(Base):
    """Who may do a piece of work just now. Belongs to the installation, not to an organisation."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    """A random name of the process that holds it."""
    until_ms: Mapped[int]
    """From then on anybody may take it."""
