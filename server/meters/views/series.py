"""The series of a meter: its chart, its readings, and what the office writes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.ledger import service as ledger
from server.meters import service
from server.meters.models import MeterEntry, MeterReading
from server.meters.schemas import (
    ChartBody,
    CorrectionIn,
    EnteredIn,
    ExchangeIn,
    MeterBody,
    ReadingPage,
    ReadingsQuery,
    SpanQuery,
)
from server.meters.views import bp
from server.meters.views.register import view_of
from server.people.policy import policy
from server.sites.views.places import finish, site_here
from sync.meters import value_of

ONE = "/meters/<uuid:meter_id>"
MONTH_MS = 30 * 86_400_000
NOTHING: dict[str, Any] = {"number": None, "note": None, "photos": []}


@bp.get(f"{ONE}/chart")
@policy("see.assets")
@bp.arguments(SpanQuery, location="query")
@bp.response(HTTPStatus.OK, ChartBody)
def meter_chart(query: dict[str, Any], site_id: UUID, meter_id: UUID) -> dict[str, Any]:
    """Return what the chart of a meter shows of a time: no alarm is ever thinned away."""
    reading()
    session, site, now = db.session(), site_here(site_id), now_ms()
    query = query or {"from_ms": now - MONTH_MS, "to_ms": now + 1}
    meter = service.meter_of(session, site_id=site_id, meter_id=meter_id)
    chart = service.chart(session, meter=meter, **query)
    return {
        "points": [_point(row) for row in chart.points if row.micro is not None],
        "stretches": [asdict(stretch) for stretch in chart.stretches],
        "exchanges": [asdict(one) for one in chart.exchanges],
        "bands": service.bands(session, meter=meter, time_zone=site.time_zone, **query),
        "readings": chart.readings,
        "gap_ms": chart.gap_ms,
    }


def _point(row: MeterReading) -> dict[str, Any]:
    return {
        "id": row.id,
        "at_ms": row.estimate_ms,
        "lower_ms": row.lower_ms,
        "upper_ms": row.upper_ms,
        "value": value_of(row.micro or 0),
        "level": row.level,
        "mark": row.mark,
        "entered": row.entered_by is not None,
        "corrected": row.correction_id is not None,
    }


@bp.get(f"{ONE}/readings")
@policy("see.assets")
@bp.arguments(ReadingsQuery, location="query")
@bp.response(HTTPStatus.OK, ReadingPage)
def list_readings(query: dict[str, Any], site_id: UUID, meter_id: UUID) -> dict[str, Any]:
    """Return a page of a meter's readings, newest first, with what the office said of them."""
    reading()
    session = db.session()
    site_here(site_id)
    meter = service.meter_of(session, site_id=site_id, meter_id=meter_id)
    before = None
    if "before" in query:
        at, _, reading_id = query["before"].partition(".")
        before = (int(at), reading_id)
    limit = query["limit"]
    found = service.readings_of(
        session, meter_id=meter.id, limit=limit + 1, before=before, marked=query["marked"]
    )
    page = found[:limit]
    more = f"{page[-1].estimate_ms}.{page[-1].id}" if len(found) > limit else None
    return {"readings": readings_view(meter.id, page), "next": more}


def readings_view(meter_id: UUID, rows: Sequence[MeterReading]) -> list[dict[str, Any]]:
    """Return readings as they travel, with the corrections of each."""
    session = db.session()
    said: dict[str, list[MeterEntry]] = {}
    for entry in service.corrections_of(session, meter_id=meter_id, ids=[r.id for r in rows]):
        said.setdefault(entry.reading_id or "", []).append(entry)
    noted = _noted(rows)
    ids = {row.person_id for row in rows} | {row.entered_by for row in rows}
    ids |= {entry.entered_by for entries in said.values() for entry in entries}
    names = service.names(session, ids={one for one in ids if one is not None})
    return [
        {
            "id": row.id,
            "at_ms": row.estimate_ms,
            "lower_ms": row.lower_ms,
            "upper_ms": row.upper_ms,
            "quality": row.quality,
            "value": row.value,
            "counts": None if row.micro is None else value_of(row.micro),
            "end": None if row.end_micro is None else value_of(row.end_micro),
            "exchange": row.exchange,
            **noted.get(row.id, NOTHING),
            "level": row.level,
            "mark": row.mark,
            "step": None if row.step is None else value_of(row.step),
            "visit": row.visit_id,
            "person": names.get(row.person_id) if row.person_id else None,
            "entered_by": names.get(row.entered_by, "") if row.entered_by else None,
            "corrections": [
                {
                    "value": entry.value,
                    "why": entry.why,
                    "by": names.get(entry.entered_by),
                    "at_ms": entry.entered_ms,
                }
                for entry in said.get(row.id, [])
            ],
        }
        for row in rows
    ]


def _noted(rows: Sequence[MeterReading]) -> dict[str, dict[str, Any]]:
    """Return what phones showed and said of the exchanges among these: the new number, words and photos."""
    session = db.session()
    hashes = [row.id for row in rows if row.exchange and row.record_hash]
    if not hashes:
        return {}
    organisation = rows[0].organisation_id
    photos: dict[str, list[str]] = {}
    for claim in ledger.claims(session, organisation, hashes):
        if claim.state == "stored":
            photos.setdefault(claim.hash, []).append(claim.sha256)
    return {
        key: {
            "number": one.number,
            "note": ledger.private_values(session, organisation, key).get("note"),
            "photos": photos.get(key, []),
        }
        for key, one in service.records_of(session, organisation=organisation, hashes=hashes).items()
    }


@bp.post(f"{ONE}/readings")
@policy("change.assets")
@bp.arguments(EnteredIn)
@bp.response(HTTPStatus.CREATED, MeterBody)
def enter_reading(body: dict[str, Any], site_id: UUID, meter_id: UUID) -> dict[str, Any]:
    """Enter a reading that no phone recorded; it is marked as entered."""
    return _written(service.enter_reading, "meter.read", site_id, meter_id, body)


@bp.post(f"{ONE}/exchanges")
@policy("change.assets")
@bp.arguments(ExchangeIn)
@bp.response(HTTPStatus.CREATED, MeterBody)
def exchange_meter(body: dict[str, Any], site_id: UUID, meter_id: UUID) -> dict[str, Any]:
    """Note that the meter was exchanged: what the old one showed last, what the new one began with."""
    return _written(service.exchange, "meter.exchanged", site_id, meter_id, body)


@bp.post(f"{ONE}/corrections")
@policy("change.assets")
@bp.arguments(CorrectionIn)
@bp.response(HTTPStatus.CREATED, MeterBody)
def correct_reading(body: dict[str, Any], site_id: UUID, meter_id: UUID) -> dict[str, Any]:
    """Correct, confirm or strike out a reading; what was read stays to be seen."""
    members = {**body, "reading_id": body["reading"]}
    del members["reading"]
    return _written(service.correct, "meter.corrected", site_id, meter_id, members)


def _written(
    write: Any, action: str, site_id: UUID, meter_id: UUID, members: dict[str, Any]
) -> dict[str, Any]:
    now, session = now_ms(), db.session()
    site_here(site_id)
    entry = write(
        session, site_id=site_id, meter_id=meter_id, by=g.principal.person_id, now_ms=now, **members
    )
    detail = {name: value for name, value in members.items() if name in ("value", "end", "start", "why")}
    finish(action, site=site_id, subject=meter_id, now=now, entry=str(entry.id), **detail)
    return view_of(site_id, service.meter_of(session, site_id=site_id, meter_id=meter_id))
