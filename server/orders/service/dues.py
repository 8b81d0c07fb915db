"""What of orders was due within a stretch of time: the lines of their deadlines, for the score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders.models import WorkOrder
from server.sites.models import Site

DAY_MS = 86_400_000
LONGEST_MS = 62 * DAY_MS
"""No clause gives longer: an order that was opened earlier has nothing due now."""


def dues(
    session: Session, *, site: Site, from_ms: int, to_ms: int
) -> Iterator[tuple[WorkOrder, dict[str, Any]]]:
    """Yield each order with each of its deadlines that falls into a stretch, by the order's number."""
    query = (
        select(WorkOrder)
        .where(
            WorkOrder.site_id == site.id,
            WorkOrder.opened_ms >= from_ms - LONGEST_MS,
            WorkOrder.opened_ms < to_ms,
            WorkOrder.state != "cancelled",
        )
        .order_by(WorkOrder.number)
    )
    for order in session.scalars(query.execution_options(yield_per=500)):
        for line in order.deadlines:
            if from_ms <= line["due_ms"] < to_ms:
                yield order, line
