"""When a plan comes, special rounds, and posts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.http import change_of
from server.people.policy import policy
from server.rounds import rules, service
from server.rounds.schemas.plans import PlanBody
from server.rounds.schemas.recurring import (
    MonthBody,
    MonthQuery,
    PostBody,
    PostIn,
    PostList,
    PreviewBody,
    PreviewIn,
    SpecialIn,
)
from server.rounds.views import bp
from server.rounds.views.plans import note, site_here


@bp.post("/plans/preview")
@policy("change.plan")
@bp.arguments(PreviewIn)
@bp.response(HTTPStatus.OK, PreviewBody)
def preview_plan(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Show which windows a recurrence gives, without making a plan; a refusal says why there are none."""
    reading()
    return service.preview(db.session(), site=site_here(site_id), now_ms=now_ms(), **body)


@bp.get("/plans/<uuid:plan_id>/calendar")
@policy("see.plan")
@bp.arguments(MonthQuery, location="query")
@bp.response(HTTPStatus.OK, MonthBody)
def calendar_of_plan(query: dict[str, Any], site_id: UUID, plan_id: UUID) -> dict[str, Any]:
    """Show a month of a plan: its windows with their states, and those that are only planned."""
    reading()
    site, now = site_here(site_id), now_ms()
    plan = service.plan_of(db.session(), site_id=site_id, plan_id=plan_id)
    first = query.get("month")
    if first is None:
        zone = ZoneInfo(site.time_zone)
        first = rules.day_of(now, day_start_min=site.day_start_min, zone=zone).replace(day=1)
    return service.month(db.session(), site=site, plan=plan, first=first, now_ms=now)


@bp.post("/special-rounds")
@policy("change.plan")
@bp.arguments(SpecialIn)
@bp.response(HTTPStatus.CREATED, PlanBody)
@refuses(service.EmptyRoute)
def send_special(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Send out a special round: it is there at once, and phones get it with their next exchange."""
    now = now_ms()
    plan = service.send_special(db.session(), site=site_here(site_id), now_ms=now, **body)
    note("plan.special", site=site_id, subject=plan.id, now=now, why=body["why"])
    [shown] = service.plan_bodies(db.session(), [plan])
    return shown


@bp.get("/posts")
@policy("see.plan")
@bp.response(HTTPStatus.OK, PostList)
def list_posts(site_id: UUID) -> dict[str, Any]:
    """List the site's posts."""
    reading()
    return {"posts": service.posts_of(db.session(), site_id=site_id)}


@bp.post("/posts")
@policy("change.plan")
@bp.arguments(PostIn)
@bp.response(HTTPStatus.CREATED, PostBody)
def make_post(body: dict[str, Any], site_id: UUID) -> Any:
    """Make a post."""
    now = now_ms()
    post = service.make_post(db.session(), site=site_here(site_id), **body)
    note("post.made", site=site_id, subject=post.id, now=now)
    return post


@bp.patch("/posts/<uuid:post_id>")
@policy("change.plan")
@bp.arguments(change_of(PostIn))
@bp.response(HTTPStatus.OK, PostBody)
def change_post(body: dict[str, Any], site_id: UUID, post_id: UUID) -> Any:
    """Change a post's name, or the team that mans it."""
    now = now_ms()
    site = site_here(site_id)
    post = service.change_post(db.session(), site=site, post_id=post_id, changes=body, now_ms=now)
    note("post.changed", site=site_id, subject=post.id, now=now, members=sorted(body))
    return post


@bp.delete("/posts/<uuid:post_id>")
@policy("change.plan")
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(service.PostInUse)
def remove_post(site_id: UUID, post_id: UUID) -> None:
    """Remove a post to which no plan is given."""
    now = now_ms()
    service.remove_post(db.session(), site=site_here(site_id), post_id=post_id)
    note("post.removed", site=site_id, subject=post_id, now=now)
