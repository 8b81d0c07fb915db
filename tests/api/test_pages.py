"""Pages, health, and the headers of every answer."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from server import VERSION

ROOT = Path(__file__).resolve().parents[2]


def test_health_says_ok_with_version_and_database(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "ok"
    assert answer.json["version"] == VERSION
    assert answer.json["database"]["state"] == "ok"


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert project["project"]["version"] == VERSION


def test_the_root_leads_to_the_console(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.location == "/console/"


def test_what_does_not_exist_is_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete("/healthz")

    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/healthz", "/api/v1/session", "/nowhere", "/t/0123456789ABCDEF"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        # a resident's page tells its own origin from where its form comes, and nobody else
        told = "same-origin" if path.startswith("/t/") else "no-referrer"
        assert headers["Referrer-Policy"] == told, path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe-inline" not in headers["Content-Security-Policy"], path


def test_a_workers_script_carries_the_pages_policy(app: Flask, tmp_path: Path) -> None:
    """A worker lives by its own script's policy: one that forbids everything could not fetch the shell."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "sw.js").write_text("// the service worker", "utf-8")
    app.extensions["roundsman.settings"] = replace(app.extensions["roundsman.settings"], pwa_dir=tmp_path)

    with app.test_client().get("/app/sw.js") as answer:
        assert answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy
    assert "'wasm-unsafe-eval'" in policy
    assert "sandbox" not in policy


def test_every_route_says_who_may(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert hasattr(app.view_functions[rule.endpoint], "policy"), rule.rule
