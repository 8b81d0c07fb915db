"""Serves the description: as JSON for machines, as a page for people, and the text of each problem.

Nobody needs to log in for it: it says how to ask, and holds nobody's data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template_string

from server.apidocs import document, refusals
from server.describe import described, refuses
from server.people.policy import policy
from server.problems import NotFound

bp = Blueprint("apidocs", __name__)

STATIC = Path(__file__).parent / "static"
PAGE = (STATIC / "page.html").read_text("utf-8")
STYLE = (STATIC / "page.css").read_bytes()
FRESH = "public, max-age=300"


def _document() -> dict[str, Any]:
    """Return the document, made when it is first asked for: it changes only with the code."""
    kept: dict[str, Any] = current_app.extensions.setdefault("roundsman.apidocs", {})
    if not kept:
        kept.update(document.make(current_app._get_current_object()))  # type: ignore[attr-defined]
    return kept


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = FRESH
    return response


@bp.get("/api/openapi.json")
@described(
    responses={"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {}}}}}
)
@policy("public")
def openapi() -> Response:
    """Return this description for machines."""
    return _cached(jsonify(_document()))


@bp.get("/api/docs")
@described(responses={"200": {"description": "A page without scripts.", "content": {"text/html": {}}}})
@policy("public")
def page() -> Response:
    """Show this description to people."""
    html = render_template_string(PAGE, api=_document())
    return _cached(Response(html, mimetype="text/html"))


@bp.get("/api/docs/page.css")
@described(responses={"200": {"description": "The page's stylesheet.", "content": {"text/css": {}}}})
@policy("public")
def style() -> Response:
    """Return the stylesheet of that page."""
    return _cached(Response(STYLE, mimetype="text/css"))


@bp.get("/problems/<slug>")
@refuses(NotFound)
@described(responses={"200": {"description": "A text.", "content": {"text/markdown": {}}}})
@policy("public")
def problem(slug: str) -> Response:
    """Say what a problem means: the text behind a problem's `type`."""
    text = refusals.texts().get(slug)
    if text is None:
        raise NotFound
    return Response(f"# {slug}\n{text}\n", mimetype="text/markdown")
