"""Sites, zones, checkpoints, assets and teams: what a supervisor lays out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.problems import Invalid, NotFound, Problem
from server.sites.models import Asset, Checkpoint, Label, Place, PlaceKind, Site, Team, Zone
from server.sites.service.common import PLACES, apply_changes, get
from server.sites.service.tags import print_tag, retire_tags

_NO_CARD: Mapping[str, Any] = MappingProxyType({})


class NumberTaken(Problem):
    """Another checkpoint or asset of the site has this number, or had it before it was retired."""

    slug, status, title = "number-taken", HTTPStatus.CONFLICT, "This number is taken"


class PlaceInUse(Problem):
    """The place is still a stop of a route; take it off the route first."""

    slug, status, title = "place-in-use", HTTPStatus.CONFLICT, "A route still stops here"
    carries: ClassVar = {"routes": {"type": "integer", "minimum": 1}}


class Usage:
    """Who else uses places: routes, which stand above this feature, register here."""

    counters: ClassVar[list[Callable[[Session, UUID], dict[UUID, int]]]] = []
    """Each returns, for a site, place id → how many routes stop there."""

    @classmethod
    def of_site(cls, session: Session, site_id: UUID) -> dict[UUID, int]:
        """Return place id → how often it is used."""
        total: dict[UUID, int] = {}
        for count in cls.counters:
            for place, n in count(session, site_id).items():
                total[place] = total.get(place, 0) + n
        return total


# -- sites ----------------------------------------------------------------------------


def site_of(session: Session, *, organisation_id: UUID, site_id: UUID) -> Site:
    """Return the site.

    :raises NotFound: there is none in this organisation
    """
    site = session.get(Site, site_id)
    if site is None or site.organisation_id != organisation_id:
        raise NotFound
    return site


def sites_of(session: Session, *, organisation_id: UUID) -> Sequence[Site]:
    """Return the organisation's sites by name."""
    query = select(Site).where(Site.organisation_id == organisation_id).order_by(Site.name_zh, Site.id)
    return session.scalars(query).all()


@cache
def _zones() -> frozenset[str]:
    """Return the names of all IANA zones, which lie in hundreds of files."""
    return frozenset(available_timezones())


def make_site(
    session: Session,
    *,
    organisation_id: UUID,
    name: Label,
    time_zone: str,
    day_start_min: int = 360,
    quiet_lock_min: int = 15,
    daytime: dict[str, int] | None = None,
    holidays: str = "none",
    demo: bool = False,
) -> Site:
    """Make a site.

    :raises Invalid: the zone is no IANA zone
    """
    if time_zone not in _zones():
        raise Invalid(errors={"json": {"time_zone": ["Not an IANA time zone"]}})
    site_id = uuid4()
    site = Site(
        id=site_id,
        organisation_id=organisation_id,
        site_id=site_id,
        name=name,
        time_zone=time_zone,
        day_start_min=day_start_min,
        quiet_lock_min=quiet_lock_min,
        daytime=daytime,
        holidays=holidays,
        demo=demo,
        version=1,
    )
    session.add(site)
    _feed_site(session, site)
    return site


def change_site(session: Session, *, site: Site, changes: dict[str, Any]) -> Site:
    """Change a site's name, start of day, day and night, holidays, or quiet time.

    :raises Invalid: another time zone; windows that were cut in the old one could not be kept
    """
    changes = dict(changes)
    if changes.pop("time_zone", site.time_zone) != site.time_zone:
        raise Invalid(errors={"json": {"time_zone": ["A site keeps its time zone"]}})
    if apply_changes(site, changes):
        site.version += 1
        _feed_site(session, site)
    return site


def _feed_site(session: Session, site: Site) -> None:
    body = {
        "id": str(site.id),
        "name": site.name,
        "time_zone": site.time_zone,
        "day_start_min": site.day_start_min,
        "quiet_lock_min": site.quiet_lock_min,
    }
    queue(session, Change(site.organisation_id, site.id, "site", site.id, site.version, "upsert", body))


