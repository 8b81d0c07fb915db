"""Tests and calibrations: what is due, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.assets.models import Duty, DutyDone
from server.assets.schemas.duties import DoneIn, DutyBody, DutyChange, DutyIn, DutyList, DutyQuery
from server.assets.service import cards, duties
from server.assets.service.history import names_of
from server.assets.views import bp
from server.assets.views.cards import refs, today_at
from server.clock import now_ms
from server.db import db, reading
from server.http import change_of
from server.people.policy import policy
from server.sites.models import Asset
from server.sites.views.places import finish, site_here

FAR = date(9999, 1, 1)


@bp.get("/duties")
@policy("see.assets")
@bp.arguments(DutyQuery, location="query")
@bp.response(HTTPStatus.OK, DutyList)
def list_duties(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """List the site's tests and calibrations, what is longest over first."""
    reading()
    session, site = db.session(), site_here(site_id)
    today = today_at(site)
    until = FAR if query["within"] is None else today + timedelta(days=query["within"] + 1)
    found = [
        (duty, asset)
        for duty, asset in duties.due(session, site_id=site_id, until=until, limit=5_000)
        if query["special"] is None or asset.special == query["special"]
    ]
    return {"duties": _views(found, today)}


@bp.get("/assets/<uuid:asset_id>/duties")
@policy("see.assets")
@bp.response(HTTPStatus.OK, DutyList)
def list_duties_of_asset(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """List what is due on an asset."""
    reading()
    session, site = db.session(), site_here(site_id)
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    found = duties.duties_of(session, asset_ids=[asset.id])
    return {"duties": _views([(duty, asset) for duty in found], today_at(site))}


@bp.post("/assets/<uuid:asset_id>/duties")
@policy("change.assets")
@bp.arguments(DutyIn)
@bp.response(HTTPStatus.CREATED, DutyBody)
def make_duty(body: dict[str, Any], site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Say that an asset needs a test or a calibration again and again."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    made = duties.make_duty(session, site=site, asset=asset, members=body)
    finish("duty.made", site=site_id, subject=made.id, now=now, number=asset.number)
    return _view(made)


@bp.patch("/duties/<uuid:duty_id>")
@policy("change.assets")
@bp.arguments(change_of(DutyChange))
@bp.response(HTTPStatus.OK, DutyBody)
def change_duty(body: dict[str, Any], site_id: UUID, duty_id: UUID) -> dict[str, Any]:
    """Change a duty, or take it off its asset."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    duty = duties.duty_of(session, site=site, duty_id=duty_id)
    duties.change_duty(session, duty=duty, changes=body, now_ms=now)
    finish("duty.changed", site=site_id, subject=duty_id, now=now, members=sorted(body))
    return _view(duty)


@bp.post("/duties/<uuid:duty_id>/done")
@policy("change.assets")
@bp.arguments(DoneIn)
@bp.response(HTTPStatus.CREATED, DutyBody)
def note_done(body: dict[str, Any], site_id: UUID, duty_id: UUID) -> dict[str, Any]:
    """Note that a test or a calibration was done."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    duty = duties.duty_of(session, site=site, duty_id=duty_id)
    duties.note_done(
        session,
        site=site,
        duty=duty,
        members=body,
        today=today_at(site),
        by=g.principal.person_id,
        now_ms=now,
    )
    finish("duty.done", site=site_id, subject=duty_id, now=now, passed=body["passed"])
    return _view(duty)


@bp.delete("/duties/<uuid:duty_id>/done/<uuid:done_id>")
@policy("change.assets")
@bp.response(HTTPStatus.OK, DutyBody)
def take_back_done(site_id: UUID, duty_id: UUID, done_id: UUID) -> dict[str, Any]:
    """Take back what was noted by mistake; both rows stay in the database."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    duty = duties.duty_of(session, site=site, duty_id=duty_id)
    duties.take_back(session, duty=duty, done_id=done_id, by=g.principal.person_id, now_ms=now)
    finish("duty.taken_back", site=site_id, subject=duty_id, now=now)
    return _view(duty)


def _view(duty: Duty) -> dict[str, Any]:
    session = db.session()
    asset = cards.find(session, site_id=duty.site_id, asset_id=duty.asset_id)
    return _views([(duty, asset)], today_at(site_here(duty.site_id)))[0]


def _views(found: Sequence[tuple[Duty, Asset]], today: date) -> list[dict[str, Any]]:
    session = db.session()
    done = duties.done_of(session, duty_ids=[duty.id for duty, _ in found])
    people: set[UUID | None] = {one.entered_by for rows in done.values() for one in rows}
    known = names_of(session, people) if "see.people" in g.here.may else {}
    return [
        {
            "id": duty.id,
            "asset": refs([asset])[0],
            "name": duty.name,
            "kind": duty.kind,
            "every_months": duty.every_months,
            "anchor": duty.anchor,
            "first_on": duty.first_on,
            "remind_days": duty.remind_days,
            "next_on": duty.next_on,
            "state": state_of_duty(duty, today),
            "days_left": (duty.next_on - today).days,
            "special": asset.special,
            "registration": asset.registration,
            "done": [_done(one, known) for one in done[duty.id]],
        }
        for duty, asset in found
    ]


def state_of_duty(duty: Duty, today: date) -> str:
    """Return ``over``, ``soon`` (within its days of notice) or ``ahead``."""
    if duty.next_on < today:
        return "over"
    return "soon" if duty.next_on <= today + timedelta(days=duty.remind_days) else "ahead"


def _done(one: DutyDone, known: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": one.id,
        "done_on": one.done_on,
        "passed": one.passed,
        "number": one.number,
        "by": one.by,
        "document": one.document_id,
        "next_on": one.next_on,
        "entered_ms": one.entered_ms,
        "entered_by": known[one.entered_by]["name"] if one.entered_by in known else None,
    }
