"""Tables of a site's maps as pictures: floor maps and site maps, with what lies where on them."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.feed.models import Fed
from server.sites.models import Named


class SiteMap(Named, Fed, Base):
    """A picture of the site, or of a part of it, on which checkpoints and assets are placed."""

    __tablename__ = "site_map"
    feed_kind_name: ClassVar[str] = "map"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    number: Mapped[int]
    """1, 2, 3 … in the order in which the site shows them."""
    image_sha256: Mapped[str] = mapped_column(String(64))
    """Of the bytes in `map_image`."""
    pins: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"target": {"kind", "id"}, "x", "y"}]``: ten-thousandths of the picture's width and height."""


class MapImage(Base):
    """The bytes of a picture, drawn afresh: small enough to be kept with the rows that need it."""

    __tablename__ = "map_image"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation_id: Mapped[UUID]
    mime: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
