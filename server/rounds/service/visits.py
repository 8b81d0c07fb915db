"""The patrol log: visits with filters, newest first, page by page; and findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, not_, or_, select
from sqlalchemy.orm import Session

from server.ledger.models import Blob, BlobClaim
from server.people import doubles
from server.problems import Problem
from server.rounds.models import Finding, Occurrence, Reading, Visit
from server.rounds.service.names import Names, names_of
from server.rounds.service.shown import Within
from server.rounds.service.terms import StopTerms, bounds_of, terms_for
from server.rounds.service.two_phones import is_on_two_phones, on_two_phones
from server.sites.models import Site


class BadCursor(Problem):
    """The cursor of a page is not one that an earlier page gave."""

    slug, status, title = "bad-cursor", HTTPStatus.UNPROCESSABLE_ENTITY, "This page cannot be found again"


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the patrol log is wanted; None: whatever it is. Moments in ms, half-open."""

    from_ms: int | None = None
    to_ms: int | None = None
    plan: UUID | None = None
    person: UUID | None = None
    checkpoint: UUID | None = None
    """A checkpoint's or an asset's id."""
    device: UUID | None = None
    faulty: bool | None = None
    marked: bool | None = None
    within: Within = None


@dataclass(frozen=True, slots=True)
class PhotoCount:
    """How many photos a visit has, and how many of them have not come yet."""

    photos: int = 0
    pending: int = 0


def visits_page(
    session: Session, *, site: Site, wanted: Filter, before: str | None, limit: int
) -> dict[str, Any]:
    """Return up to `limit` visits, the latest first, and the cursor of the next page or None.

    :raises BadCursor: `before` is no cursor
    """
    query = _filtered(session, site, wanted)
    if before is not None:
        estimate_ms, visit_id = _read_cursor(before)
        query = query.where(
            or_(
                Visit.estimate_ms < estimate_ms,
                and_(Visit.estimate_ms == estimate_ms, Visit.id < visit_id),
            )
        )
    query = query.order_by(Visit.estimate_ms.desc(), Visit.id.desc()).limit(limit + 1)
    found = session.scalars(query).all()
    rows, names = found[:limit], names_of(session, site=site)
    last = rows[-1] if len(found) > limit else None
    return {
        "visits": visit_rows(session, visits=rows, names=names),
        "next": f"{last.estimate_ms}.{last.id}" if last else None,
    }


def visit_rows(session: Session, *, visits: Sequence[Visit], names: Names) -> list[dict[str, Any]]:
    """Return visits as the patrol log shows them, with a fixed number of queries."""
    occurrences = _occurrences(session, visits)
    terms = terms_for(session, occurrences.values()) if occurrences else {}
    readings = _readings(session, visits)
    photos = count_photos(session, visits)
    double = on_two_phones(session, visits)
    rows = []
    for visit in visits:
        occurrence = occurrences.get(visit.occurrence_id) if visit.occurrence_id else None
        stops: Iterable[StopTerms] = terms[occurrence.id].stops if occurrence else ()
        stop = next((s for s in stops if s.id == visit.stop_id), None)
        row = visit_view(visit, occurrence, stop, readings.get(visit.id, []), photos[visit.id], names)
        rows.append({**row, "marks": [*visit.marks, doubles.MARK]} if visit.id in double else row)
    return rows


def visit_view(
    visit: Visit,
    occurrence: Occurrence | None,
    stop: StopTerms | None,
    readings: Sequence[Reading],
    photos: PhotoCount,
    names: Names,
) -> dict[str, Any]:
    """Return one visit as the patrol log shows it."""
    late = False
    if occurrence is not None and stop is not None:
        bounds = bounds_of(occurrence)
        late = bounds.to_ms <= visit.estimate_ms < bounds.over_ms
    device = names.devices[visit.device_id]
    return {
        "id": visit.id,
        "occurrence": visit.occurrence_id,
        "plan": names.plans[occurrence.plan_id].name if occurrence else None,
        "stop_number": stop.number if stop else None,
        "place": place_view(visit.target_kind, visit.target_id, names),
        "person": names.person(visit.person_id),
        "device": {"id": device.id, "name": device.name},
        "estimate_ms": visit.estimate_ms,
        "lower_ms": visit.lower_ms,
        "upper_ms": visit.upper_ms,
        "quality": visit.quality,
        "marks": visit.marks,
        "faulty": visit.faulty,
        "photos": photos.photos,
        "photos_pending": photos.pending,
        "readings": [
            {"label": r.label, "value": r.value, "unit": r.unit, "level": r.level} for r in readings
        ],
        "late": late,
        "received_ms": visit.received_ms,
        "seq": visit.seq,
        "result": visit.result,
    }


def place_view(kind: str | None, place_id: UUID | None, names: Names) -> dict[str, Any] | None:
    """Return a place as it is shown, or None when the site has none such."""
    place = names.places.get(place_id) if place_id else None
    if place is None:
        return None
    return {"kind": kind, "id": place.id, "number": place.number, "name": place.name}


