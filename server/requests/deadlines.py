"""By when a request must have been attended to, answered and followed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from server.requests.fold import RequestState
from server.sites.models import Site

RUNNING = frozenset({"running", "late"})


def of_request(session: Session, *, site: Site, state: RequestState, now_ms: int) -> list[dict[str, Any]]:  # noqa: ARG001
    """Return a request's deadlines as they stand."""
    return []


def next_due(deadlines: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the first moment by which something is due and not yet done."""
    return min((one["due_ms"] for one in deadlines if one["state"] in RUNNING), default=None)
