"""Ledgers of water, power and gas, and their targets."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.meters import service
from server.meters.schemas import LedgerBody, LedgerQuery, LedgerTargetIn
from server.meters.views import bp
from server.people.policy import policy
from server.sites.views.places import finish, site_here


@bp.get("/ledger")
@policy("see.assets")
@bp.arguments(LedgerQuery, location="query")
@bp.response(HTTPStatus.OK, LedgerBody)
def get_ledger(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return what was used of a medium in a month: by meter, by team, and what got lost in between."""
    reading()
    site = site_here(site_id)
    return service.ledger(
        db.session(), site=site, medium=query["medium"], month=service.month_of(query, site, now_ms())
    )


@bp.post("/ledger/targets")
@policy("change.assets")
@bp.arguments(LedgerTargetIn)
@bp.response(HTTPStatus.OK, LedgerBody)
def set_target(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Set a target for the site, a team or a meter, from a month on."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    service.set_target(session, site=site, by=g.principal.person_id, now_ms=now, **body)
    finish(
        "ledger.target", site=site_id, subject=body["scope_id"], now=now,
        file=body["medium"], period=body["month"], value=body["amount"],
    )  # fmt: skip
    month = service.Month.of(body["month"])
    return service.ledger(session, site=site_here(site_id), medium=body["medium"], month=month)
