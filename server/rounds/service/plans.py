"""Plans: what recurs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.problems import Invalid, NotFound
from server.rounds import rules
from server.rounds.models import Plan, PlanEdition
from server.rounds.service.cutting import read_days, read_windows, recut
from server.rounds.service.routes import EmptyRoute, route_of, snapshot
from server.sites import service as sites
from server.sites.models import Site, Team


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


def make_plan(
    session: Session,
    *,
    site: Site,
    name: dict[str, str],
    route: UUID,
    windows: list[dict[str, str]],
    starts_on: date,
    days: Any = "daily",
    ends_on: date | None = None,
    demand: str | None = None,
    also: Sequence[str] = (),
    crew: int = 1,
    grace_min: int = 0,
    team: UUID | None = None,
    paused: bool = False,
    stand_in: bool = True,
    now_ms: int,
) -> Plan:
    """Make a plan and cut its windows.

    :raises Invalid: windows that cannot be read or that overlap, an end before the start, a route
        or team of another site
    :raises EmptyRoute: the route has no stop
    """
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
        team_id=team,
        days=days,
        windows=windows,
        starts_on=starts_on,
        ends_on=ends_on,
        paused=paused,
        stand_in=stand_in,
        version=1,
    )
    _check(session, site, plan)
    session.add(plan)
    session.flush()
    _publish(session, plan, now_ms)
    recut(session, plan=plan, zone=ZoneInfo(site.time_zone), now_ms=now_ms)
    return plan


def change_plan(session: Session, *, site: Site, plan_id: UUID, changes: dict[str, Any], now_ms: int) -> Plan:
    """Change a plan and cut the windows anew that have not begun.

    :param changes: any of the arguments of `make_plan`
    :raises Invalid: as `make_plan`
    :raises EmptyRoute: the route has no stop
    """
    plan = plan_of(session, site_id=site.id, plan_id=plan_id)
    changes = dict(changes)
    with session.no_autoflush:  # a plan is written only once it is known to be good
        if name := changes.pop("name", None):
            plan.name_zh, plan.name_en = name["zh"], name["en"]
        if "route" in changes:
            plan.route_id = changes.pop("route")
        if "team" in changes:
            plan.team_id = changes.pop("team")
        for member, value in changes.items():
            setattr(plan, member, value)
        plan.version += 1
        _check(session, site, plan)
    session.flush()
    _publish(session, plan, now_ms)
    recut(session, plan=plan, zone=ZoneInfo(site.time_zone), now_ms=now_ms)
    return plan


def _check(session: Session, site: Site, plan: Plan) -> None:
    errors: dict[str, list[str]] = {}
    try:
        windows = read_windows(plan.windows)
    except ValueError as error:
        errors["windows"] = [str(error)]
    else:
        if rules.overlap(read_days(plan.days), windows):
            errors["windows"] = ["Two windows overlap"]
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        errors["ends_on"] = ["The plan ends before it starts"]
    if len({plan.demand, *plan.also}) != 1 + len(plan.also):
        errors["also"] = ["A demand is named once"]
    if plan.team_id is not None:
        try:
            sites.get(session, Team, site=site, thing_id=plan.team_id)
        except NotFound:
            errors["team"] = ["Not a team of this site"]
    try:
        route_of(session, site_id=site.id, route_id=plan.route_id)
    except NotFound:
        errors["route"] = ["Not a route of this site"]
    if errors:
        raise Invalid(errors={"json": errors})
    if not snapshot(session, plan.route_id):
        raise EmptyRoute


def _publish(session: Session, plan: Plan, now_ms: int) -> None:
    session.add(
        PlanEdition(
            plan_id=plan.id,
            version=plan.version,
            organisation_id=plan.organisation_id,
            site_id=plan.site_id,
            since_ms=now_ms,
            route_id=plan.route_id,
            crew=plan.crew,
            team_id=plan.team_id,
            stand_in=plan.stand_in,
        )
    )
    body = {
        "id": str(plan.id),
        "name": plan.name,
        "route": str(plan.route_id),
        "demand": plan.demand,
        "crew": plan.crew,
        "grace_min": plan.grace_min,
        "team": str(plan.team_id) if plan.team_id else None,
        "stand_in": plan.stand_in,
    }
    change = Change(plan.organisation_id, plan.site_id, "plan", plan.id, plan.version, "upsert", body)
    queue(session, change)
