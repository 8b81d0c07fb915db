"""The maintenance log as a paper. It is noted in the audit log: a file leaves the house."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, g

from server.clock import now_ms
from server.db import db, reading
from server.orders.schemas import OrderLogFileQuery
from server.orders.service.logbook import Ended, latest
from server.orders.service.scoping import scope_of
from server.people.policy import policy
from server.reports.paper.maintenance import MOST, LogPaper, log_pdf
from server.reports.views import bp
from server.reports.views.files import BYTES, PDF
from server.rounds.views.plans import note, site_here


@bp.get("/orders/log/pdf")
@policy("see.orders")
@bp.arguments(OrderLogFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
def log_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the maintenance log of a stretch of time as a PDF to sign and seal, the latest 1000 orders."""
    session, now = db.session(), now_ms()
    note("order.log.pdf", site=site_id, subject=site_id, now=now)
    reading()
    site, scope = site_here(site_id), scope_of(session, site_id, g.here)
    span = {"from_ms": query["ended_from"], "to_ms": query["ended_to"]}
    log = latest(session, Ended(scope, **span), most=MOST, now_ms=now)
    paper = LogPaper(
        site=site.name,
        zone=ZoneInfo(site.time_zone),
        now_ms=now,
        lang=query["lang"],
        is_part=scope.people is not None,
        **span,
    )
    response = Response(log_pdf(log, paper), mimetype=PDF)
    response.headers.set("Content-Disposition", "attachment", filename="maintenance-log.pdf")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
