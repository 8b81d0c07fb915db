"""What a site sets of its orders."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.orders import service
from server.orders.schemas import OrderPolicyBody, OrderPolicyIn
from server.orders.views import bp
from server.orders.views.base import note, site_here
from server.people.policy import policy
from server.sites.service import announced


@bp.get("/orders/policy")
@policy("see.orders")
@bp.response(HTTPStatus.OK, OrderPolicyBody)
def get_policy(site_id: UUID) -> dict[str, Any]:
    """Return the site's clauses, what opens an order by itself, rates, and who is told what is late."""
    reading()
    return _shown(site_id)


@bp.patch("/orders/policy")
@policy("change.plan")
@bp.arguments(OrderPolicyIn)
@bp.response(HTTPStatus.OK, OrderPolicyBody)
def set_policy(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Change what the site sets. What is due of open orders is judged by it from now on."""
    now = now_ms()
    session = db.session()
    service.change_policy(
        session, site=site_here(site_id), changes=body, by=g.principal.person_id, now_ms=now
    )
    if {"clauses", "hours"} & body.keys():
        service.refold_open(session, site_id=site_id, now_ms=now)
    note("order.policy_set", site=site_id, subject=site_id, now=now, parts=sorted(body))
    return _shown(site_id)


def _shown(site_id: UUID) -> dict[str, Any]:
    holidays = announced.calendar_of(db.session(), site_here(site_id))
    known = holidays.known_until
    return service.policy_of(db.session(), site_id=site_id) | {
        "holidays": holidays.name,
        "known_until": known.isoformat() if known else None,
    }
