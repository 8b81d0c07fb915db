"""The complaint register as files. Each is noted in the audit log: a file leaves the house."""

from __future__ import annotations

import tempfile
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response

from server import cells
from server.clock import now_ms
from server.db import db, reading
from server.http import pieces
from server.people.policy import policy
from server.reports.paper import workbook
from server.reports.paper.complaints import cells as cells_of
from server.reports.paper.complaints import complaints_pdf, head
from server.reports.paper.report import Paper
from server.reports.paper.tables import Sheet
from server.reports.schemas import FileQuery
from server.reports.views import bp
from server.reports.views.figures import period_of
from server.requests.service.register import Complaint, complaints
from server.rounds.views.plans import note, site_here

BYTES = {"type": "string", "format": "binary"}
PDF = "application/pdf"
_QUERY = FileQuery(only=("period", "lang"))


@bp.get("/complaints/pdf")
@policy("handle.requests")
@bp.arguments(_QUERY, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
def complaints_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the complaint register of a period as a PDF, to sign and seal."""
    paper, lines = _register(query, site_id, "complaints.pdf")
    return _file(complaints_pdf(lines, paper=paper), PDF, paper, "pdf")


@bp.get("/complaints/xlsx")
@policy("handle.requests")
@bp.arguments(_QUERY, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def complaints_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the complaint register of a period as a workbook."""
    paper, lines = _register(query, site_id, "complaints.xlsx")
    title = paper.say("register.complaints")
    sheet = Sheet(title, head(paper), [cells_of(n, one, paper) for n, one in enumerate(lines, 1)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed when its last piece has gone out)
    workbook.write_workbook(file, [sheet], about=paper.about(), title=title, lang=paper.lang)
    file.seek(0)
    return _file(pieces(file), workbook.MIME, paper, "xlsx")


@bp.get("/complaints/csv")
@policy("handle.requests")
@bp.arguments(_QUERY, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def complaints_as_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the complaint register of a period as CSV."""
    paper, lines = _register(query, site_id, "complaints.csv")
    text = cells.BOM + cells.line(head(paper))
    text += "".join(cells.line(cells_of(n, one, paper)) for n, one in enumerate(lines, 1))
    return _file(text.encode(), cells.MIME, paper, "csv")


def _register(query: dict[str, Any], site_id: UUID, what: str) -> tuple[Paper, list[Complaint]]:
    session, now = db.session(), now_ms()
    period = period_of(query, site_here(site_id), now)
    note("report.taken", site=site_id, subject=f"site:{site_id}", now=now, file=what, period=period.key)
    reading()
    site = site_here(site_id)
    zone = ZoneInfo(site.time_zone)
    from_ms, to_ms = (
        int(datetime.combine(day, time(), zone).timestamp() * 1000)
        for day in (period.first, period.last + timedelta(days=1))
    )
    paper = Paper(
        site=site.name,
        zone=zone,
        day_start_min=site.day_start_min,
        period=period,
        now_ms=now,
        received_ms=now,
        closing=None,
        lang=query["lang"],
    )
    return paper, complaints(session, site=site, from_ms=from_ms, to_ms=to_ms, now_ms=now)


def _file(made: Any, mime: str, paper: Paper, suffix: str) -> Response:
    response = Response(made, mimetype=mime)
    name = f"complaints-{paper.period.key}.{suffix}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
