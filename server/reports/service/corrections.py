"""Rounds of a period of which something was told that evidence has corrected since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.reports.service.report import Report
from server.rounds import service as rounds
from server.rounds.models import Occurrence, Plan

MOST = 200
"""So many are listed; their number is always whole."""


def corrections_view(session: Session, report: Report) -> dict[str, Any]:
    """Return how many rounds of the period were corrected, and the latest of them."""
    found = rounds.corrected_of(session, site_id=report.site.id, span=report.span)
    found.sort(key=lambda one: (-one.now.at_ms, str(one.now.id)))
    shown = found[:MOST]
    rows = session.execute(
        select(Occurrence, Plan)
        .join(Plan, Plan.id == Occurrence.plan_id)
        .where(Occurrence.id.in_([one.now.occurrence_id for one in shown]))
    )
    by_id = {occurrence.id: (occurrence, plan) for occurrence, plan in rows}
    listed = []
    for one in shown:
        occurrence, plan = by_id[one.now.occurrence_id]
        listed.append(
            {
                "occurrence": occurrence.id,
                "plan": plan.name,
                "from_ms": occurrence.from_ms,
                "to_ms": occurrence.to_ms,
                "was": one.was.state,
                "was_ms": one.was.at_ms,
                "state": one.now.state,
                "at_ms": one.now.at_ms,
            }
        )
    return {"count": len(found), "rounds": listed}
