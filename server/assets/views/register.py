"""The register as a list, and how complete it is."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from server.assets.schemas.register import Completeness, NeedsIn, RegisterPage, RegisterQuery
from server.assets.service import gaps, register
from server.assets.service.register import Asked
from server.assets.views import bp
from server.assets.views.cards import state_of, today_at
from server.clock import now_ms
from server.db import db, reading
from server.people.policy import policy
from server.sites.views.places import finish, site_here


@bp.get("/assets/register")
@policy("see.assets")
@bp.arguments(RegisterQuery, location="query")
@bp.response(HTTPStatus.OK, RegisterPage)
def get_register(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a page of the register."""
    reading()
    session, site = db.session(), site_here(site_id)
    offset, limit = query.pop("offset"), query.pop("limit")
    today = today_at(site)
    needs = gaps.needs_of(session, site_id=site_id)
    where = register.condition(session, site, Asked(**query), needs=needs, today=today)
    rows, total = register.page(session, where, offset=offset, limit=limit)
    ids = [one.id for one in rows]
    lacking = gaps.gaps_of(session, asset_ids=ids, needs=needs)
    parts = register.parts_count(session, asset_ids=ids)
    due = register.next_due(session, asset_ids=ids)
    return {
        "rows": [
            {
                "id": one.id,
                "number": one.number,
                "name": one.name,
                "category": one.category,
                "zone": one.zone_id,
                "parent": one.parent_id,
                "parts": parts.get(one.id, 0),
                "maker": one.maker,
                "model": one.model,
                "criticality": one.criticality,
                "special": one.special,
                "registration": one.registration,
                "state": state_of(one),
                "next_due": due.get(one.id),
                "gaps": lacking[one.id],
            }
            for one in rows
        ],
        "total": total,
        "offset": offset,
        **register.head(session, site=site, needs=needs, today=today),
    }


@bp.get("/assets/completeness")
@policy("see.assets")
@bp.response(HTTPStatus.OK, Completeness)
def get_completeness(site_id: UUID) -> dict[str, Any]:
    """Say how complete the register is: of what the cards need, how much is there."""
    reading()
    session = db.session()
    site_here(site_id)
    rows = gaps.completeness(session, site_id=site_id, needs=gaps.needs_of(session, site_id=site_id))
    sums = {name: sum(row[name] for row in rows) for name in ("assets", "whole", "needed", "there")}
    return sums | {"categories": rows}


@bp.post("/assets/needs")
@policy("change.assets")
@bp.arguments(NeedsIn)
@bp.response(HTTPStatus.OK, Completeness)
def change_needs(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Choose what the cards of a category need."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    gaps.change_needs(session, site=site, category=body["category"], needs=body["needs"])
    finish("asset.needs", site=site_id, subject=site_id, now=now, category=body["category"])
    rows = gaps.completeness(session, site_id=site_id, needs=gaps.needs_of(session, site_id=site_id))
    sums = {name: sum(row[name] for row in rows) for name in ("assets", "whole", "needed", "there")}
    return sums | {"categories": rows}