# -- zones ----------------------------------------------------------------------------


def zones_of(session: Session, *, site: Site) -> Sequence[Zone]:
    """Return the site's zones by name."""
    return session.scalars(select(Zone).where(Zone.site_id == site.id).order_by(Zone.name_zh, Zone.id)).all()


def make_zone(session: Session, *, site: Site, name: Label, parent: UUID | None = None) -> Zone:
    """Make a zone, alone or inside another.

    :raises Invalid: the parent is no zone of the site
    """
    check_zone(session, site, parent, "parent")
    zone = Zone(
        id=uuid4(), organisation_id=site.organisation_id, site_id=site.id, name=name, parent_id=parent
    )
    session.add(zone)
    session.flush()
    return zone


def change_zone(session: Session, *, site: Site, zone_id: UUID, changes: dict[str, Any]) -> Zone:
    """Rename or move a zone. Its places are fed anew, since phones know zones by name only.

    :raises Invalid: the parent is no zone of the site, or lies inside this one
    """
    zone = get(session, Zone, site=site, thing_id=zone_id)
    changes = dict(changes)
    if "parent" in changes:
        parent = changes.pop("parent")
        check_zone(session, site, parent, "parent")
        _check_no_circle(session, zone, parent)
        zone.parent_id = parent
    if apply_changes(zone, changes):
        for model in PLACES.values():
            for place in session.scalars(select(model).where(model.zone_id == zone.id)):
                place.version += 1
                feed_place(session, place)
    return zone


def check_zone(session: Session, site: Site, zone_id: UUID | None, field: str) -> None:
    """Refuse a zone that is none of the site.

    :raises Invalid: it is none
    """
    if zone_id is None:
        return
    zone = session.get(Zone, zone_id)
    if zone is None or zone.site_id != site.id:
        raise Invalid(errors={"json": {field: ["Not a zone of this site"]}})


def _check_no_circle(session: Session, zone: Zone, parent_id: UUID | None) -> None:
    while parent_id is not None:
        if parent_id == zone.id:
            raise Invalid(errors={"json": {"parent": ["A zone does not lie inside itself"]}})
        parent = session.get(Zone, parent_id)
        parent_id = parent.parent_id if parent else None


# -- checkpoints and assets -----------------------------------------------------------


def places_of(session: Session, kind: PlaceKind, *, site: Site) -> Sequence[Place]:
    """Return the site's checkpoints or assets by number, retired ones too."""
    model = PLACES[kind]
    query = select(model).where(model.site_id == site.id).order_by(model.number, model.id)
    return session.scalars(query).all()


def make_place(
    session: Session,
    kind: PlaceKind,
    *,
    site: Site,
    number: str,
    name: Label,
    zone: UUID | None = None,
    category: str = "",
    position: dict[str, int] | None = None,
    card: Mapping[str, Any] = _NO_CARD,
    now_ms: int,
) -> Place:
    """Make a checkpoint or an asset together with its first tag.

    :param card: further columns of an asset, which `server.assets` has judged
    :raises NumberTaken: the site has one of this kind and number
    :raises Invalid: the zone is not of this site
    """
    check_zone(session, site, zone, "zone")
    check_number(session, kind, site, number)
    common = {
        "id": uuid4(),
        "organisation_id": site.organisation_id,
        "site_id": site.id,
        "zone_id": zone,
        "number": number,
        "name": name,
        "position": position,
        "version": 1,
    }
    place: Place = (
        Asset(**common, category=category, made_ms=now_ms, **card)
        if kind == "asset"
        else Checkpoint(**common)
    )
    session.add(place)
    session.flush()
    feed_place(session, place)
    print_tag(session, kind, place=place, now_ms=now_ms)
    return place


