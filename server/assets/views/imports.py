"""Import and export of the register."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g, request

from server import cells
from server.assets.models import AssetImport
from server.assets.schemas.imports import ExportQuery, ImportBody, ImportList, ImportPartIn, ImportQuery
from server.assets.service import exports, imports
from server.assets.views import bp
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.people.policy import policy
from server.sites.views.places import finish, site_here

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = (cells.MIME, XLSX, "application/octet-stream")
FILE = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
}
ONE = "/assets/imports/<uuid:import_id>"


@bp.get("/assets/imports")
@policy("change.assets")
@bp.response(HTTPStatus.OK, ImportList)
def list_imports(site_id: UUID) -> dict[str, Any]:
    """List the last imports, those that were not taken over to the end too."""
    reading()
    return {"imports": imports.imports_of(db.session(), site=site_here(site_id))}


@bp.post("/assets/imports")
@policy("change.assets")
@bp.doc(requestBody=FILE)
@bp.arguments(ImportQuery, location="query")
@bp.response(HTTPStatus.CREATED, ImportBody)
@refuses(imports.NotATable)
def judge_import(query: dict[str, Any], site_id: UUID) -> AssetImport:
    """Read a table of assets and name every row that cannot be taken; no asset changes."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    if "Content-Encoding" in request.headers or request.mimetype not in TYPES:
        raise imports.NotATable(f"Content-Type is one of {', '.join(TYPES)}, without Content-Encoding")
    request.max_content_length = imports.UPLOAD_BYTES + 1
    judged = imports.judge(session, site=site, data=request.get_data(cache=False))
    made = imports.keep(
        session,
        site=site,
        judged=judged,
        file_name=query["name"],
        by=g.principal.person_id,
        now_ms=now,
    )
    finish("asset.import_judged", site=site_id, subject=site_id, now=now, rows=made.total, bad=made.bad)
    return made


@bp.get(ONE)
@policy("change.assets")
@bp.response(HTTPStatus.OK, ImportBody)
def get_import(site_id: UUID, import_id: UUID) -> AssetImport:
    """Return an import: what was judged, and how far it has been taken over."""
    reading()
    return imports.import_of(db.session(), site=site_here(site_id), import_id=import_id)


@bp.post(f"{ONE}/take")
@policy("change.assets")
@bp.arguments(ImportPartIn)
@bp.response(HTTPStatus.OK, ImportBody)
@refuses(imports.ImportOver)
def take_import_part(body: dict[str, Any], site_id: UUID, import_id: UUID) -> AssetImport:
    """Take the next part of an import over; one that was taken already changes nothing."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    found = imports.import_of(session, site=site, import_id=import_id, to_change=True)
    imports.take_part(session, site=site, found=found, number=body["part"], now_ms=now)
    finish(
        "asset.import_taken", site=site_id, subject=site_id, now=now, part=body["part"] + 1, of=found.parts
    )
    return imports.import_of(db.session(), site=site_here(site_id), import_id=import_id)


@bp.delete(ONE)
@policy("change.assets")
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(imports.ImportOver)
def drop_import(site_id: UUID, import_id: UUID) -> None:
    """Give an import up; what was taken over stays."""
    now, session, site = now_ms(), db.session(), site_here(site_id)
    imports.drop(session, found=imports.import_of(session, site=site, import_id=import_id, to_change=True))
    finish("asset.import_dropped", site=site_id, subject=site_id, now=now)


@bp.get(f"{ONE}/faults.csv")
@policy("change.assets")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type=cells.MIME)
def get_import_faults(site_id: UUID, import_id: UUID) -> Response:
    """Return the refused rows as a file, each with its reason."""
    reading()
    found = imports.import_of(db.session(), site=site_here(site_id), import_id=import_id)
    return _file(exports.faults_csv(found.faults).encode(), cells.MIME, "faults.csv")


@bp.get("/assets/register.csv")
@policy("see.assets")
@bp.arguments(ExportQuery, location="query")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type=cells.MIME)
def export_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the register as CSV; it can be imported again."""
    now, site = now_ms(), site_here(site_id)
    text = "".join(exports.as_csv(db.session(), site=site, language=query["language"]))
    finish("asset.exported", site=site_id, subject=site_id, now=now, format="csv")
    return _file(text.encode(), cells.MIME, "assets.csv")


@bp.get("/assets/register.xlsx")
@policy("see.assets")
@bp.arguments(ExportQuery, location="query")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type=XLSX)
def export_workbook(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the register as a workbook; it can be imported again."""
    now, site = now_ms(), site_here(site_id)
    data = exports.as_workbook(db.session(), site=site, language=query["language"])
    finish("asset.exported", site=site_id, subject=site_id, now=now, format="xlsx")
    return _file(data, XLSX, "assets.xlsx")


def _file(data: bytes, mime: str, name: str) -> Response:
    response = Response(data, content_type=mime)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
