"""The maintenance log of a stretch of time, on the screen and as a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response

from server import cells
from server.clock import now_ms
from server.db import db, reading
from server.orders.schemas import OrderLogBody, OrderLogFileQuery, OrderLogQuery
from server.orders.service import papers
from server.orders.service.logbook import MOST, ON_SCREEN, logbook
from server.orders.views import bp
from server.orders.views.base import note, scope_here, site_here
from server.people.policy import policy

BYTES = {"type": "string", "format": "binary"}


@bp.get("/orders/log")
@policy("see.orders")
@bp.arguments(OrderLogQuery, location="query")
@bp.response(HTTPStatus.OK, OrderLogBody)
def get_log(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return the latest 500 orders that ended in a stretch of time, costs, and how each clause was kept."""
    reading()
    return _found(query, site_id, most=ON_SCREEN)


@bp.get("/orders/log/csv")
@policy("see.orders")
@bp.arguments(OrderLogFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def log_as_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the maintenance log of a stretch of time as CSV."""
    return _file(query, site_id, "csv")


@bp.get("/orders/log/xlsx")
@policy("see.orders")
@bp.arguments(OrderLogFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=papers.MIME)
def log_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the maintenance log of a stretch of time as a workbook."""
    return _file(query, site_id, "xlsx")


def _found(query: dict[str, Any], site_id: UUID, *, most: int = MOST) -> dict[str, Any]:
    return logbook(
        db.session(),
        scope=scope_here(site_id),
        from_ms=query["ended_from"],
        to_ms=query["ended_to"],
        now_ms=now_ms(),
        most=most,
    )


def _file(query: dict[str, Any], site_id: UUID, suffix: str) -> Response:
    lang = query["lang"]
    lines = papers.table(_found(query, site_id), zone=site_here(site_id).time_zone, lang=lang)
    title = "维修台账" if lang == "zh" else "Maintenance log"
    data = papers.as_csv(lines) if suffix == "csv" else papers.as_xlsx(lines, title=title)
    note(f"order.log.{suffix}", site=site_id, subject=site_id, now=now_ms(), lines=len(lines) - 1)
    response = Response(data, content_type=cells.MIME if suffix == "csv" else papers.MIME)
    response.headers["Content-Disposition"] = f'attachment; filename="maintenance-log.{suffix}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
