"""A site's report of a period: what was due and what became of it, by clause, plan, route, team and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.demands import catalogue
from server.ledger.devices import phones_of as phones_of_site
from server.ledger.lifecycle import GREETED
from server.reports import figures
from server.reports.figures import Axis, Fact
from server.reports.periods import Period
from server.reports.service.tally import facts_of
from server.rounds import rules
from server.rounds.models import Occurrence, Plan, Route
from server.rounds.rules import Window
from server.rounds.service.board import SILENT_MS
from server.rounds.sums import Sums
from server.sites.models import Site, Team

BY: tuple[Axis, ...] = ("demand", "plan", "route", "team", "day")
"""The tables of a report."""


@dataclass(frozen=True, slots=True)
class Report:
    """The facts of a period, and what is said of it as a whole."""

    site: Site
    period: Period
    span: Window
    now_ms: int
    facts: list[Fact]

    @property
    def total(self) -> Sums:
        """The sums of everything."""
        return figures.sums(self.facts)


def gather(session: Session, *, site: Site, period: Period, now_ms: int) -> Report:
    """Return the report of a period as it stands now."""
    span = period.bounds(day_start_min=site.day_start_min, zone=ZoneInfo(site.time_zone))
    facts = facts_of(session, site=site, span=span, now_ms=now_ms)
    return Report(site, period, span, now_ms, facts)


def report_view(session: Session, report: Report, *, against: Report | None = None) -> dict[str, Any]:
    """Return the report with all its tables, and beside each row the same of another period."""
    names = _Names(session, report.site)
    phones = [d for d in phones_of_site(session, report.site.id).values() if d.state in GREETED]
    heard = [d.heard_ms for d in phones if d.heard_ms is not None]
    return {
        "site": report.site.id,
        "period": period_view(report),
        "now_ms": report.now_ms,
        "received_ms": max(heard, default=None),
        "phones": {
            "total": len(phones),
            "silent": sum(d.heard_ms is None or d.heard_ms < report.now_ms - SILENT_MS for d in phones),
        },
        "sums": sums_view(report.total),
        "against": None
        if against is None
        else {"period": period_view(against), "sums": sums_view(against.total)},
        "demands": _demands(session, report, against, names),
        **{f"{axis}s": _rows(report, against, axis, names) for axis in BY if axis not in ("demand", "day")},
        "days": [
            {"day": day, "sums": sums_view(figures.sums(facts))}
            for day, facts in figures.split(report.facts, "day").items()
        ],
    }


def period_view(report: Report) -> dict[str, Any]:
    """Return a period as it travels."""
    period = report.period
    return {
        "key": period.key,
        "kind": period.kind,
        "first": period.first,
        "last": period.last,
        "from_ms": report.span.from_ms,
        "to_ms": report.span.to_ms,
        "over": report.span.to_ms <= report.now_ms,
    }


def sums_view(total: Sums) -> dict[str, Any]:
    """Return sums as they travel, as the board's do."""
    return {
        "due": total.due,
        **{str(name): n for name, n in total.counts.items()},
        "low": total.low,
        "high": total.high,
    }


class _Names:
    """Names of what a report has rows of."""

    def __init__(self, session: Session, site: Site) -> None:
        self.plans = {p.id: p for p in session.scalars(select(Plan).where(Plan.site_id == site.id))}
        self._routes = {r.id: r.name for r in session.scalars(select(Route).where(Route.site_id == site.id))}
        self._teams = {t.id: t.name for t in session.scalars(select(Team).where(Team.site_id == site.id))}

    def demand(self, plan: Any) -> str | None:
        """Return the clause that a plan serves."""
        return self.plans[plan].demand

    def of(self, axis: Axis, key: Any) -> dict[str, str] | None:
        """Return the name of a row, or None for what has none: everybody's rounds."""
        if axis == "plan":
            return self.plans[key].name
        found = self._routes if axis == "route" else self._teams
        return found.get(key)


