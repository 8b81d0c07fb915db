"""Puts the OpenAPI document together: every rule of the URL map, with all that it may answer."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from server import VERSION
from server.apidocs import messages, refusals
from server.apidocs.schemas import tidy
from server.apidocs.words import ABOUT, INTRODUCTION, SECURITY, who_may
from server.problems import Problem
from sync.proof import NONCE_HEADER

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
_PART = re.compile(r"<(?:([a-z]+)(?:\([^)]*\))?:)?([a-z0-9_]+)>")


class Undescribed(RuntimeError):
    """A route does not say what it answers."""


@dataclass(frozen=True)
class Described:
    """One operation: a rule, one of its methods, its view."""

    rule: Rule
    method: str
    view: Callable[..., Any]

    @property
    def path(self) -> str:
        """The address as OpenAPI writes it."""
        return _PART.sub(r"{\2}", self.rule.rule)

    @property
    def feature(self) -> str:
        """The blueprint that it belongs to."""
        return str(self.rule.endpoint).partition(".")[0]

    @property
    def name(self) -> str:
        """The name of its view."""
        return str(self.rule.endpoint).rpartition(".")[2]

    @property
    def is_phones(self) -> bool:
        """Whether phones knock here: their answers carry the nonce of the next proof."""
        return self.rule.rule.startswith(refusals.PHONES_NAMES)

    @cached_property
    def text(self) -> str:
        """What the view says of itself."""
        return inspect.cleandoc(self.view.__doc__ or "")


def described(app: Flask) -> Iterator[Described]:
    """Yield every operation; HEAD and OPTIONS only where a view answers them itself."""
    for rule in app.url_map.iter_rules():
        methods = set(rule.methods or ())
        if "GET" in methods:
            methods.discard("HEAD")
        if rule.provide_automatic_options is not False:  # type: ignore[attr-defined]
            methods.discard("OPTIONS")
        for method in sorted(methods):
            yield Described(rule, method, app.view_functions[rule.endpoint])


def make(app: Flask) -> dict[str, Any]:
    """Return the document.

    :raises Undescribed: a route does not say what it answers
    """
    spec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    paths: dict[str, dict[str, Any]] = {}
    kinds: set[type[Problem]] = set()
    spoken = set()
    names: set[str] = set()
    for one in described(app):
        found = _of_schemas(spec, one)
        if speaks := getattr(one.view, "speaks", None):
            found |= messages.operation(one.path.rpartition("/")[2], speaks)
            spoken |= {kind for kind in speaks if kind is not None}
        own = getattr(one.view, "described", {})
        found |= {**own, "responses": {**found.get("responses", {}), **own.get("responses", {})}}
        if not any(status.startswith(("2", "3")) for status in found.get("responses", {})):
            raise Undescribed(
                f"{one.method} {one.rule.rule} does not say what it answers: "
                "give its view @bp.response(…), @speaks(…) or @described(responses=…)"
            )
        own = _refusals(one, found)
        kinds |= own
        paths.setdefault(one.path, {})[one.method.lower()] = _finished(one, found, own, names)
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Roundsman", "version": VERSION, "description": INTRODUCTION},
        "tags": [
            *({"description": tag["name"], **tag} for tag in spec["tags"]),
            *({"name": name, "description": text} for name, text in ABOUT.items()),
        ],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": SECURITY,
            "schemas": {
                **dict(sorted(spec["components"]["schemas"].items())),
                **messages.schemas(spoken),
                **refusals.schemas(kinds),
            },
        },
    }
    # JSON Schema's patterns are ECMAScript's, which has no \Z and needs none
    plain: dict[str, Any] = json.loads(json.dumps(whole).replace("\\\\Z", "$"))
    return tidy(plain)


def _of_schemas(spec: dict[str, Any], one: Described) -> dict[str, Any]:
    """Return what the view's schemas say: its parameters, its body and its good answers."""
    item = spec["paths"].get(one.path, {})
    found = deepcopy(item.get(one.method.lower(), {}))
    kept = {status: answer for status, answer in found.get("responses", {}).items() if "$ref" not in answer}
    return {
        "parameters": found.get("parameters", []),
        "responses": kept,
        **({"requestBody": found["requestBody"]} if "requestBody" in found else {}),
    }


def _refusals(one: Described, found: dict[str, Any]) -> set[type[Problem]]:
    return refusals.kinds_of(
        one.view,
        unsafe=one.method in UNSAFE,
        body="application/json" in found.get("requestBody", {}).get("content", {}),
        query=any(parameter["in"] == "query" for parameter in found["parameters"]),
        file="path" in (one.rule.arguments or ()) or one.feature == "pages",
    )


def _finished(
    one: Described, found: dict[str, Any], kinds: set[type[Problem]], names: set[str]
) -> dict[str, Any]:
    summary, _, rest = one.text.partition("\n\n")
    for status, answer in found["responses"].items():
        answer.setdefault("description", HTTPStatus(int(status)).phrase)
    answers = _merged(found["responses"], refusals.responses(kinds))
    if one.is_phones:
        for answer in answers.values():
            answer.setdefault("headers", {})[NONCE_HEADER] = {
                "required": True,
                "schema": {"type": "string", "maxLength": 100},
                "description": "For the proof of the phone's next request.",
            }
    name = one.name
    if name in names:
        name = f"{name}_{one.method.lower()}"
    if name in names:
        name = f"{name}_{len(names)}"
    names.add(name)
    who = str(one.view.policy)  # type: ignore[attr-defined]
    return {
        "operationId": name,
        "tags": [one.feature],
        "summary": " ".join(summary.split()),
        "description": "\n\n".join(part for part in (who_may(one.view), rest.strip()) if part),
        "security": [{"proof": []}] if who == "phone" else [] if who == "public" else [{"session": []}],
        "parameters": [*_path_parameters(one), *found["parameters"]],
        **({"requestBody": found["requestBody"]} if "requestBody" in found else {}),
        "responses": dict(sorted(answers.items())),
    }


def _merged(good: dict[str, Any], refused: dict[str, Any]) -> dict[str, Any]:
    """Return all answers; the health page says 503 in words of its own as well."""
    both = good.keys() & refused.keys()
    return {
        **good,
        **refused,
        **{
            status: {**good[status], "content": good[status]["content"] | refused[status]["content"]}
            for status in both
        },
    }


def _path_parameters(one: Described) -> list[dict[str, Any]]:
    return [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "string", **({"format": "uuid"} if kind == "uuid" else {"minLength": 1})},
        }
        for kind, name in _PART.findall(one.rule.rule)
    ]
