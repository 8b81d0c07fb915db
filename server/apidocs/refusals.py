"""Which refusals a view may answer with, and how the document writes them.

A view's own stand beside it (`server.describe.refuses`). The rest follows from what kind of view it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from server.arrival import TooSlow
from server.edge import BadRequestLine, UntrustedHost, WrongHost
from server.http import BadJson
from server.ledger import wire
from server.people import access
from server.problems import TYPE_ROOT, Busy, DiskFull, Invalid, NotFound, Problem

TEXTS = Path(__file__).resolve().parents[2] / "docs" / "problems.md"

PHONES_NAMES = "/api/v1/sync/", "/api/v1/blobs/"


class Internal(Problem):
    """A bug."""

    slug, status, title = "internal", 500, "The server failed; nothing was changed"


class NoSuchFile(Problem):
    """HTTP's own 404."""

    slug, status, title = "http", 404, "Not Found"


class MoreThanAnybody(Problem):
    """HTTP's own 413: more bytes than any request may have."""

    slug, status, title = "http", 413, "Request Entity Too Large"


ALL = (BadRequestLine, TooSlow, UntrustedHost, WrongHost, Busy, DiskFull, Internal)
PROVEN = (
    wire.ProofMissing,
    wire.ProofStale,
    wire.ProofWrong,
    wire.UnknownLog,
    wire.DeviceWaiting,
    wire.DeviceDraining,
    wire.DeviceRevoked,
)
MESSAGE = (wire.BadMessage, wire.MediaType, wire.TooLarge)
LOGGED_IN = (access.NotLoggedIn, access.NotAllowed, NotFound)
BODY = (BadJson, Invalid, MoreThanAnybody)

WAITS = (429, 503, 507)
"""These say in `Retry-After` when to come again."""


def kinds_of(
    view: Callable[..., Any], *, unsafe: bool, body: bool, query: bool, file: bool
) -> set[type[Problem]]:
    """Return every refusal with which a view may answer."""
    who: str = view.policy  # type: ignore[attr-defined]
    found = {*ALL, *getattr(view, "refuses", ())}
    message = hasattr(view, "speaks")
    if message:
        found |= {*MESSAGE}
    if who == "phone":
        found |= {*PROVEN}
    elif who != "public":
        found |= {*LOGGED_IN}
        if not getattr(view, "unready", False):
            found |= {access.NeedsFactor}
    if unsafe and who != "phone" and not message:
        found |= {access.CrossSite}
    if getattr(view, "fresh", False):
        found |= {access.FreshLogin}
    if body:
        found |= {*BODY}
    if query:
        found |= {Invalid}
    if file:
        found |= {NoSuchFile}
    return found


def responses(kinds: Iterable[type[Problem]]) -> dict[str, Any]:
    """Return the OpenAPI responses of some refusals, one for each status."""
    by_status: dict[int, set[str]] = defaultdict(set)
    for kind in kinds:
        by_status[int(kind.status)].add(kind.slug)
    return {str(status): _response(status, sorted(slugs)) for status, slugs in sorted(by_status.items())}


def _response(status: int, slugs: list[str]) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/schemas/problem.{slug}"} for slug in slugs]
    found: dict[str, Any] = {
        "description": " · ".join(f"`{slug}`" for slug in slugs),
        "content": {"application/problem+json": {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}},
    }
    if status in WAITS:
        found["headers"] = {
            "Retry-After": {
                "required": True,
                "schema": {"type": "integer", "minimum": 0},
                "description": "Seconds until the same request may be sent again.",
            }
        }
    return found


def schemas(kinds: Iterable[type[Problem]]) -> dict[str, Any]:
    """Return a schema for each slug. Two kinds may share a slug, as two features have their numbers."""
    by_slug: dict[str, set[type[Problem]]] = defaultdict(set)
    for kind in kinds:
        by_slug[kind.slug].add(kind)
    return {f"problem.{slug}": _schema(slug, found) for slug, found in sorted(by_slug.items())}


def _schema(slug: str, kinds: set[type[Problem]]) -> dict[str, Any]:
    titles = sorted({kind.title for kind in kinds})
    carries = {name: schema for kind in kinds for name, schema in kind.carries.items()}
    return {
        "type": "object",
        "description": texts().get(slug, ""),
        "required": ["type", "title", "status", "retryable", "instance"],
        "properties": {
            "type": {"const": TYPE_ROOT + slug},
            "title": {"type": "string"} if slug == "http" else {"enum": titles},
            "status": {"enum": sorted({int(kind.status) for kind in kinds})},
            "retryable": {"type": "boolean", "description": "Whether the same request may succeed later."},
            "detail": {"type": "string", "description": "What happened this time, for people."},
            "instance": {"type": "string", "description": "The path that was asked for."},
            **carries,
        },
    }


@cache
def texts() -> dict[str, str]:
    """Return what `docs/problems.md` says of each slug."""
    sections = re.split(r"^## ", TEXTS.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {name.strip(): text.strip() for name, _, text in (s.partition("\n") for s in sections)}
