"""Closing a period (定稿): one number with footnotes; what comes later is a further revision.

The rule. The closed share is proven ÷ due. Rounds that are not heard or not proven by then stay due
and are not done; a footnote says how many, and names the phones. They are never called missed.
Nothing that was closed changes: a late record, an excuse or a phone that was heard since gives the
next revision, and the earlier number is shown struck out beside it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.ledger.devices import phones_of as phones_of_site
from server.ledger.models import LedgerHead
from server.people.models import Person
from server.problems import Invalid, Problem
from server.reports import figures
from server.reports.models import Closing, Reporting
from server.reports.periods import CLOSABLE, Period
from server.reports.service.report import Report, clause_order, gather, sums_view
from server.reports.service.tally import CHANGES
from server.rounds import service as rounds
from server.rounds.changes import RoundChange
from server.rounds.models import Occurrence
from server.rounds.rules import Window
from server.sites.models import Site

DAY_MS = 86_400_000
CLOSE_AFTER_DAYS = 5
"""Of a site that said nothing else."""


class TooEarly(Problem):
    """The period is not over long enough: phones may still bring what belongs to it."""

    slug, status, title = "too-early", HTTPStatus.CONFLICT, "The period cannot be closed yet"
    carries: ClassVar = {
        "from_ms": {"type": "integer", "description": "When it can be closed, ms since 1970 UTC."}
    }


class NothingChanged(Problem):
    """The period is closed, and nothing has changed since."""

    slug, status, title = "nothing-changed", HTTPStatus.CONFLICT, "It is closed as it stands"


def settings_of(session: Session, site: Site) -> Reporting:
    """Return how a site closes its periods; not in the session where it never said so."""
    found = session.get(Reporting, site.id)
    return found or Reporting(
        site_id=site.id,
        organisation_id=site.organisation_id,
        close_after_days=CLOSE_AFTER_DAYS,
        closes_itself=False,
    )


def change_settings(session: Session, site: Site, changes: dict[str, Any]) -> Reporting:
    """Change how a site closes its periods."""
    found = settings_of(session, site)
    for name, value in changes.items():
        setattr(found, name, value)
    session.add(found)
    return found


def close(session: Session, *, site: Site, period: Period, person_id: UUID | None, now_ms: int) -> Closing:
    """Close a period, or state its next revision.

    :raises Invalid: a day or a span cannot be closed
    :raises TooEarly: it is not over long enough
    :raises NothingChanged: it is closed, and the figures are the same
    """
    if period.kind not in CLOSABLE:
        raise Invalid(errors={"json": {"period": ["Only weeks, months, quarters and years are closed"]}})
    report = gather(session, site=site, period=period, now_ms=now_ms)
    due_ms = report.span.to_ms + settings_of(session, site).close_after_days * DAY_MS
    if now_ms < due_ms:
        raise TooEarly("Phones may still bring records of it", from_ms=due_ms)
    last = latest(session, site_id=site.id, period=period)
    if last is not None and not has_changed(last, report):
        raise NothingChanged
    closing = _closing(session, report, last, person_id)
    try:
        with session.begin_nested():
            session.add(closing)
    except IntegrityError:  # somebody else closed it at this moment
        raise NothingChanged from None
    return closing


def latest(session: Session, *, site_id: UUID, period: Period) -> Closing | None:
    """Return the last revision of a closed period, or None while it is open."""
    revisions = revisions_of(session, site_id=site_id, period=period)
    return revisions[-1] if revisions else None


def revisions_of(session: Session, *, site_id: UUID, period: Period) -> list[Closing]:
    """Return what was stated of a period, in its order."""
    query = select(Closing).where(Closing.site_id == site_id, Closing.period == period.key)
    return list(session.scalars(query.order_by(Closing.revision)))


def closings_of(session: Session, *, site_id: UUID) -> list[Closing]:
    """Return the last revision of each closed period, the latest period first; 200 at most."""
    last = (
        select(Closing.period, func.max(Closing.revision).label("revision"))
        .where(Closing.site_id == site_id)
        .group_by(Closing.period)
        .subquery()
    )
    query = (
        select(Closing)
        .join(last, (last.c.period == Closing.period) & (last.c.revision == Closing.revision))
        .where(Closing.site_id == site_id)
        .order_by(Closing.to_ms.desc(), Closing.from_ms.desc())
        .limit(200)
    )
    return list(session.scalars(query))


def has_changed(closing: Closing, report: Report) -> bool:
    """Whether the figures are no longer those that were stated."""
    return bool(closing.figures != _figures(report))


def may_have_changed(session: Session, closing: Closing) -> bool:
    """Whether anything has moved by which the figures could have: cheaper than to judge again."""
    span = Window(closing.from_ms, closing.to_ms)
    return bool(closing.basis["open"]) or closing.basis != _basis(
        session, closing.site_id, span, closing.basis["open"]
    )


def closing_view(session: Session, closing: Closing, *, names: bool) -> dict[str, Any]:
    """Return a revision as it travels.

    :param names: whether the reader may see who closed it
    """
    by = session.get(Person, closing.closed_by) if closing.closed_by and names else None
    return {
        "id": closing.id,
        "period": closing.period,
        "revision": closing.revision,
        "from_ms": closing.from_ms,
        "to_ms": closing.to_ms,
        "closed_ms": closing.closed_ms,
        "by": by.name if by else None,
        "itself": closing.closed_by is None,
        "received_ms": closing.received_ms,
        "received_pos": closing.received_pos,
        "share": closing.figures["all"]["low"],
        "sums": closing.figures["all"],
        "demands": closing.figures["demands"],
        "footnotes": closing.footnotes,
    }


def _closing(session: Session, report: Report, last: Closing | None, person_id: UUID | None) -> Closing:
    phones = phones_of_site(session, report.site.id)
    heard = [d.heard_ms for d in phones.values() if d.heard_ms is not None and d.heard_ms <= report.now_ms]
    pos = session.scalar(
        select(LedgerHead.pos).where(LedgerHead.organisation_id == report.site.organisation_id)
    )
    waiting = {device for fact in report.facts for device in fact.silent}
    footnotes: list[dict[str, Any]] = []
    counts = report.total.counts
    if counts["unheard"]:
        named = sorted(
            ({"name": phones[d].name, "heard_ms": phones[d].heard_ms} for d in waiting),
            key=lambda phone: str(phone["name"]),
        )
        footnotes.append({"kind": "unheard", "count": counts["unheard"], "phones": named})
    footnotes += [
        {"kind": kind, "count": counts[kind], "phones": []}
        for kind in ("unproven", "excused")
        if counts[kind]
    ]
    # of what was told before: since the last revision, or at all
    since_ms = last.closed_ms + 1 if last else 0
    corrected = rounds.corrected_of(session, site_id=report.site.id, span=report.span, since_ms=since_ms)
    if corrected:
        footnotes.append({"kind": "corrected", "count": len(corrected), "phones": []})
    return Closing(
        id=uuid4(),
        organisation_id=report.site.organisation_id,
        site_id=report.site.id,
        period=report.period.key,
        revision=last.revision + 1 if last else 1,
        from_ms=report.span.from_ms,
        to_ms=report.span.to_ms,
        closed_ms=report.now_ms,
        closed_by=person_id,
        received_ms=max(heard, default=None),
        received_pos=pos or 0,
        figures=_figures(report),
        footnotes=footnotes,
        basis=_basis(session, report.site.id, report.span, counts["unheard"]),
    )


def _figures(report: Report) -> dict[str, Any]:
    by_demand = figures.split(report.facts, "demand")
    return {
        "all": sums_view(report.total),
        "demands": [
            {"demand": demand, "sums": sums_view(figures.sums(by_demand[demand]))}
            for demand in sorted(by_demand, key=clause_order)
        ],
    }


def _basis(session: Session, site_id: UUID, span: Window, unheard: int) -> dict[str, Any]:
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(CHANGES), 0),
            func.max(Occurrence.excused_ms),
            func.coalesce(func.sum(Occurrence.to_ms - Occurrence.from_ms + Occurrence.grace_ms), 0),
        )
        .select_from(Occurrence)
        .outerjoin(RoundChange, RoundChange.occurrence_id == Occurrence.id)
        .where(
            Occurrence.site_id == site_id,
            Occurrence.withdrawn_ms.is_(None),
            Occurrence.from_ms >= span.from_ms,
            Occurrence.from_ms < span.to_ms,
        )
    ).one()
    # PostgreSQL sums to numeric
    return {"rounds": row[0], "changes": int(row[1]), "excused": row[2], "time": int(row[3]), "open": unheard}
