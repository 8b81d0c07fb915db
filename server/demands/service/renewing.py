"""Taking over what a template says by now: only what it changed and nobody changed by hand.

Of each thing that was made from the template there are three sayings, member by member: what the
template said when the thing was made (``drafted.source``), what it says now, and how the thing is.
Where the template says the same as before, nothing happens. Where the thing is still as the template
had it, it follows. Where somebody changed it by hand, it stays, and counts as decided: it is told
once and not again until the template changes that member anew. A stop whose place or form the site
does not have yet waits until the template was used for it, and is told until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demands.models import Drafted
from server.demands.service.renewal import Becomes, Renewal
from server.demands.service.renewing_promises import look_promised, take_promised
from server.demands.service.standing import said_now
from server.demands.service.there import Item, There, ThingKind, source_of
from server.demands.templates import Template
from server.forms import service as forms
from server.rounds import service as rounds
from server.rounds.models import Stop
from server.rounds.service import StopSpec
from server.sites import service as sites
from server.sites.models import Site

MEMBERS: dict[str, tuple[str, ...]] = {
    "zone": ("name",),
    "place": ("name",),
    "form": ("name", "fields"),
    "route": ("name", "order", "stops"),
    "plan": ("name", "recurrence", "crew", "grace_min", "walks"),
}
"""What can follow, in the order of making: what a stop names is there before it."""


def look_newer(session: Session, *, site: Site, template: Template) -> list[Renewal]:
    """Return what taking over would do. Nothing changes."""
    told = [renewal for step in _steps(session, site, template) for renewal in step.told()]
    return told + look_promised(session, site=site, template=template)


def take_newer(session: Session, *, site: Site, template: Template, by: UUID, now_ms: int) -> list[Renewal]:
    """Let the things of a site follow the template. Safe to repeat: a second time there is nothing to do.

    :raises Invalid: whatever a form, a route, a plan or a rule refuses; then nothing has changed
    """
    session.scalars(select(Site.id).where(Site.id == site.id).with_for_update()).one()
    found: list[Renewal] = []
    for step in _steps(session, site, template):
        told = step.told()
        changes = {one.member: step.now[one.member] for one in told if one.becomes == "follows"}
        if changes:
            _change(session, site, step.row, changes, now_ms)
        waits = {one.member for one in told if one.becomes == "waits"}
        step.row.source = _base(step.row.source, step.said, waits)
        step.row.template_version = template.version
        found += told
    found += take_promised(session, site=site, template=template, by=by, now_ms=now_ms)
    session.flush()
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing: as the template had it, as it has it now, and as it is; with ids instead of keys."""

    row: Drafted
    said: dict[str, Any]
    """What the template says now, with its keys, as it is kept with the thing."""
    then: Mapping[str, Any]
    now: Mapping[str, Any]
    """A member whose places or forms are not all there is None."""
    is_: Mapping[str, Any]

    def told(self) -> list[Renewal]:
        return [
            Renewal(
                kind=self.row.kind,
                id=self.row.thing_id,
                name=self.is_["name"],
                member=member,
                becomes=self._becomes(member),
                was=_shown(member, self.is_[member]),
                will=_shown(member, self.now[member]),
            )
            for member in MEMBERS[self.row.kind]
            if _raw(self.row.source, member) != _raw(self.said, member)
            and self.is_[member] != self.now[member]
        ]

    def _becomes(self, member: str) -> Becomes:
        if self.is_[member] != self.then[member]:
            return "by_hand"
        return "waits" if self.now[member] is None else "follows"


def _steps(session: Session, site: Site, template: Template) -> list[_Step]:
    rows = session.scalars(
        select(Drafted)
        .where(Drafted.site_id == site.id, Drafted.template == template.id, Drafted.kind.in_(list(MEMBERS)))
        .order_by(Drafted.key)
    ).all()
    said = said_now(site, template, rows)
    ids = _ids(session, site, template, rows, said)
    is_ = _As(session, site)
    steps = []
    for row in sorted(rows, key=lambda row: list(MEMBERS).index(row.kind)):
        item, current = said.get((row.kind, row.key)), is_.of(row)
        if item is None or current is None:
            continue  # the template has it no more, or the site has it no more: neither is anybody's to undo
        source = source_of(item)
        steps.append(
            _Step(
                row, source, _resolved(row.kind, row.source, ids), _resolved(row.kind, source, ids), current
            )
        )
    return steps


Ids = Mapping[tuple[str, str], tuple[str, UUID]]
"""Kind and key → what a stop says of it (``checkpoint``, ``asset``, or the kind itself) and its id."""


def _ids(
    session: Session,
    site: Site,
    template: Template,
    rows: Sequence[Drafted],
    said: Mapping[tuple[str, str], Item],
) -> Ids:
    there = There(session, site=site, template=template.id)
    found = {(row.kind, row.key): row.thing_id for row in rows}
    for key, item in said.items():
        if known := there.find(item):
            found[key] = known.id
        else:
            found.pop(key, None)
    kinds = {place.id: place.kind for place in sites.places_by_id(session, site_id=site.id).values()}
    return {key: (kinds.get(thing, key[0]), thing) for key, thing in found.items()}


