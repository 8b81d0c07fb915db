"""When assets ran and stood."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.assets.schemas.states import AvailabilityBody, AvailabilityQuery, RunningBody, StateIn
from server.assets.service import cards, states
from server.assets.service.history import said_views
from server.assets.states import Stretch
from server.assets.views import bp
from server.assets.views.cards import refs, state_of
from server.clock import now_ms
from server.db import db, reading
from server.people.policy import policy
from server.sites.models import Site
from server.sites.views.places import finish, site_here

MONTHS = 12


@bp.get("/assets/<uuid:asset_id>/running")
@policy("see.assets")
@bp.response(HTTPStatus.OK, RunningBody)
def get_running(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Say when an asset ran and stood, who said so, and the figures of the last months."""
    reading()
    return _view(site_here(site_id), asset_id)


@bp.post("/assets/<uuid:asset_id>/running")
@policy("change.assets")
@bp.arguments(StateIn)
@bp.response(HTTPStatus.CREATED, RunningBody)
def enter_state(body: dict[str, Any], site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Enter that an asset stands, waits, or runs again since a moment."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    states.enter(session, site=site, asset=asset, by=g.principal.person_id, now_ms=now, **body)
    finish("asset.state", site=site_id, subject=asset_id, now=now, state=body["state"])
    return _view(site_here(site_id), asset_id)


@bp.get("/assets/availability")
@policy("see.assets")
@bp.arguments(AvailabilityQuery, location="query")
@bp.response(HTTPStatus.OK, AvailabilityBody)
def get_availability(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Say how the assets of a category ran, month by month: lifts, for the service plan."""
    reading()
    site = site_here(site_id)
    months = states.months_back(site, count=query["months"], now_ms=now_ms())
    rows = states.availability(db.session(), site=site, category=query["category"], months=months)
    return {
        "category": query["category"],
        "months": [month.name for month in months],
        "assets": [{"asset": refs([row["asset"]])[0], "months": row["months"]} for row in rows],
    }


def _view(site: Site, asset_id: UUID) -> dict[str, Any]:
    session, now = db.session(), now_ms()
    asset = cards.find(session, site_id=site.id, asset_id=asset_id)
    found = states.stretches_of(session, asset_id=asset_id)
    return {
        "state": state_of(asset),
        "now_ms": now,
        "said": said_views(session, asset=asset, names="see.people" in g.here.may),
        "stretches": [_stretch(one) for one in found[-200:]],
        "months": states.by_month(asset, found, states.months_back(site, count=MONTHS, now_ms=now)),
    }


def _stretch(one: Stretch) -> dict[str, Any]:
    return {
        "state": one.state,
        "begin": one.begin and _moment(one.begin),
        "end": one.end and _moment(one.end),
        "first": one.first,
        "last": one.last,
    }


def _moment(moment: Any) -> dict[str, Any]:
    return {"lower_ms": moment.lower, "estimate_ms": moment.estimate, "upper_ms": moment.upper}
