"""Tags: the list, a reprint, the sheet to print, one picture."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app

from qr.image import tag_png
from qr.payload import tag_url
from qr.sheet import Label, tag_sheet
from server.clock import now_ms
from server.config import Settings
from server.db import db, reading
from server.people.policy import policy
from server.problems import Invalid, NotFound
from server.sites import service
from server.sites.schemas import ReprintIn, SheetQuery, TagBody, TagList
from server.sites.service import Placed
from server.sites.views import bp
from server.sites.views.places import SITE, finish, site_here
from sync.tags import format_short_code


def _settings() -> Settings:
    settings: Settings = current_app.extensions["roundsman.settings"]
    return settings


@bp.get(f"{SITE}/tags")
@policy("print.tags")
@bp.response(HTTPStatus.OK, TagList)
def list_tags(site_id: UUID) -> dict[str, Any]:
    """List the site's tags, retired ones too."""
    reading()
    return {"tags": [_view(p) for p in service.tags_of(db.session(), site=site_here(site_id))]}


@bp.post(f"{SITE}/tags/reprint")
@policy("print.tags")
@bp.arguments(ReprintIn)
@bp.response(HTTPStatus.CREATED, TagBody)
def reprint(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Print a place's tag anew; the old one retires at once."""
    now = now_ms()
    session, site, target = db.session(), site_here(site_id), body["target"]
    tag = service.reprint(session, site=site, kind=target["kind"], place_id=target["id"], now_ms=now)
    finish("tag.reprinted", site=site_id, subject=tag.id, now=now, print_no=tag.print_no)
    return _view(service.tag_in_use(session, site=site_here(site_id), tag_id=tag.id))


@bp.get(f"{SITE}/tags/sheet.pdf")
@policy("print.tags")
@bp.arguments(SheetQuery, location="query")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="application/pdf")
def sheet(query: dict[str, Any], site_id: UUID) -> Response:
    """Return a sheet of labels to print, in walking order or in the order asked for."""
    now = now_ms()
    site = site_here(site_id)
    found = service.to_print(db.session(), site=site, place_ids=_place_ids(query["targets"]))
    if not found:
        raise NotFound("There is no tag to print")
    labels = [
        Label(
            url=tag_url(_settings().public_url, p.tag.token),
            name_zh=p.place.name_zh,
            name_en=p.place.name_en,
            number=p.place.number,
            short_code=p.tag.short_code,
            print_no=p.tag.print_no,
        )
        for p in found
    ]
    pdf = tag_sheet(labels, size=query["size"], site_zh=site.name_zh, site_en=site.name_en)
    finish("tag.sheet", site=site_id, subject=site_id, now=now, tags=[str(p.tag.id) for p in found])
    return _file(pdf, "application/pdf", "tags.pdf")


@bp.get(f"{SITE}/tags/<uuid:tag_id>.png")
@policy("print.tags")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="image/png")
def picture(site_id: UUID, tag_id: UUID) -> Response:
    """Return the picture of one tag in use."""
    now = now_ms()
    placed = service.tag_in_use(db.session(), site=site_here(site_id), tag_id=tag_id)
    png = tag_png(tag_url(_settings().public_url, placed.tag.token))
    finish("tag.picture", site=site_id, subject=tag_id, now=now)
    return _file(png, "image/png", f"tag-{placed.place.number}.png")


def _place_ids(text: str | None) -> list[UUID] | None:
    if text is None:
        return None
    try:
        return [UUID(part) for part in text.split(",") if part]
    except ValueError:
        raise Invalid(errors={"query": {"targets": ["Not a list of ids"]}}) from None


def _file(data: bytes, mimetype: str, name: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _view(placed: Placed) -> dict[str, Any]:
    tag, place = placed.tag, placed.place
    return {
        "id": tag.id,
        "target": {"kind": tag.target_kind, "id": place.id, "number": place.number, "name": place.name},
        "print_no": tag.print_no,
        "short_code": format_short_code(tag.short_code),
        "retired": tag.retired_ms is not None,
        "made_ms": tag.made_ms,
    }
