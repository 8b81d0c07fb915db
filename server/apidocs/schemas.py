"""Makes the schemas say what holds: an answer has all of its members, a query parameter is never null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PREFIX = "#/components/schemas/"


def tidy(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what its makers leave out or say too much.

    Schemas that stand in answers alone require every member: what there is none of is null. A member
    that cannot be meant in a query (null) is taken out of its parameters. Schemas that nobody uses go.
    """
    known: dict[str, Any] = document["components"]["schemas"]
    asked: set[str] = set()
    told: set[str] = set()
    for operation in operations(document):
        asked |= _reach(operation.get("requestBody"), known)
        told |= _reach(operation["responses"], known)
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                parameter["schema"] = _never_null(parameter["schema"])
    for name in told - asked:
        schema = known[name]
        if not name.startswith(("problem.", "sync.")) and "properties" in schema:
            schema["required"] = list(schema["properties"])
    document["components"]["schemas"] = {n: s for n, s in known.items() if n in asked | told}
    return document


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every operation."""
    for item in document["paths"].values():
        yield from item.values()


def _reach(part: Any, known: dict[str, Any]) -> set[str]:
    """Return the names of the schemas to which a part of the document leads."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            name = str(here.get("$ref", "")).removeprefix(PREFIX)
            if name and name not in found:
                found.add(name)
                waiting.append(known[name])
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return found


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    kept = dict(schema)
    if kept.get("default", 0) is None:
        del kept["default"]
    kind = kept.get("type")
    if isinstance(kind, list):
        left = [one for one in kind if one != "null"]
        kept["type"] = left[0] if len(left) == 1 else left
    if None in kept.get("enum", ()):
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    return kept
