"""Pages and files: the phone app, the console, the health page."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, send_from_directory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as WerkzeugResponse

from server import VERSION, migrate
from server.config import Settings
from server.db import db, reading
from server.describe import described
from server.people.policy import policy

bp = Blueprint("pages", __name__)

IMMUTABLE = "public, max-age=31536000, immutable"

PAGE = {"200": {"description": "A page.", "content": {"text/html": {}}}}
FILE = {"200": {"description": "A file of the app, of the type that its name says.", "content": {"*/*": {}}}}
HEALTH = {
    "description": "Whether the server can do its work.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["status", "version", "database"],
                "properties": {
                    "status": {"enum": ["ok", "failing"]},
                    "version": {"type": "string"},
                    "database": {
                        "type": "object",
                        "required": ["kind", "state"],
                        "properties": {
                            "kind": {"enum": ["sqlite", "postgresql"]},
                            "state": {"enum": ["ok", "needs migration", "does not answer"]},
                        },
                    },
                },
            }
        }
    },
}


def _settings() -> Settings:
    settings: Settings = current_app.extensions["roundsman.settings"]
    return settings


def _file(folder: str, name: str, cache: str) -> Response:
    response = send_from_directory(_settings().pwa_dir / folder, name)
    response.headers["Cache-Control"] = cache
    return response


@bp.get("/")
@policy("public")
@described(responses={"302": {"description": "To the console."}})
def root() -> WerkzeugResponse:
    """Lead to the console."""
    return redirect("/console/", 302)


@bp.get("/app/", defaults={"name": "index.html"})
@bp.get("/app/<path:name>")
@policy("public")
@described(responses=FILE)
def phone(name: str) -> Response:
    """Serve the phone app; the shell is asked for anew each time, the service worker keeps it."""
    response = _file("app", name, "no-cache")
    if name == "sw.js":
        response.headers["Service-Worker-Allowed"] = "/app/"
    return response


@bp.get("/console/", defaults={"name": "index.html"})
@bp.get("/console/<path:name>")
@policy("public")
@described(responses=FILE)
def console(name: str) -> Response:
    """Serve the console."""
    return _file("console", name, "no-cache")


@bp.get("/assets/<path:name>")
@policy("public")
@described(responses=FILE)
def assets(name: str) -> Response:
    """Serve a built file; its name holds its hash."""
    return _file("assets", name, IMMUTABLE)


@bp.get("/favicon.ico")
@policy("public")
@described(responses={"200": {"description": "A picture.", "content": {"image/png": {}}}})
def favicon() -> Response:
    """Serve the small picture of the browser's tab."""
    return _file("app", "icon-192.png", "public, max-age=86400")


@bp.get("/healthz")
@policy("public")
@described(responses={"200": HEALTH, "503": HEALTH})
def health() -> Response:
    """Say whether the server can do its work: 200 `ok` or 503 with what is wrong."""
    try:
        reading()
        db.session.execute(text("SELECT 1"))
        state = "ok" if migrate.is_current(db.session.connection()) else "needs migration"
    except SQLAlchemyError:
        state = "does not answer"
    ok = state == "ok"
    response = jsonify(
        status="ok" if ok else "failing",
        version=VERSION,
        database={"kind": db.engine.dialect.name, "state": state},
    )
    response.status_code = 200 if ok else 503
    response.headers["Cache-Control"] = "no-store"
    return response
