"""The months up to one: what was due in each and what became of it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.reports import figures
from server.reports.figures import Fact
from server.reports.models import Closing
from server.reports.periods import Period, months_before
from server.reports.service.report import sums_view
from server.reports.service.tally import facts_of
from server.rounds.rules import Window
from server.sites.models import Site


def trend_view(
    session: Session, *, site: Site, until: Period, months: int, demand: str | None, now_ms: int
) -> dict[str, Any]:
    """Return `months` months that end with the one given, in their order.

    A month in which nothing was due has no share: a chart has a gap there, and no line.

    :param demand: only the rounds of this clause; None: all rounds
    """
    wanted = months_before(until, months)
    zone = ZoneInfo(site.time_zone)
    bounds = [month.bounds(day_start_min=site.day_start_min, zone=zone) for month in wanted]
    span = Window(bounds[0].from_ms, bounds[-1].to_ms)
    by_month: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for fact in facts_of(session, site=site, span=span, now_ms=now_ms):
        if demand is None or demand in fact.demands:
            by_month[fact.day.year, fact.day.month].append(fact)
    closed = _closed(session, site, [month.key for month in wanted])
    return {
        "demand": demand,
        "months": [
            {
                "key": month.key,
                "first": month.first,
                "sums": sums_view(figures.sums(by_month[month.first.year, month.first.month])),
                "over": stretch.to_ms <= now_ms,
                "closed": _share(closed.get(month.key), demand),
            }
            for month, stretch in zip(wanted, bounds, strict=True)
        ],
    }


def _closed(session: Session, site: Site, keys: list[str]) -> dict[str, Closing]:
    query = select(Closing).where(Closing.site_id == site.id, Closing.period.in_(keys))
    return {one.period: one for one in session.scalars(query.order_by(Closing.revision))}


def _share(closing: Closing | None, demand: str | None) -> dict[str, Any] | None:
    """Return the number that was stated of a month, or of a clause in it."""
    if closing is None:
        return None
    if demand is None:
        return {"revision": closing.revision, "share": closing.figures["all"]["low"]}
    rows = {row["demand"]: row["sums"] for row in closing.figures["demands"]}
    return {"revision": closing.revision, "share": rows[demand]["low"] if demand in rows else None}
