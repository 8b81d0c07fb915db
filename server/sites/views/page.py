"""The page behind a printed code, opened with any camera."""

from __future__ import annotations

from pathlib import Path

from flask import Response

from server.people.policy import policy
from server.sites.views import bp

STATIC = Path(__file__).resolve().parent.parent / "static"
PAGE = (STATIC / "tag.html").read_bytes()
STYLE = (STATIC / "tag.css").read_bytes()

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""No script, no form, no frame; a link may be followed."""


@bp.get("/t/<token>")
@bp.get("/T/<token>")
@bp.doc(responses={"200": {"content": {"text/html": {}}, "description": "The same page for any code"}})
@policy("public")
def tag_page(token: str) -> Response:  # noqa: ARG001 (nobody may find out tokens by asking)
    """Say what the code is for. The token is not looked up: the answer is the same for all."""
    response = Response(PAGE, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/t/page.css")
@bp.doc(responses={"200": {"content": {"text/css": {}}, "description": "The page's stylesheet"}})
@policy("public")
def tag_page_style() -> Response:
    """Return the stylesheet of that page."""
    response = Response(STYLE, mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
