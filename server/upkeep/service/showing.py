"""Rules, threads and the year ahead as they travel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.rounds.rules import moment_ms
from server.sites.models import Site
from server.upkeep import rules
from server.upkeep.models import UpkeepRule
from server.upkeep.service.making import members_of
from server.upkeep.service.threads import Thread, Turn, threads_of
from sync.meters import value_of


def rule_view(rule: UpkeepRule) -> dict[str, Any]:
    """Return a rule as it travels."""
    return members_of(rule) | {"id": rule.id, "paused": rule.paused, "made_ms": rule.made_ms}


def thread_view(thread: Thread, now_ms: int) -> dict[str, Any]:
    """Return a thread as it stands: what is open, what comes next, what was done last."""
    open_turn, last = thread.open, thread.last
    due = thread.due(now_ms)
    left = None
    if thread.used is not None and open_turn is None:
        left = rules.remaining(thread.terms, thread.cycles, used=thread.used, now_ms=now_ms)
    return {
        "thing": thread.thing,
        "number": thread.number,
        "name": thread.name,
        "target": thread.target,
        "in_use": thread.in_use,
        "next": due
        and {
            "by": due.by,
            "from_ms": due.from_ms,
            "to_ms": due.to_ms,
            "opens_ms": rules.opens_ms(thread.terms, due),
            "forecast": due.forecast,
        },
        "open": open_turn and turn_view(thread, open_turn, now_ms),
        "last_done_ms": last.cycle.ended_ms if last else None,
        "left": left,
        "meter": thread.meter
        and {
            "id": thread.meter.id,
            "name": thread.meter.name,
            "unit": thread.meter.definition.get("unit", ""),
            "value": thread.meter.last_value,
        },
        "no_meter": thread.rule.meter_key is not None and thread.meter is None,
    }


def turn_view(thread: Thread, turn: Turn, now_ms: int) -> dict[str, Any]:
    """Return one turn: its work order, or that it was left out."""
    order, row = turn.order, turn.row
    late_ms = order.due_ms if order is not None else None
    ended = turn.cycle.ended_ms
    return {
        "id": row.id,
        "by": row.by,
        "made_ms": row.made_ms,
        "window": {"from_ms": row.window_from_ms, "to_ms": row.window_to_ms}
        if row.window_from_ms is not None
        else None,
        "skipped": row.skipped,
        "why": row.why,
        "order": order and {"id": order.id, "number": order.name, "state": order.state, "due_ms": late_ms},
        "ended_ms": ended,
        "done": ended is not None and turn.cycle.done,
        "late": late_ms is not None and (now_ms if ended is None else ended) > late_ms,
        "joined": 0
        if row.skipped
        else rules.joined(thread.terms, turn.cycle, used=thread.used, now_ms=now_ms),
    }


def year_plan(
    session: Session, *, site: Site, some: Sequence[UpkeepRule], year: int, now_ms: int
) -> list[dict[str, Any]]:
    """Return, for each rule and thing, what was done, is open and is planned in each month of a year.

    What is planned follows the rules as they are today, each turn done when it is due; counters rise as
    they did of late.
    """
    zone = ZoneInfo(site.time_zone)
    begin = moment_ms(date(year, 1, 1), 0, zone)
    end = moment_ms(date(year + 1, 1, 1), 0, zone)
    found = []
    for thread in threads_of(session, site=site, some=some, now_ms=now_ms):
        cells: dict[int, list[dict[str, Any]]] = {}
        for turn in thread.turns:
            cycle = turn.cycle
            moment = cycle.ended_ms or (cycle.window.from_ms if cycle.window else cycle.made_ms)
            what = "open" if cycle.ended_ms is None else "done" if cycle.done else "skipped"
            if begin <= moment < end:
                _put(cells, moment, zone, what, forecast=False)
        if not thread.rule.paused and thread.in_use:
            planned = rules.ahead(thread.terms, thread.cycles, used=thread.used, now_ms=now_ms, until_ms=end)
            for one in planned:
                if one.from_ms >= begin:
                    _put(cells, one.from_ms, zone, "planned", forecast=one.by == "meter")
        if thread.in_use or cells:
            found.append(
                {
                    "rule": thread.rule.id,
                    "name": thread.rule.name,
                    "demand": thread.rule.demand,
                    "recurrence": thread.rule.recurrence,
                    "every": None if thread.rule.meter_every is None else value_of(thread.rule.meter_every),
                    "unit": thread.meter.definition.get("unit", "") if thread.meter is not None else "",
                    "thing": {"number": thread.number, "name": thread.name},
                    "assignee": thread.rule.assignee,
                    "months": [cells.get(month, []) for month in range(1, 13)],
                }
            )
    return found


def threads_of_asset(
    session: Session, *, site: Site, rule_list: Sequence[UpkeepRule], asset: UUID, now_ms: int
) -> list[Thread]:
    """Return the threads that keep one asset up."""
    return [
        one for one in threads_of(session, site=site, some=rule_list, now_ms=now_ms) if one.thing == asset
    ]


def _put(
    cells: dict[int, list[dict[str, Any]]], moment: int, zone: ZoneInfo, what: str, *, forecast: bool
) -> None:
    local = datetime.fromtimestamp(moment / 1000, zone)
    cells.setdefault(local.month, []).append({"day": local.day, "what": what, "forecast": forecast})