def _resolved(kind: str, source: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """Return what a template says of a thing, with ids for keys; None where one of them is not there."""
    found: dict[str, Any] = {member: source.get(member) for member in MEMBERS[kind]}
    if kind == "route":
        found["stops"] = _all([_stop(stop, ids) for stop in source["stops"]])
    if kind == "plan":
        if source.get("stop"):
            stop = _stop(source["stop"], ids)
            found["walks"] = stop and ("stop", stop)
        else:
            route = ids.get(("route", source["route"]))
            found["walks"] = route and ("route", route[1])
    return found


def _stop(stop: Mapping[str, Any], ids: Ids) -> tuple[Any, ...] | None:
    place = ids.get(("place", stop["place"]))
    form = ids.get(("form", stop["form"])) if stop["form"] else ("form", None)
    if place is None or form is None:
        return None
    return (*place, form[1], _terms(stop["terms"]))


def _terms(terms: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((name, value) for name, value in terms.items() if value is not None))


def _all(stops: list[Any]) -> list[Any] | None:
    return None if None in stops else stops


class _As:
    """How the things of a site are, in the members of `MEMBERS`."""

    def __init__(self, session: Session, site: Site) -> None:
        stops = rounds.stops_of(session, site_id=site.id)
        self._of: dict[tuple[str, UUID], dict[str, Any]] = {}
        for zone in sites.zones_of(session, site=site):
            self._of["zone", zone.id] = {"name": zone.name}
        for place in sites.places_by_id(session, site_id=site.id).values():
            if not place.retired:
                self._of["place", place.id] = {"name": place.name}
        for form in forms.forms_of(session, site_id=site.id):
            self._of["form", UUID(form["id"])] = {"name": form["name"], "fields": form["fields"]}
        for route in rounds.routes_of(session, site_id=site.id):
            self._of["route", route.id] = {
                "name": route.name,
                "order": route.order,
                "stops": [_stands(stop) for stop in stops.get(route.id, [])],
            }
        for plan in rounds.plan_bodies(session, rounds.plans_of(session, site_id=site.id)):
            self._of["plan", plan["id"]] = {
                **{name: plan[name] for name in ("name", "recurrence", "crew", "grace_min")},
                "walks": _walks(plan),
            }

    def of(self, row: Drafted) -> dict[str, Any] | None:
        """Return the thing that a row is about, or None when it is not there any more."""
        return self._of.get((row.kind, row.thing_id))


def _stands(stop: Stop) -> tuple[Any, ...]:
    return (stop.target_kind, stop.target_id, stop.form_id, _terms(rounds.terms_of(stop)))


def _walks(plan: Mapping[str, Any]) -> tuple[str, Any]:
    if only := plan["stop"]:
        return "stop", (only["target"]["kind"], only["target"]["id"], only["form"], ())
    return "route", plan["route"]


def _raw(source: Mapping[str, Any], member: str) -> Any:
    return (source.get("route"), source.get("stop")) if member == "walks" else source.get(member)


def _base(source: dict[str, Any], said: dict[str, Any], waits: set[str]) -> dict[str, Any]:
    """Return what the template counts as having said: what it says now, but for what waits."""
    kept = {"route", "stop"} if "walks" in waits else waits
    return said | {name: source.get(name) for name in kept}


def _shown(member: str, value: Any) -> Any:
    if member in ("stops", "fields"):
        return None if value is None else len(value)
    return None if member == "walks" else value


def _change(session: Session, site: Site, row: Drafted, changes: dict[str, Any], now_ms: int) -> None:
    _CHANGING[row.kind](session, site, row.thing_id, changes, now_ms)  # type: ignore[index]


def _zone(session: Session, site: Site, thing_id: UUID, changes: dict[str, Any], _now_ms: int) -> None:
    sites.change_zone(session, site=site, zone_id=thing_id, changes=changes)


def _place(session: Session, site: Site, thing_id: UUID, changes: dict[str, Any], now_ms: int) -> None:
    kind = sites.places_by_id(session, site_id=site.id)[thing_id].kind
    sites.change_place(session, kind, site=site, place_id=thing_id, changes=changes, now_ms=now_ms)


def _form(session: Session, site: Site, thing_id: UUID, changes: dict[str, Any], now_ms: int) -> None:
    forms.change_form(session, site_id=site.id, form_id=thing_id, changes=changes, now_ms=now_ms)


def _route(session: Session, site: Site, thing_id: UUID, changes: dict[str, Any], now_ms: int) -> None:
    if "stops" in changes:
        before = rounds.stops_of(session, site_id=site.id).get(thing_id, [])
        known: dict[UUID, list[UUID]] = {}
        for stop in before:
            known.setdefault(stop.target_id, []).append(stop.id)
        changes["stops"] = [
            StopSpec(
                target_kind=kind,
                target_id=target,
                form_id=form,
                id=known[target].pop(0) if known.get(target) else None,
                **dict(terms),
            )
            for kind, target, form, terms in changes["stops"]
        ]
    rounds.change_route(session, site=site, route_id=thing_id, changes=changes, now_ms=now_ms)


def _plan(session: Session, site: Site, thing_id: UUID, changes: dict[str, Any], now_ms: int) -> None:
    if walks := changes.pop("walks", None):
        how, what = walks
        if how == "route":
            changes["route"] = what
        else:
            kind, target, form, _terms = what
            changes["stop"] = {"target": {"kind": kind, "id": target}, "form": form}
    rounds.change_plan(session, site=site, plan_id=thing_id, changes=changes, now_ms=now_ms)


_Changing = Callable[[Session, Site, UUID, dict[str, Any], int], None]
_CHANGING: dict[ThingKind, _Changing] = {
    "zone": _zone,
    "place": _place,
    "form": _form,
    "route": _route,
    "plan": _plan,
}
