"""What an occurrence asks for: the editions of plan and route in force when its window began."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.rounds.models import Occurrence, PlanEdition, RouteEdition
from server.rounds.state import Bounds


@dataclass(frozen=True, slots=True)
class StopTerms:
    """A stop as the occurrence knows it."""

    id: UUID
    number: int
    target_kind: str
    target_id: UUID
    form_id: UUID | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of one occurrence. A route stops at a place at most once."""

    route_id: UUID
    crew: int
    team_id: UUID | None
    stops: tuple[StopTerms, ...]

    def stop_at(self, target_id: UUID | None) -> StopTerms | None:
        """Return the stop at a place, or None when the round does not stop there."""
        return next((stop for stop in self.stops if stop.target_id == target_id), None)


def bounds_of(occurrence: Occurrence) -> Bounds:
    """Return the occurrence's window and grace."""
    return Bounds(occurrence.from_ms, occurrence.to_ms, occurrence.grace_ms)


def terms_for(session: Session, occurrences: Iterable[Occurrence]) -> dict[UUID, Terms]:
    """Return occurrence id → its terms, with two queries for any number of occurrences."""
    occurrences = list(occurrences)
    plans = _by_owner(
        session.scalars(
            select(PlanEdition)
            .where(PlanEdition.plan_id.in_({o.plan_id for o in occurrences}))
            .order_by(PlanEdition.version)
        ),
        "plan_id",
    )
    chosen = {o.id: _in_force(plans[o.plan_id], o.from_ms) for o in occurrences}
    routes = _by_owner(
        session.scalars(
            select(RouteEdition)
            .where(RouteEdition.route_id.in_({plan.route_id for plan in chosen.values()}))
            .order_by(RouteEdition.version)
        ),
        "route_id",
    )
    read: dict[tuple[UUID, int], tuple[StopTerms, ...]] = {}
    found = {}
    for occurrence in occurrences:
        plan = chosen[occurrence.id]
        route = _in_force(routes[plan.route_id], occurrence.from_ms)
        key = (route.route_id, route.version)
        if key not in read:
            read[key] = tuple(_stop(stop) for stop in route.stops)
        found[occurrence.id] = Terms(plan.route_id, plan.crew, plan.team_id, read[key])
    return found


def _by_owner(editions: Iterable[Any], owner: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for edition in editions:
        found.setdefault(getattr(edition, owner), []).append(edition)
    return found


def _in_force(editions: Sequence[Any], from_ms: int) -> Any:
    """Return the last edition made by `from_ms`; the first one for a window that ran when it was made."""
    at = bisect_right(editions, from_ms, key=lambda edition: edition.since_ms)
    return editions[max(at - 1, 0)]


def _stop(stop: dict[str, Any]) -> StopTerms:
    return StopTerms(
        id=UUID(stop["id"]),
        number=stop["number"],
        target_kind=stop["target"]["kind"],
        target_id=UUID(stop["target"]["id"]),
        form_id=UUID(stop["form"]) if stop["form"] else None,
    )
