"""Which requests are let in at all: hosts, proxies, lengths, addresses, bodies; how the rest is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient

from server.app import create_app
from server.config import ConfigError, Settings
from server.people.policy import policy
from tests.api.field import SAME_ORIGIN, Garden
from tests.conftest import FakeClock, settings_for

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)

LOGIN = "/api/v1/session"


def made(folder: Path, url: str, **over: Any) -> FlaskClient:
    """Return a client of an application with other settings, which also says who it believes is asking."""
    app = create_app(replace(settings_for(folder, url), **over), now_ms=FakeClock())

    @policy("public")
    def whoami() -> Any:
        return jsonify(address=request.remote_addr, scheme=request.scheme, host=request.host)

    app.add_url_rule("/whoami", "whoami", whoami)
    return app.test_client()


def assert_problem(answer: Any, status: int, slug: str | None = None) -> None:
    """Assert that an answer is a problem, and tells nothing of the machine behind it."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == status
    assert slug is None or body["type"] == f"/problems/{slug}"
    assert not any(
        word in answer.get_data(as_text=True) for word in ("Traceback", "site-packages", "/server/")
    )


# -- hosts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "",
        "a b",
        "10.0.0.7",
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/app/", LOGIN, "/nowhere"])
def test_a_host_that_nobody_named_is_not_answered(app: Flask, host: str, path: str) -> None:
    answer = app.test_client().get(path, headers={"Host": host})

    assert_problem(answer, 400, "untrusted-host")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000", "localhost:8000"])
def test_other_names_of_this_machine_lead_to_the_public_one(app: Flask, host: str) -> None:
    client = app.test_client()

    page = client.get("/app/?x=1", headers={"Host": host})
    assert (page.status_code, page.location) == (308, "http://localhost/app/?x=1")
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
    assert_problem(client.get(LOGIN, headers={"Host": host}), 421, "wrong-host")
    assert_problem(client.post("/app/", headers={"Host": host}), 421, "wrong-host")


def test_the_public_host_is_one_whatever_its_case(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "LOCALHOST"}).status_code == 200


def test_further_hosts_may_ask_for_health_and_nothing_else(tmp_path: Path, database_url: str) -> None:
    client = made(tmp_path / "var", database_url, hosts=frozenset({"10.0.0.7", "inner.example:9000"}))

    for host in ("10.0.0.7", "10.0.0.7:8000", "inner.example:9000"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
        assert_problem(client.get(LOGIN, headers={"Host": host}), 421, "wrong-host")
    assert_problem(client.get("/healthz", headers={"Host": "inner.example:9001"}), 400, "untrusted-host")


@pytest.mark.parametrize("hosts", ["*", "a b", "http://x", "x/y", ".x", "x:port"])
def test_a_host_that_cannot_be_meant_stops_the_start(hosts: str, database_url: str) -> None:
    with pytest.raises(ConfigError, match="ROUNDSMAN_HOSTS"):
        Settings.from_env({"ROUNDSMAN_HOSTS": f"good.example, {hosts}"})


def test_hosts_are_read_from_the_environment(database_url: str) -> None:
    assert Settings.from_env({"ROUNDSMAN_HOSTS": " A.example,b:80 ,[::1]:9"}).hosts == {
        "a.example",
        "b:80",
        "[::1]:9",
    }


# -- proxies -----------------------------------------------------------------------------------------

SPOOFED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=6.6.6.6;host=evil.example;proto=https",
    "X-Real-IP": "6.6.6.6",
    "X-Original-URL": "/evil",
}


def test_without_a_proxy_nobody_is_believed_about_others(tmp_path: Path, database_url: str) -> None:
    client = made(tmp_path / "var", database_url)

    assert client.get("/whoami", headers=SPOOFED).get_json() == {
        "address": "127.0.0.1",
        "scheme": "http",
        "host": "localhost",
    }


@pytest.mark.parametrize(("proxies", "believed"), [(1, "3.3.3.3"), (2, "2.2.2.2")])
def test_as_many_proxies_are_believed_as_there_are(
    tmp_path: Path, database_url: str, proxies: int, believed: str
) -> None:
    client = made(tmp_path / "var", database_url, trusted_proxies=proxies)
    chain = {"X-Forwarded-For": "6.6.6.6, 2.2.2.2, 3.3.3.3", "X-Forwarded-Proto": "http, https, https"}

    told = client.get("/whoami", headers=chain).get_json()

    assert (told["address"], told["scheme"]) == (believed, "https")


def test_a_spoofed_address_does_not_get_round_the_throttle(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.people.passwords.fits", lambda *_: False)  # it takes its time
    client = made(tmp_path / "var", database_url)

    for n in range(60):
        client.post(
            LOGIN,
            json={"login": f"nobody{n}", "password": "x"},
            headers={**SAME_ORIGIN, "X-Forwarded-For": f"9.9.9.{n}"},
        )
    last = client.post(LOGIN, json={"login": "somebody", "password": "x"}, headers=SAME_ORIGIN)

    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


# -- one length, one address --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "4"},
        {"CONTENT_LENGTH": "4, 5"},
        {"CONTENT_LENGTH": "4,4"},
    ],
)
def test_a_request_with_two_lengths_is_refused(client: FlaskClient, environ: dict[str, str]) -> None:
    answer = client.post("/api/v1/sync/nonce", data=b"xxxx", environ_overrides=environ)

    assert_problem(answer, 400, "bad-request")


