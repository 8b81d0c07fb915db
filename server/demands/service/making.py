"""Making what a draft asks for, in one transaction, and telling beforehand what that would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demands import drafting
from server.demands.drafting import Draft, DraftPlace, DraftPlan, DraftStop
from server.demands.models import Drafted
from server.demands.service.there import Found, Item, There, ThingKind, items_of, kind_of, source_of
from server.demands.templates import Template
from server.forms import service as forms
from server.problems import Invalid, Problem
from server.rounds import service as rounds
from server.rounds.service import StopSpec
from server.sites import service as sites
from server.sites.models import Site

NUMBERS: dict[str, str] = {"checkpoint": "{n:02}", "asset": "E{n:02}"}
"""How numbers of new places look."""


class TemplateChanged(Problem):
    """The template has another version than the one that was looked at."""

    slug, status, title = "template-changed", HTTPStatus.CONFLICT, "The template has changed since"


Assignees = Mapping[str, dict[str, Any] | None]
"""Key of whose work it is → ``{"kind", "id"}`` as a plan has it."""


@dataclass(frozen=True, slots=True)
class Made:
    """One thing of a draft: what there was of it, and its id once it is there."""

    item: Item
    found: Found | None
    id: UUID | None
    number: str | None = None
    """Of a place: the number that it has or gets."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was made of a draft, or would be."""

    things: dict[ThingKind, list[Made]]

    def new(self, kind: ThingKind) -> int:
        """Return how many things of a kind are new."""
        return sum(made.found is None for made in self.things[kind])

    def counts(self) -> dict[str, int]:
        """Return ``new_plans`` and so on → how many are new."""
        return {f"new_{kind}s": self.new(kind) for kind in self.things}


def draft_for(template: Template, choices: drafting.Choices) -> Draft:
    """Return what a site would get that chooses so.

    :raises Invalid: a demand that the template does not schedule, or a count out of its bounds
    """
    errors: dict[str, Any] = {}
    if unknown := sorted(choices.demands - set(template.demands)):
        errors["demands"] = [f"Not in this template: {', '.join(unknown)}"]
    per = {each.key: each for each in template.per}
    for key, count in choices.counts.items():
        if key not in per:
            errors.setdefault("counts", {})[key] = ["Not in this template"]
        elif not 1 <= count <= per[key].most:
            errors.setdefault("counts", {})[key] = [f"From 1 to {per[key].most}"]
    if errors:
        raise Invalid(errors={"json": errors})
    return drafting.draft(template, choices)


def look(session: Session, *, site: Site, template: Template | None, draft: Draft) -> Outcome:
    """Return what would be made of a draft. Nothing changes."""
    there = There(session, site=site, template=template.id if template else None)
    numbers = _Numbers(session, site)
    things = _empty()
    for item in items_of(draft):
        found = there.find(item)
        number = numbers.of(item, found)
        things[kind_of(item)].append(Made(item, found, found.id if found else None, number))
    return Outcome(things)


def make(
    session: Session,
    *,
    site: Site,
    template: Template | None,
    draft: Draft,
    assignees: Assignees,
    starts_on: date,
    now_ms: int,
) -> Outcome:
    """Make what the site does not have yet, and leave alone what it has. Safe to repeat.

    :param assignees: key of whose work it is → to whom its plans are given; None and absent: any worker
    :raises Invalid: whatever a form, a route or a plan refuses
    """
    session.scalars(select(Site.id).where(Site.id == site.id).with_for_update()).one()
    there = There(session, site=site, template=template.id if template else None)
    maker = _Maker(session, site, draft, assignees, starts_on, now_ms)
    things = _empty()
    for item in items_of(draft):
        kind, found = kind_of(item), there.find(item)
        thing_id = found.id if found else maker.make(item)
        maker.ids[kind, item.key] = thing_id
        things[kind].append(Made(item, found, thing_id, maker.numbers.of(item, found)))
        if found is None and template is not None:
            session.merge(_row(site, template, kind, item, thing_id, now_ms))
    session.flush()
    return Outcome(things)


