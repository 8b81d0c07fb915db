"""Holds every answer to the description of the API: status, headers and body.

`HeldToIt` is the client of the tests' application, so that whatever any test asks is looked at. What
a view answers and its description does not say fails the test that met it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from server.apidocs import document

PROBLEM = "application/problem+json"


class NotAsDescribed(AssertionError):
    """An answer is another one than `/api/docs` says."""


class Description:
    """The document, its operations by endpoint, and validators that are made once.

    Here every object is closed: a member that nobody described is a fault. The document itself leaves
    answers open, for a later release may say more.
    """

    def __init__(self, app: Flask) -> None:
        self.document = _closed(document.make(app))
        paths = self.document["paths"]
        self.operations: dict[tuple[str, str, str], dict[str, Any]] = {
            (one.rule.endpoint, one.rule.rule, one.method): paths[one.path][one.method.lower()]
            for one in document.described(app)
        }
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    @cached_property
    def _components(self) -> dict[str, Any]:
        return dict(self.document["components"])

    def faults(self, schema: Mapping[str, Any], value: object) -> list[str]:
        """Return what is wrong with a value."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[key] = jsonschema_rs.validator_for(whole, validate_formats=True)
        return [
            f"{'/'.join(map(str, error.instance_path)) or 'body'}: {error.message[:200]}"
            for error in self._validators[key].iter_errors(value)
        ]


def _closed(part: Any) -> Any:
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _closed(one) for name, one in part.items()}
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


_MADE: dict[tuple[str, ...], Description] = {}


def description_of(app: Flask) -> Description:
    """Return the description of an application, made once for all that have the same routes."""
    found: Description | None = app.extensions.get("tests.description")
    if found is None:
        routes = tuple(sorted(f"{rule.endpoint} {rule.rule}" for rule in app.url_map.iter_rules()))
        found = _MADE.get(routes) or Description(app)
        app.extensions["tests.description"] = _MADE[routes] = found
    return found


def check(app: Flask, answer: TestResponse) -> None:
    """Raise `NotAsDescribed` unless the description says that this request may be answered so."""
    method, path = answer.request.method, answer.request.path
    about = f"{method} {path} answered {answer.status_code}"
    if _is_of_the_edge(app, answer):
        return
    try:
        rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    except RequestRedirect:
        return
    except HTTPException as nowhere:
        _check_nowhere(about, nowhere, answer)
        return
    described = description_of(app)
    asked = "GET" if method == "HEAD" and "GET" in (rule.methods or ()) else method
    operation = described.operations.get((str(rule.endpoint), rule.rule, asked))
    if operation is None:
        if method != "OPTIONS":
            raise NotAsDescribed(f"{about}: the description does not know this operation")
        return
    _check_answer(about, described, operation, answer, bodiless=method == "HEAD")


def _is_of_the_edge(app: Flask, answer: TestResponse) -> bool:
    """Tell whether the request came under another name: it is led to the right one before any view."""
    return answer.status_code == 308 and str(answer.location).startswith(
        app.extensions["roundsman.settings"].public_url
    )


def _check_nowhere(about: str, nowhere: HTTPException, answer: TestResponse) -> None:
    expected = {400, 421, 405 if isinstance(nowhere, MethodNotAllowed) else 404}
    if answer.status_code not in expected or answer.mimetype != PROBLEM:
        raise NotAsDescribed(f"{about} {answer.mimetype}; {sorted(expected)} {PROBLEM} is described")
    if answer.status_code == 405 and not answer.headers.get("Allow"):
        raise NotAsDescribed(f"{about} without Allow")


def _check_answer(
    about: str, described: Description, operation: Mapping[str, Any], answer: TestResponse, *, bodiless: bool
) -> None:
    slug = _slug(answer)
    expected = operation["responses"].get(str(answer.status_code))
    if expected is None:
        raise NotAsDescribed(
            f"{about} {slug}: its description knows {', '.join(operation['responses'])} alone. "
            "Name a refusal of this view with @refuses(…), one of a whole sort of views in "
            "server/apidocs/refusals.py, another answer with @bp.response, @speaks or @described"
        )
    for name, header in expected.get("headers", {}).items():
        value = answer.headers.get(name)
        if value is None:
            if header.get("required"):
                raise NotAsDescribed(f"{about} without the header {name}")
        elif faults := described.faults(header["schema"], _read(value, header["schema"])):
            raise NotAsDescribed(f"{about} with {name}: {value!r}: {faults}")
    if not bodiless:
        _check_body(about, described, expected.get("content", {}), answer, slug)


def _check_body(
    about: str, described: Description, content: Mapping[str, Any], answer: TestResponse, slug: str
) -> None:
    if not content:
        if answer.get_data() and answer.status_code < 300:  # what leads elsewhere may say so in HTML
            raise NotAsDescribed(f"{about} with a body; none is described")
        return
    media = next((content[t] for t in (_mimetype(answer), _family(answer), "*/*") if t in content), None)
    if media is None:
        raise NotAsDescribed(f"{about} as {answer.mimetype}; {', '.join(content)} is described")
    schema = media.get("schema")
    if schema is None or not _mimetype(answer).endswith("json"):
        return
    data = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    if faults := described.faults(schema, json.loads(data)):
        raise NotAsDescribed(
            f"{about} {slug}, and its body is not the one described: {faults[:3]} … {data[:300]!r}. "
            "Is a refusal of its view not named (@refuses), or a member not in its schema or `carries`?"
        )


def _family(answer: TestResponse) -> str:
    return _mimetype(answer).partition("/")[0] + "/*"


def _mimetype(answer: TestResponse) -> str:
    return answer.mimetype or ""


def _slug(answer: TestResponse) -> str:
    if answer.mimetype != PROBLEM or answer.request.method == "HEAD":
        return ""
    return str(json.loads(answer.get_data()).get("type", "")).rpartition("/")[2]


def _read(value: str, schema: Mapping[str, Any]) -> object:
    """Return a header's value as its schema has it."""
    return int(value) if schema.get("type") == "integer" and value.isascii() and value.isdigit() else value


class HeldToIt(FlaskClient):
    """A client that looks at every answer."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, and hold the answer to the description.

        :raises NotAsDescribed: it is another one
        """
        answer = super().open(*args, **kwargs)
        check(self.application, answer)
        return answer
