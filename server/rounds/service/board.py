"""Today's board: a lane per plan, its windows with their states, the sums, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.lifecycle import GREETED
from server.ledger.models import Device
from server.rounds import rules, state
from server.rounds.models import LONG, Occurrence, Plan, Visit
from server.rounds.rules import Window
from server.rounds.service.attention import attention
from server.rounds.service.judging import Judged, Phones, judge_all, phones_of
from server.rounds.service.names import Names, names_of, silent_device, stand_ins
from server.rounds.sums import sums
from server.sites.models import Site

SILENT_MS = 60 * 60_000
"""A phone in use that was not heard for so long is silent."""

_DAY_MS = 24 * 3_600_000


def board(
    session: Session, *, site: Site, day: date | None, now_ms: int, reader: UUID | None = None
) -> dict[str, Any]:
    """Return the board of a day of the site, of the day now when `day` is None.

    Windows that begin on the day are its own and make the sums; one of the day before that still
    runs when the day begins is shown too.

    :param reader: who looks: corrections of which this person took note are left out
    """
    zone = ZoneInfo(site.time_zone)
    day = day or rules.day_of(now_ms, day_start_min=site.day_start_min, zone=zone)
    span = rules.day_bounds(day, day_start_min=site.day_start_min, zone=zone)
    shown, ordinals = _windows_of(session, site, span, zone)
    phones = phones_of(session, site_id=site.id, since_ms=span.from_ms - _DAY_MS - state.USED_BEFORE_MS)
    judged = judge_all(session, site_id=site.id, occurrences=shown, now_ms=now_ms, phones=phones)
    taken = [take for j in judged for take in j.taken]
    names = names_of(session, site=site, devices=phones.devices, takes=taken)
    own = [j for j in judged if j.occurrence.from_ms >= span.from_ms]
    total = sums([j.judgement.state for j in own])
    active = [d for d in phones.devices.values() if d.state in GREETED]
    return {
        "site": site.id,
        "day": day,
        "from_ms": span.from_ms,
        "to_ms": span.to_ms,
        "now_ms": now_ms,
        "received_ms": max((d.heard_ms for d in active if d.heard_ms is not None), default=None),
        "phones": {"total": len(active), "silent": sum(is_silent(d, phones, now_ms) for d in active)},
        "sums": {**total.counts, "due": total.due, "low": total.low, "high": total.high},
        "lanes": _lanes(judged, ordinals, names),
        "attention": attention(session, site, span, judged, names, now_ms=now_ms, reader=reader),
        "whereabouts": _whereabouts(session, site, judged, phones, names, now_ms),
    }


def window_view(judged: Judged, *, ordinal: int, names: Names) -> dict[str, Any]:
    """Return an occurrence as the board shows it."""
    occurrence, judgement = judged.occurrence, judged.judgement
    excused = None
    if occurrence.excused_ms is not None:
        by = names.persons.get(occurrence.excused_by, "") if occurrence.excused_by else ""
        excused = {"why": occurrence.excused_why, "by": by}
    people = dict.fromkeys(v.person_id for v in judged.visits if v.person_id and v.stop_id)
    return {
        "occurrence": occurrence.id,
        "ordinal": ordinal,
        "from_ms": occurrence.from_ms,
        "to_ms": occurrence.to_ms,
        "grace_ms": occurrence.grace_ms,
        "state": judgement.state,
        "done": judgement.done,
        "total": judgement.total,
        "end_ms": judgement.end_ms,
        "people": [names.persons.get(person, "") for person in people],
        "device": silent_device(judged, names),
        "excused": excused,
        "faults": sum(visit.faulty for visit in judged.visits),
        "stand_ins": stand_ins(judged, names),
        "papers": len({visit.person for visit in judged.papers}),
        "skipped": len(judgement.skipped),
        "asked": len(judgement.asked),
    }


def ordinal_of(session: Session, *, site: Site, occurrence: Occurrence) -> int:
    """Return which window of its plan's day an occurrence is, from 1."""
    zone = ZoneInfo(site.time_zone)
    day = rules.day_of(occurrence.from_ms, day_start_min=site.day_start_min, zone=zone)
    span = rules.day_bounds(day, day_start_min=site.day_start_min, zone=zone)
    before = session.scalar(
        select(func.count())
        .select_from(Occurrence)
        .where(
            Occurrence.plan_id == occurrence.plan_id,
            Occurrence.withdrawn_ms.is_(None),
            Occurrence.from_ms >= span.from_ms,
            Occurrence.from_ms < occurrence.from_ms,
        )
    )
    return (before or 0) + occurrence.number


