"""What needs a person, what gets worse by waiting first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assets import service as assets
from server.ledger.models import Record, Verdict
from server.people.certificates import expiring
from server.rounds.apply_batch import asks
from server.rounds.models import Finding, Occurrence, Visit
from server.rounds.rules import Window
from server.rounds.service.judging import Judged
from server.rounds.service.names import Names, device_view, silent_device
from server.rounds.service.telling import DAY_MS, SHOWN_DAYS, corrections
from server.sites.models import Site

URGENCY = (
    "alarm", "unheard", "missed", "partial", "corrected", "unproven", "quarantined", "marked", "certificate",
    "due",
)  # fmt: skip
"""What needs a person, by what gets worse by waiting."""


MOST_DUE = 20
"""So many tests and calibrations are told of at once; the register has them all."""
EXPIRES_SOON = timedelta(days=30)
"""So long before a certificate's last day somebody is told."""


def attention(
    session: Session,
    site: Site,
    span: Window,
    judged: Sequence[Judged],
    names: Names,
    *,
    now_ms: int,
    reader: UUID | None,
) -> list[dict[str, Any]]:
    """Return the rows of a day: rounds, alarms by meter, marks by round, records in quarantine by phone.

    On the day that runs also what was corrected and `reader` took no note of, of whatever day.
    """
    rows = [_judged_row(j, names) for j in judged if j.judgement.state in URGENCY]
    if reader is not None and span.from_ms <= now_ms < span.to_ms:
        rows += _corrections(session, site, names, reader, now_ms)
    rows += _alarms(session, site, span, names)
    rows += _marked(session, site, span, names)
    rows += _quarantined(session, site, span, names)
    rows += _certificates(session, site, span)
    rows += _due(session, site, span)
    return sorted(rows, key=lambda row: (URGENCY.index(row["kind"]), -(row["from_ms"] or 0)))


