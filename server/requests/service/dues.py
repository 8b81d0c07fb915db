"""What of requests was due within a stretch of time: the lines of their deadlines, for the score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.requests.models import Request
from server.sites.models import Site

DAY_MS = 86_400_000
LONGEST_MS = 62 * DAY_MS
"""No clause gives longer: a request that was opened earlier has nothing due now."""


def dues(
    session: Session, *, site: Site, from_ms: int, to_ms: int
) -> Iterator[tuple[Request, dict[str, Any]]]:
    """Yield each request with each of its deadlines that falls into a stretch; not of one taken back."""
    query = (
        select(Request)
        .where(
            Request.site_id == site.id,
            Request.opened_ms >= from_ms - LONGEST_MS,
            Request.opened_ms < to_ms,
            Request.state.not_in(("merged", "withdrawn")),
        )
        .order_by(Request.number)
    )
    for request in session.scalars(query.execution_options(yield_per=500)):
        for line in request.deadlines:
            if from_ms <= line["due_ms"] < to_ms:
                yield request, line
