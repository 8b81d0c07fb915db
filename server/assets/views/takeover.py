"""Taking a property over: begin, note what was found, look, end."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import select

from server.assets.models import TakeOver
from server.assets.schemas.takeover import (
    TakeOverBody,
    TakeOverChecksIn,
    TakeOverIn,
    TakeOverPage,
    TakeOverQuery,
)
from server.assets.service import takeover
from server.assets.service.history import names_of
from server.assets.service.takeover import Item
from server.assets.takeover import counts
from server.assets.views import bp
from server.assets.views.cards import refs
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.people.policy import policy
from server.sites.models import Asset
from server.sites.views.places import finish, site_here


@bp.get("/take-over")
@policy("see.assets")
@bp.arguments(TakeOverQuery, location="query")
@bp.response(HTTPStatus.OK, TakeOverPage)
def get_take_over(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the take-over that runs or ended last, and five hundred of its items at most."""
    reading()
    session = db.session()
    site_here(site_id)
    take = takeover.newest(session, site_id=site_id)
    if take is None:
        return {"take_over": None, "items": [], "total": 0, "offset": 0}
    items = takeover.items_of(session, take=take)
    asked = [
        one
        for one in items
        if query["group"] in (None, one.group)
        and (query["category"] is None or (one.group == "assets" and one.category == query["category"]))
        and not (query["left"] and one.found == "there")
    ]
    offset = query["offset"]
    return {
        "take_over": _view(take, items),
        "items": _item_views(asked[offset : offset + takeover.AT_ONCE]),
        "total": len(asked),
        "offset": offset,
    }


@bp.post("/take-over")
@policy("change.assets")
@bp.arguments(TakeOverIn)
@bp.response(HTTPStatus.CREATED, TakeOverBody)
@refuses(takeover.TakeOverRuns)
def begin_take_over(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Begin to take the property over: all shared parts, papers and assets are to be looked at."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    by = g.principal.person_id
    made = takeover.begin(session, site=site, from_whom=body["from_whom"], by=by, now_ms=now)
    view = _view(made, takeover.items_of(session, take=made))
    finish("take_over.begun", site=site_id, subject=made.id, now=now, name=made.from_whom)
    return view


@bp.post("/take-over/checks")
@policy("change.assets")
@bp.arguments(TakeOverChecksIn)
@bp.response(HTTPStatus.CREATED, TakeOverBody)
@refuses(takeover.NoTakeOver)
def check_items(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Note what was found of some items; a later word holds instead."""
    now, session = now_ms(), db.session()
    site_here(site_id)
    by = g.principal.person_id
    take = takeover.note_checks(session, site_id=site_id, by=by, now_ms=now, **body)
    view = _view(take, takeover.items_of(session, take=take))
    number = len(body["items"]) + len(body["assets"])
    finish("take_over.checked", site=site_id, subject=take.id, now=now, state=body["found"], parts=number)
    return view


@bp.post("/take-over/end")
@policy("change.assets")
@bp.response(HTTPStatus.OK, TakeOverBody)
@refuses(takeover.NoTakeOver)
def end_take_over(site_id: UUID) -> dict[str, Any]:
    """End it: it stays to be read as it stood then."""
    now, session = now_ms(), db.session()
    site_here(site_id)
    take = takeover.end(session, site_id=site_id, by=g.principal.person_id, now_ms=now)
    session.flush()
    view = _view(take, takeover.items_of(session, take=take))
    finish("take_over.ended", site=site_id, subject=take.id, now=now)
    return view


def _names(people: set[UUID | None]) -> dict[UUID, dict[str, Any]]:
    return names_of(db.session(), people) if "see.people" in g.here.may else {}


def _view(take: TakeOver, items: Sequence[Item]) -> dict[str, Any]:
    known = _names({take.begun_by, take.ended_by})
    return {
        "id": take.id,
        "from_whom": take.from_whom,
        "begun_ms": take.begun_ms,
        "begun_by": known[take.begun_by]["name"] if take.begun_by in known else None,
        "ended_ms": take.ended_ms,
        "ended_by": known[take.ended_by]["name"] if take.ended_by in known else None,
        "sums": counts(one.found for one in items),
        "groups": takeover.groups_of(items),
    }


def _item_views(items: Sequence[Item]) -> list[dict[str, Any]]:
    known = _names({one.check.checked_by for one in items if one.check})
    ids = [one.key for one in items if one.group == "assets"]
    found = {one.id: one for one in db.session().scalars(select(Asset).where(Asset.id.in_(ids)))}
    views = []
    for one in items:
        check = one.check
        asset = found[one.key] if isinstance(one.key, UUID) else None
        views.append(
            {
                "group": one.group,
                "category": one.category,
                "item": None if asset is not None else one.key,
                "asset": None if asset is None else refs([asset])[0],
                "found": one.found,
                "note": check.note if check else "",
                "checked_ms": check.checked_ms if check else None,
                "checked_by": known[check.checked_by]["name"]
                if check and check.checked_by in known
                else None,
            }
        )
    return views
