"""From site to site: plans, and the routes, forms and places that they need, by their names.

Codes are not copied: each place of the other site gets a code of its own. Teams are those of the same
name there; a plan of a team that the other site does not have is for any worker, and told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demands.drafting import Draft, DraftForm, DraftPlace, DraftPlan, DraftRoute, DraftStop, DraftZone
from server.demands.models import Drafted
from server.demands.service.copying_promises import Carried, key_of, rules_to_copy
from server.demands.service.making import Assignees, Outcome
from server.forms import service as forms
from server.problems import Invalid
from server.rounds import service as rounds
from server.rounds.models import Plan, Stop
from server.rounds.service.assignment import assignee_of
from server.rounds.service.routes import stop_body
from server.sites import service as sites
from server.sites.models import Asset, Place, Post, Site, Team, Zone

STOP = ("id", "number", "target", "form")
"""What a stop is; whatever else it says are its terms."""

NAMED: dict[str, type[Team] | type[Post]] = {"team": Team, "post": Post}
"""Who is known by a name at each site."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy would bring to another site."""

    draft: Draft
    assignees: Assignees
    missing: tuple[str, ...]
    """The Chinese names of teams and posts that the other site does not have."""


def copy_of(
    session: Session,
    *,
    source: Site,
    target: Site,
    plans: Collection[UUID] | None,
    promises: bool = False,
) -> Copy:
    """Return what has to be made at `target` so that it has these plans of `source`.

    :param promises: whether its rules of upkeep come along, with the forms that they are filled with

    Without `plans` all of them, but for special rounds, which were sent out for an occasion.

    :raises Invalid: the two are one site, or a plan is not of `source`
    """
    if source.id == target.id:
        raise Invalid(errors={"json": {"from": ["A site is not copied to itself"]}})
    known = {plan.id: plan for plan in rounds.plans_of(session, site_id=source.id)}
    if unknown := [plan_id for plan_id in plans or () if plan_id not in known]:
        raise Invalid(errors={"json": {"plans": [f"Not a plan of that site: {unknown[0]}"]}})
    chosen = [
        plan for plan in known.values() if (plan.special is None if plans is None else plan.id in plans)
    ]
    rules = rules_to_copy(session, source=source) if promises else []
    drafted = _Reader(session, source).draft(chosen, [rule.form_id for rule in rules if rule.form_id])
    given = {_key(one): one for plan in chosen if (one := assignee_of(plan)) is not None}
    given |= {key_of(one): one.assignee | {"id": UUID(one.assignee["id"])} for one in rules if one.assignee}
    return Copy(drafted, *_assignees(session, target, given))


def carry_origins(
    session: Session, *, source: Site, target: Site, outcome: Outcome, carried: Carried | None, now_ms: int
) -> None:
    """Let what was copied know the template that it came from, unless the other site has that of its own."""
    made: dict[tuple[str, UUID], UUID | None] = {
        (kind, UUID(each.item.key)): each.id
        for kind, things in outcome.things.items()
        for each in things
        if each.found is None
    }
    if carried is not None:
        made |= {("upkeep", old): new for old, new in carried.rules.items()}
    taken = {
        (row.template, row.kind, row.key)
        for row in session.scalars(select(Drafted).where(Drafted.site_id == target.id))
    }
    for row in session.scalars(select(Drafted).where(Drafted.site_id == source.id)):
        thing_id = made.get((row.kind, row.thing_id))
        if carried is not None and row.kind == "clause" and row.key in carried.clauses:
            thing_id = target.id
        if thing_id is None or (row.template, row.kind, row.key) in taken:
            continue
        session.add(
            Drafted(
                site_id=target.id,
                template=row.template,
                kind=row.kind,
                key=row.key,
                organisation_id=target.organisation_id,
                thing_id=thing_id,
                template_version=row.template_version,
                made_ms=now_ms,
                source=row.source,
            )
        )
    session.flush()


