"""What an occurrence asks for: the editions of plan and route in force when its window began."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import Text, Uuid, cast, select
from sqlalchemy.orm import Session

from server.direct import Direct, listed
from server.rounds.models import Occurrence, PlanEdition, RouteEdition
from server.rounds.state import Bounds, Crew, Order
from sync.crew import drawn


@dataclass(frozen=True, slots=True)
class StopTerms:
    """A stop as the occurrence knows it."""

    id: UUID
    number: int
    target_kind: str
    target_id: UUID
    form_id: UUID | None
    window_ms: tuple[int, int] | None = None
    """Its own window, ms after the round's start."""
    stay_ms: int = 0
    walk_s: int | None = None
    walk_from: UUID | None = None
    """The stop before it, where there is a least walking time from there."""
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of one occurrence. A route stops at a place at most once."""

    route_id: UUID
    crew: int
    team_id: UUID | None
    by_place: Mapping[UUID, StopTerms]
    """Place → the stop there, in walking order."""
    stand_in: bool = True
    """Whether a colleague may take the round over unmarked."""
    person_id: UUID | None = None
    company_id: UUID | None = None
    """Where it is given to a person or a company, and to no team."""
    order: Order = "free"
    crew_within_ms: int | None = None
    """Within what time of each other both scan; None: as before stops were drawn."""

    @property
    def stops(self) -> tuple[StopTerms, ...]:
        """The stops in walking order."""
        return tuple(self.by_place.values())

    def stop_at(self, target_id: UUID | None) -> StopTerms | None:
        """Return the stop at a place, or None when the round does not stop there."""
        return None if target_id is None else self.by_place.get(target_id)

    def crew_of(self, occurrence: UUID) -> Crew:
        """Return what the crew of an occurrence does together."""
        if self.crew_within_ms is None:
            return Crew(self.crew)
        asked = drawn(str(occurrence), [str(stop.id) for stop in self.stops]) if self.crew > 1 else ()
        return Crew(self.crew, frozenset(UUID(stop) for stop in asked), self.crew_within_ms)


class Window(Protocol):
    """What of an occurrence says which terms it has: the row of the model, or a part of it."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def plan_id(self) -> UUID:
        """The plan of which it is a window."""

    @property
    def from_ms(self) -> int:
        """When it begins."""


def bounds_of(occurrence: Occurrence) -> Bounds:
    """Return the occurrence's window and grace."""
    return Bounds(occurrence.from_ms, occurrence.to_ms, occurrence.grace_ms)


_PLANS = Direct(
    select(
        PlanEdition.plan_id,
        PlanEdition.since_ms,
        PlanEdition.route_id,
        PlanEdition.crew,
        PlanEdition.team_id,
        PlanEdition.stand_in,
        PlanEdition.person_id,
        PlanEdition.company_id,
        PlanEdition.crew_within_min,
    )
    .where(PlanEdition.plan_id.op("IN")(listed("plans", Uuid())))
    .order_by(PlanEdition.version)
)
_ROUTES = Direct(
    select(
        RouteEdition.route_id,
        RouteEdition.since_ms,
        cast(RouteEdition.stops, Text).label("stops"),
        RouteEdition.order.label("walk_order"),
    )
    .where(RouteEdition.route_id.op("IN")(listed("routes", Uuid())))
    .order_by(RouteEdition.version)
)


def terms_for(session: Session, occurrences: Iterable[Window]) -> dict[UUID, Terms]:
    """Return occurrence id → its terms, with two queries for any number of occurrences."""
    occurrences = list(occurrences)
    if not occurrences:
        return {}
    session.flush()
    plans = _by_owner(_PLANS.rows(session, {"plans": {o.plan_id for o in occurrences}}))
    chosen = {o.id: _in_force(plans[o.plan_id], o.from_ms) for o in occurrences}
    routes = _by_owner(_ROUTES.rows(session, {"routes": {plan.route_id for plan in chosen.values()}}))
    found = {}
    for occurrence in occurrences:
        plan = chosen[occurrence.id]
        route = _in_force(routes[plan.route_id], occurrence.from_ms)
        within = plan.crew_within_min
        found[occurrence.id] = Terms(
            plan.route_id,
            plan.crew,
            plan.team_id,
            _stops(route.stops),
            bool(plan.stand_in),
            person_id=plan.person_id,
            company_id=plan.company_id,
            order=route.walk_order or "free",
            crew_within_ms=None if within is None else within * 60_000,
        )
    return found


def _by_owner(editions: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for edition in editions:
        found.setdefault(edition[0], []).append(edition)
    return found


def _in_force(editions: Sequence[Any], from_ms: int) -> Any:
    """Return the last edition made by `from_ms`; the first one for a window that ran when it was made."""
    at = bisect_right(editions, from_ms, key=lambda edition: edition.since_ms)
    return editions[max(at - 1, 0)]


@lru_cache(maxsize=512)
def _stops(stored: str) -> Mapping[UUID, StopTerms]:
    """Return the stops in an edition's stored text: made once, for the same text says the same."""
    listed = msgspec.json.decode(stored)
    before = [None, *(UUID(stop["id"]) for stop in listed)]
    stops = [_stop(stop, last) for stop, last in zip(listed, before, strict=False)]
    return {stop.target_id: stop for stop in stops}


def _stop(stop: dict[str, Any], last: UUID | None) -> StopTerms:
    window, walk_s = stop.get("window"), stop.get("walk_s")
    return StopTerms(
        id=UUID(stop["id"]),
        number=stop["number"],
        target_kind=stop["target"]["kind"],
        target_id=UUID(stop["target"]["id"]),
        form_id=UUID(stop["form"]) if stop["form"] else None,
        window_ms=window and (window["from_min"] * 60_000, window["to_min"] * 60_000),
        stay_ms=(stop.get("dwell_s") or 0) * 1_000,
        walk_s=walk_s if last else None,
        walk_from=last if walk_s else None,
        certificate=stop.get("certificate"),
    )
