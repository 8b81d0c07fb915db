"""The headers of every answer: of every route, of files, of refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from server.app import create_app
from server.headers import PAGE_POLICY
from tests.api.field import SAME_ORIGIN
from tests.conftest import FakeClock, settings_for

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

PROMISED = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types roundsman"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
RESIDENTS = ("/T/", "/t/x", "/R/")
OF_RESIDENTS = {"Referrer-Policy": "same-origin"}
"""Their pages send forms without a script, and a browser that tells no referrer does not say from where."""
NOWHERE = "00000000-0000-4000-8000-000000000000"


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route."""
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            value = NOWHERE if name.endswith("_id") else "x"
            for converter in ("uuid:", "path:", "int:", ""):
                path = path.replace(f"<{converter}{name}>", value)
        for method in sorted(rule.methods or ()):
            yield method, path


def assert_secure(answer: Response, what: object) -> None:
    headers = answer.headers
    path = what[1] if isinstance(what, tuple) else str(what)
    for name, value in ALWAYS.items():
        own = [OF_RESIDENTS[name]] if path.startswith(RESIDENTS) and name in OF_RESIDENTS else [value]
        assert headers.getlist(name) in ([value], own), (what, name)
    (policy,) = headers.getlist("Content-Security-Policy")
    assert "frame-ancestors 'none'" in policy, what
    assert "default-src 'none'" in policy, what
    assert "unsafe-inline" not in policy, what
    assert "'unsafe-eval'" not in policy, what
    assert "camera=(self)" in headers["Permissions-Policy"], what
    assert "geolocation=(self)" in headers["Permissions-Policy"], what
    assert "microphone=(self)" in headers["Permissions-Policy"], what
    assert "Server" not in headers, what
    assert "Access-Control-Allow-Origin" not in headers, what
    assert "Strict-Transport-Security" not in headers, what  # not over TLS


def test_every_route_answers_with_them_whatever_it_answers(app: Flask) -> None:
    app.test_client_class = FlaskClient  # nobody asks it: nothing is done and noted
    seen = set()
    for method, path in addresses(app):
        with app.test_client().open(path, method=method, headers=SAME_ORIGIN) as answer:
            assert_secure(answer, (method, path))
            seen.add(answer.status_code)
            if path.startswith("/api/v1/"):
                assert "no-store" in answer.headers["Cache-Control"], path
                assert "Cookie" in answer.vary, path
    assert {200, 401, 404} <= seen


@pytest.fixture
def pwa(tmp_path: Path) -> Path:
    """A folder as the build makes it."""
    for name in ("app/index.html", "app/sw.js", "app/manifest.webmanifest", "console/index.html"):
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_text("x", "utf-8")
    (tmp_path / "dist" / "assets").mkdir()
    for name in ("main-1a2b.js", "style-1a2b.css", "reader-1a2b.wasm"):
        (tmp_path / "dist" / "assets" / name).write_text("x", "utf-8")
    return tmp_path / "dist"


def test_pages_and_scripts_live_by_the_promised_policy(app: Flask, pwa: Path) -> None:
    app.extensions["roundsman.settings"] = replace(app.extensions["roundsman.settings"], pwa_dir=pwa)
    assert PAGE_POLICY == PROMISED
    for path, cache in (
        ("/app/", "no-cache"),
        ("/app/sw.js", "no-cache"),
        ("/console/", "no-cache"),
        ("/assets/main-1a2b.js", "immutable"),
    ):
        with app.test_client().get(path) as answer:
            assert answer.status_code == 200, path
            assert_secure(answer, path)
            assert answer.headers["Content-Security-Policy"] == PROMISED, path
            assert cache in answer.headers["Cache-Control"], path


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/assets/style-1a2b.css", "text/css"),
        ("/assets/reader-1a2b.wasm", "application/wasm"),
        ("/app/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_files_have_their_types_and_no_rights(app: Flask, pwa: Path, path: str, type_: str) -> None:
    app.extensions["roundsman.settings"] = replace(app.extensions["roundsman.settings"], pwa_dir=pwa)
    with app.test_client().get(path) as answer:
        assert answer.mimetype == type_
        assert_secure(answer, path)
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_service_worker_serves_the_phone_alone(app: Flask, pwa: Path) -> None:
    app.extensions["roundsman.settings"] = replace(app.extensions["roundsman.settings"], pwa_dir=pwa)
    with app.test_client().get("/app/sw.js") as answer:
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Service-Worker-Allowed"] == "/app/"
    with app.test_client().get("/console/") as answer:
        assert "Service-Worker-Allowed" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/nowhere", "/app/nowhere.js", "/api/v1/nowhere", "/assets/../../etc/passwd"]
)
def test_refusals_have_them_too(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)

    assert answer.status_code == 404
    assert_secure(answer, path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert_secure(app.test_client().get(path, headers={"Host": "evil.example"}), path)


def test_over_tls_browsers_are_told_to_stay_there(tmp_path: Path, database_url: str) -> None:
    settings = replace(
        settings_for(tmp_path / "var", database_url),
        public_url="https://rounds.example",
        hosts=frozenset({"10.0.0.7"}),
    )
    client = create_app(settings, now_ms=FakeClock()).test_client()

    told = client.get("/healthz", base_url="https://rounds.example").headers
    assert told["Strict-Transport-Security"] == "max-age=31536000"
    for other in ("http://127.0.0.1", "http://10.0.0.7"):
        assert "Strict-Transport-Security" not in client.get("/healthz", base_url=other).headers
