"""The client that holds answers to the description does notice when one is another."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient

from server.problems import Problem, problem_response
from tests.api.field import Garden, garden
from tests.described import NotAsDescribed

__all__ = ["garden"]

pytestmark = pytest.mark.parametrize("database_engine", ["sqlite"], indirect=True)


class Unheard(Problem):
    """A refusal that no view names."""

    slug, status, title = "not-found", HTTPStatus.CONFLICT, "Nobody said so"


def refuse(*_: Any, **__: Any) -> Response:
    raise Unheard()


def with_more(*_: Any, **__: Any) -> Response:
    return problem_response("not-found", 404, "Nothing of this name here", colour="blue")


ODD: dict[str, tuple[Callable[..., Response], str]] = {
    "a status that is not described": (refuse, "answered 409 not-found: its description knows"),
    "a member that is not described": (with_more, "Additional properties"),
    "a member that is missing": (lambda **_: jsonify({}), '"sites" is a required property'),
    "another kind of member": (lambda **_: jsonify({"sites": 1}), "is not of type"),
    "another media type": (lambda **_: Response("x", mimetype="text/plain"), "as text/plain"),
    "a problem of another view": (
        lambda **_: problem_response("number-taken", 404, "This number is taken"),
        "not the one described",
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_answer_that_is_not_described_fails_whoever_meets_it(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    view, complaint = ODD[odd]
    client = garden.client("li")
    assert client.get("/api/v1/sites").status_code == 200
    monkeypatch.setitem(garden.app.view_functions, "sites.list_sites", view)

    with pytest.raises(NotAsDescribed, match=complaint):
        client.get("/api/v1/sites")


def test_a_header_that_is_missing_fails_as_well(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "ledger.blob_options", lambda **_: Response(status=204))

    with pytest.raises(NotAsDescribed, match="without the header Tus-Version"):
        app.test_client().options("/api/v1/blobs/a")


def test_a_405_without_allow_fails(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def bare(_error: Exception) -> Response:
        return problem_response("http", 405, "Method Not Allowed")

    monkeypatch.setitem(client.application.error_handler_spec[None], 405, {Exception: bare})

    with pytest.raises(NotAsDescribed, match="without Allow"):
        client.delete("/healthz")
