"""The board and the list, opening an order, and to whom it may be given."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.orders import service
from server.orders.schemas import (
    OrderBoardBody,
    OrderBody,
    OrderCandidatesBody,
    OrderIn,
    OrderListQuery,
    OrderPage,
)
from server.orders.service.dispatching import candidates, check_assignee
from server.orders.service.listing import BadAfter, Wanted, board, list_orders, rows_of, states_of
from server.orders.service.showing import order_view
from server.orders.views import bp
from server.orders.views.base import note, scope_here, site_here
from server.people.access import people_within
from server.people.policy import policy
from server.problems import Invalid, NotFound
from server.sites.service import PLACES


@bp.get("/orders")
@policy("see.orders")
@bp.arguments(OrderListQuery, location="query")
@bp.response(HTTPStatus.OK, OrderPage)
@refuses(BadAfter)
def list_all(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a page of the site's work orders, the newest first."""
    reading()
    wanted = Wanted(
        states=states_of(query["state"]),
        **{name: query[name] for name in ("kind", "cls", "urgency", "person", "target", "text", "need")},
        opened_from=query["opened_from"],
        opened_to=query["opened_to"],
    )
    return list_orders(
        db.session(),
        scope=scope_here(site_id),
        wanted=wanted,
        after=query["after"],
        limit=query["limit"],
        now_ms=now_ms(),
    )


@bp.get("/orders/board")
@policy("see.orders")
@bp.response(HTTPStatus.OK, OrderBoardBody)
def get_board(site_id: UUID) -> dict[str, Any]:
    """Return the board: a column per state, the most pressing first, and what needs somebody."""
    reading()
    return board(db.session(), scope=scope_here(site_id), now_ms=now_ms())


@bp.get("/orders/candidates")
@policy("dispatch")
@bp.response(HTTPStatus.OK, OrderCandidatesBody)
def list_candidates(site_id: UUID) -> dict[str, Any]:
    """Return to whom an order may be given: who is on duty, their trades, what they have in hand."""
    reading()
    session = db.session()
    return candidates(session, site_id=site_id, within=people_within(session, g.here), now_ms=now_ms())


@bp.post("/orders")
@policy("dispatch")
@bp.arguments(OrderIn)
@bp.response(HTTPStatus.CREATED, OrderBody)
def open_one(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Open a work order; of a finding, or of what somebody said in the office."""
    now = now_ms()
    session = db.session()
    assignee = None
    if body["assignee"] is not None:
        within = people_within(session, g.here)
        assignee = check_assignee(session, site_id=site_id, to=body["assignee"], within=within)
    finding = body["finding"]
    policy_here = service.policy_of(session, site_id=site_id)
    order = service.open_order(
        session,
        organisation_id=g.principal.organisation_id,
        site_id=site_here(site_id).id,
        kind=body["kind"],
        cls=body["cls"],
        urgency=body["urgency"],
        title=body["title"],
        target=_target(site_id, body["target"]),
        source={"kind": "finding", "id": finding}
        if finding
        else {"kind": "office", "id": str(g.principal.person_id)},
        assignee=assignee,
        form_id=body["form"],
        place=body["place"],
        note=body["note"],
        by=g.principal.person_id,
        now_ms=now,
        due_ms=body["due_ms"],
        asks_signature=body["kind"] in policy_here["signature"],
    )
    shown = order_view(
        session,
        order,
        may_photos="see.photos" in g.here.may,
        may=g.here.may,
        within=scope_here(site_id),
        now_ms=now,
    )
    note("order.opened", site=site_id, subject=order.id, now=now, number=order.name)
    return shown


@bp.get("/assets/<uuid:asset_id>/orders")
@policy("see.orders")
@bp.response(HTTPStatus.OK, OrderPage)
def of_asset(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Return the newest fifty work orders of a thing."""
    reading()
    session = db.session()
    scope = scope_here(site_id)
    asset = session.get(PLACES["asset"], asset_id)
    if asset is None or asset.site_id != site_id:
        raise NotFound
    found = service.of_target(session, site_id=site_id, kind="asset", target_id=asset_id, limit=50)
    now = now_ms()
    seen = [order for order in found if scope.has(order)]
    return {"orders": rows_of(session, seen, now_ms=now), "counts": {}, "after": None, "now_ms": now}


def _target(site_id: UUID, target: dict[str, Any] | None) -> dict[str, str] | None:
    if target is None:
        return None
    place = db.session().get(PLACES[target["kind"]], target["id"])
    if place is None or place.site_id != site_id:
        raise Invalid(errors={"json": {"target": ["Not a place of this site"]}})
    return {"kind": target["kind"], "id": str(target["id"])}
