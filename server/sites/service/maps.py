"""Maps of a site as pictures, and what lies where on them."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.problems import Invalid, NotFound, Problem
from server.sites.maps import MapImage, SiteMap
from server.sites.models import Label, Site
from server.sites.service.common import PLACES, apply_changes, places_by_id
from server.sites.service.pictures import (
    UPLOAD_BYTES,
    Drawn,
    NotAPicture,
    PictureTooLarge,
    draw,
    drop_picture,
    image_of,
    keep_picture,
    picture_for_phone,
)

__all__ = [
    "MOST_MAPS",
    "MOST_PINS",
    "SCALE",
    "UPLOAD_BYTES",
    "Drawn",
    "NotAPicture",
    "PictureTooLarge",
    "TooManyMaps",
    "change_map",
    "draw",
    "image_of",
    "images_of",
    "make_map",
    "map_of",
    "maps_of",
    "picture_for_phone",
    "place_pin",
    "remove_map",
    "replace_image",
    "standing_pins",
]

MOST_MAPS = 12
MOST_PINS = 500
SCALE = 10_000
"""A pin's place is in ten-thousandths of the picture's width and height."""


class TooManyMaps(Problem):
    """A site has so many maps and no more."""

    slug, status, title = "too-many-maps", HTTPStatus.CONFLICT, "The site has as many maps as it may have"


def maps_of(session: Session, *, site: Site) -> Sequence[SiteMap]:
    """Return the site's maps in their order."""
    query = select(SiteMap).where(SiteMap.site_id == site.id).order_by(SiteMap.number, SiteMap.id)
    return session.scalars(query).all()


def images_of(session: Session, *, site: Site) -> dict[str, tuple[int, int, int]]:
    """Return hash → width, height and bytes of the site's pictures, without the bytes themselves."""
    rows = session.execute(
        select(MapImage.sha256, MapImage.width, MapImage.height, MapImage.size).where(
            MapImage.site_id == site.id
        )
    )
    return {row.sha256: (row.width, row.height, row.size) for row in rows}


def map_of(session: Session, *, site: Site, map_id: UUID, to_change: bool = False) -> SiteMap:
    """Return a map of the site; `to_change` holds its row until the commit, so that two keep both pins.

    :raises NotFound: there is none, or it belongs to another site
    """
    found = session.get(SiteMap, map_id, with_for_update=True if to_change else None)
    if found is None or found.site_id != site.id:
        raise NotFound
    return found


def make_map(session: Session, *, site: Site, name: Label, picture: Drawn) -> SiteMap:
    """Add a map to the site, the last in order.

    :raises TooManyMaps: the site has as many as it may have
    """
    count, last = session.execute(
        select(func.count(), func.max(SiteMap.number)).where(SiteMap.site_id == site.id)
    ).one()
    if count >= MOST_MAPS:
        raise TooManyMaps(f"at most {MOST_MAPS}")
    made = SiteMap(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        name=name,
        number=(last or 0) + 1,
        image_sha256=keep_picture(session, site, picture),
        pins=[],
        version=1,
    )
    session.add(made)
    session.flush()
    _feed(session, made)
    return made


def change_map(session: Session, *, site: Site, map_id: UUID, changes: dict[str, Any]) -> SiteMap:
    """Rename a map or give it another place in the order."""
    found = map_of(session, site=site, map_id=map_id, to_change=True)
    if apply_changes(found, changes):
        _changed(session, found)
    return found


def replace_image(session: Session, *, site: Site, map_id: UUID, picture: Drawn) -> SiteMap:
    """Give a map a better picture of the same: its pins stay where they are."""
    found = map_of(session, site=site, map_id=map_id, to_change=True)
    before = found.image_sha256
    if before != picture.sha256:
        found.image_sha256 = keep_picture(session, site, picture)
        _changed(session, found)
        drop_picture(session, site, before)
    return found


def place_pin(
    session: Session, *, site: Site, map_id: UUID, target: dict[str, Any], at: dict[str, int] | None
) -> SiteMap:
    """Say where a checkpoint or an asset lies on a map; None takes it off.

    :raises Invalid: the place is not of this site or was taken down, or the map holds no more
    """
    found = map_of(session, site=site, map_id=map_id, to_change=True)
    kind, place_id = target["kind"], target["id"]
    place = session.get(PLACES[kind], place_id)
    if place is None or place.site_id != site.id:
        raise Invalid(errors={"json": {"target": ["Not a place of this site"]}})
    if at is not None and place.retired:
        raise Invalid(errors={"json": {"target": ["It was taken down"]}})
    others = [pin for pin in found.pins if pin["target"] != {"kind": kind, "id": str(place_id)}]
    mine = [{"target": {"kind": kind, "id": str(place_id)}, **at}] if at is not None else []
    if len(others) + len(mine) > MOST_PINS:
        raise Invalid(errors={"json": {"at": [f"A map holds {MOST_PINS} places"]}})
    if [*others, *mine] != found.pins:
        found.pins = [*others, *mine]
        _changed(session, found)
    return found


def remove_map(session: Session, *, site: Site, map_id: UUID) -> None:
    """Take a map away, with its picture if no other has it."""
    found = map_of(session, site=site, map_id=map_id, to_change=True)
    session.delete(found)
    session.flush()
    queue(
        session,
        Change(site.organisation_id, site.id, "map", found.id, found.version + 1, "leave", None),
    )
    drop_picture(session, site, found.image_sha256)


def standing_pins(session: Session, *, site: Site, found: SiteMap) -> list[dict[str, Any]]:
    """Return a plan's pins of places that were not taken down."""
    places = places_by_id(session, site_id=site.id)
    return [
        pin for pin in found.pins if (place := places.get(UUID(pin["target"]["id"]))) and not place.retired
    ]


def _changed(session: Session, found: SiteMap) -> None:
    found.version += 1
    session.flush()
    _feed(session, found)


def _feed(session: Session, found: SiteMap) -> None:
    columns = (MapImage.width, MapImage.height, MapImage.size)
    image = session.execute(
        select(*columns).where(MapImage.site_id == found.site_id, MapImage.sha256 == found.image_sha256)
    ).one()
    body = {
        "id": str(found.id),
        "number": found.number,
        "name": found.name,
        "image": {
            "sha256": found.image_sha256,
            "size": image.size,
            "mime": "image/jpeg",
            "width": image.width,
            "height": image.height,
        },
        "pins": found.pins,
    }
    queue(
        session,
        Change(found.organisation_id, found.site_id, "map", found.id, found.version, "upsert", body),
    )
