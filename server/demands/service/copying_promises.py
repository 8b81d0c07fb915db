"""Rules of upkeep and deadlines, from site to site.

A rule of the whole site or of a category comes along; one of a single asset or place does not, for that thing
is the other site's alone. Form, team, post and parts are those of the same name or number at the other site.
What the other site has, by demand and Chinese name, stays as it is; so do deadlines that it has said itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.demands.service.making import Assignees
from server.demands.service.promised import Promise, words_of
from server.orders import service as orders
from server.sites.models import Site
from server.stock import service as stock
from server.upkeep import service as upkeep
from server.upkeep.models import UpkeepRule

EVERYWHERE = ("site", "category")
"""The targets that any site has."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was brought over, for the rows of where it came from."""

    rules: Mapping[UUID, UUID]
    """Rule of the one site → the same of the other."""
    clauses: frozenset[str]
    """Keys of the deadlines that are new."""


def rules_to_copy(session: Session, *, source: Site) -> list[UpkeepRule]:
    """Return the rules of a site that may come along."""
    return [rule for rule in upkeep.rules_of(session, site_id=source.id) if rule.target_kind in EVERYWHERE]


def look_copied(session: Session, *, source: Site, target: Site) -> list[Promise]:
    """Return the rules and the deadlines that a copy would bring, and which of them the other site has."""
    there = {(one.demand, one.name_zh): one.id for one in upkeep.rules_of(session, site_id=target.id)}
    found = [
        Promise(
            "upkeep",
            str(rule.id),
            rule.demand or "",
            rule.name,
            (rule.demand, rule.name_zh) in there,
            there.get((rule.demand, rule.name_zh)),
            rule.recurrence,
        )
        for rule in rules_to_copy(session, source=source)
    ]
    said = {clause["id"] for clause in orders.own_clauses(session, site_id=target.id) or ()}
    own = orders.own_clauses(session, site_id=source.id) or []
    for demand in dict.fromkeys(clause["id"] for clause in own):
        timed = [clause for clause in own if clause["id"] == demand]
        found.append(Promise("clause", demand, demand, words_of(demand), demand in said, None, timed))
    return found


def copy_promises(
    session: Session,
    *,
    source: Site,
    target: Site,
    promises: list[Promise],
    forms: Mapping[str, UUID | None],
    assignees: Assignees,
    starts_on: date,
    by: UUID,
    now_ms: int,
) -> Carried:
    """Make what the other site does not have.

    :param forms: form of the one site → the one of the same name at the other
    :param assignees: ``kind:id`` of whom a rule is given to → to whom the copy is
    :raises Invalid: what a rule or the policy refuses
    """
    new = {promise.key for promise in promises if not promise.is_there}
    numbers = {part.number: part.id for part in stock.parts_of(session, site_id=target.id)}
    parts = {part.id: numbers.get(part.number) for part in stock.parts_of(session, site_id=source.id)}
    rules: dict[UUID, UUID] = {}
    for rule in rules_to_copy(session, source=source):
        if str(rule.id) not in new:
            continue
        members = upkeep.members_of(rule)
        members |= {
            "form": forms.get(str(rule.form_id)) if rule.form_id else None,
            "parts": [
                one | {"part": parts[one["part"]]} for one in members["parts"] if parts.get(one["part"])
            ],
            "assignee": assignees.get(key_of(rule)) if rule.assignee else None,
            "starts_on": starts_on,
            "ends_on": None,
            "paused": rule.paused,
        }
        rules[rule.id] = upkeep.make_rule(session, site=target, now_ms=now_ms, **members).id
    return Carried(rules, _clauses(session, source, target, new, by, now_ms))


def key_of(rule: UpkeepRule) -> str:
    """Return whose work a rule is, as `server.demands.service.copying` names it."""
    return f"{rule.assignee['kind']}:{rule.assignee['id']}" if rule.assignee else ""


def _clauses(
    session: Session, source: Site, target: Site, new: set[str], by: UUID, now_ms: int
) -> frozenset[str]:
    own = orders.own_clauses(session, site_id=target.id)
    taken = {clause["key"] for clause in own or ()}
    more: list[dict[str, Any]] = [
        clause
        for clause in orders.own_clauses(session, site_id=source.id) or ()
        if clause["id"] in new and clause["key"] not in taken
    ]
    if more:
        changes = {"clauses": [*(own or ()), *more]}
        orders.change_policy(session, site=target, changes=changes, by=by, now_ms=now_ms)
    return frozenset(clause["key"] for clause in more)