def is_silent(device: Device, phones: Phones, now_ms: int) -> bool:
    """Whether a phone in use, or with something unsent, was not heard for an hour."""
    expected = device.id in phones.open_shifts or device.unsent_records + device.unsent_photos > 0
    return expected and (device.heard_ms is None or device.heard_ms < now_ms - SILENT_MS)


def _windows_of(
    session: Session, site: Site, span: Window, zone: ZoneInfo
) -> tuple[list[Occurrence], dict[UUID, int]]:
    of_site = select(Occurrence).where(
        Occurrence.site_id == site.id, Occurrence.withdrawn_ms.is_(None), Occurrence.from_ms < span.to_ms
    )
    recent = session.scalars(of_site.where(Occurrence.from_ms >= span.from_ms - 2 * _DAY_MS)).all()
    long = session.scalars(
        of_site.where(LONG, Occurrence.to_ms > span.from_ms, Occurrence.from_ms < span.from_ms - 2 * _DAY_MS)
    ).all()
    found = sorted((*recent, *long), key=lambda o: (o.from_ms, o.number, o.id))
    counted: dict[tuple[UUID, date], int] = {}
    ordinals: dict[UUID, int] = {}
    for occurrence in found:
        day = rules.day_of(occurrence.from_ms, day_start_min=site.day_start_min, zone=zone)
        key = (occurrence.plan_id, day)
        counted[key] = ordinals[occurrence.id] = counted.get(key, 0) + 1
    return [o for o in found if o.from_ms >= span.from_ms or o.to_ms > span.from_ms], ordinals


def _lanes(judged: Sequence[Judged], ordinals: dict[UUID, int], names: Names) -> list[dict[str, Any]]:
    windows: dict[UUID, list[dict[str, Any]]] = {}
    for j in judged:
        view = window_view(j, ordinal=ordinals[j.occurrence.id], names=names)
        windows.setdefault(j.occurrence.plan_id, []).append(view)
    plans = sorted((names.plans[plan_id] for plan_id in windows), key=lambda p: (p.name_zh, p.id))
    return [{"plan": plan_view(plan), "windows": windows[plan.id]} for plan in plans]


def plan_view(plan: Plan) -> dict[str, Any]:
    """Return what a lane says of its plan."""
    return {
        "id": plan.id,
        "name": plan.name,
        "demand": plan.demand,
        "crew": plan.crew,
        "recurrence": plan.recurrence,
    }


# -- who is where ---------------------------------------------------------------------


def _whereabouts(
    session: Session, site: Site, judged: Sequence[Judged], phones: Phones, names: Names, now_ms: int
) -> list[dict[str, Any]]:
    """Say of everybody who is signed in where they scanned last in this shift; nobody is tracked."""
    by_id = {j.occurrence.id: j for j in judged}
    latest = _latest_visits(session, site, list(phones.open_shifts), now_ms)
    rows = []
    for device_id, shift in phones.open_shifts.items():
        device = phones.devices.get(device_id)
        if device is None or device.state not in GREETED:
            continue
        last = latest.get((device_id, shift.person_id))
        if last and last.estimate_ms < shift.started_ms:
            last = None
        round_ = by_id.get(last.occurrence_id) if last and last.occurrence_id else None
        rows.append(
            {
                "person": names.person(shift.person_id),
                "device": {"id": device.id, "name": device.name},
                "plan": names.plans[round_.occurrence.plan_id].name if round_ else None,
                "done": round_.judgement.done if round_ else None,
                "total": round_.judgement.total if round_ else None,
                "at": names.place(last.target_id) if last else None,
                "heard_ms": device.heard_ms,
                "silent": is_silent(device, phones, now_ms),
            }
        )
    return sorted(rows, key=lambda row: (row["device"]["name"], str(row["device"]["id"])))


def _latest_visits(
    session: Session, site: Site, devices: list[UUID], now_ms: int
) -> dict[tuple[UUID, UUID | None], Visit]:
    """Return, of the last two days, the latest visit of each person on each of the phones."""
    rank = (
        func.row_number()
        .over(
            partition_by=(Visit.device_id, Visit.person_id),
            order_by=(Visit.estimate_ms.desc(), Visit.seq.desc()),
        )
        .label("rank")
    )
    ranked = (
        select(Visit.organisation_id, Visit.id, rank)
        .where(
            Visit.site_id == site.id,
            Visit.device_id.in_(devices),
            Visit.estimate_ms >= now_ms - 2 * _DAY_MS,
        )
        .subquery()
    )
    found = session.scalars(
        select(Visit).join(
            ranked,
            (ranked.c.organisation_id == Visit.organisation_id)
            & (ranked.c.id == Visit.id)
            & (ranked.c.rank == 1),
        )
    )
    return {(visit.device_id, visit.person_id): visit for visit in found}