def count_photos(session: Session, visits: Sequence[Visit]) -> dict[str, PhotoCount]:
    """Return visit id → how many photos it has; the frame of the scan is none of them."""
    owner = {visit.id: visit.id for visit in visits}
    owner |= {visit.answers_hash: visit.id for visit in visits if visit.answers_hash}
    totals: dict[str, PhotoCount] = {visit.id: PhotoCount() for visit in visits}
    if not owner:
        return totals
    query = (
        select(BlobClaim.hash, BlobClaim.lost, Blob.sha256)
        .outerjoin(
            Blob,
            (Blob.organisation_id == BlobClaim.organisation_id) & (Blob.sha256 == BlobClaim.sha256),
        )
        .where(
            BlobClaim.organisation_id == visits[0].organisation_id,
            BlobClaim.hash.in_(owner),
            BlobClaim.role == "photo",
            BlobClaim.of_sha256.is_(None),
        )
    )
    for record_hash, lost, stored in session.execute(query):
        now = totals[owner[record_hash]]
        is_pending = stored is None and not lost
        totals[owner[record_hash]] = PhotoCount(now.photos + 1, now.pending + is_pending)
    return totals


def findings_of(
    session: Session, *, site: Site, from_ms: int | None, to_ms: int | None, within: Within = None
) -> dict[str, Any]:
    """Return the site's findings of a stretch of time, the latest first; 500 at most."""
    query = select(Finding).where(Finding.site_id == site.id)
    if within is not None:
        query = query.where(Finding.person_id.in_(within))
    if from_ms is not None:
        query = query.where(Finding.estimate_ms >= from_ms)
    if to_ms is not None:
        query = query.where(Finding.estimate_ms < to_ms)
    found = session.scalars(query.order_by(Finding.estimate_ms.desc(), Finding.id).limit(500)).all()
    names = names_of(session, site=site)
    return {"findings": finding_rows(session, findings=found, names=names)}


def finding_rows(session: Session, *, findings: Sequence[Finding], names: Names) -> list[dict[str, Any]]:
    """Return findings as they are shown, with the mark of those that their person made on two phones."""
    double = on_two_phones(session, findings)
    rows = []
    for finding in findings:
        row = finding_view(finding, names)
        rows.append({**row, "marks": [*finding.marks, doubles.MARK]} if finding.id in double else row)
    return rows


def finding_view(finding: Finding, names: Names) -> dict[str, Any]:
    """Return a finding as it is shown."""
    device = names.devices[finding.device_id]
    return {
        "id": finding.id,
        "visit": finding.visit_id,
        "occurrence": finding.occurrence_id,
        "record": finding.record_hash,
        "kind": finding.kind,
        "urgency": finding.urgency,
        "level": finding.level,
        "field": finding.field,
        "label": finding.label,
        "value": finding.value,
        "unit": finding.unit,
        "place": place_view(finding.target_kind, finding.target_id, names),
        "person": names.person(finding.person_id),
        "device": {"id": device.id, "name": device.name},
        "lower_ms": finding.lower_ms,
        "estimate_ms": finding.estimate_ms,
        "upper_ms": finding.upper_ms,
        "quality": finding.quality,
        "marks": finding.marks,
    }


def _filtered(session: Session, site: Site, wanted: Filter) -> Select[Visit]:
    query = select(Visit).where(Visit.site_id == site.id)
    if wanted.from_ms is not None:
        query = query.where(Visit.estimate_ms >= wanted.from_ms)
    if wanted.to_ms is not None:
        query = query.where(Visit.estimate_ms < wanted.to_ms)
    if wanted.plan is not None:
        of_plan = select(Occurrence.id).where(Occurrence.plan_id == wanted.plan)
        query = query.where(Visit.occurrence_id.in_(of_plan))
    if wanted.person is not None:
        query = query.where(Visit.person_id == wanted.person)
    if wanted.device is not None:
        query = query.where(Visit.device_id == wanted.device)
    if wanted.checkpoint is not None:
        query = query.where(Visit.target_id == wanted.checkpoint)
    if wanted.faulty is not None:
        query = query.where(Visit.faulty.is_(wanted.faulty))
    if wanted.marked is not None:
        is_marked = or_(
            Visit.marked,
            is_on_two_phones(
                session, site=site, person=wanted.person, from_ms=wanted.from_ms, to_ms=wanted.to_ms
            ),
        )
        query = query.where(is_marked if wanted.marked else not_(is_marked))
    if wanted.within is not None:
        query = query.where(Visit.person_id.in_(wanted.within))
    return query


def _read_cursor(text: str) -> tuple[int, str]:
    estimate, _, visit_id = text.partition(".")
    is_number = estimate.lstrip("-").isdecimal() and estimate.isascii() and len(estimate) <= 17
    if not is_number or estimate.count("-") > estimate.startswith("-") or len(visit_id) != 64:
        raise BadCursor
    return int(estimate), visit_id


def _occurrences(session: Session, visits: Sequence[Visit]) -> dict[UUID, Occurrence]:
    ids = {visit.occurrence_id for visit in visits if visit.occurrence_id}
    if not ids:
        return {}
    return {o.id: o for o in session.scalars(select(Occurrence).where(Occurrence.id.in_(ids)))}


def _readings(session: Session, visits: Sequence[Visit]) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = {}
    if visits:
        query = (
            select(Reading)
            .where(
                Reading.organisation_id == visits[0].organisation_id,
                Reading.visit_id.in_([visit.id for visit in visits]),
            )
            .order_by(Reading.position)
        )
        for reading in session.scalars(query):
            found.setdefault(reading.visit_id, []).append(reading)
    return found
