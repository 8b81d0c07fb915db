"""The threads of rules: each thing that a rule keeps up, with its cycles and what is due next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters import service as meters
from server.meters.models import Meter
from server.orders.models import WorkOrder
from server.rounds.rules import Window
from server.sites import service as sites
from server.sites.models import Asset, Label, Site
from server.upkeep import rules
from server.upkeep.models import UpkeepCycle, UpkeepRule
from server.upkeep.service.making import calendar_terms

OVER = ("done", "verified", "closed")


@dataclass
class Turn:
    """A cycle as it was opened or left out, with its work order and what the rules read of both."""

    row: UpkeepCycle
    order: WorkOrder | None
    cycle: rules.Cycle


@dataclass
class Thread:
    """A rule and one thing that it keeps up."""

    rule: UpkeepRule
    terms: rules.Terms
    thing: UUID
    number: str
    name: Label
    target: dict[str, str] | None
    """Of the work orders; None for the whole site."""
    meter: Meter | None
    used: rules.Used | None
    turns: list[Turn] = field(default_factory=list)
    in_use: bool = True
    """Whether the thing was not taken down."""

    @property
    def cycles(self) -> list[rules.Cycle]:
        """The cycles in their order."""
        return [turn.cycle for turn in self.turns]

    @property
    def open(self) -> Turn | None:
        """The turn that waits to be done; of several, the oldest."""
        return next((turn for turn in self.turns if turn.cycle.ended_ms is None), None)

    @property
    def last(self) -> Turn | None:
        """The turn that was done last."""
        done = [turn for turn in self.turns if turn.cycle.ended_ms is not None and turn.cycle.done]
        return max(done, key=lambda turn: turn.cycle.ended_ms or 0, default=None)

    def due(self, now_ms: int) -> rules.Due | None:
        """Return what is due next; None while something is open, paused, or nothing comes."""
        if self.open is not None or self.rule.paused or not self.in_use:
            return None
        return rules.due(self.terms, self.cycles, used=self.used, now_ms=now_ms)


def threads_of(session: Session, *, site: Site, some: Sequence[UpkeepRule], now_ms: int) -> list[Thread]:
    """Return the threads of rules of a site, rule by rule, things by number.

    :param now_ms: for when it will be asked what is due: counters are then asked all at once
    """
    rising = Rising(session)
    places = sites.places_by_id(session, site_id=site.id) if some else {}
    assets = {place.id: place for place in places.values() if isinstance(place, Asset)}
    counters = meters.by_key(session, asset_ids=list(assets)) if any(rule.meter_key for rule in some) else {}
    turns = _turns(session, [rule.id for rule in some])
    found = []
    for rule in some:
        terms = terms_of(session, rule, site)
        kept: list[tuple[UUID, str, Label, dict[str, str] | None, bool]] = []
        if rule.target_kind == "site":
            kept = [(site.id, "", site.name, None, True)]
        elif rule.target_kind == "category":
            kept = [
                (one.id, one.number, one.name, {"kind": "asset", "id": str(one.id)}, not one.retired)
                for one in sorted(assets.values(), key=lambda one: (one.number, one.id))
                if one.category == rule.category
            ]
        elif rule.target_id is not None and (place := places.get(rule.target_id)) is not None:
            target = {"kind": place.kind, "id": str(place.id)}
            kept = [(place.id, place.number, place.name, target, not place.retired)]
        for thing, number, name, about, in_use in kept:
            meter = counters.get((thing, rule.meter_key)) if rule.meter_key else None
            mine = turns.get((rule.id, thing), [])
            used = None
            if meter is not None:
                asked = rules.asked(terms, [turn.cycle for turn in mine], now_ms=now_ms)
                used = rising.counter(meter.id, asked)
            found.append(Thread(rule, terms, thing, number, name, about, meter, used, mine, in_use))
    return found


def terms_of(session: Session, rule: UpkeepRule, site: Site) -> rules.Terms:
    """Return what a rule's turns follow from."""
    by_meter = None
    if rule.meter_key is not None and rule.meter_every is not None:
        by_meter = rules.ByMeter(
            every=rule.meter_every,
            open_ms=rule.meter_open_days * rules.DAY_MS,
            origin="schedule" if rule.meter_origin == "schedule" else "completion",
        )
    return rules.Terms(
        since_ms=rule.made_ms,
        calendar=calendar_terms(
            session, site, recurrence=rule.recurrence, starts_on=rule.starts_on, ends_on=rule.ends_on
        ),
        meter=by_meter,
        lead_ms=rule.lead_days * rules.DAY_MS,
    )


class Rising:
    """How much counters rose. What all of them are expected to be asked is read with the first question."""

    def __init__(self, session: Session) -> None:
        """Expect nothing yet."""
        self._session = session
        self._expected: set[tuple[UUID, int, int]] = set()
        self._known: dict[tuple[UUID, int, int], int] = {}

    def counter(self, meter_id: UUID, asked: Iterable[tuple[int, int]]) -> rules.Used:
        """Return a meter's counter, which will be asked about these stretches, and maybe about others."""
        self._expected |= {(meter_id, from_ms, to_ms) for from_ms, to_ms in asked}

        def used(from_ms: int, to_ms: int) -> int:
            wanted = (meter_id, from_ms, to_ms)
            if wanted not in self._known:
                self._known |= meters.risen(self._session, self._expected | {wanted})
                self._expected = set()
            return self._known[wanted]

        return used


def _turns(session: Session, rule_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[Turn]]:
    rows = session.execute(
        select(UpkeepCycle, WorkOrder)
        .outerjoin(WorkOrder, WorkOrder.id == UpkeepCycle.id)
        .where(UpkeepCycle.rule_id.in_(list(rule_ids)))
        .order_by(UpkeepCycle.number)
    )
    found: dict[tuple[UUID, UUID], list[Turn]] = {}
    for row, order in rows:
        found.setdefault((row.rule_id, row.thread), []).append(Turn(row, order, _cycle(row, order)))
    return found


def _cycle(row: UpkeepCycle, order: WorkOrder | None) -> rules.Cycle:
    window = None
    if row.window_from_ms is not None and row.window_to_ms is not None:
        window = Window(row.window_from_ms, row.window_to_ms)
    if order is None:
        return rules.Cycle(row.made_ms, window, row.step, row.made_ms, done=False)
    if order.state in OVER:
        result = (order.done or {}).get("result")
        ended = order.done_ms if order.done_ms is not None else order.ended_ms
        return rules.Cycle(row.made_ms, window, row.step, ended, done=result != "not_possible")
    if order.state == "cancelled":
        return rules.Cycle(row.made_ms, window, row.step, order.ended_ms, done=False)
    return rules.Cycle(row.made_ms, window, row.step, None)
