"""Assets and their cards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request
from sqlalchemy import select

from server.assets.schemas.cards import Asset as AssetChange
from server.assets.schemas.cards import AssetCard, AssetIn, AssetList
from server.assets.service import cards, gaps
from server.assets.views import bp
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.http import change_of
from server.people.policy import policy
from server.sites import service as sites
from server.sites.models import Asset, Site, Tag
from server.sites.service import pictures
from server.sites.views.maps import OF_A_PICTURE, PICTURE, picture_of
from server.sites.views.places import finish, site_here, tag_of_place


@bp.get("/assets")
@policy("see.plan")
@bp.response(HTTPStatus.OK, AssetList)
def list_assets(site_id: UUID) -> dict[str, Any]:
    """List the site's assets to choose from, retired ones too."""
    reading()
    session, site = db.session(), site_here(site_id)
    tags = sites.current_tags(session, site=site)
    used = sites.Usage.of_site(session, site_id)
    rows = sites.places_of(session, "asset", site=site)
    return {
        "assets": [
            _light(one, tags.get(one.id), used.get(one.id, 0)) for one in rows if isinstance(one, Asset)
        ]
    }


@bp.post("/assets")
@policy("change.assets")
@bp.arguments(AssetIn)
@bp.response(HTTPStatus.CREATED, AssetCard)
@refuses(sites.NumberTaken)
def make_asset(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make an asset with its first tag."""
    now = now_ms()
    made = cards.make_asset(db.session(), site=site_here(site_id), members=body, now_ms=now)
    finish("asset.made", site=site_id, subject=made.id, now=now, number=made.number)
    return card_of(site_id, made.id)


@bp.get("/assets/<uuid:asset_id>")
@policy("see.assets")
@bp.response(HTTPStatus.OK, AssetCard)
def get_asset(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Return the card of an asset."""
    reading()
    site_here(site_id)
    return card_of(site_id, asset_id)


@bp.patch("/assets/<uuid:asset_id>")
@policy("change.assets")
@bp.arguments(change_of(AssetChange))
@bp.response(HTTPStatus.OK, AssetCard)
@refuses(sites.NumberTaken, sites.PlaceInUse)
def change_asset(body: dict[str, Any], site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Change or retire an asset."""
    now = now_ms()
    site = site_here(site_id)
    cards.change_asset(db.session(), site=site, asset_id=asset_id, changes=body, now_ms=now)
    finish("asset.changed", site=site_id, subject=asset_id, now=now, members=sorted(body))
    return card_of(site_id, asset_id)


@bp.post("/assets/<uuid:asset_id>/photo")
@policy("change.assets")
@bp.doc(requestBody=PICTURE)
@bp.response(HTTPStatus.OK, AssetCard)
@refuses(*OF_A_PICTURE)
def give_photo(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Give an asset its picture: the body is the picture."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    cards.give_photo(session, site=site, asset=asset, picture=picture_of(request))
    finish("asset.changed", site=site_id, subject=asset_id, now=now, members=["photo"])
    return card_of(site_id, asset_id)


@bp.delete("/assets/<uuid:asset_id>/photo")
@policy("change.assets")
@bp.response(HTTPStatus.NO_CONTENT)
def drop_photo(site_id: UUID, asset_id: UUID) -> None:
    """Take an asset's picture away."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    cards.give_photo(session, site=site, asset=asset, picture=None)
    finish("asset.changed", site=site_id, subject=asset_id, now=now, members=["photo"])


@bp.get("/pictures/<sha256>")
@policy("see.assets")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def get_site_picture(site_id: UUID, sha256: str) -> Response:
    """Return a picture of an asset, or a page of a paper, by its hash."""
    reading()
    image = pictures.image_of(db.session(), sites=[site_here(site_id).id], sha256=sha256)
    response = Response(image.data, mimetype=image.mime)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers.set("Content-Disposition", "attachment", filename="picture.jpg")
    return response


def picture_url(site_id: UUID, sha256: str) -> str:
    """Return where the console finds a picture of the site."""
    return f"/api/v1/sites/{site_id}/pictures/{sha256}"


def card_of(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Return the card of an asset as it travels.

    :raises NotFound: no such asset on the site
    """
    session = db.session()
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    tag = session.scalars(
        select(Tag)
        .where(Tag.target_kind == "asset", Tag.target_id == asset.id)
        .order_by(Tag.print_no.desc())
        .limit(1)
    ).one_or_none()
    used = sites.Usage.of_site(session, site_id).get(asset.id, 0)
    needs = gaps.needs_of(session, site_id=site_id)
    return _light(asset, tag, used) | {
        **{name: getattr(asset, name) for name in cards.CARD},
        "photo": asset.photo and {"sha256": asset.photo, "url": picture_url(site_id, asset.photo)},
        "whole": refs(cards.whole_of(session, asset=asset)),
        "parts": refs(cards.parts_of(session, asset=asset)),
        "gaps": gaps.gaps_of(session, asset_ids=[asset.id], needs=needs)[asset.id],
    }


def refs(assets: Collection[Asset]) -> list[dict[str, Any]]:
    """Return assets by name."""
    return [{"id": one.id, "number": one.number, "name": one.name, "state": state_of(one)} for one in assets]


def state_of(asset: Asset) -> str:
    """Return what is shown as an asset's state."""
    return "retired" if asset.retired else asset.state


def _light(asset: Asset, tag: Tag | None, used_by: int) -> dict[str, Any]:
    return {
        "id": asset.id,
        "number": asset.number,
        "name": asset.name,
        "category": asset.category,
        "zone": asset.zone_id,
        "parent": asset.parent_id,
        "position": asset.position,
        "retired": asset.retired,
        "state": state_of(asset),
        "tag": tag and tag_of_place(tag),
        "used_by": used_by,
    }


def today_at(site: Site) -> date:
    """Return the day that it is at a site."""
    return datetime.fromtimestamp(now_ms() / 1000, ZoneInfo(site.time_zone)).date()
