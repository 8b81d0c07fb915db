"""Names of what orders mention, read at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders.models import WorkOrder
from server.people.models import Company, Person
from server.sites.models import Place, Team
from server.sites.service import PLACES


@dataclass(frozen=True, slots=True)
class Named:
    """Names by id."""

    people: dict[UUID, str]
    teams: dict[UUID, dict[str, str]]
    companies: dict[UUID, str]
    places: dict[UUID, Place]

    def person(self, person_id: UUID | None) -> dict[str, Any] | None:
        """Return a person as they are shown."""
        return {"id": person_id, "name": self.people.get(person_id, "")} if person_id else None

    def who(self, kind: str | None, thing: UUID | None) -> dict[str, Any] | None:
        """Return a person, team or company as it is shown."""
        if kind is None or thing is None:
            return None
        by_kind: dict[str, dict[UUID, Any]] = {
            "person": self.people,
            "team": self.teams,
            "company": self.companies,
        }
        return {"kind": kind, "id": thing, "name": by_kind[kind].get(thing)}

    def assignee(self, order: WorkOrder) -> dict[str, Any] | None:
        """Return to whom an order is given, as it is shown."""
        return self.who(order.assignee_kind, order.assignee_id)

    def target(self, order: WorkOrder) -> dict[str, Any] | None:
        """Return what an order is about, as it is shown."""
        place = self.places.get(order.target_id) if order.target_id else None
        if place is None:
            return None
        return {"kind": place.kind, "id": place.id, "number": place.number, "name": place.name}


def named(session: Session, orders: Sequence[WorkOrder], *, people: Iterable[UUID | None] = ()) -> Named:
    """Return the names that these orders mention, and those of `people`."""
    persons: set[UUID] = {one for one in people if one is not None}
    assigned: dict[str, set[UUID]] = {"person": persons, "team": set(), "company": set()}
    places: dict[str, set[UUID]] = {kind: set() for kind in PLACES}
    for order in orders:
        persons |= {one for one in (order.holder_id, order.opened_by) if one is not None}
        if order.assignee_kind in assigned and order.assignee_id is not None:
            assigned[order.assignee_kind].add(order.assignee_id)
        if order.target_kind in places and order.target_id is not None:
            places[order.target_kind].add(order.target_id)
    found: dict[UUID, Place] = {}
    for kind, model in PLACES.items():
        if places[kind]:
            found |= {one.id: one for one in session.scalars(select(model).where(model.id.in_(places[kind])))}
    return Named(
        people=_names(session, Person, persons),
        teams={one.id: one.name for one in session.scalars(select(Team).where(Team.id.in_(assigned["team"])))}
        if assigned["team"]
        else {},
        companies=_names(session, Company, assigned["company"]),
        places=found,
    )


def _names(session: Session, model: type[Person] | type[Company], ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    return dict(session.execute(select(model.id, model.name).where(model.id.in_(ids))).all())
