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
from server.demands.models import Drafted
from server.demands.templates import Template
from server.orders import service as orders
from server.orders.deadlines import DEFAULTS, as_data
from server.sites.models import Site
from server.upkeep import service as upkeep
from server.upkeep.templates import TEMPLATES

TAKES: Final[Mapping[str, tuple[str, ...]]] = {"residential": ("P1",), "hospital": ("P1", "P5")}
"""Template → the service plans of whose demands it takes upkeep and deadlines."""

SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "upkeep": ("name", "recurrence", "class", "lead_days", "asks_signature"),
    "clause": ("what", "amount", "unit", "applies", "pause_counts"),
}
"""The members of a rule and of a deadline that a template says."""

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
    id: UUID | None = None
    """Of the rule that there is."""
    says: Any = None
    """Of a rule its recurrence, of a demand its deadlines: what a person is told of it."""


def promised_by(template: Template) -> tuple[str, ...]:
    """Return the demands for which a template brings upkeep or deadlines."""
    takes = TAKES.get(template.id, ())
    found = [rule.demand for rule in TEMPLATES] + [clause.id for clause in DEFAULTS]
    return tuple(
        dict.fromkeys(each for each in found if each.split("-")[0] in takes and each not in template.demands)
    )


def sayings(template: Template) -> dict[tuple[str, str], dict[str, Any]]:
    """Return kind and key → what a template says now of each rule and each deadline that it brings."""
    brings = promised_by(template)
    found: dict[tuple[str, str], dict[str, Any]] = {
        ("upkeep", rule.key): {
            "name": rule.name,
            "recurrence": rule.recurrence,
            "class": rule.cls,
            "lead_days": rule.lead_days,
            "asks_signature": rule.asks_signature,
        }
        for rule in TEMPLATES
        if rule.demand in brings
    }
    for clause in as_data(DEFAULTS):
        if clause["id"] in brings:
            found["clause", clause["key"]] = {name: clause[name] for name in SAYS["clause"]}
    return found


def look_promises(
    session: Session, *, site: Site, template: Template, demands: Collection[str]
) -> list[Promise]:
    """Return the upkeep and the deadlines of the chosen demands, and what of them the site has."""
    chosen = [each for each in promised_by(template) if each in demands]
    rules = {(one.demand, one.name_zh): one for one in upkeep.rules_of(session, site_id=site.id)}
    found = []
    for rule in TEMPLATES:
        if rule.demand in chosen:
            there = rules.get((rule.demand, rule.name["zh"]))
            its_id, recurrence = (None, rule.recurrence) if there is None else (there.id, there.recurrence)
            found.append(
                Promise("upkeep", rule.key, rule.demand, rule.name, there is not None, its_id, recurrence)
            )
    own = orders.own_clauses(session, site_id=site.id) or []
    for each in chosen:
        said = [clause for clause in own if clause["id"] == each]
        timed = said or [clause for clause in as_data(DEFAULTS) if clause["id"] == each]
        if timed:
            found.append(Promise("clause", each, each, words_of(each), bool(said), None, timed))
    return found


def make_promises(
    session: Session,
    *,
    site: Site,
    template: Template,
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
            rule = upkeep.from_template(
                session,
                site=site,
                key=promise.key,
                starts_on=starts_on,
                assignee=assignees.get(CRAFT),
                now_ms=now_ms,
            )
            session.merge(_row(site, template, "upkeep", promise.key, rule.id, now_ms))
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
    for clause in as_data(DEFAULTS):
        if clause["id"] in wanted:
            session.merge(_row(site, template, "clause", clause["key"], site.id, now_ms))
    session.flush()


def _row(site: Site, template: Template, kind: str, key: str, thing_id: UUID, now_ms: int) -> Drafted:
    return Drafted(
        site_id=site.id,
        template=template.id,
        kind=kind,
        key=key,
        organisation_id=site.organisation_id,
        thing_id=thing_id,
        template_version=template.version,
        made_ms=now_ms,
        source=sayings(template)[kind, key],
    )


def words_of(demand_id: str) -> dict[str, str]:
    """Return what a demand asks for, in both languages."""
    found = demand(demand_id)
    return {"zh": demand_id, "en": demand_id} if found is None else found.text.label()