def demand_view(demand: str | None) -> dict[str, Any] | None:
    """Return a clause with its words; one that no catalogue knows keeps its id and has none."""
    if demand is None:
        return None
    known = catalogue.demand(demand)
    return {
        "id": demand,
        "text": known.text.label() if known else None,
        "figure": known.figure.label() if known else None,
    }


def _demands(session: Session, report: Report, against: Report | None, names: _Names) -> list[dict[str, Any]]:
    """Return the score: a row for every clause that a plan of the site serves, also without a window."""
    now = figures.split(report.facts, "demand")
    before = figures.split(against.facts, "demand") if against else None
    served: dict[str | None, list[Plan]] = {}
    for plan in names.plans.values():
        for demand in (plan.demand, *plan.also):
            served.setdefault(demand, []).append(plan)
    next_ms = _next_windows(session, report)
    rows = []
    for demand in sorted({*now, *served}, key=clause_order):
        total = figures.sums(now.get(demand, ()))
        if not now.get(demand) and demand is None:
            continue
        coming = [next_ms[plan.id] for plan in served.get(demand, ()) if plan.id in next_ms]
        rows.append(
            {
                "key": demand,
                "demand": demand_view(demand),
                "plans": sorted(plan.id for plan in served.get(demand, ())),
                "sums": sums_view(total),
                "against": None if before is None else sums_view(figures.sums(before.get(demand, ()))),
                "verdict": figures.verdict(total),
                "lacking": figures.lacking(total),
                "next_ms": min(coming, default=None),
                "gap": gap_view(report, now.get(demand, ())),
            }
        )
    return rows


def clause_order(demand: str | None) -> tuple[int, str]:
    """Return by what clauses are sorted: as in the catalogue, then those it lacks, then rounds of none."""
    if demand is None:
        return len(_places_of_clauses()) + 1, ""
    return _places_of_clauses().get(demand, len(_places_of_clauses())), demand


@cache
def _places_of_clauses() -> dict[str, int]:
    return {one.id: place for place, one in enumerate(catalogue.demands())}


def gap_view(report: Report, facts: Sequence[Fact]) -> dict[str, Any] | None:
    """Return the longest stretch without a completed round, up to now."""
    end = min(report.span.to_ms, report.now_ms)
    gap = figures.longest_gap(facts, from_ms=report.span.from_ms, to_ms=end)
    return None if gap is None else {"from_ms": gap.from_ms, "to_ms": gap.to_ms, "unsure": gap.unsure}


def _rows(report: Report, against: Report | None, axis: Axis, names: _Names) -> list[dict[str, Any]]:
    now = figures.split(report.facts, axis)
    before = figures.split(against.facts, axis) if against else {}
    rows = [
        {
            "key": key,
            "name": names.of(axis, key),
            "demand": names.demand(key) if axis == "plan" else None,
            "sums": sums_view(figures.sums(now.get(key, ()))),
            "against": None if against is None else sums_view(figures.sums(before.get(key, ()))),
            "gap": gap_view(report, now.get(key, ())),
        }
        for key in dict.fromkeys([*now, *before])
    ]
    return sorted(rows, key=lambda row: (row["name"] is None, row["name"]["zh"] if row["name"] else ""))


def _next_windows(session: Session, report: Report) -> dict[UUID, int]:
    """Return plan → when its next window begins, as far as windows are cut."""
    query = (
        select(Occurrence.plan_id, func.min(Occurrence.from_ms))
        .where(
            Occurrence.site_id == report.site.id,
            Occurrence.withdrawn_ms.is_(None),
            Occurrence.from_ms >= max(report.now_ms, report.span.to_ms),
        )
        .group_by(Occurrence.plan_id)
    )
    return dict(session.execute(query).all())


def today_of(site: Site, now_ms: int) -> Any:
    """Return the site's day now."""
    return rules.day_of(now_ms, day_start_min=site.day_start_min, zone=ZoneInfo(site.time_zone))
