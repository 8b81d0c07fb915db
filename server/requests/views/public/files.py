"""Stylesheet and script of the resident's pages."""

from __future__ import annotations

from flask import Response

from server.people.policy import policy
from server.requests.views import bp, pages


@bp.get("/t/page.css")
@bp.doc(responses={"200": {"content": {"text/css": {}}, "description": "The pages' stylesheet"}})
@policy("public")
def page_style() -> Response:
    """Return the stylesheet of these pages."""
    return _static(pages.STYLE, "text/css")


@bp.get("/t/page.js")
@bp.doc(responses={"200": {"content": {"text/javascript": {}}, "description": "The pages' script"}})
@policy("public")
def page_script() -> Response:
    """Return the script that makes these pages easier; they work without it."""
    return _static(pages.SCRIPT, "text/javascript")


def _static(data: bytes, mimetype: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
