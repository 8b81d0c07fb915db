"""Routes and their stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.forms import service as forms
from server.problems import Invalid, NotFound, Problem
from server.rounds.models import Plan, Route, RouteEdition, Stop
from server.sites import service as sites
from server.sites.models import Site


class EmptyRoute(Problem):
    """A route that a plan walks needs a stop: a round of nothing proves nothing."""

    slug, status, title = "empty-route", HTTPStatus.CONFLICT, "The route has no stop"


@dataclass(frozen=True, slots=True)
class StopSpec:
    """A stop as it is wanted; one whose `id` is known keeps its row."""

    target_kind: sites.PlaceKind
    target_id: UUID
    form_id: UUID | None = None
    id: UUID | None = None
    window: tuple[int, int] | None = None
    """From and to, in minutes after the round's start."""
    dwell_s: int | None = None
    walk_s: int | None = None
    certificate: str | None = None


def route_of(session: Session, *, site_id: UUID, route_id: UUID) -> Route:
    """Return a route of the site.

    :raises NotFound: there is none, or it belongs to another site
    """
    route = session.get(Route, route_id)
    if route is None or route.site_id != site_id:
        raise NotFound
    return route


def routes_of(session: Session, *, site_id: UUID) -> Sequence[Route]:
    """Return the site's routes by name."""
    query = select(Route).where(Route.site_id == site_id, ~Route.single).order_by(Route.name_zh, Route.id)
    return session.scalars(query).all()


def stops_of(session: Session, *, site_id: UUID) -> dict[UUID, list[Stop]]:
    """Return route id → its stops in walking order, for all routes of the site."""
    query = (
        select(Stop)
        .where(Stop.site_id == site_id, Stop.removed_ms.is_(None))
        .order_by(Stop.route_id, Stop.number)
    )
    found: dict[UUID, list[Stop]] = {}
    for stop in session.scalars(query):
        found.setdefault(stop.route_id, []).append(stop)
    return found


def count_use(session: Session, site_id: UUID) -> dict[UUID, int]:
    """Return place id → on how many routes of the site it is a stop."""
    query = (
        select(Stop.target_id, func.count(Stop.route_id.distinct()))
        .where(Stop.site_id == site_id, Stop.removed_ms.is_(None))
        .group_by(Stop.target_id)
    )
    return dict(session.execute(query).all())


def make_route(
    session: Session,
    *,
    site: Site,
    name: dict[str, str],
    order: str,
    stops: Sequence[StopSpec],
    now_ms: int,
    single: bool = False,
) -> Route:
    """Make a route.

    :raises Invalid: a stop's place or form is not of this site, or the place is retired
    """
    route = Route(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        name_zh=name["zh"],
        name_en=name["en"],
        order=order,
        single=single,
        version=1,
    )
    session.add(route)
    session.flush()
    _place_stops(session, site, route, stops, now_ms)
    _publish(session, route, now_ms)
    return route


def change_route(
    session: Session, *, site: Site, route_id: UUID, changes: dict[str, Any], now_ms: int
) -> Route:
    """Change a route. Windows that have begun keep the stops that they began with.

    :param changes: any of `name`, `order`, `stops` (the whole list of `StopSpec`)
    :raises EmptyRoute: no stop would be left of a route that a plan walks
    :raises Invalid: a stop's place or form is not of this site, or the place is newly placed and retired
    """
    route = route_of(session, site_id=site.id, route_id=route_id)
    changes = dict(changes)
    stops: Sequence[StopSpec] | None = changes.pop("stops", None)
    route.version += 1  # with the first change: to read the stops writes what has changed so far
    if name := changes.pop("name", None):
        route.name_zh, route.name_en = name["zh"], name["en"]
    route.order = changes.pop("order", route.order)
    if stops is not None:
        if not stops and session.scalars(select(Plan.id).where(Plan.route_id == route.id)).first():
            raise EmptyRoute
        _place_stops(session, site, route, stops, now_ms)
    _publish(session, route, now_ms)
    return route


def make_single(
    session: Session, *, site: Site, name: dict[str, str], stop: dict[str, Any], now_ms: int
) -> Route:
    """Make the route of a plan that has one stop and no route.

    :param stop: ``{"target": {"kind", "id"}, "form": UUID | None}``
    :raises Invalid: as `make_route`, at the member ``stop``
    """
    with _as_stop():
        return make_route(
            session, site=site, name=name, order="free", stops=[_single(stop)], now_ms=now_ms, single=True
        )


