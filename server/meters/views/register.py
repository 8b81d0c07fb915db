"""Meters: list, make, change."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.meters import service
from server.meters.models import Meter
from server.meters.schemas import MeterBody, MeterChange, MeterIn, MeterList, MetersQuery
from server.meters.views import bp
from server.people.policy import policy
from server.sites.views.places import finish, site_here


@bp.get("/meters")
@policy("see.assets")
@bp.arguments(MetersQuery, location="query")
@bp.response(HTTPStatus.OK, MeterList)
def list_meters(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """List the site's meters, or those of one asset, retired ones too."""
    reading()
    site_here(site_id)
    found = service.meters_of(db.session(), site_id=site_id, asset_id=query.get("asset"))
    return {"meters": views_of(site_id, found)}


@bp.post("/meters")
@policy("change.assets")
@bp.arguments(MeterIn)
@bp.response(HTTPStatus.CREATED, MeterBody)
@refuses(service.MeterKeyTaken, service.TooManyMeters)
def make_meter(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a meter on an asset."""
    now = now_ms()
    asset = body.pop("asset")
    made = service.make_meter(db.session(), site=site_here(site_id), asset_id=asset, now_ms=now, **body)
    finish("meter.made", site=site_id, subject=made.id, now=now, key=made.key)
    return view_of(site_id, made)


@bp.patch("/meters/<uuid:meter_id>")
@policy("change.assets")
@bp.arguments(MeterChange)
@bp.response(HTTPStatus.OK, MeterBody)
@refuses(service.MeterHasReadings)
def change_meter(body: dict[str, Any], site_id: UUID, meter_id: UUID) -> dict[str, Any]:
    """Change or retire a meter; limits and the like make another edition, older readings keep theirs."""
    now = now_ms()
    meter = service.change_meter(
        db.session(), site=site_here(site_id), meter_id=meter_id, changes=body, now_ms=now
    )
    finish("meter.changed", site=site_id, subject=meter_id, now=now, members=sorted(body))
    return view_of(site_id, meter)


def view_of(site_id: UUID, meter: Meter) -> dict[str, Any]:
    """Return one meter as it travels."""
    return views_of(site_id, [meter])[0]


def views_of(site_id: UUID, found: Iterable[Meter]) -> list[dict[str, Any]]:
    """Return meters as they travel."""
    session = db.session()
    found = list(found)
    ids = {meter.asset_id for meter in found}
    assets = service.assets_of(session, ids=ids)
    marked = service.marked(session, site_id=site_id)
    return [
        {
            **meter.definition,
            "id": meter.id,
            "asset": assets[meter.asset_id],
            "key": meter.key,
            "name": meter.name,
            "number": meter.number,
            "edition": meter.edition,
            "medium": meter.medium,
            "feeds": meter.feeds_id,
            "team": meter.team_id,
            "retired": meter.retired_ms is not None,
            "last": None
            if meter.last_ms is None
            else {"value": meter.last_value, "at_ms": meter.last_ms, "level": meter.last_level},
            "over_ms": meter.over_ms,
            "marked": marked.get(meter.id, 0),
        }
        for meter in found
    ]
