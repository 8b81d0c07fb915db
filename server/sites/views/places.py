"""Sites, zones, checkpoints, assets, teams."""

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
from server.sites import schemas, service
from server.sites.models import Place, Site, Tag
from server.sites.schemas import (
    CheckpointBody,
    CheckpointList,
    PlaceIn,
    SiteBody,
    SiteList,
    TeamBody,
    TeamList,
    ZoneBody,
    ZoneIn,
    ZoneList,
)
from server.sites.views import bp
from sync.tags import format_short_code

SITE = "/api/v1/sites/<uuid:site_id>"


def site_here(site_id: UUID) -> Site:
    """Return the site of the request; the policy has looked at the person's role."""
    return service.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def finish(action: str, *, site: UUID, subject: UUID, now: int, **detail: Any) -> None:
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


@bp.get("/api/v1/sites")
@policy("member")
@bp.response(HTTPStatus.OK, SiteList)
def list_sites() -> dict[str, Any]:
    """List the sites that the person may see."""
    reading()
    session = db.session()
    seen = {site.id for site in g.principal.sites(session)}
    found = service.sites_of(session, organisation_id=g.principal.organisation_id)
    return {"sites": [site for site in found if site.id in seen]}


@bp.post("/api/v1/sites")
@policy("administer")
@bp.arguments(SiteBody)
@bp.response(HTTPStatus.CREATED, SiteBody)
def make_site(body: dict[str, Any]) -> Site:
    """Make a site."""
    now = now_ms()
    site = service.make_site(db.session(), organisation_id=g.principal.organisation_id, **body)
    finish("site.made", site=site.id, subject=site.id, now=now)
    return site


@bp.get(SITE)
@policy("see.plan")
@bp.response(HTTPStatus.OK, SiteBody)
def get_site(site_id: UUID) -> Site:
    """Return one site."""
    reading()
    return site_here(site_id)


@bp.patch(SITE)
@policy("change.plan")
@bp.arguments(change_of(SiteBody))
@bp.response(HTTPStatus.OK, SiteBody)
def change_site(body: dict[str, Any], site_id: UUID) -> Site:
    """Change a site's name, start of day, day and night, or quiet time."""
    now = now_ms()
    site = service.change_site(db.session(), site=site_here(site_id), changes=body)
    finish("site.changed", site=site.id, subject=site.id, now=now, members=sorted(body))
    return site


# -- zones ----------------------------------------------------------------------------


@bp.get(f"{SITE}/zones")
@policy("see.plan")
@bp.response(HTTPStatus.OK, ZoneList)
def list_zones(site_id: UUID) -> dict[str, Any]:
    """List the site's zones."""
    reading()
    return {"zones": service.zones_of(db.session(), site=site_here(site_id))}


@bp.post(f"{SITE}/zones")
@policy("change.plan")
@bp.arguments(ZoneIn)
@bp.response(HTTPStatus.CREATED, ZoneBody)
def make_zone(body: dict[str, Any], site_id: UUID) -> Any:
    """Make a zone."""
    now = now_ms()
    zone = service.make_zone(db.session(), site=site_here(site_id), **body)
    finish("zone.made", site=site_id, subject=zone.id, now=now)
    return zone


@bp.patch(f"{SITE}/zones/<uuid:zone_id>")
@policy("change.plan")
@bp.arguments(change_of(ZoneIn))
@bp.response(HTTPStatus.OK, ZoneBody)
def change_zone(body: dict[str, Any], site_id: UUID, zone_id: UUID) -> Any:
    """Rename or move a zone."""
    now = now_ms()
    zone = service.change_zone(db.session(), site=site_here(site_id), zone_id=zone_id, changes=body)
    finish("zone.changed", site=site_id, subject=zone.id, now=now, members=sorted(body))
    return zone


# -- checkpoints and assets -----------------------------------------------------------


@bp.get(f"{SITE}/checkpoints")
@policy("see.plan")
@bp.response(HTTPStatus.OK, CheckpointList)
def list_checkpoints(site_id: UUID) -> dict[str, Any]:
    """List the site's checkpoints, retired ones too."""
    reading()
    return {"checkpoints": _list("checkpoint", site_id)}


