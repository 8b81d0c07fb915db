"""Rules of upkeep and deadlines follow a newer template by the rule of `server.demands.service.renewing`.

What the template says something new of, and nobody changed, follows; what was changed by hand stays, is told
once, and is asked again only when the template changes that member anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demands.models import Drafted
from server.demands.service.promised import SAYS, sayings, words_of
from server.demands.service.renewal import Renewal
from server.demands.templates import Template
from server.orders import service as orders
from server.sites.models import Site
from server.upkeep import service as upkeep


@dataclass(frozen=True, slots=True)
class _Step:
    """One rule or deadline: as the template says it now, as it is, and how it is called."""

    row: Drafted
    said: Mapping[str, Any]
    is_: Mapping[str, Any]
    name: dict[str, str]

    def told(self) -> list[Renewal]:
        found = []
        for member in SAYS[self.row.kind]:
            then, now, is_ = self.row.source.get(member), self.said[member], self.is_[member]
            if now not in (then, is_):
                becomes = "follows" if is_ == then else "by_hand"
                found.append(
                    Renewal(self.row.kind, self.row.thing_id, self.name, member, becomes, is_, now)  # type: ignore[arg-type]
                )
        return found


def look_promised(session: Session, *, site: Site, template: Template) -> list[Renewal]:
    """Return what taking over would do to rules and deadlines. Nothing changes."""
    return [renewal for step in _steps(session, site, template) for renewal in step.told()]


def take_promised(
    session: Session, *, site: Site, template: Template, by: UUID, now_ms: int
) -> list[Renewal]:
    """Let rules and deadlines follow.

    :raises Invalid: what a rule or the policy refuses
    """
    found: list[Renewal] = []
    clauses: dict[str, dict[str, Any]] = {}
    for step in _steps(session, site, template):
        told = step.told()
        changes = {one.member: one.will for one in told if one.becomes == "follows"}
        if changes and step.row.kind == "upkeep":
            rule = upkeep.rule_of(session, site_id=site.id, rule_id=step.row.thing_id)
            upkeep.change_rule(session, site=site, rule=rule, changes=changes)
        elif changes:
            clauses[step.row.key] = changes
        step.row.source, step.row.template_version = dict(step.said), template.version
        found += told
    if clauses:
        own = orders.own_clauses(session, site_id=site.id) or []
        whole = [one | clauses.get(one["key"], {}) for one in own]
        orders.change_policy(session, site=site, changes={"clauses": whole}, by=by, now_ms=now_ms)
    return found


def _steps(session: Session, site: Site, template: Template) -> Iterator[_Step]:
    """Yield what the template still has and the site still has: neither is anybody's to undo."""
    says = sayings(template)
    rules = {rule.id: rule for rule in upkeep.rules_of(session, site_id=site.id)}
    own = {clause["key"]: clause for clause in orders.own_clauses(session, site_id=site.id) or ()}
    rows = session.scalars(
        select(Drafted)
        .where(Drafted.site_id == site.id, Drafted.template == template.id, Drafted.kind.in_(list(SAYS)))
        .order_by(Drafted.kind.desc(), Drafted.key)
    ).all()
    for row in rows:
        said = says.get((row.kind, row.key))
        if said is None:
            continue
        if row.kind == "upkeep" and (rule := rules.get(row.thing_id)) is not None:
            yield _Step(row, said, upkeep.members_of(rule), rule.name)
        elif row.kind == "clause" and (clause := own.get(row.key)) is not None:
            yield _Step(row, said, clause, words_of(clause["id"]))
