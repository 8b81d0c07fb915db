"""Closed periods, and how a site closes them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import g

from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.people.policy import policy
from server.reports.models import Reporting
from server.reports.schemas import CloseIn, ClosingBody, ClosingList, ReportingBody, ReportingIn
from server.reports.service import closing as closings
from server.reports.service import note_closing
from server.reports.service.closing import NothingChanged, TooEarly
from server.reports.views import bp
from server.rounds.views.plans import note, site_here


@bp.get("/closings")
@policy("see.board")
@bp.response(HTTPStatus.OK, ClosingList)
def list_closings(site_id: UUID) -> dict[str, Any]:
    """List the closed periods, each with its last revision, and how the site closes them."""
    reading()
    session = db.session()
    site = site_here(site_id)
    names = "see.people" in g.here.may
    return {
        "settings": closings.settings_of(session, site),
        "closings": [
            closings.closing_view(session, one, names=names)
            for one in closings.closings_of(session, site_id=site_id)
        ],
    }


@bp.post("/closings")
@policy("excuse")
@bp.arguments(CloseIn)
@bp.response(HTTPStatus.CREATED, ClosingBody)
@refuses(TooEarly, NothingChanged)
def close(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Close a period, or state the next revision of a closed one whose figures have changed."""
    session, now = db.session(), now_ms()
    made = closings.close(
        session, site=site_here(site_id), period=body["period"], person_id=g.principal.person_id, now_ms=now
    )
    note_closing(session, made, now_ms=now)
    feed.commit(session, now_ms=now)
    return closings.closing_view(session, made, names=True)


@bp.patch("/reporting")
@policy("change.plan")
@bp.arguments(ReportingIn)
@bp.response(HTTPStatus.OK, ReportingBody)
def change_reporting(body: dict[str, Any], site_id: UUID) -> Reporting:
    """Change after how many days periods may be closed, and whether months close themselves."""
    session, now = db.session(), now_ms()
    found = closings.change_settings(session, site_here(site_id), body)
    note("reporting.changed", site=site_id, subject=f"site:{site_id}", now=now, **body)
    return found