@bp.post(f"{SITE}/checkpoints")
@policy("change.plan")
@bp.arguments(PlaceIn)
@bp.response(HTTPStatus.CREATED, CheckpointBody)
@refuses(service.NumberTaken)
def make_checkpoint(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a checkpoint with its first tag."""
    return _make("checkpoint", body, site_id)


@bp.patch(f"{SITE}/checkpoints/<uuid:place_id>")
@policy("change.plan")
@bp.arguments(change_of(schemas.Checkpoint))
@bp.response(HTTPStatus.OK, CheckpointBody)
@refuses(service.NumberTaken, service.PlaceInUse)
def change_checkpoint(body: dict[str, Any], site_id: UUID, place_id: UUID) -> dict[str, Any]:
    """Change or retire a checkpoint."""
    return _change("checkpoint", body, site_id, place_id)


def _list(kind: service.PlaceKind, site_id: UUID) -> list[dict[str, Any]]:
    session = db.session()
    site = site_here(site_id)
    tags = service.current_tags(session, site=site)
    used = service.Usage.of_site(session, site_id)
    return [
        _view(place, tags.get(place.id), used.get(place.id, 0))
        for place in service.places_of(session, kind, site=site)
    ]


def _make(kind: service.PlaceKind, body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    now = now_ms()
    place = service.make_place(db.session(), kind, site=site_here(site_id), now_ms=now, **body)
    finish(f"{kind}.made", site=site_id, subject=place.id, now=now, number=place.number)
    return _one(place)


def _change(kind: service.PlaceKind, body: dict[str, Any], site_id: UUID, place_id: UUID) -> dict[str, Any]:
    now = now_ms()
    place = service.change_place(
        db.session(), kind, site=site_here(site_id), place_id=place_id, changes=body, now_ms=now
    )
    finish(f"{kind}.changed", site=site_id, subject=place.id, now=now, members=sorted(body))
    return _one(place)


def _one(place: Place) -> dict[str, Any]:
    session = db.session()
    tags = service.current_tags(session, site=site_here(place.site_id))
    used = service.Usage.of_site(session, place.site_id)
    return _view(place, tags.get(place.id), used.get(place.id, 0))


def _view(place: Place, tag: Tag | None, used_by: int) -> dict[str, Any]:
    return {
        "id": place.id,
        "number": place.number,
        "name": place.name,
        "zone": place.zone_id,
        "position": place.position,
        "retired": place.retired,
        "tag": tag and tag_of_place(tag),
        "used_by": used_by,
    }


def tag_of_place(tag: Tag) -> dict[str, Any]:
    """Return what a place says of its tag."""
    return {
        "id": tag.id,
        "print_no": tag.print_no,
        "short_code": format_short_code(tag.short_code),
        "retired": tag.retired_ms is not None,
    }


# -- teams ----------------------------------------------------------------------------


@bp.get(f"{SITE}/teams")
@policy("see.plan")
@bp.response(HTTPStatus.OK, TeamList)
def list_teams(site_id: UUID) -> dict[str, Any]:
    """List the site's teams."""
    reading()
    return {"teams": service.teams_of(db.session(), site=site_here(site_id))}


@bp.post(f"{SITE}/teams")
@policy("change.plan")
@bp.arguments(TeamBody)
@bp.response(HTTPStatus.CREATED, TeamBody)
def make_team(body: dict[str, Any], site_id: UUID) -> Any:
    """Make a team."""
    now = now_ms()
    team = service.make_team(db.session(), site=site_here(site_id), **body)
    finish("team.made", site=site_id, subject=team.id, now=now)
    return team


@bp.patch(f"{SITE}/teams/<uuid:team_id>")
@policy("change.plan")
@bp.arguments(change_of(TeamBody))
@bp.response(HTTPStatus.OK, TeamBody)
def change_team(body: dict[str, Any], site_id: UUID, team_id: UUID) -> Any:
    """Rename a team."""
    now = now_ms()
    team = service.change_team(db.session(), site=site_here(site_id), team_id=team_id, changes=body)
    finish("team.changed", site=site_id, subject=team.id, now=now, members=sorted(body))
    return team