def _row(kind: str, **members: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        (
            "occurrence", "visit", "plan", "from_ms", "to_ms", "done", "total", "device", "reading",
            "lower_ms", "upper_ms", "stops", "count", "marks", "certificate", "due",
            "correction",
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


def _corrections(
    session: Session, site: Site, names: Names, reader: UUID, now_ms: int
) -> list[dict[str, Any]]:
    """Return one row for each round of which something was told that evidence has corrected since."""
    since_ms = now_ms - SHOWN_DAYS * DAY_MS
    found = corrections(session, site_id=site.id, since_ms=since_ms, until_ms=now_ms + 1, reader=reader)
    rounds = select(Occurrence).where(Occurrence.id.in_([one.now.occurrence_id for one in found]))
    by_id = {o.id: o for o in session.scalars(rounds)}
    visits = select(Visit).where(
        Visit.organisation_id == site.organisation_id, Visit.id.in_([one.now.record for one in found])
    )
    records = {v.id: v for v in session.scalars(visits)}
    rows = []
    for one in found:
        occurrence, visit = by_id[one.now.occurrence_id], records.get(one.now.record or "")
        rows.append(
            _row(
                "corrected",
                occurrence=occurrence.id,
                plan=names.plans[occurrence.plan_id].name,
                from_ms=occurrence.from_ms,
                to_ms=occurrence.to_ms,
                done=one.now.done,
                total=one.now.total,
                device=device_view(names.devices[visit.device_id]) if visit else None,
                correction={
                    "report": one.now.id,
                    "was": one.was.state,
                    "was_ms": one.was.at_ms,
                    "state": one.now.state,
                    "at_ms": one.now.at_ms,
                },
            )
        )
    return rows


def _alarms(session: Session, site: Site, span: Window, names: Names) -> list[dict[str, Any]]:
    """Return one row for each meter with alarms, and one for each urgent report; the latest speaks."""
    found = session.scalars(
        select(Finding)
        .where(
            Finding.site_id == site.id,
            Finding.estimate_ms.between(span.from_ms, span.to_ms - 1),
            (Finding.level == "alarm") | (Finding.urgency == "urgent"),
        )
        .order_by(Finding.estimate_ms.desc(), Finding.id)
    )
    meters: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in found:
        is_meter = finding.target_id is not None and finding.field is not None
        key = (finding.target_id, finding.field) if is_meter else (finding.id,)
        meters.setdefault(key, []).append(finding)
    return [
        _row(
            "alarm",
            occurrence=latest.occurrence_id,
            visit=latest.visit_id,
            from_ms=latest.estimate_ms,
            reading=latest.label
            and {
                "label": latest.label,
                "value": latest.value,
                "unit": latest.unit or "",
                "level": latest.level,
            },
            lower_ms=latest.lower_ms,
            upper_ms=latest.upper_ms,
            device=device_view(names.devices[latest.device_id]),
            stops=[place] if (place := names.place(latest.target_id)) else None,
            count=len(alarms),
        )
        for alarms in meters.values()
        for latest in alarms[:1]
    ]


def _marked(session: Session, site: Site, span: Window, names: Names) -> list[dict[str, Any]]:
    """Return one row for each round with marked visits, and one for all that belong to no round."""
    found = session.execute(
        select(Visit, Occurrence)
        .outerjoin(Occurrence, Occurrence.id == Visit.occurrence_id)
        .where(
            Visit.site_id == site.id,
            Visit.marked,
            Visit.estimate_ms.between(span.from_ms, span.to_ms - 1),
        )
        .order_by(Visit.estimate_ms, Visit.id)
    )
    rounds: dict[Occurrence | None, list[Visit]] = {}
    for visit, occurrence in found:
        rounds.setdefault(occurrence, []).append(visit)
    return [_marked_row(occurrence, visits, names) for occurrence, visits in rounds.items()]


def _marked_row(occurrence: Occurrence | None, visits: Sequence[Visit], names: Names) -> dict[str, Any]:
    asked = Counter(mark for visit in visits for mark in visit.marks if asks([mark]))
    places = dict.fromkeys(visit.target_id for visit in visits)
    return _row(
        "marked",
        occurrence=occurrence and occurrence.id,
        visit=visits[0].id if len(visits) == 1 else None,
        plan=names.plans[occurrence.plan_id].name if occurrence else None,
        from_ms=occurrence.from_ms if occurrence else visits[-1].estimate_ms,
        to_ms=occurrence and occurrence.to_ms,
        stops=[place for target in places if (place := names.place(target))],
        count=len(visits),
        marks=[{"mark": mark, "count": count} for mark, count in asked.most_common()],
    )


def _certificates(session: Session, site: Site, span: Window) -> list[dict[str, Any]]:
    """Return one row for each certificate that has expired, or will within 30 days of the day."""
    day = datetime.fromtimestamp(span.from_ms / 1000, ZoneInfo(site.time_zone)).date()
    return [
        _row(
            "certificate",
            certificate={
                "person": {"id": person.id, "name": person.name},
                "kind": held.kind,
                "valid_until": held.valid_until,
                "over": held.valid_until is not None and held.valid_until < day,
            },
        )
        for held, person in expiring(session, site=site.id, by=day + EXPIRES_SOON)
    ]


def _due(session: Session, site: Site, span: Window) -> list[dict[str, Any]]:
    """Return one row for each test or calibration of an asset that is over, or will be soon."""
    day = datetime.fromtimestamp(span.from_ms / 1000, ZoneInfo(site.time_zone)).date()
    return [
        _row(
            "due",
            due={
                "asset": {"id": asset.id, "number": asset.number, "name": asset.name},
                "name": duty.name,
                "next_on": duty.next_on,
                "over": duty.next_on < day,
            },
        )
        for duty, asset in assets.reminders(session, site_id=site.id, today=day, limit=MOST_DUE)
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
