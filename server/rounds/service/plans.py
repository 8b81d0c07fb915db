"""Plans: what recurs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.problems import Invalid, NotFound
from server.rounds.models import Plan, PlanEdition, Route, Stop
from server.rounds.recurrence import Unreadable
from server.rounds.service.assignment import Assignee, assignee_of, give, is_known, team_of, told
from server.rounds.service.cutting import recut, terms_of
from server.rounds.service.routes import (
    EmptyRoute,
    change_route,
    change_single,
    make_single,
    route_of,
    snapshot,
)
from server.rounds.windows import faults
from server.sites.models import Site


def plan_of(session: Session, *, site_id: UUID, plan_id: UUID) -> Plan:
    """Return a plan of the site.

    :raises NotFound: there is none, or it belongs to another site
    """
    plan = session.get(Plan, plan_id)
    if plan is None or plan.site_id != site_id:
        raise NotFound
    return plan


def plans_of(session: Session, *, site_id: UUID) -> Sequence[Plan]:
    """Return the site's plans by name."""
    query = select(Plan).where(Plan.site_id == site_id).order_by(Plan.name_zh, Plan.id)
    return session.scalars(query).all()


def plan_bodies(session: Session, plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """Return plans as the console gets them: with their route, or else with their one stop."""
    query = (
        select(Stop)
        .join(Route, Route.id == Stop.route_id)
        .where(Route.id.in_({p.route_id for p in plans}), Route.single, Stop.removed_ms.is_(None))
    )
    stops = {stop.route_id: stop for stop in session.scalars(query)}
    return [_body(plan, stops.get(plan.route_id)) for plan in plans]


def _body(plan: Plan, stop: Stop | None) -> dict[str, Any]:
    only = None
    if stop is not None:
        only = {"target": {"kind": stop.target_kind, "id": stop.target_id}, "form": stop.form_id}
    members = {name: getattr(plan, name) for name in _SHOWN}
    return members | {"route": None if stop else plan.route_id, "stop": only, "assignee": assignee_of(plan)}


_SHOWN = (
    "id", "name", "demand", "also", "crew", "grace_min", "recurrence", "special", "starts_on", "ends_on",
    "paused", "stand_in", "crew_within_min",
)  # fmt: skip


def make_plan(
    session: Session,
    *,
    site: Site,
    name: dict[str, str],
    recurrence: dict[str, Any],
    starts_on: date,
    route: UUID | None = None,
    stop: dict[str, Any] | None = None,
    ends_on: date | None = None,
    demand: str | None = None,
    also: Sequence[str] = (),
    crew: int = 1,
    grace_min: int = 0,
    assignee: Assignee | None = None,
    paused: bool = False,
    stand_in: bool = True,
    special: dict[str, str] | None = None,
    crew_within_min: int = 10,
    now_ms: int,
) -> Plan:
    """Make a plan and cut its windows.

    :param recurrence: as `server.rounds.recurrence` reads it
    :param route: the route that is walked, or None
    :param stop: without a route, the one stop: ``{"target": {"kind", "id"}, "form": UUID | None}``
    :param assignee: ``{"kind": "team" | "post" | "person" | "company", "id": UUID}``; None: any worker
    :param special: of a special round, ``{"why", "text"}``
    :raises Invalid: a recurrence that cannot be meant, an end before the start, a route, stop or assignee
        of another site, both a route and a stop or none of them
    :raises EmptyRoute: the route has no stop
    """
    if (route is None) == (stop is None):
        raise Invalid(errors={"json": {"route": ["Either a route, or a stop"]}})
    if stop is not None:
        route = make_single(session, site=site, name=name, stop=stop, now_ms=now_ms).id
    plan = Plan(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        name_zh=name["zh"],
        name_en=name["en"],
        route_id=route,
        demand=demand,
        also=list(also),
        crew=crew,
        grace_min=grace_min,
        recurrence=recurrence,
        special=special,
        starts_on=starts_on,
        ends_on=ends_on,
        paused=paused,
        stand_in=stand_in,
        crew_within_min=crew_within_min,
        version=1,
    )
    give(plan, assignee)
    _check(session, site, plan)
    session.add(plan)
    session.flush()
    publish(session, plan, now_ms)
    recut(session, plan=plan, site=site, now_ms=now_ms)
    return plan


def change_plan(session: Session, *, site: Site, plan_id: UUID, changes: dict[str, Any], now_ms: int) -> Plan:
    """Change a plan and cut the windows anew that have not begun.

    :param changes: any of the arguments of `make_plan`
    :raises Invalid: as `make_plan`
    :raises EmptyRoute: the route has no stop
    """
    plan = plan_of(session, site_id=site.id, plan_id=plan_id)
    changes = dict(changes)
    before = session.get_one(Route, plan.route_id)
    _change_route(session, site, plan, changes, now_ms)
    with session.no_autoflush:  # a plan is written only once it is known to be good
        if name := changes.pop("name", None):
            plan.name_zh, plan.name_en = name["zh"], name["en"]
        if changes.get("route"):
            plan.route_id = changes["route"]
        changes.pop("route", None)
        if "assignee" in changes:
            give(plan, changes.pop("assignee"))
        for member, value in changes.items():
            setattr(plan, member, value)
        plan.version += 1
        _check(session, site, plan)
    session.flush()
    if before.single and before.id != plan.route_id:  # else its place could never be taken down
        change_route(session, site=site, route_id=before.id, changes={"stops": []}, now_ms=now_ms)
    publish(session, plan, now_ms)
    recut(session, plan=plan, site=site, now_ms=now_ms)
    return plan


def _change_route(session: Session, site: Site, plan: Plan, changes: dict[str, Any], now_ms: int) -> None:
    """Put what `changes` say of `stop` into its `route`: the plan's own one changes, or a new one is made."""
    stop, name = changes.pop("stop", None), changes.get("name")
    own = session.get_one(Route, plan.route_id)
    if stop is not None and changes.get("route"):
        raise Invalid(errors={"json": {"route": ["Either a route, or a stop"]}})
    if stop is None and changes.get("route", plan.route_id) is None and not own.single:
        raise Invalid(errors={"json": {"route": ["Either a route, or a stop"]}})
    if stop is not None and not own.single:
        made = make_single(session, site=site, name=name or plan.name, stop=stop, now_ms=now_ms)
        changes["route"] = made.id
    elif own.single and (stop is not None or name) and not changes.get("route"):
        change_single(session, site=site, route=own, name=name, stop=stop, now_ms=now_ms)


def faults_of(session: Session, site: Site, plan: Plan) -> dict[str, Any]:
    """Return what is wrong with the plan's times: member → reasons."""
    try:
        terms = terms_of(session, plan, site)
    except Unreadable as error:
        return {"recurrence": error.errors}
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        return {"ends_on": ["The plan ends before it starts"]}
    found = faults(terms)
    ends = found.pop("ends_on", None)
    return ({"recurrence": found} if found else {}) | ({"ends_on": ends} if ends else {})


def _check(session: Session, site: Site, plan: Plan) -> None:
    errors = faults_of(session, site, plan)
    if len({plan.demand, *plan.also}) != 1 + len(plan.also):
        errors["also"] = ["A demand is named once"]
    assignee = assignee_of(plan)
    if assignee is not None and not is_known(session, site, assignee):
        errors["assignee"] = [f"Not a {assignee['kind']} of this site"]
    try:
        route_of(session, site_id=site.id, route_id=plan.route_id)
    except NotFound:
        errors["route"] = ["Not a route of this site"]
    if errors:
        raise Invalid(errors={"json": errors})
    if not snapshot(session, plan.route_id):
        raise EmptyRoute


def publish(session: Session, plan: Plan, now_ms: int) -> None:
    """Keep what the plan asks for from now on as an edition, and send it to the phones."""
    team = team_of(session, plan)
    session.add(
        PlanEdition(
            plan_id=plan.id,
            version=plan.version,
            organisation_id=plan.organisation_id,
            site_id=plan.site_id,
            since_ms=now_ms,
            route_id=plan.route_id,
            crew=plan.crew,
            team_id=team,
            person_id=plan.person_id,
            company_id=plan.company_id,
            demands=[demand for demand in (plan.demand, *plan.also) if demand],
            recurrence=plan.recurrence,
            stand_in=plan.stand_in,
            crew_within_min=plan.crew_within_min,
        )
    )
    body = {
        "id": str(plan.id),
        "name": plan.name,
        "route": str(plan.route_id),
        "demand": plan.demand,
        "crew": plan.crew,
        "grace_min": plan.grace_min,
        "team": str(team) if team else None,
        "assignee": told(session, plan),
        "special": plan.special,
        "stand_in": plan.stand_in,
        "crew_within_min": plan.crew_within_min,
    }
    change = Change(plan.organisation_id, plan.site_id, "plan", plan.id, plan.version, "upsert", body)
    queue(session, change)
