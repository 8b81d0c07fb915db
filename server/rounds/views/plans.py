"""Routes and plans."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.http import change_of
from server.people.policy import policy
from server.rounds import service
from server.rounds.models import Plan, Route
from server.rounds.schemas.plans import PlanBody, PlanIn, PlanList, RouteBody, RouteIn, RouteList
from server.rounds.service import StopSpec
from server.rounds.views import bp
from server.sites import service as sites
from server.sites.models import Site


def site_here(site_id: UUID) -> Site:
    """Return the site of the request; the policy has looked at the person's role."""
    return sites.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def note(action: str, *, site: UUID, subject: object, now: int, **detail: Any) -> None:
    """Write the audit row and commit."""
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=str(subject),
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)


@bp.get("/routes")
@policy("see.plan")
@bp.response(HTTPStatus.OK, RouteList)
def list_routes(site_id: UUID) -> dict[str, Any]:
    """List the site's routes with their stops."""
    reading()
    session = db.session()
    stops = service.stops_of(session, site_id=site_id)
    routes = service.routes_of(session, site_id=site_id)
    return {"routes": [_route(route, stops.get(route.id, [])) for route in routes]}


@bp.post("/routes")
@policy("change.plan")
@bp.arguments(RouteIn)
@bp.response(HTTPStatus.CREATED, RouteBody)
def make_route(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a route."""
    now = now_ms()
    body["stops"] = _specs(body["stops"])
    route = service.make_route(db.session(), site=site_here(site_id), now_ms=now, **body)
    note("route.made", site=site_id, subject=route.id, now=now)
    return _route(route, service.stops_of(db.session(), site_id=site_id).get(route.id, []))


@bp.patch("/routes/<uuid:route_id>")
@policy("change.plan")
@bp.arguments(change_of(RouteIn))
@bp.response(HTTPStatus.OK, RouteBody)
@refuses(service.EmptyRoute)
def change_route(body: dict[str, Any], site_id: UUID, route_id: UUID) -> dict[str, Any]:
    """Change a route; `stops` is the whole list, and a stop with a known id is kept."""
    now = now_ms()
    if "stops" in body:
        body["stops"] = _specs(body["stops"])
    route = service.change_route(
        db.session(), site=site_here(site_id), route_id=route_id, changes=body, now_ms=now
    )
    note("route.changed", site=site_id, subject=route.id, now=now, members=sorted(body))
    return _route(route, service.stops_of(db.session(), site_id=site_id).get(route.id, []))


@bp.get("/plans")
@policy("see.plan")
@bp.response(HTTPStatus.OK, PlanList)
def list_plans(site_id: UUID) -> dict[str, Any]:
    """List the site's plans."""
    reading()
    plans = service.plans_of(db.session(), site_id=site_id)
    return {"plans": service.plan_bodies(db.session(), plans)}


@bp.post("/plans")
@policy("change.plan")
@bp.arguments(PlanIn)
@bp.response(HTTPStatus.CREATED, PlanBody)
@refuses(service.EmptyRoute)
def make_plan(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a plan and cut its windows 35 days ahead."""
    now = now_ms()
    plan = service.make_plan(db.session(), site=site_here(site_id), now_ms=now, **body)
    note("plan.made", site=site_id, subject=plan.id, now=now)
    return _plan(plan)


@bp.patch("/plans/<uuid:plan_id>")
@policy("change.plan")
@bp.arguments(change_of(PlanIn))
@bp.response(HTTPStatus.OK, PlanBody)
@refuses(service.EmptyRoute)
def change_plan(body: dict[str, Any], site_id: UUID, plan_id: UUID) -> dict[str, Any]:
    """Change a plan; windows that have begun stay as they were."""
    now = now_ms()
    plan = service.change_plan(
        db.session(), site=site_here(site_id), plan_id=plan_id, changes=body, now_ms=now
    )
    note("plan.changed", site=site_id, subject=plan.id, now=now, members=sorted(body))
    return _plan(plan)


def _plan(plan: Plan) -> dict[str, Any]:
    [body] = service.plan_bodies(db.session(), [plan])
    return body


def _specs(stops: list[dict[str, Any]]) -> list[StopSpec]:
    return [
        StopSpec(
            target_kind=stop["target"]["kind"],
            target_id=stop["target"]["id"],
            form_id=stop["form"],
            id=stop.get("id"),
            window=stop["window"] and (stop["window"]["from_min"], stop["window"]["to_min"]),
            dwell_s=stop["dwell_s"],
            walk_s=stop["walk_s"],
            certificate=stop["certificate"],
        )
        for stop in stops
    ]


def _route(route: Route, stops: list[Any]) -> dict[str, Any]:
    return {
        "id": route.id,
        "name": route.name,
        "order": route.order,
        "stops": [
            {
                "id": stop.id,
                "number": stop.number,
                "target": {"kind": stop.target_kind, "id": stop.target_id},
                "form": stop.form_id,
                **service.terms_of(stop),
            }
            for stop in stops
        ],
    }
