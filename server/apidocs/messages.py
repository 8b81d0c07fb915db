"""The messages of the protocol as JSON Schema, made from the structs that read and write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sync import messages
from sync.proof import DIGEST_HEADER

EXAMPLES = Path(__file__).with_name("examples.json")
"""Written by `python -m tests.vectors.make` from the vectors, which hold both languages to them."""

Speaks = tuple[type[Struct] | None, type[Struct]]


def schemas(kinds: Iterable[type[Struct]]) -> dict[str, Any]:
    """Return the components for some messages and all that they are made of, by name."""
    _, parts = msgspec.json.schema_components(
        sorted(kinds, key=lambda kind: kind.__name__),
        schema_hook=_anything,
        ref_template="#/components/schemas/sync.{name}",
    )
    return {f"sync.{name}": part for name, part in parts.items()}


def operation(name: str, speaks: Speaks) -> dict[str, Any]:
    """Return request and answer of a message for its OpenAPI operation."""
    asked, told = speaks
    return {
        "requestBody": {"required": True, "content": _sent(name, asked)},
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {
                    DIGEST_HEADER: {
                        "required": True,
                        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "description": "The SHA-256 of the message before compression.",
                    }
                },
                "content": {messages.MEDIA_TYPE: {"schema": _ref(told), **_example(f"{name}.answer")}},
            }
        },
    }


def _sent(name: str, asked: type[Struct] | None) -> dict[str, Any]:
    if asked is None:
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {messages.MEDIA_TYPE: {"schema": _ref(asked), **_example(f"{name}.request")}}


def _ref(kind: type[Struct]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/sync.{kind.__name__}"}


def _example(name: str) -> dict[str, Any]:
    found = _examples().get(name)
    return {} if found is None else {"example": found}


@cache
def _examples() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(EXAMPLES.read_text("utf-8"))
    return read


def _anything(kind: type) -> dict[str, Any]:
    if kind is object:
        return {"description": "Whatever the kind of row has: see docs/protocol/entities.md."}
    raise NotImplementedError