@pytest.mark.parametrize(
    "path",
    [
        "/app/%00",
        "/t/%00",
        "/api/v1/session?x=%00",
        "/problems/a%00b",
        "/api/v1/blobs/%00/x",
        "/" + "x" * 5_000,
    ],
)
def test_an_address_that_cannot_be_is_refused(client: FlaskClient, path: str) -> None:
    assert_problem(client.get(path), 400, "bad-request")


@pytest.mark.parametrize(
    "path", ["/app/%ff%fe", "/t/%ed%a0%80", "/problems/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/app/../x"]
)
def test_an_odd_address_is_merely_not_found_or_harmless(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (200, 404)


# -- bodies ------------------------------------------------------------------------------------------

ODD_BODIES: dict[str, bytes] = {
    "not JSON": b"{",
    "two values": b"{}{}",
    "NaN": b'{"login":NaN}',
    "Infinity": b'{"login":-Infinity}',
    "1e999": b'{"login":1e999}',
    "beyond 2^53": b'{"login":9007199254740993}',
    "a duplicate key": b'{"login":"a","login":"b","password":"x"}',
    "a lone surrogate": b'{"login":"\\ud800","password":"x"}',
    "a NUL": b'{"login":"\\u0000","password":"x"}',
    "not UTF-8": b'{"login":"\xff","password":"x"}',
    "a byte order mark": b'\xef\xbb\xbf{"login":"a","password":"x"}',
    "UTF-16": '{"login":"a","password":"x"}'.encode("utf-16"),
    "33 deep": b'{"login":' + b"[" * 33 + b"]" * 33 + b"}",
    "100,000 deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES.keys())
def test_an_odd_body_is_refused_before_anything_looks_at_it(client: FlaskClient, body: bytes) -> None:
    answer = client.post(LOGIN, data=body, content_type="application/json", headers=SAME_ORIGIN)

    assert_problem(answer, 400, "bad-json")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/vnd.api+json"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_is_json_and_says_so(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post(LOGIN, data=b'{"login":"a","password":"x"}', headers={**SAME_ORIGIN, **headers})

    assert_problem(answer, 400, "bad-json")


class Unread:
    """A body that must not be read to its end."""

    def __init__(self, most: int) -> None:
        self.left = most

    def read(self, size: int = -1) -> bytes:
        assert self.left > 0, "more was read than a body may have"
        self.left -= max(size, 0)
        return b" " * max(size, 0)


@pytest.mark.parametrize("length", ["1048577", "999999999999", None])
def test_a_body_that_is_too_long_is_not_read(client: FlaskClient, length: str | None) -> None:
    environ = {"wsgi.input": Unread(1_100_000), "wsgi.input_terminated": True}
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    answer = client.post(
        LOGIN, content_type="application/json", headers=SAME_ORIGIN, environ_overrides=environ
    )

    assert_problem(answer, 413)


def test_a_member_of_the_query_comes_once(garden: Garden) -> None:
    client = garden.client("li")
    site = f"/api/v1/sites/{garden.site}"

    assert_problem(client.get(f"{site}/board?day=2026-11-23&day=2026-11-24"), 422, "invalid-body")
    assert_problem(client.get(f"{site}/board?day=%ed%a0%80"), 422, "invalid-body")
    assert_problem(client.get(f"{site}/board?nobody=knows"), 422, "invalid-body")


# -- refusals everywhere -------------------------------------------------------------------------------


def _rules(app: Flask) -> Iterator[tuple[str, set[str]]]:
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            value = "00000000-0000-4000-8000-000000000000" if name.endswith("_id") else "x"
            path = (
                path.replace(f"<uuid:{name}>", value).replace(f"<path:{name}>", "x").replace(f"<{name}>", "x")
            )
        yield path, rule.methods or set()


def test_a_wrong_method_is_a_problem_that_names_the_right_ones_at_every_address(app: Flask) -> None:
    client = app.test_client()
    methods: dict[str, set[str]] = {}
    for path, allowed in _rules(app):
        methods.setdefault(path, set()).update(allowed)
    assert len(methods) > 40
    for path, allowed in methods.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - allowed:
            answer = client.open(path, method=method, headers=SAME_ORIGIN)
            if answer.status_code == 404:
                continue  # another route takes the address
            assert_problem(answer, 405)
            assert set(answer.headers["Allow"].replace(" ", "").split(",")) >= allowed, (method, path)


def test_an_unknown_address_is_a_problem_whatever_is_asked(client: FlaskClient) -> None:
    for path in (
        "/nowhere",
        "/api/v1/nowhere",
        "/api/v1/sites/no-uuid/people",
        "/app/nowhere.js",
        "/assets/../x",
    ):
        for method in ("GET", "POST", "DELETE"):
            answer = client.open(path, method=method, headers=SAME_ORIGIN)
            assert answer.status_code in (404, 405), (method, path)
            assert answer.mimetype == "application/problem+json"
    head = client.head("/api/v1/nowhere")
    assert (head.status_code, head.get_data()) == (404, b"")


def test_options_say_what_may_be_asked_and_nothing_more(app: Flask) -> None:
    client = app.test_client()
    answer = client.options("/healthz")

    assert answer.status_code == 200
    assert "GET" in answer.headers["Allow"]
    assert answer.get_data() == b""
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_bug_is_a_500_that_tells_nothing(tmp_path: Path, database_url: str) -> None:
    app = create_app(replace(settings_for(tmp_path / "var", database_url), testing=False), now_ms=FakeClock())

    @policy("public")
    def broken() -> Any:
        raise RuntimeError(f"a secret of {__file__}")

    app.add_url_rule("/broken", "broken", broken)

    answer = app.test_client().get("/broken")

    assert_problem(answer, 500, "internal")
    assert "secret" not in answer.get_data(as_text=True)
