"""Stock-takes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.people.policy import policy
from server.stock import service
from server.stock.models import StockTake
from server.stock.schemas import SettleIn, StockTakeIn, TakeBody, TakeList, TakeWhole, TallyIn
from server.stock.views import bp
from server.stock.views.parts import finish, names_of, site_here
from sync.stock import quantity_text


@bp.get("/stock-takes")
@policy("see.assets")
@bp.response(HTTPStatus.OK, TakeList)
def list_takes(site_id: UUID) -> dict[str, Any]:
    """List the site's stock-takes, the newest first."""
    reading()
    session = db.session()
    found = service.takes_of(session, site_id=site_id)
    names = names_of(session, {p for take in found for p in (take.begun_by, take.settled_by)})
    return {"takes": [_view(take, names) for take in found]}


@bp.post("/stock-takes")
@policy("change.stock")
@bp.arguments(StockTakeIn)
@bp.response(HTTPStatus.CREATED, TakeBody)
@refuses(service.TakeRuns)
def begin_take(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Begin a stock-take: every count of the site belongs to it until it is settled."""
    now, session = now_ms(), db.session()
    by = g.principal.person_id
    take = service.begin_take(session, site=site_here(site_id), category=body["category"], by=by, now_ms=now)
    view = _view(take, names_of(session, {by}))
    finish("take.begun", site=site_id, subject=take.id, now=now)
    return view


@bp.get("/stock-takes/<uuid:take_id>")
@policy("see.assets")
@bp.response(HTTPStatus.OK, TakeWhole)
def get_take(site_id: UUID, take_id: UUID) -> dict[str, Any]:
    """Return a stock-take with its counts. What ought to be there is told of what was counted alone."""
    reading()
    return _whole(service.take_of(db.session(), site_id=site_id, take_id=take_id))


@bp.post("/stock-takes/<uuid:take_id>/counts")
@policy("change.stock")
@bp.arguments(TallyIn)
@bp.response(HTTPStatus.CREATED, TakeWhole)
@refuses(service.TakeSettled)
def count_part(body: dict[str, Any], site_id: UUID, take_id: UUID) -> dict[str, Any]:
    """Note what was counted of a part; a later count of it holds instead."""
    now, session = now_ms(), db.session()
    take = service.take_of(session, site_id=site_id, take_id=take_id, lock=True)
    service.tally(
        session,
        take=take,
        part_id=body["part"],
        milli=body["counted"],
        by=g.principal.person_id,
        now_ms=now,
    )
    view = _whole(take)
    finish(
        "take.counted",
        site=site_id,
        subject=take.id,
        now=now,
        part=str(body["part"]),
        counted=quantity_text(body["counted"]),
    )
    return view


@bp.post("/stock-takes/<uuid:take_id>/settle")
@policy("change.stock")
@bp.arguments(SettleIn)
@bp.response(HTTPStatus.OK, TakeWhole)
@refuses(service.TakeSettled, service.SamePerson, service.NothingCounted)
def settle_take(body: dict[str, Any], site_id: UUID, take_id: UUID) -> dict[str, Any]:
    """Confirm what others counted, so that it holds from the moment of each count on; or drop it."""
    now, session = now_ms(), db.session()
    take = service.take_of(session, site_id=site_id, take_id=take_id, lock=True)
    service.settle_take(session, take=take, confirm=body["confirm"], by=g.principal.person_id, now_ms=now)
    view = _whole(take)
    finish("take.confirmed" if body["confirm"] else "take.dropped", site=site_id, subject=take.id, now=now)
    return view


def _whole(take: StockTake) -> dict[str, Any]:
    session = db.session()
    counts = service.counts_of(session, take)
    names = names_of(
        session, {take.begun_by, take.settled_by, *(count.person_id for count in counts.values())}
    )
    parts = []
    for part in service.parts_in(session, take):
        count = counts.get(part.id)
        parts.append(
            {
                "part": part.id,
                "number": part.number,
                "name": part.name,
                "unit": part.unit,
                "places": part.places,
                "counted": count and count.milli,
                "expected": count and count.expected,
                "difference": count and count.difference,
                "at_ms": count and count.at_ms,
                "by": count and names.get(count.person_id),
                "source": count and count.source,
                "times": count.times if count else 0,
            }
        )
    me = g.principal.person_id
    mine = any(count.person_id == me for count in counts.values())
    return _view(take, names) | {"parts": parts, "may_confirm": not mine and bool(counts)}


def _view(take: StockTake, names: Mapping[UUID | None, str]) -> dict[str, Any]:
    return {
        "id": take.id,
        "category": take.category,
        "begun_ms": take.begun_ms,
        "begun_by": names.get(take.begun_by),
        "settled_ms": take.settled_ms,
        "settled_by": names.get(take.settled_by),
        "outcome": take.outcome,
    }
