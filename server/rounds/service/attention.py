"""What needs a person, what gets worse by waiting first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.models import Record, Verdict
from server.rounds.models import Finding, Occurrence, Visit
from server.rounds.rules import Window
from server.rounds.service.judging import Judged
from server.rounds.service.names import Names, device_view, silent_device
from server.sites.models import Site

URGENCY = ("alarm", "unheard", "missed", "partial", "unproven", "quarantined", "marked")
"""What needs a person, by what gets worse by waiting."""

MOST_MARKED = 20
"""More marked visits than these are found in the patrol log."""


def attention(
    session: Session, site: Site, span: Window, judged: Sequence[Judged], names: Names
) -> list[dict[str, Any]]:
    """Return the rows of a day: rounds, alarms, marked visits, records in quarantine."""
    rows = [_judged_row(j, names) for j in judged if j.judgement.state in URGENCY]
    rows += _alarms(session, site, span, names)
    rows += _marked(session, site, span, names)
    rows += _quarantined(session, site, span, names)
    return sorted(rows, key=lambda row: (URGENCY.index(row["kind"]), -(row["from_ms"] or 0)))


def _row(kind: str, **members: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        (
            "occurrence", "visit", "plan", "from_ms", "to_ms", "done", "total", "device", "reading",
            "lower_ms", "upper_ms", "stops",
        )
    )  # fmt: skip
    return row | {"kind": kind} | members


def _judged_row(judged: Judged, names: Names) -> dict[str, Any]:
    occurrence, judgement = judged.occurrence, judged.judgement
    stops: list[Any] | None = None
    lower, upper = None, None
    if judgement.state == "partial":
        stops = [names.place(s.target_id) for s in judged.terms.stops if not judged.reached(s)]
    if judgement.state == "unproven":
        claimed = [s for s in judged.terms.stops if s.id in judgement.claimed]
        stops = [names.place(s.target_id) for s in claimed]
        visits = [v for v in judged.visits if v.stop_id in judgement.claimed]
        lows = [v.lower_ms for v in visits]
        lower = None if None in lows else min((low for low in lows if low is not None), default=None)
        upper = max((v.upper_ms for v in visits), default=None)
    return _row(
        judgement.state,
        occurrence=occurrence.id,
        plan=names.plans[occurrence.plan_id].name,
        from_ms=occurrence.from_ms,
        to_ms=occurrence.to_ms,
        done=judgement.done,
        total=judgement.total,
        device=silent_device(judged, names),
        stops=stops,
        lower_ms=lower,
        upper_ms=upper,
    )


def _alarms(session: Session, site: Site, span: Window, names: Names) -> list[dict[str, Any]]:
    found = session.scalars(
        select(Finding).where(
            Finding.site_id == site.id,
            Finding.estimate_ms.between(span.from_ms, span.to_ms - 1),
            (Finding.level == "alarm") | (Finding.urgency == "urgent"),
        )
    )
    return [
        _row(
            "alarm",
            occurrence=finding.occurrence_id,
            visit=finding.visit_id,
            from_ms=finding.estimate_ms,
            reading=finding.label
            and {
                "label": finding.label,
                "value": finding.value,
                "unit": finding.unit or "",
                "level": finding.level,
            },
            lower_ms=finding.lower_ms,
            upper_ms=finding.upper_ms,
            device=device_view(names.devices[finding.device_id]),
            stops=[place] if (place := names.place(finding.target_id)) else None,
        )
        for finding in found
    ]


def _marked(session: Session, site: Site, span: Window, names: Names) -> list[dict[str, Any]]:
    found = session.execute(
        select(Visit, Occurrence.plan_id)
        .outerjoin(Occurrence, Occurrence.id == Visit.occurrence_id)
        .where(
            Visit.site_id == site.id,
            Visit.marked,
            Visit.estimate_ms.between(span.from_ms, span.to_ms - 1),
        )
        .order_by(Visit.estimate_ms.desc(), Visit.id)
        .limit(MOST_MARKED)
    )
    return [
        _row(
            "marked",
            occurrence=visit.occurrence_id,
            visit=visit.id,
            plan=names.plans[plan_id].name if plan_id else None,
            from_ms=visit.estimate_ms,
            lower_ms=visit.lower_ms,
            upper_ms=visit.upper_ms,
            device=device_view(names.devices[visit.device_id]),
            stops=[place] if (place := names.place(visit.target_id)) else None,
        )
        for visit, plan_id in found
    ]


def _quarantined(session: Session, site: Site, span: Window, names: Names) -> list[dict[str, Any]]:
    found = session.execute(
        select(Record.device_id, func.count(), func.max(Record.received_ms))
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .where(
            Verdict.organisation_id == site.organisation_id,
            Verdict.outcome == "quarantined",
            Verdict.site_id == site.id,
            Record.received_ms.between(span.from_ms, span.to_ms - 1),
        )
        .group_by(Record.device_id)
    )
    return [
        _row("quarantined", from_ms=last, total=count, device=device_view(names.devices[device_id]))
        for device_id, count, last in found
    ]
