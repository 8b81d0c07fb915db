"""The maintenance plan of a year as files. Each is noted in the audit log: a file leaves the house."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import fields, validate

from server.clock import now_ms
from server.db import db, reading
from server.http import Strict
from server.people.policy import policy
from server.reports.paper import workbook, yearplan
from server.reports.views import bp
from server.reports.views.files import BYTES, PDF
from server.rounds.views.plans import note, site_here
from server.upkeep import service as upkeep


class YearFileQuery(Strict):
    """Which year, in which language."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2199))
    lang = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


@bp.get("/upkeep/year/pdf")
@policy("see.assets")
@bp.arguments(YearFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
def year_plan_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the maintenance plan of a year as a PDF, to sign and seal."""
    rows, now = _rows(query, site_id, "pdf")
    site = site_here(site_id)
    made = yearplan.year_pdf(
        rows,
        site=site.name,
        zone=ZoneInfo(site.time_zone),
        year=query["year"],
        now_ms=now,
        lang=query["lang"],
    )
    return _file(made, PDF, query["year"], "pdf")


@bp.get("/upkeep/year/xlsx")
@policy("see.assets")
@bp.arguments(YearFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def year_plan_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the maintenance plan of a year as a workbook."""
    rows, now = _rows(query, site_id, "xlsx")
    site = site_here(site_id)
    file = io.BytesIO()
    workbook.write_workbook(
        file,
        [yearplan.year_sheet(rows, year=query["year"], lang=query["lang"])],
        about=yearplan.about(site.name, ZoneInfo(site.time_zone), now, query["lang"]),
        title="保养计划" if query["lang"] == "zh" else "Upkeep",
        lang=query["lang"],
    )
    return _file(file.getvalue(), workbook.MIME, query["year"], "xlsx")


def _rows(query: dict[str, Any], site_id: UUID, file: str) -> tuple[list[dict[str, Any]], int]:
    session, now = db.session(), now_ms()
    note(
        "site.upkeep_plan_taken",
        site=site_id,
        subject=f"site:{site_id}",
        now=now,
        file=file,
        period=str(query["year"]),
    )
    reading()
    some = upkeep.rules_of(session, site_id=site_id)
    rows = upkeep.year_plan(session, site=site_here(site_id), some=some, year=query["year"], now_ms=now)
    return rows, now


def _file(made: bytes, mime: str, year: int, suffix: str) -> Response:
    response = Response(made, mimetype=mime)
    response.headers.set("Content-Disposition", "attachment", filename=f"upkeep-{year}.{suffix}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
