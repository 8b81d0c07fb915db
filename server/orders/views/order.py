"""One order: in full, and what the office does to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.orders.schemas import OrderActIn, OrderBody
from server.orders.service.doing import NotNow, OrderChanged, do
from server.orders.service.doubling import OrderReplaced
from server.orders.service.showing import order_view
from server.orders.views import bp
from server.orders.views.base import note, order_here, scope_here
from server.people.access import people_within
from server.people.policy import policy


@bp.get("/orders/<uuid:order_id>")
@policy("see.orders")
@bp.response(HTTPStatus.OK, OrderBody)
def get_one(site_id: UUID, order_id: UUID) -> dict[str, Any]:
    """Return a work order with its course, what stands behind each step, and what waits to be settled."""
    reading()
    return _shown(site_id, order_id, now=now_ms())


@bp.post("/orders/<uuid:order_id>/acts")
@policy("dispatch")
@bp.arguments(OrderActIn)
@bp.response(HTTPStatus.OK, OrderBody)
@refuses(OrderChanged, NotNow, OrderReplaced)
def act_on(body: dict[str, Any], site_id: UUID, order_id: UUID) -> dict[str, Any]:
    """Dispatch, take back, change, settle, verify, follow up or cancel an order."""
    now = now_ms()
    session = db.session()
    order_here(site_id, order_id)
    do(
        session,
        site_id=site_id,
        order_id=order_id,
        body=body,
        may=g.here.may,
        within=people_within(session, g.here),
        by=g.principal.person_id,
        now_ms=now,
    )
    note("order.acted", site=site_id, subject=order_id, now=now, act=body["act"])
    return _shown(site_id, order_id, now=now)


def _shown(site_id: UUID, order_id: UUID, *, now: int) -> dict[str, Any]:
    return order_view(
        db.session(),
        order_here(site_id, order_id),
        may_photos="see.photos" in g.here.may,
        may=g.here.may,
        within=scope_here(site_id),
        now_ms=now,
    )
