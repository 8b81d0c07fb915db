"""What the site's services share."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import NotFound
from server.sites.models import Asset, Checkpoint, Label, Place, PlaceKind, Post, Site, Tag, Team, Zone

PLACES: dict[PlaceKind, type[Place]] = {"checkpoint": Checkpoint, "asset": Asset}

T = TypeVar("T", Zone, Place, Team, Post, Tag)


def get(session: Session, model: type[T], *, site: Site, thing_id: UUID) -> T:
    """Return a thing of the site.

    :raises NotFound: there is none, or it belongs to another site
    """
    thing = session.get(model, thing_id)
    if thing is None or thing.site_id != site.id:
        raise NotFound
    return thing


def zone_names(session: Session, *, site_id: UUID) -> dict[UUID, Label]:
    """Return zone id → name."""
    return {z.id: z.name for z in session.scalars(select(Zone).where(Zone.site_id == site_id))}


def places_by_id(session: Session, *, site_id: UUID) -> dict[UUID, Place]:
    """Return every checkpoint and asset of the site, retired ones too, by id."""
    found: dict[UUID, Place] = {}
    for model in PLACES.values():
        found |= {place.id: place for place in session.scalars(select(model).where(model.site_id == site_id))}
    return found


def apply_changes(row: object, changes: dict[str, Any]) -> bool:
    """Set what differs; tell whether anything did."""
    differs = {name: value for name, value in changes.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    return bool(differs)
