"""Sets the demo estate up through the services that the console uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from qr.payload import tag_url
from server.demo import estate, forms, grounds, people, plans
from server.demo.story import first_day
from server.forms import service as form_service
from server.rounds import service as round_service
from server.rounds.service import StopSpec
from server.sites import service as site_service
from server.sites.models import Site
from server.sites.service import maps


@dataclass
class Made:
    """Ids of what was set up, by the keys and numbers of the data."""

    site: Site
    teams: dict[str, UUID] = field(default_factory=dict)
    places: dict[str, tuple[site_service.PlaceKind, UUID]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    forms: dict[str, UUID] = field(default_factory=dict)
    routes: dict[str, UUID] = field(default_factory=dict)
    plans: dict[str, UUID] = field(default_factory=dict)


def set_up(session: Session, *, organisation_id: UUID, public_url: str, until_ms: int, now_ms: int) -> Made:
    """Make the site with all that stands on it. The caller commits.

    :param until_ms: when the history will have caught up; the plans' days follow from it
    """
    site = site_service.make_site(
        session,
        organisation_id=organisation_id,
        name=estate.SITE_NAME,
        time_zone=estate.TIME_ZONE,
        day_start_min=estate.DAY_START_MIN,
        quiet_lock_min=estate.QUIET_LOCK_MIN,
        daytime=estate.DAYTIME,
        demo=True,
    )
    made = Made(site)
    for team in people.TEAMS:
        made.teams[team.key] = site_service.make_team(session, site=site, name=team.name).id
    _places(session, made, public_url=public_url, now_ms=now_ms)
    for form in forms.FORMS:
        definition = form_service.make_form(
            session,
            organisation_id=organisation_id,
            site_id=site.id,
            name=form.name,
            fields=form.fields,
            now_ms=now_ms,
        )
        made.forms[form.key] = UUID(definition["id"])
    for route in plans.ROUTES:
        stops = [
            StopSpec(*made.places[number], form_id=made.forms[form] if form else None)
            for number, form in route.stops
        ]
        made.routes[route.key] = round_service.make_route(
            session, site=site, name=route.name, order=route.order, stops=stops, now_ms=now_ms
        ).id
    for plan in plans.PLANS:
        _plan(session, made, plan, until_ms=until_ms, now_ms=now_ms)
    return made


def _places(session: Session, made: Made, *, public_url: str, now_ms: int) -> None:
    zones: dict[str, UUID] = {}
    for zone in estate.ZONES:
        parent = zones[zone.parent] if zone.parent else None
        zones[zone.key] = site_service.make_zone(session, site=made.site, name=zone.name, parent=parent).id
    for place in estate.PLACES:
        row = site_service.make_place(
            session,
            place.kind,
            site=made.site,
            number=place.number,
            name=place.name,
            zone=zones[place.zone],
            category=place.category,
            position=grounds.position(place.number),
            now_ms=now_ms,
        )
        made.places[place.number] = (place.kind, row.id)
    _maps(session, made)
    numbers = {place_id: number for number, (_, place_id) in made.places.items()}
    for place_id, tag in site_service.current_tags(session, site=made.site).items():
        made.tags[numbers[place_id]] = tag_url(public_url, tag.token)


def _maps(session: Session, made: Made) -> None:
    for sheet in grounds.MAPS:
        picture = maps.Drawn(sheet.draw(), *grounds.SIZE)
        drawn = maps.make_map(session, site=made.site, name=sheet.name, picture=picture)
        for number, (x, y) in sheet.spots.items():
            kind, place_id = made.places[number]
            maps.place_pin(
                session,
                site=made.site,
                map_id=drawn.id,
                target={"kind": kind, "id": place_id},
                at={"x": x, "y": y},
            )


def _plan(session: Session, made: Made, plan: plans.Plan, *, until_ms: int, now_ms: int) -> None:
    first = first_day(until_ms)
    later = None if plan.starts_in is None else first + timedelta(days=2 + plan.starts_in)
    made.plans[plan.key] = round_service.make_plan(
        session,
        site=made.site,
        name=plan.name,
        route=made.routes[plan.route],
        recurrence=plan.recurrence,
        starts_on=later or first,
        demand=plan.demand,
        also=plan.also,
        crew=plan.crew,
        grace_min=plan.grace_min,
        assignee={"kind": "team", "id": made.teams[plan.team]},
        now_ms=now_ms,
    ).id
