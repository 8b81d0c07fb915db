"""What a template brings beside its rounds: rules of upkeep, and the deadlines of work and requests.

What they say is data of those features (`server.upkeep.templates`, `server.orders.deadlines`); here is
which template takes which of them. A demand that the template's own plans carry gets no rule as well:
the same work would be asked for twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from server.demands.catalogue import demand
from server.demands.templates import Template
from server.orders import service as orders
from server.orders.deadlines import DEFAULTS, as_data
from server.sites.models import Site
from server.upkeep import service as upkeep
from server.upkeep.templates import TEMPLATES

TAKES: Final[Mapping[str, tuple[str, ...]]] = {"residential": ("P1",), "hospital": ("P1", "P5")}
"""Template → the service plans of whose demands it takes upkeep and deadlines."""

CRAFT: Final = "engineering"
"""Whose work upkeep is."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A rule of upkeep, or the deadlines of one demand."""

    kind: Literal["upkeep", "clause"]
    key: str
    """Of the rule's template; of the demand."""
    demand: str
    name: dict[str, str]
    is_there: bool


def promised_by(template: Template) -> tuple[str, ...]:
    """Return the demands for which a template brings upkeep or deadlines."""
    takes = TAKES.get(template.id, ())
    found = [rule.demand for rule in TEMPLATES] + [clause.id for clause in DEFAULTS]
    return tuple(
        dict.fromkeys(each for each in found if each.split("-")[0] in takes and each not in template.demands)
    )


def look_promises(
    session: Session, *, site: Site, template: Template, demands: Collection[str]
) -> list[Promise]:
    """Return the upkeep and the deadlines of the chosen demands, and what of them the site has."""
    chosen = [each for each in promised_by(template) if each in demands]
    rules = {(rule.demand, rule.name_zh) for rule in upkeep.rules_of(session, site_id=site.id)}
    found = [
        Promise("upkeep", rule.key, rule.demand, rule.name, (rule.demand, rule.name["zh"]) in rules)
        for rule in TEMPLATES
        if rule.demand in chosen
    ]
    said = {clause["id"] for clause in orders.own_clauses(session, site_id=site.id) or ()}
    timed = {clause.id for clause in DEFAULTS}
    return found + [
        Promise("clause", each, each, _words(each), each in said) for each in chosen if each in timed
    ]


def make_promises(
    session: Session,
    *,
    site: Site,
    promises: Collection[Promise],
    assignees: Mapping[str, dict[str, Any] | None],
    starts_on: date,
    by: UUID,
    now_ms: int,
) -> None:
    """Make what the site does not have. Deadlines become its own, as the defaults have them, to be changed.

    What it has said of a clause itself stays.

    :raises Invalid: what a rule or the policy refuses
    """
    new = [promise for promise in promises if not promise.is_there]
    for promise in new:
        if promise.kind == "upkeep":
            upkeep.from_template(
                session,
                site=site,
                key=promise.key,
                starts_on=starts_on,
                assignee=assignees.get(CRAFT),
                now_ms=now_ms,
            )
    wanted = {promise.demand for promise in new if promise.kind == "clause"}
    if not wanted:
        return
    own = orders.own_clauses(session, site_id=site.id)
    if own is None:  # until now all defaults were in force: none of them falls away
        clauses = as_data(DEFAULTS)
    else:
        keys = {clause["key"] for clause in own}
        clauses = [
            *own,
            *(one for one in as_data(DEFAULTS) if one["id"] in wanted and one["key"] not in keys),
        ]
    orders.change_policy(session, site=site, changes={"clauses": clauses}, by=by, now_ms=now_ms)


def _words(demand_id: str) -> dict[str, str]:
    found = demand(demand_id)
    return {"zh": demand_id, "en": demand_id} if found is None else found.text.label()
