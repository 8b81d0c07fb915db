"""Papers: procedures, standards, drawings, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g, request

from server.assets.models import Document
from server.assets.schemas.papers import DocumentBody, DocumentIn, DocumentList, DocumentQuery
from server.assets.service import cards, papers
from server.assets.views import bp
from server.assets.views.cards import picture_url
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.http import change_of
from server.people.policy import policy
from server.sites.views.places import finish, site_here

TYPES = (papers.PDF, *papers.IMAGES)
FILE = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
}
OF_A_PAPER = (papers.NotAPaper, papers.PaperTooLarge)
ONE = "/documents/<uuid:document_id>"


@bp.get("/documents")
@policy("see.assets")
@bp.response(HTTPStatus.OK, DocumentList)
def list_papers(site_id: UUID) -> dict[str, Any]:
    """List the site's papers."""
    reading()
    return {"documents": _views(papers.papers_of(db.session(), site=site_here(site_id)))}


@bp.get("/assets/<uuid:asset_id>/documents")
@policy("see.assets")
@bp.response(HTTPStatus.OK, DocumentList)
def list_papers_of_asset(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """List the papers of an asset, those of its category too."""
    reading()
    session, site = db.session(), site_here(site_id)
    asset = cards.find(session, site_id=site_id, asset_id=asset_id)
    return {"documents": _views(papers.papers_of(session, site=site, asset=asset))}


@bp.post("/documents")
@policy("change.assets")
@bp.doc(requestBody=FILE)
@bp.arguments(DocumentQuery, location="query")
@bp.response(HTTPStatus.CREATED, DocumentBody)
@refuses(*OF_A_PAPER, papers.TooManyPapers)
def add_paper(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Add a paper: the body is its file, a PDF or a picture."""
    now, site, file = now_ms(), site_here(site_id), _file()
    made = papers.add_paper(
        db.session(),
        site=site,
        title={"zh": query["zh"], "en": query["en"]},
        kind=query["kind"],
        file=file,
        assets=[query["asset"]] if query["asset"] else [],
        categories=[query["category"]],
        by=g.principal.person_id,
        now_ms=now,
    )
    finish("document.made", site=site_id, subject=made.id, now=now, pages=len(made.pages))
    return _view(made)


@bp.patch(ONE)
@policy("change.assets")
@bp.arguments(change_of(DocumentIn))
@bp.response(HTTPStatus.OK, DocumentBody)
def change_paper(body: dict[str, Any], site_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Rename a paper, or say to which assets and categories it belongs."""
    now, site = now_ms(), site_here(site_id)
    found = papers.change_paper(db.session(), site=site, document_id=document_id, changes=body)
    finish("document.changed", site=site_id, subject=document_id, now=now, members=sorted(body))
    return _view(found)


@bp.post(f"{ONE}/file")
@policy("change.assets")
@bp.doc(requestBody=FILE)
@bp.response(HTTPStatus.OK, DocumentBody)
@refuses(*OF_A_PAPER)
def replace_paper_file(site_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Give a paper its next edition."""
    now, site, session = now_ms(), site_here(site_id), db.session()
    papers.paper_of(session, site=site, document_id=document_id)
    found = papers.replace_file(session, site=site, document_id=document_id, file=_file(), now_ms=now)
    finish("document.changed", site=site_id, subject=document_id, now=now, members=["file"])
    return _view(found)


@bp.delete(ONE)
@policy("change.assets")
@bp.response(HTTPStatus.NO_CONTENT)
@refuses(papers.PaperInUse)
def remove_paper(site_id: UUID, document_id: UUID) -> None:
    """Take a paper away, from the office and from every phone."""
    now, site = now_ms(), site_here(site_id)
    papers.remove_paper(db.session(), site=site, document_id=document_id)
    finish("document.removed", site=site_id, subject=document_id, now=now)


@bp.get(f"{ONE}/file")
@policy("see.assets")
@bp.response(HTTPStatus.OK, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_paper_file(site_id: UUID, document_id: UUID) -> Response:
    """Return a paper as it was given, to be saved. It is never shown within the console's origin."""
    reading()
    session = db.session()
    found = papers.paper_of(session, site=site_here(site_id), document_id=document_id)
    response = Response(papers.file_of(session, paper=found), mimetype="application/octet-stream")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    name = f"{found.name_zh[:60]}.{'pdf' if found.mime == papers.PDF else 'jpg'}"
    response.headers.set("Content-Disposition", "attachment", filename=name.replace("/", "_"))
    return response


def _file() -> papers.Read:
    """Return the request's file, read.

    :raises NotAPaper: it is declared or made as something else
    """
    if request.mimetype not in TYPES:
        raise papers.NotAPaper(f"Content-Type is one of {', '.join(TYPES)}")
    if "Content-Encoding" in request.headers:
        raise papers.NotAPaper("without Content-Encoding")
    request.max_content_length = papers.UPLOAD_BYTES + 1
    return papers.read(request.get_data(cache=False))


def _view(found: Document) -> dict[str, Any]:
    return _views([found])[0]


def _views(found: Sequence[Document]) -> list[dict[str, Any]]:
    session = db.session()
    assets = papers.assets_of(session, documents=[one.id for one in found])
    return [
        {
            "id": one.id,
            "title": one.name,
            "kind": one.kind,
            "assets": assets[one.id],
            "categories": one.categories,
            "sha256": one.sha256,
            "mime": one.mime,
            "size": one.size,
            "pages": [page | {"url": picture_url(one.site_id, page["sha256"])} for page in one.pages],
            "url": f"/api/v1/sites/{one.site_id}/documents/{one.id}/file",
            "added_ms": one.added_ms,
        }
        for one in found
    ]
