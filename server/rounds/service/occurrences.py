"""One occurrence in full: its stops with their visits, why it is in its state, who carries it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.forms import service as forms
from server.ledger.lifecycle import GREETED
from server.rounds import state
from server.rounds.service.board import ordinal_of, plan_view, window_view
from server.rounds.service.cutting import occurrence_of
from server.rounds.service.judging import Judged, Phones, drawn_by, judge_all, phones_of
from server.rounds.service.names import Names, device_view, names_of
from server.rounds.service.skipping import skip_views
from server.rounds.service.telling import reports_of
from server.rounds.service.terms import StopTerms
from server.rounds.service.visits import visit_rows
from server.sites import service as sites
from server.sites.models import Site


def occurrence_view(session: Session, *, site: Site, occurrence_id: UUID, now_ms: int) -> dict[str, Any]:
    """Return the occurrence.

    :raises NotFound: no such occurrence on the site
    """
    occurrence = occurrence_of(session, site_id=site.id, occurrence_id=occurrence_id)
    phones = phones_of(session, site_id=site.id, since_ms=occurrence.from_ms - state.USED_BEFORE_MS)
    [judged] = judge_all(session, site_id=site.id, occurrences=[occurrence], now_ms=now_ms, phones=phones)
    names = names_of(session, site=site, devices=phones.devices, takes=judged.taken)
    ordinal = ordinal_of(session, site=site, occurrence=occurrence)
    return window_view(judged, ordinal=ordinal, names=names) | {
        "plan": plan_view(names.plans[occurrence.plan_id]),
        "order": judged.terms.order,
        "stops": _stops(session, site, judged, names),
        "why": _why(judged, names),
        "phones": _phones(judged, phones),
        "reports": _reports(session, judged, names),
    }


def _reports(session: Session, judged: Judged, names: Names) -> list[dict[str, Any]]:
    """Return what was told of the round, the first first, each with the record that led to it."""
    told = reports_of(session, occurrences=[judged.occurrence.id]).get(judged.occurrence.id, [])
    visits = {visit.id: visit for visit in judged.visits}
    rows = []
    for report in told:
        visit = visits.get(report.record or "")
        device = names.devices[visit.device_id] if visit else None
        rows.append(
            {
                "id": report.id,
                "state": report.state,
                "done": report.done,
                "total": report.total,
                "at_ms": report.at_ms,
                "cause": report.cause,
                "record": report.record,
                "person": names.person(visit.person_id) if visit else None,
                "device": device and {"id": device.id, "name": device.name},
                "received_ms": visit.received_ms if visit else None,
            }
        )
    return rows


def _stops(session: Session, site: Site, judged: Judged, names: Names) -> list[dict[str, Any]]:
    zones = sites.zone_names(session, site_id=site.id)
    form_names = {d["id"]: d["name"] for d in forms.forms_of(session, site_id=site.id)}
    by_stop: dict[UUID | None, list[dict[str, Any]]] = {}
    rows = visit_rows(session, visits=judged.visits, names=names)
    for visit, row in zip(judged.visits, rows, strict=True):
        by_stop.setdefault(visit.stop_id, []).append(row)
    skips = skip_views(session, occurrence=judged.occurrence, names=names)
    return [
        _stop(stop, judged, names, zones, form_names, by_stop.get(stop.id, []))
        | _asks(stop, judged)
        | {"skips": skips.get(stop.id, [])}
        for stop in judged.terms.stops
    ]


def _asks(stop: StopTerms, judged: Judged) -> dict[str, Any]:
    """Return the terms of a stop, and what is doubted of it."""
    own = state.bounds_at(state.Stop(stop.id, stop.window_ms), judged.bounds)
    has_own = (own.from_ms, own.to_ms) != (judged.bounds.from_ms, judged.bounds.to_ms)
    return {
        "window": {"from_ms": own.from_ms, "to_ms": own.to_ms} if has_own else None,
        "dwell_s": stop.stay_ms // 1_000 or None,
        "certificate": stop.certificate,
        "both": stop.id in judged.terms.crew_of(drawn_by(judged.occurrence)).drawn,
        "alone": stop.id in judged.judgement.alone,
        "doubts": sorted(judged.judgement.doubts.get(stop.id, ())),
    }


def _stop(
    stop: StopTerms,
    judged: Judged,
    names: Names,
    zones: dict[UUID, dict[str, str]],
    form_names: dict[str, dict[str, str]],
    rows: list[dict[str, Any]],
) -> dict[str, Any]:
    place = names.places.get(stop.target_id)
    condition = "todo"
    if judged.reached(stop):
        condition = "fault" if any(row["faulty"] for row in rows) else "done"
    elif any(visit.stop == stop.id for visit in judged.papers):
        condition = "paper"
    form = None
    if stop.form_id is not None:
        form = {"id": stop.form_id, "name": form_names.get(str(stop.form_id))}
    return {
        "id": stop.id,
        "number": stop.number,
        "name": place.name if place else None,
        "zone": zones.get(place.zone_id) if place and place.zone_id else None,
        "target": {"kind": stop.target_kind, "id": stop.target_id},
        "form": form,
        "state": condition,
        "visits": rows,
    }


def _why(judged: Judged, names: Names) -> dict[str, Any]:
    """Return the key of the sentence that explains the state, and the figures in it."""
    judgement, occurrence = judged.judgement, judged.occurrence
    figures: dict[str, Any] = {"done": judgement.done, "total": judgement.total}
    key: str = judgement.state
    if judgement.state == "unheard":
        figures["phones"] = [
            device_view(names.devices[device]) | {"id": str(device)} for device in judgement.silent
        ]
    elif judgement.state in ("missed", "partial"):
        figures["phones"] = len(judged.carriers)
        key = "crew" if judgement.lacks_crew else key
        figures["asked"] = len(judgement.asked)
    elif judgement.state == "unproven":
        figures["claimed"] = len(judgement.claimed)
    elif judgement.state == "late":
        figures |= {"end_ms": judgement.end_ms, "to_ms": occurrence.to_ms}
    elif judgement.state == "excused":
        figures["why"] = occurrence.excused_why
    return {"key": key, "params": figures}


def _phones(judged: Judged, phones: Phones) -> list[dict[str, Any]]:
    walked = {visit.device_id for visit in judged.visits}
    shown = [d for d in phones.devices.values() if d.state in GREETED or d.id in walked]
    return [
        {
            "device": {"id": device.id, "name": device.name},
            "heard_ms": device.heard_ms,
            "clear_ms": device.clear_ms,
            "carries": device.id in judged.carriers,
        }
        for device in sorted(shown, key=lambda d: (d.name, d.id))
    ]
