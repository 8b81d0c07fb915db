"""The maintenance log of a stretch of time, on the screen and as a file."""

from __future__ import annotations

import tempfile
from http import HTTPStatus
from typing import Any, Literal
from uuid import UUID

from flask import Response, stream_with_context

from server import cells
from server.clock import now_ms
from server.db import db, reading, streamed
from server.describe import refuses
from server.http import pieces
from server.orders.schemas import OrderLogBody, OrderLogFileQuery, OrderLogQuery
from server.orders.service import papers
from server.orders.service.listing import BadAfter
from server.orders.service.logbook import Ended, count_of, lines, logbook
from server.orders.views import bp
from server.orders.views.base import note, scope_here, site_here
from server.people.policy import policy

BYTES = {"type": "string", "format": "binary"}


@bp.get("/orders/log")
@policy("see.orders")
@bp.arguments(OrderLogQuery, location="query")
@bp.response(HTTPStatus.OK, OrderLogBody)
@refuses(BadAfter)
def get_log(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return a page of what ended in a stretch of time, what all of it cost, and how clauses were kept."""
    reading()
    return logbook(
        db.session(),
        _ended(query, site_id),
        after=query["after"],
        limit=query["limit"],
        now_ms=now_ms(),
    )


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


def _ended(query: dict[str, Any], site_id: UUID) -> Ended:
    return Ended(scope_here(site_id), query["ended_from"], query["ended_to"])


def _file(query: dict[str, Any], site_id: UUID, suffix: Literal["csv", "xlsx"]) -> Response:
    """Note the file in the audit log, then read its lines; of CSV while the answer goes out."""
    session, lang, now = db.session(), query["lang"], now_ms()
    zone, ended = site_here(site_id).time_zone, _ended(query, site_id)
    note(f"order.log.{suffix}", site=site_id, subject=site_id, now=now, lines=count_of(session, ended))
    reading()
    table = papers.table(lines(session, ended, now_ms=now), zone=zone, lang=lang)
    if suffix == "csv":
        texts = stream_with_context(streamed(session, papers.as_csv(table)))
        response = Response(texts, content_type=cells.MIME)
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed when its last piece has gone out)
        papers.write_xlsx(file, table, title="维修台账" if lang == "zh" else "Maintenance log")
        file.seek(0)
        response = Response(pieces(file), content_type=papers.MIME)
    response.headers["Content-Disposition"] = f'attachment; filename="maintenance-log.{suffix}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