class _Reader:
    """Reads a site as a draft; the keys are the ids of its things."""

    def __init__(self, session: Session, site: Site) -> None:
        self._routes = {route.id: route for route in rounds.routes_of(session, site_id=site.id)}
        self._stops = rounds.stops_of(session, site_id=site.id)
        self._places = sites.places_by_id(session, site_id=site.id)
        self._zones = {zone.id: zone for zone in sites.zones_of(session, site=site)}
        self._forms = {UUID(form["id"]): form for form in forms.forms_of(session, site_id=site.id)}

    def draft(self, plans: Collection[Plan], more_forms: Collection[UUID] = ()) -> Draft:
        """Return what these plans need, and some forms beside."""
        walked = dict.fromkeys(plan.route_id for plan in plans)
        routes = [self._routes[route_id] for route_id in walked if route_id in self._routes]
        stops = [stop for route_id in walked for stop in self._stops.get(route_id, [])]
        places = [self._places[place_id] for place_id in dict.fromkeys(stop.target_id for stop in stops)]
        zones = dict.fromkeys(zone for place in places for zone in self._around(place.zone_id))
        needed = dict.fromkeys([*(stop.form_id for stop in stops if stop.form_id), *more_forms])
        return Draft(
            zones=tuple(_zone(zone) for zone in zones),
            places=tuple(_place(place) for place in sorted(places, key=lambda place: place.number)),
            forms=tuple(_form(self._forms[form_id]) for form_id in needed),
            routes=tuple(
                DraftRoute(str(route.id), route.name, route.order, self._stops_of(route.id))
                for route in routes
            ),
            plans=tuple(self._plan(plan) for plan in plans),
        )

    def _around(self, zone_id: UUID | None) -> list[Zone]:
        """Return the zone and those around it, the outermost first."""
        found: list[Zone] = []
        while zone_id is not None:
            zone = self._zones[zone_id]
            found.insert(0, zone)
            zone_id = zone.parent_id
        return found

    def _stops_of(self, route_id: UUID) -> tuple[DraftStop, ...]:
        return tuple(_stop(stop) for stop in self._stops.get(route_id, []))

    def _plan(self, plan: Plan) -> DraftPlan:
        assignee = assignee_of(plan)
        has_route = plan.route_id in self._routes
        return DraftPlan(
            key=str(plan.id),
            name=plan.name,
            demand=plan.demand,
            also=tuple(plan.also),
            whose=_key(assignee) if assignee else None,
            recurrence=plan.recurrence,
            crew=plan.crew,
            grace_min=plan.grace_min,
            route=str(plan.route_id) if has_route else None,
            stop=None if has_route else self._stops_of(plan.route_id)[0],
            more={name: getattr(plan, name) for name in ("paused", "stand_in", "crew_within_min")},
        )


def _zone(zone: Zone) -> DraftZone:
    return DraftZone(str(zone.id), zone.name, str(zone.parent_id) if zone.parent_id else None)


def _place(place: Place) -> DraftPlace:
    return DraftPlace(
        key=str(place.id),
        name=place.name,
        zone=str(place.zone_id) if place.zone_id else None,
        kind=place.kind,
        category=place.category if isinstance(place, Asset) else "",
        number=place.number,
    )


def _form(form: Mapping[str, Any]) -> DraftForm:
    return DraftForm(form["id"], form["name"], tuple(form["fields"]))


def _stop(stop: Stop) -> DraftStop:
    terms = {name: value for name, value in stop_body(stop).items() if name not in STOP}
    return DraftStop(str(stop.target_id), str(stop.form_id) if stop.form_id else None, terms)


def _assignees(
    session: Session, target: Site, given: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, dict[str, Any] | None], tuple[str, ...]]:
    """Return to whom the copies are given, and the names of teams and posts that `target` does not have.

    Companies work for the whole organisation. A person has work of their own there, or none: what is
    given to a person is for any worker at the other site.
    """
    found: dict[str, dict[str, Any] | None] = {}
    missing: set[str] = set()
    for key, assignee in given.items():
        found[key] = None
        if assignee["kind"] == "company":
            found[key] = assignee
        elif assignee["kind"] in NAMED:
            model = NAMED[assignee["kind"]]
            name = session.scalars(select(model.name_zh).where(model.id == assignee["id"])).one()
            same = (
                select(model.id).where(model.site_id == target.id, model.name_zh == name).order_by(model.id)
            )
            if there := session.scalars(same).first():
                found[key] = {"kind": assignee["kind"], "id": there}
            else:
                missing.add(name)
    return found, tuple(sorted(missing))


def _key(assignee: Mapping[str, Any]) -> str:
    return f"{assignee['kind']}:{assignee['id']}"
