"""When plans came in a period, in words: what a paper says beside what was due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.reports.paper.words import Lang, label, say
from server.reports.service.report import Report
from server.rounds import rules
from server.rounds.models import Plan, PlanEdition
from server.rounds.often import when_words

Edition = tuple[int, dict[str, Any]]
"""From which moment on, and the recurrence."""


def recurring(session: Session, report: Report, lang: Lang) -> dict[UUID, str]:
    """Return plan → when it came, with the day of each change within the period.

    Plans whose recurrence nobody kept at the time are missing.
    """
    query = (
        select(PlanEdition.plan_id, PlanEdition.since_ms, PlanEdition.recurrence)
        .where(
            PlanEdition.site_id == report.site.id,
            PlanEdition.since_ms < report.span.to_ms,
            PlanEdition.recurrence.is_not(None),
        )
        .order_by(PlanEdition.plan_id, PlanEdition.since_ms, PlanEdition.version)
    )
    found: dict[UUID, list[Edition]] = {}
    for plan, since_ms, recurrence in session.execute(query):
        found.setdefault(plan, []).append((since_ms, recurrence))
    return {plan: _words(report, in_force(all_, report.span.from_ms), lang) for plan, all_ in found.items()}


def in_force(editions: Iterable[Edition], from_ms: int) -> list[Edition]:
    """Return the editions that held at `from_ms` or later; one that changes nothing is left out."""
    kept: list[Edition] = []
    for since_ms, recurrence in editions:
        if kept and since_ms <= from_ms:
            kept.pop()
        if not kept or kept[-1][1] != recurrence:
            kept.append((since_ms, recurrence))
    return kept


def of_route(session: Session, report: Report, route: UUID, lang: Lang) -> str:
    """Return the plans that walked a route in the period, each with when it came; empty where none did.

    Special rounds are left out: they come once, and the lines of the register say when.
    """
    walked = {fact.plan for fact in report.facts if fact.route == route}
    when = recurring(session, report, lang)
    plans = session.scalars(select(Plan).where(Plan.id.in_(walked)).order_by(Plan.name_zh, Plan.id))
    colon = "：" if lang == "zh" else ": "
    texts = [
        f"{label(plan.name, lang)}{colon}{when[plan.id]}"
        for plan in plans
        if plan.id in when and not plan.special
    ]
    return say("semicolon", lang).join(texts)


def _words(report: Report, editions: list[Edition], lang: Lang) -> str:
    zone = ZoneInfo(report.site.time_zone)
    texts = []
    for n, (since_ms, recurrence) in enumerate(editions):
        text = when_words(recurrence, lang)
        day = rules.day_of(since_ms, day_start_min=report.site.day_start_min, zone=zone)
        texts.append(say("since", lang, day=day.isoformat(), when=text) if n else text)
    return say("semicolon", lang).join(texts)