def change_place(
    session: Session, kind: PlaceKind, *, site: Site, place_id: UUID, changes: dict[str, Any], now_ms: int
) -> Place:
    """Change a place; `retired` takes it down with its tag, or puts it up again with a new one.

    :raises NumberTaken: the site has one of this kind and number
    :raises PlaceInUse: it is to be retired and a route still stops there
    :raises Invalid: the zone is not of this site
    """
    place = get(session, PLACES[kind], site=site, thing_id=place_id)
    changes = dict(changes)
    if "zone" in changes:
        check_zone(session, site, changes["zone"], "zone")
        changes["zone_id"] = changes.pop("zone")
    if changes.get("number", place.number) != place.number:
        check_number(session, kind, site, changes["number"])
    retired = changes.pop("retired", place.retired)
    turned = retired != place.retired
    if turned and retired and (n := Usage.of_site(session, site.id).get(place.id, 0)):
        raise PlaceInUse(f"{n} route(s) stop here", routes=n)
    if turned:
        place.retired_ms = now_ms if retired else None
    if apply_changes(place, changes) or turned:
        place.version += 1
        feed_place(session, place)
    if turned and retired:
        retire_tags(session, place_id=place.id, now_ms=now_ms)
    elif turned:
        print_tag(session, kind, place=place, now_ms=now_ms)
    return place


def check_number(session: Session, kind: PlaceKind, site: Site, number: str) -> None:
    """Refuse a number that another place of the kind has.

    :raises NumberTaken: one has it
    """
    model = PLACES[kind]
    taken = session.scalars(select(model.id).where(model.site_id == site.id, model.number == number)).first()
    if taken is not None:
        raise NumberTaken(f"Number {number} is taken")


def feed_place(session: Session, place: Place) -> None:
    """Queue a place for the phones as it is now; its version has risen, or it is new."""
    zone = session.get(Zone, place.zone_id) if place.zone_id else None
    body: dict[str, Any] = {"id": str(place.id), "number": place.number, "name": place.name}
    if isinstance(place, Asset):
        body["category"] = place.category
    body |= {"zone": zone.name if zone else None, "retired": place.retired}
    if isinstance(place, Asset):
        body |= card_body(place)
    change = Change(place.organisation_id, place.site_id, place.kind, place.id, place.version, "upsert", body)
    queue(session, change)


def card_body(asset: Asset) -> dict[str, Any]:
    """Return what a phone gets of an asset's card."""
    return {
        "parent": str(asset.parent_id) if asset.parent_id else None,
        "maker": asset.maker,
        "model": asset.model,
        "serial": asset.serial,
        "installed_on": asset.installed_on,
        "warranty_until": asset.warranty_until.isoformat() if asset.warranty_until else None,
        "criticality": asset.criticality,
        "special": asset.special,
        "registration": asset.registration,
        "certificate": asset.certificate,
        "photo": asset.photo,
        "state": "retired" if asset.retired else asset.state,
    }


# -- teams ----------------------------------------------------------------------------


def teams_of(session: Session, *, site: Site) -> Sequence[Team]:
    """Return the site's teams by name."""
    return session.scalars(select(Team).where(Team.site_id == site.id).order_by(Team.name_zh, Team.id)).all()


def make_team(session: Session, *, site: Site, name: Label) -> Team:
    """Make a team; people join it by their membership."""
    team = Team(id=uuid4(), organisation_id=site.organisation_id, site_id=site.id, name=name, version=1)
    session.add(team)
    session.flush()
    _feed_team(session, team)
    return team


def change_team(session: Session, *, site: Site, team_id: UUID, changes: dict[str, Any]) -> Team:
    """Rename a team."""
    team = get(session, Team, site=site, thing_id=team_id)
    if apply_changes(team, changes):
        team.version += 1
        _feed_team(session, team)
    return team


def _feed_team(session: Session, team: Team) -> None:
    body = {"id": str(team.id), "name": team.name}
    queue(session, Change(team.organisation_id, team.site_id, "team", team.id, team.version, "upsert", body))