class _Maker:
    """Makes the things of a draft one after another; later ones name earlier ones by key."""

    def __init__(
        self,
        session: Session,
        site: Site,
        draft: Draft,
        assignees: Assignees,
        starts_on: date,
        now_ms: int,
    ) -> None:
        self.session, self.site, self.now_ms = session, site, now_ms
        self.assignees, self.starts_on = assignees, starts_on
        self.numbers = _Numbers(session, site)
        self.ids: dict[tuple[ThingKind, str], UUID] = {}
        """Kind and key → id, of what was made or found so far."""
        self._kinds = {item.key: item.kind for item in draft.places}

    def make(self, item: Item) -> UUID:
        """Make a thing and return its id."""
        if isinstance(item, drafting.DraftZone):
            parent = self.ids["zone", item.parent] if item.parent else None
            return sites.make_zone(self.session, site=self.site, name=item.name, parent=parent).id
        if isinstance(item, DraftPlace):
            return self._place(item)
        if isinstance(item, drafting.DraftForm):
            form = forms.make_form(
                self.session,
                organisation_id=self.site.organisation_id,
                site_id=self.site.id,
                name=item.name,
                fields=item.fields,
                now_ms=self.now_ms,
            )
            return UUID(form["id"])
        if isinstance(item, drafting.DraftRoute):
            return rounds.make_route(
                self.session,
                site=self.site,
                name=item.name,
                order=item.order,
                stops=[self._stop(stop) for stop in item.stops],
                now_ms=self.now_ms,
            ).id
        return self._plan(item)

    def _place(self, item: DraftPlace) -> UUID:
        return sites.make_place(
            self.session,
            item.kind,
            site=self.site,
            number=self.numbers.of(item, None) or "",
            name=item.name,
            zone=self.ids["zone", item.zone] if item.zone is not None else None,
            category=item.category,
            now_ms=self.now_ms,
        ).id

    def _stop(self, stop: DraftStop) -> StopSpec:
        terms = dict(stop.terms)
        if window := terms.get("window"):
            terms["window"] = (window["from_min"], window["to_min"])
        return StopSpec(
            target_kind=self._kinds[stop.place],
            target_id=self.ids["place", stop.place],
            form_id=self.ids["form", stop.form] if stop.form else None,
            **terms,
        )

    def _only_stop(self, stop: DraftStop) -> dict[str, Any]:
        target = {"kind": self._kinds[stop.place], "id": self.ids["place", stop.place]}
        return {"target": target, "form": self.ids["form", stop.form] if stop.form else None}

    def _plan(self, item: DraftPlan) -> UUID:
        return rounds.make_plan(
            self.session,
            site=self.site,
            name=item.name,
            recurrence=item.recurrence,
            starts_on=self.starts_on,
            demand=item.demand,
            also=item.also,
            crew=item.crew,
            grace_min=item.grace_min,
            assignee=self.assignees.get(item.whose) if item.whose else None,
            route=self.ids["route", item.route] if item.route else None,
            stop=self._only_stop(item.stop) if item.stop else None,
            now_ms=self.now_ms,
            **item.more,
        ).id


class _Numbers:
    """Gives places numbers that are free, in their order; the same ones before and at the making."""

    def __init__(self, session: Session, site: Site) -> None:
        self._places = sites.places_by_id(session, site_id=site.id)
        self._taken: set[tuple[str, str]] = {(place.kind, place.number) for place in self._places.values()}
        self._given: dict[str, str] = {}
        self._next: dict[str, Iterator[str]] = {kind: _counting(NUMBERS[kind]) for kind in NUMBERS}

    def of(self, item: Item, found: Found | None) -> str | None:
        """Return a place's number: the one it has, its own where that is free, else the next free one."""
        if not isinstance(item, DraftPlace):
            return None
        if found is not None:
            return self._places[found.id].number
        if item.key not in self._given:
            self._given[item.key] = self._free(item.kind, item.number)
        return self._given[item.key]

    def _free(self, kind: str, wanted: str | None) -> str:
        number = wanted
        while number is None or (kind, number) in self._taken:
            number = next(self._next[kind])
        self._taken.add((kind, number))
        return number


def _counting(pattern: str) -> Iterator[str]:
    n = 0
    while True:
        n += 1
        yield pattern.format(n=n)


def _empty() -> dict[ThingKind, list[Made]]:
    return {"zone": [], "place": [], "form": [], "route": [], "plan": []}


def _row(site: Site, template: Template, kind: ThingKind, item: Item, thing_id: UUID, now_ms: int) -> Drafted:
    return Drafted(
        site_id=site.id,
        template=template.id,
        kind=kind,
        key=item.key,
        organisation_id=site.organisation_id,
        thing_id=thing_id,
        template_version=template.version,
        made_ms=now_ms,
        source=source_of(item),
    )
