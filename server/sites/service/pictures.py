"""Pictures of a site: maps, photos of assets, pages of papers. Phones fetch them by their hash."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.ledger.blobs import drawing
from server.problems import NotFound, Problem
from server.sites.maps import MapImage, SiteMap
from server.sites.models import Site
from sync.encoding import sha256_hex
from sync.messages import PICTURE_BYTES

UPLOAD_BYTES = 12 * 1024 * 1024
"""The largest picture that is taken; what is kept of it is far smaller."""
_WIDTHS = (1_800, 1_400, 1_000, 700)
"""Pixels, tried one after the other until the picture is small enough."""
_MOST_HEIGHT = 3_000
_LONGEST = 6
"""So many times longer than wide, or wider than long, is no map that anybody can read on a phone."""


class NotAPicture(Problem):
    """The bytes are no JPEG, PNG or WebP that can be drawn, or one of more than 40 megapixels."""

    slug, status, title = "not-a-picture", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is no picture to be read"


class PictureTooLarge(Problem):
    """The picture is too large, or too long, to be of use on a phone."""

    slug, status, title = (
        "picture-too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "This picture is too large",
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it is kept."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Its name."""
        return sha256_hex(self.data)


def draw(picture: bytes) -> Drawn:
    """Return a picture drawn afresh by the bounded decoder, small enough for a phone.

    :raises NotAPicture: no picture can be made of it
    :raises PictureTooLarge: it has no useful shape, or stays too large
    :raises OSError: the machine cannot just now
    """
    if len(picture) > UPLOAD_BYTES:
        raise PictureTooLarge(f"at most {UPLOAD_BYTES} bytes")
    for width in _WIDTHS:
        try:
            data = drawing.thumbnail(picture, width)
        except drawing.Undrawable as error:
            raise NotAPicture(str(error)) from None
        with Image.open(io.BytesIO(data)) as made:
            wide, high = made.size
        if max(wide, high) > _LONGEST * min(wide, high):
            raise PictureTooLarge(f"{wide} × {high}: too long")
        if len(data) <= PICTURE_BYTES and high <= _MOST_HEIGHT:
            return Drawn(data, wide, high)
    raise PictureTooLarge(f"more than {PICTURE_BYTES} bytes however small it is drawn")


def image_of(session: Session, *, sites: Collection[UUID], sha256: str) -> MapImage:
    """Return a picture that one of these sites has.

    :raises NotFound: none has it
    """
    query = select(MapImage).where(MapImage.site_id.in_(sites), MapImage.sha256 == sha256)
    found = session.scalars(query.limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return found


class Sources:
    """Who else has pictures for phones: features above this one register here."""

    asked: ClassVar[list[Callable[[Session, Collection[UUID], str], bytes | None]]] = []
    """Each gives, of some sites and a hash, the bytes of that JPEG, or None."""


def picture_for_phone(session: Session, *, sites: Collection[UUID], sha256: str) -> bytes:
    """Return a picture that a row of one of these sites names, as JPEG.

    :raises NotFound: none names it
    """
    for source in Sources.asked:
        found = source(session, sites, sha256)
        if found is not None:
            return found
    return image_of(session, sites=sites, sha256=sha256).data


def keep_picture(session: Session, site: Site, picture: Drawn) -> str:
    """Keep a picture among those of the site, once; return its hash."""
    if session.get(MapImage, (site.id, picture.sha256)) is None:
        session.add(
            MapImage(
                site_id=site.id,
                sha256=picture.sha256,
                organisation_id=site.organisation_id,
                mime="image/jpeg",
                width=picture.width,
                height=picture.height,
                size=len(picture.data),
                data=picture.data,
            )
        )
        session.flush()
    return picture.sha256


class Users:
    """Who else uses pictures: features above this one register here."""

    asked: ClassVar[list[Callable[[Session, UUID, str], bool]]] = []
    """Each says, of a site and a hash, whether it still shows that picture."""


def drop_picture(session: Session, site: Site, sha256: str) -> None:
    """Let a picture go if nothing of the site shows it any more."""
    session.flush()
    on_map = select(SiteMap.id).where(SiteMap.site_id == site.id, SiteMap.image_sha256 == sha256)
    if session.scalar(on_map.limit(1)) is not None:
        return
    if any(uses(session, site.id, sha256) for uses in Users.asked):
        return
    session.execute(delete(MapImage).where(MapImage.site_id == site.id, MapImage.sha256 == sha256))
