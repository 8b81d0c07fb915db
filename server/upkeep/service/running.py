"""What makes work orders of rules: the job, and people who do a turn early or leave one out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders import service as orders
from server.problems import NotFound, Problem
from server.sites.models import Site
from server.stock import service as stock
from server.upkeep import rules
from server.upkeep.models import UpkeepCycle, UpkeepRule
from server.upkeep.service.threads import Thread, threads_of
from sync.stock import quantity_text


class OrderOpen(Problem):
    """A work order of this rule is open for this thing: there is one at a time. Do or cancel it there."""

    slug, status, title = "upkeep-open", HTTPStatus.CONFLICT, "A work order of this rule is open"


class NothingDue(Problem):
    """Nothing of this rule comes for this thing: paused, over, or without readings."""

    slug, status, title = "nothing-due", HTTPStatus.CONFLICT, "Nothing of this rule is due"


def run(session: Session, *, now_ms: int) -> int:
    """Open what is due at every site, and return how many. Safe to repeat; the caller commits.

    One work order at a time for each rule and thing. Its id follows from rule, thing and number, so two
    that run at once cannot open two.
    """
    opened = 0
    found = session.execute(
        select(Site, UpkeepRule)
        .join(UpkeepRule, UpkeepRule.site_id == Site.id)
        .where(~UpkeepRule.paused)
        .order_by(Site.id, UpkeepRule.id)
    ).all()
    by_site: dict[UUID, tuple[Site, list[UpkeepRule]]] = {}
    for site, rule in found:
        by_site.setdefault(site.id, (site, []))[1].append(rule)
    for site, some in by_site.values():
        for thread in threads_of(session, site=site, some=some, now_ms=now_ms):
            due = thread.due(now_ms)
            if due is not None and rules.opens_ms(thread.terms, due) <= now_ms:
                _open(session, site, thread, due, by=due.by, now_ms=now_ms)
                opened += 1
    return opened


def advance(
    session: Session, *, site: Site, rule: UpkeepRule, thing: UUID, why: str, by: UUID, now_ms: int
) -> UpkeepCycle:
    """Open the next turn of a thing now, before its time, for a reason.

    :raises OrderOpen: one is open
    :raises NotFound: the rule does not keep that thing
    """
    thread = _thread(session, site, rule, thing, now_ms)
    due = thread.due(now_ms)
    return _open(session, site, thread, due, by="person", why=why, person=by, now_ms=now_ms)


def skip(
    session: Session, *, site: Site, rule: UpkeepRule, thing: UUID, why: str, by: UUID, now_ms: int
) -> UpkeepCycle:
    """Leave the next turn of a thing out, for a reason: no work order comes of it.

    :raises OrderOpen: its work order is open already
    :raises NothingDue: nothing comes
    :raises NotFound: the rule does not keep that thing
    """
    thread = _thread(session, site, rule, thing, now_ms)
    due = thread.due(now_ms)
    if due is None:
        raise NothingDue
    cycle = _cycle(thread, due, by=due.by, why=why, person=by, skipped=True, now_ms=now_ms)
    session.add(cycle)
    session.flush()
    return cycle


def _thread(session: Session, site: Site, rule: UpkeepRule, thing: UUID, now_ms: int) -> Thread:
    thread = next(
        (one for one in threads_of(session, site=site, some=[rule], now_ms=now_ms) if one.thing == thing),
        None,
    )
    if thread is None or not thread.in_use:
        raise NotFound
    if thread.open is not None:
        raise OrderOpen
    return thread


def _open(
    session: Session,
    site: Site,
    thread: Thread,
    due: rules.Due | None,
    *,
    by: str,
    why: str = "",
    person: UUID | None = None,
    now_ms: int,
) -> UpkeepCycle:
    rule = thread.rule
    cycle = _cycle(thread, due, by=by, why=why, person=person, skipped=False, now_ms=now_ms)
    session.add(cycle)
    late = due.to_ms if due is not None and not due.forecast else None
    if by == "meter" and late is None:
        late = now_ms + rule.meter_open_days * rules.DAY_MS
    orders.open_order(
        session,
        organisation_id=site.organisation_id,
        site_id=site.id,
        kind="upkeep",
        cls=rule.cls,
        urgency="normal",
        title=_title(rule, thread),
        target=thread.target,
        source={"kind": "upkeep", "id": str(rule.id)},
        assignee=dict(rule.assignee) if rule.assignee else None,
        form_id=rule.form_id,
        note=_note(session, rule, why),
        by=person,
        now_ms=now_ms,
        order_id=cycle.id,
        due_ms=late,
        asks_signature=rule.asks_signature,
    )
    session.flush()
    return cycle


def _cycle(
    thread: Thread,
    due: rules.Due | None,
    *,
    by: str,
    why: str,
    person: UUID | None,
    skipped: bool,
    now_ms: int,
) -> UpkeepCycle:
    rule, number = thread.rule, len(thread.turns) + 1
    window = due.window if due is not None else None
    return UpkeepCycle(
        id=uuid5(rule.id, f"{thread.thing} {number}"),
        organisation_id=rule.organisation_id,
        site_id=rule.site_id,
        rule_id=rule.id,
        thread=thread.thing,
        number=number,
        by=by,
        window_from_ms=window.from_ms if window else None,
        window_to_ms=window.to_ms if window else None,
        step=due.step if due is not None else None,
        made_ms=now_ms,
        skipped=skipped,
        why=why,
        person_id=person,
    )


def _title(rule: UpkeepRule, thread: Thread) -> dict[str, str]:
    """Return the name of the rule, and of the thing where one rule keeps many."""
    if rule.target_kind != "category":
        return dict(rule.name)
    name = thread.name
    return {
        "zh": f"{rule.name_zh} · {thread.number} {name['zh']}",
        "en": f"{rule.name_en or rule.name_zh} · {thread.number} {name['en'] or name['zh']}",
    }


def _note(session: Session, rule: UpkeepRule, why: str) -> str | None:
    """Return what whoever does it must know besides: the parts it takes, and why it comes early."""
    told: list[str] = [why] if why else []
    if rule.parts:
        known: dict[str, Any] = {str(part.id): part for part in stock.parts_of(session, site_id=rule.site_id)}
        named = [
            f"{part.number} {part.name_zh} × {quantity_text(one['quantity'])} {part.unit}"
            for one in rule.parts
            if (part := known.get(one["part"])) is not None
        ]
        if named:
            told.append("备件 Parts: " + "; ".join(named))
    return "\n".join(told) or None