def change_single(
    session: Session,
    *,
    site: Site,
    route: Route,
    name: dict[str, str] | None,
    stop: dict[str, Any] | None,
    now_ms: int,
) -> None:
    """Change the route of a plan that has one stop.

    :raises Invalid: as `make_route`, at the member ``stop``
    """
    changes: dict[str, Any] = {"name": name} if name else {}
    if stop is not None:
        changes["stops"] = [_single(stop)]
    with _as_stop():
        change_route(session, site=site, route_id=route.id, changes=changes, now_ms=now_ms)


def _single(stop: dict[str, Any]) -> StopSpec:
    return StopSpec(stop["target"]["kind"], stop["target"]["id"], stop.get("form"))


@contextmanager
def _as_stop() -> Iterator[None]:
    """Say what is wrong with the only stop of a list at the member ``stop``."""
    try:
        yield
    except Invalid as error:
        found: Any = error.members["errors"]
        raise Invalid(errors={"json": {"stop": found["json"]["stops"]["0"]}}) from error


def snapshot(session: Session, route_id: UUID) -> list[dict[str, Any]]:
    """Return the route's stops as they travel and as an occurrence keeps them."""
    query = select(Stop).where(Stop.route_id == route_id, Stop.removed_ms.is_(None)).order_by(Stop.number)
    return [stop_body(stop) for stop in session.scalars(query)]


def stop_body(stop: Stop) -> dict[str, Any]:
    """Return a stop as it travels: of its terms only those that it has."""
    return {
        "id": str(stop.id),
        "number": stop.number,
        "target": {"kind": stop.target_kind, "id": str(stop.target_id)},
        "form": str(stop.form_id) if stop.form_id else None,
    } | terms_of(stop)


def terms_of(stop: Stop) -> dict[str, Any]:
    """Return those terms that a stop has."""
    window = None
    if stop.window_from_min is not None:
        window = {"from_min": stop.window_from_min, "to_min": stop.window_to_min}
    terms = {
        "window": window,
        "dwell_s": stop.dwell_s,
        "walk_s": stop.walk_s,
        "certificate": stop.certificate,
    }
    return {name: value for name, value in terms.items() if value is not None}


def _place_stops(session: Session, site: Site, route: Route, specs: Sequence[StopSpec], now_ms: int) -> None:
    before = {
        stop.id: stop
        for stop in session.scalars(select(Stop).where(Stop.route_id == route.id, Stop.removed_ms.is_(None)))
    }
    places = sites.places_by_id(session, site_id=site.id)
    seen: set[UUID] = set()
    for number, spec in enumerate(specs, start=1):
        kept = before.pop(spec.id, None) if spec.id else None
        _check_stop(session, site, places, spec, number, kept, seen)
        seen.add(spec.target_id)
        stop = kept or Stop(
            id=uuid4(), organisation_id=site.organisation_id, site_id=site.id, route_id=route.id
        )
        stop.number = number
        stop.target_kind, stop.target_id, stop.form_id = spec.target_kind, spec.target_id, spec.form_id
        stop.window_from_min, stop.window_to_min = spec.window or (None, None)
        stop.dwell_s, stop.walk_s, stop.certificate = spec.dwell_s, spec.walk_s, spec.certificate
        session.add(stop)
    for stop in before.values():
        stop.removed_ms = now_ms
    session.flush()


def _check_stop(
    session: Session,
    site: Site,
    places: dict[UUID, Any],
    spec: StopSpec,
    number: int,
    kept: Stop | None,
    seen: set[UUID],
) -> None:
    place = places.get(spec.target_id)
    fault = None
    if place is None or place.kind != spec.target_kind:
        fault = ("target", f"Not a {spec.target_kind} of this site")
    elif place.retired and (kept is None or kept.target_id != place.id):
        fault = ("target", "The place is retired")
    elif spec.target_id in seen:
        fault = ("target", "The route stops here already")
    elif spec.form_id is not None:
        try:
            forms.form_of(session, site_id=site.id, form_id=spec.form_id)
        except NotFound:
            fault = ("form", "Not a form of this site")
    if fault:
        raise Invalid(errors={"json": {"stops": {str(number - 1): {fault[0]: [fault[1]]}}}})


def _publish(session: Session, route: Route, now_ms: int) -> None:
    stops = snapshot(session, route.id)
    session.add(
        RouteEdition(
            route_id=route.id,
            version=route.version,
            organisation_id=route.organisation_id,
            site_id=route.site_id,
            since_ms=now_ms,
            order=route.order,
            stops=stops,
        )
    )
    # phones of earlier releases know no third order and would leave such a route out
    enforced = route.order == "enforced"
    order = "advised" if enforced else route.order
    body: dict[str, Any] = {"id": str(route.id), "name": route.name, "order": order, "stops": stops}
    body |= {"enforced": True} if enforced else {}
    change = Change(route.organisation_id, route.site_id, "route", route.id, route.version, "upsert", body)
    queue(session, change)
