"""How a site's plans stand to the demands, and to the templates that they were made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demands.drafting import Choices, Daytime, draft
from server.demands.models import Drafted
from server.demands.service.promised import SAYS, sayings
from server.demands.service.there import Item, items_of, kind_of, source_of
from server.demands.templates import Template, template
from server.rounds import service as rounds
from server.rounds.models import Plan
from server.sites.models import Site

ASKED = {
    "zone": ("name",),
    "place": ("name", "kind", "category"),
    "form": ("name", "fields"),
    "route": ("name", "order", "stops"),
    "plan": ("name", "recurrence", "crew", "grace_min", "route", "stop"),
    **SAYS,
}
"""Of each kind, the members in which a template may differ from what was made of it."""

BY_HAND = ("name", "recurrence", "crew", "grace_min")
"""The members of a plan whose change by hand is told."""

USUAL = Daytime(7 * 60, 19 * 60)
"""What is offered as a site's day where nobody said when it is."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From which template a thing was made, and how that differs by now."""

    kind: str
    id: UUID
    template: str
    version: int
    newer: int | None
    """The version that there is by now, where it is another one."""
    gone: bool
    """Whether the template does not have it any more."""
    differs: tuple[str, ...]
    """In which members the template, with the site's day of now, says something else than it said then."""
    changed: tuple[str, ...]
    """Of a plan: which members were changed by hand since."""


def origins(session: Session, *, site: Site) -> list[Origin]:
    """Return where the things of a site that came from templates came from."""
    rows = session.scalars(
        select(Drafted)
        .where(Drafted.site_id == site.id)
        .order_by(Drafted.template, Drafted.kind, Drafted.key)
    ).all()
    plans = {plan.id: plan for plan in rounds.plans_of(session, site_id=site.id)}
    now = {name: _said_now(site, name, rows) for name in {row.template for row in rows}}
    return [_origin(row, now[row.template], plans.get(row.thing_id)) for row in rows]


def day_of(site: Site) -> Daytime:
    """Return a site's day, or the usual one where nobody said when it is."""
    said = site.daytime
    return USUAL if said is None else Daytime(said["from_min"], said["to_min"])


def said_now(site: Site, found: Template, rows: Sequence[Drafted]) -> dict[tuple[str, str], Item]:
    """Return what a template says now for a site: kind and key → thing, for as many as the site has."""
    most = max((_number(row.key) for row in rows if row.template == found.id), default=1)
    counts = {per.key: min(most, per.most) for per in found.per}
    asked = draft(found, Choices(day_of(site), frozenset(found.demands), counts))
    return {(kind_of(item), item.key): item for item in items_of(asked)}


def _said_now(
    site: Site, name: str, rows: Sequence[Drafted]
) -> tuple[Template | None, dict[tuple[str, str], dict[str, Any]]]:
    found = template(name)
    if found is None:
        return None, {}
    items = {key: source_of(item) for key, item in said_now(site, found, rows).items()}
    return found, items | sayings(found)


def _number(key: str) -> int:
    tail = key.rpartition(".")[2]
    return int(tail) if tail.isdigit() else 1


def _origin(
    row: Drafted,
    now: tuple[Template | None, Mapping[tuple[str, str], dict[str, Any]]],
    plan: Plan | None,
) -> Origin:
    found, said = now
    version = found.version if found else row.template_version
    asked = said.get((row.kind, row.key))
    differs = () if asked is None else _differing(ASKED[row.kind], row.source, asked)
    return Origin(
        kind=row.kind,
        id=row.thing_id,
        template=row.template,
        version=row.template_version,
        newer=version if version != row.template_version else None,
        gone=asked is None,
        differs=differs,
        changed=() if plan is None else _differing(BY_HAND, row.source, _of_plan(plan)),
    )


def _of_plan(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "recurrence": plan.recurrence,
        "crew": plan.crew,
        "grace_min": plan.grace_min,
    }


def _differing(members: Sequence[str], then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(member for member in members if then.get(member) != now.get(member))
