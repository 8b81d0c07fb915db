"""What a site has already of what a draft asks for.

A thing is known by the row of its making, else by its kind and its Chinese name: the same name is
the same thing, so that nothing is made twice. What is there is used as it stands and never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demands.drafting import Draft, DraftForm, DraftPlace, DraftPlan, DraftRoute, DraftZone
from server.demands.models import Drafted
from server.forms import service as forms
from server.rounds import service as rounds
from server.sites import service as sites
from server.sites.models import Site

ThingKind = Literal["zone", "place", "form", "route", "plan"]
Item = DraftZone | DraftPlace | DraftForm | DraftRoute | DraftPlan

_KINDS: dict[type[Item], ThingKind] = {
    DraftZone: "zone",
    DraftPlace: "place",
    DraftForm: "form",
    DraftRoute: "route",
    DraftPlan: "plan",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A thing of the site that stands for one of the draft."""

    id: UUID
    how: Literal["made", "name"]
    """``made``: from this template before; ``name``: it has the same name."""
    differs: bool
    """Whether it is not quite what the draft asks for."""


class There:
    """The things of a site that stand for those of a draft."""

    def __init__(self, session: Session, *, site: Site, template: str | None) -> None:
        self._made = {
            (row.kind, row.key): row
            for row in session.scalars(
                select(Drafted).where(Drafted.site_id == site.id, Drafted.template == template)
            )
        }
        self._names: dict[tuple[ThingKind, str], UUID] = {}
        self._alive: set[UUID] = set()
        self._forms = {UUID(form["id"]): form for form in forms.forms_of(session, site_id=site.id)}
        self._stops = rounds.stops_of(session, site_id=site.id)
        self._places = sites.places_by_id(session, site_id=site.id)
        self._note("zone", ((zone.id, zone.name_zh) for zone in sites.zones_of(session, site=site)))
        self._note(
            "place", ((place.id, place.name_zh) for place in self._places.values() if not place.retired)
        )
        self._note("form", ((form_id, form["name"]["zh"]) for form_id, form in self._forms.items()))
        self._note(
            "route", ((route.id, route.name_zh) for route in rounds.routes_of(session, site_id=site.id))
        )
        self._note("plan", ((plan.id, plan.name_zh) for plan in rounds.plans_of(session, site_id=site.id)))

    def _note(self, kind: ThingKind, things: Iterable[tuple[UUID, str]]) -> None:
        for thing_id, name in things:
            self._alive.add(thing_id)
            self._names.setdefault((kind, name), thing_id)

    def find(self, item: Item) -> Found | None:
        """Return the thing that stands for `item`, or None when it has to be made."""
        kind = kind_of(item)
        row = self._made.get((kind, item.key))
        if row is not None and row.thing_id in self._alive:
            return Found(row.thing_id, "made", row.source != source_of(item))
        known = self._names.get((kind, item.name["zh"]))
        if known is None or (isinstance(item, DraftPlace) and self._places[known].kind != item.kind):
            return None
        return Found(known, "name", self._differs(item, known))

    def _differs(self, item: Item, known: UUID) -> bool:
        if isinstance(item, DraftForm):
            return bool(self._forms[known]["fields"] != list(item.fields))
        if isinstance(item, DraftRoute):
            asked = [(stop.place, stop.form) for stop in item.stops]
            return len(asked) != len(self._stops.get(known, []))
        return False


def kind_of(item: Item) -> ThingKind:
    """Return what sort of thing it is."""
    return _KINDS[type(item)]


def items_of(draft: Draft) -> list[Item]:
    """Return all that a draft asks for, in the order in which it is made."""
    return [*draft.zones, *draft.places, *draft.forms, *draft.routes, *draft.plans]


def source_of(item: Item) -> dict[str, Any]:
    """Return what a draft says of a thing, as it is kept with what was made of it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(item))
    return found
