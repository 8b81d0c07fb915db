"""The card of an asset: what it is, where it stands, what it is a part of, its picture."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets.days import is_partial
from server.assets.service.tree import check_parent
from server.problems import Invalid, NotFound
from server.sites import service as sites
from server.sites.models import Asset, Site
from server.sites.service import pictures

CARD = (
    "maker",
    "model",
    "serial",
    "installed_on",
    "warranty_until",
    "criticality",
    "special",
    "registration",
    "certificate",
)
"""Members that are columns of the same name, and that nothing else depends on."""


def find(session: Session, *, site_id: UUID, asset_id: UUID) -> Asset:
    """Return an asset of the site, retired or not.

    :raises NotFound: there is none, or it belongs to another site
    """
    found = session.get(Asset, asset_id)
    if found is None or found.site_id != site_id:
        raise NotFound
    return found


def make_asset(session: Session, *, site: Site, members: dict[str, Any], now_ms: int) -> Asset:
    """Make an asset with its first tag.

    :param members: as the API takes them: `number`, `name`, and any of the rest
    :raises NumberTaken: the site has an asset of this number
    :raises Invalid: the zone or the parent is none of the site, or a day is none
    """
    _check_days(members)
    check_parent(session, site_id=site.id, asset_id=None, parent_id=members.get("parent"))
    card = {name: members[name] for name in CARD if name in members}
    card["parent_id"] = members.get("parent")
    place = {
        name: members[name] for name in ("number", "name", "zone", "category", "position") if name in members
    }
    made = sites.make_place(session, "asset", site=site, card=card, now_ms=now_ms, **place)
    assert isinstance(made, Asset)  # noqa: S101  of this kind
    return made


def change_asset(
    session: Session, *, site: Site, asset_id: UUID, changes: dict[str, Any], now_ms: int
) -> Asset:
    """Change an asset; `retired` takes it down with its tag, or puts it up again with a new one.

    What phones recorded of it before they knew keeps the version that they saw, and counts.

    :raises NotFound: no such asset on the site
    :raises NumberTaken: the site has an asset of this number
    :raises PlaceInUse: it is to be retired and a route still stops there
    :raises Invalid: the zone or the parent cannot be, or a day is none
    """
    _check_days(changes)
    changes = dict(changes)
    if "parent" in changes:
        parent = changes.pop("parent")
        check_parent(session, site_id=site.id, asset_id=asset_id, parent_id=parent)
        changes["parent_id"] = parent
    changed = sites.change_place(
        session, "asset", site=site, place_id=asset_id, changes=changes, now_ms=now_ms
    )
    assert isinstance(changed, Asset)  # noqa: S101  of this kind
    return changed


def give_photo(session: Session, *, site: Site, asset: Asset, picture: pictures.Drawn | None) -> Asset:
    """Give an asset its picture, or take it away."""
    before = asset.photo
    after = pictures.keep_picture(session, site, picture) if picture else None
    if after != before:
        asset.photo = after
        asset.version += 1
        session.flush()
        sites.feed_place(session, asset)
        if before:
            pictures.drop_picture(session, site, before)
    return asset


def _shows(session: Session, site_id: UUID, sha256: str) -> bool:
    query = select(Asset.id).where(Asset.site_id == site_id, Asset.photo == sha256).limit(1)
    return session.scalar(query) is not None


pictures.Users.asked.append(_shows)


def parts_of(session: Session, *, asset: Asset) -> list[Asset]:
    """Return what is a part of an asset, by number."""
    return list(
        session.scalars(select(Asset).where(Asset.parent_id == asset.id).order_by(Asset.number, Asset.id))
    )


def whole_of(session: Session, *, asset: Asset) -> list[Asset]:
    """Return what an asset is a part of, from the outermost in."""
    found: list[Asset] = []
    at = asset.parent_id
    while at is not None and len(found) < 20 and (above := session.get(Asset, at)) is not None:
        found.insert(0, above)
        at = above.parent_id
    return found


def _check_days(members: dict[str, Any]) -> None:
    day = members.get("installed_on", "")
    if day and not is_partial(day):
        raise Invalid(errors={"json": {"installed_on": ["A year, a month or a day"]}})
