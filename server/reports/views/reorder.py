"""The list of what is to be ordered as paper and workbook. Each is noted in the audit log."""

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
from server.reports.paper import reorder, workbook
from server.reports.views import bp
from server.reports.views.files import BYTES, PDF
from server.rounds.views.plans import note, site_here
from server.stock import service as stock


class ReorderFileQuery(Strict):
    """In which language."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


@bp.get("/parts/reorder/pdf")
@policy("see.assets")
@bp.arguments(ReorderFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=PDF)
def reorder_as_pdf(query: dict[str, Any], site_id: UUID) -> Response:
    """Return what is to be ordered as a PDF, with its sum and places to sign."""
    lines, total, site, now = _list(query["lang"], site_id, "pdf")
    made = reorder.reorder_pdf(
        lines,
        total=total,
        site=site.name,
        zone=ZoneInfo(site.time_zone),
        now_ms=now,
        lang=query["lang"],
    )
    return _file(made, PDF, "pdf")


@bp.get("/parts/reorder/xlsx")
@policy("see.assets")
@bp.arguments(ReorderFileQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=workbook.MIME)
def reorder_as_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return what is to be ordered as a workbook."""
    lines, total, site, now = _list(query["lang"], site_id, "xlsx")
    file = io.BytesIO()
    workbook.write_workbook(
        file,
        [reorder.reorder_sheet(lines, query["lang"])],
        about=reorder.about(site.name, ZoneInfo(site.time_zone), total, now, query["lang"]),
        title=reorder.word("title", query["lang"]),
        lang=query["lang"],
    )
    return _file(file.getvalue(), workbook.MIME, "xlsx")


def _list(lang: stock.Lang, site_id: UUID, suffix: str) -> tuple[list[list[str]], int | None, Any, int]:
    now = now_ms()
    note("site.parts_listed", site=site_id, subject=site_id, now=now, file=f"reorder.{suffix}")
    reading()
    lines, total = stock.reorder_lines(db.session(), site_id=site_id, lang=lang)
    return lines, total, site_here(site_id), now


def _file(made: bytes, mime: str, suffix: str) -> Response:
    response = Response(made, mimetype=mime)
    response.headers.set("Content-Disposition", "attachment", filename=f"reorder.{suffix}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
