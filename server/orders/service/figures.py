"""How often what clauses ask for came in time: `order_due` is kept with the orders, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from server.orders.models import OrderDue, WorkOrder
from server.orders.service.listing import Scope

COUNTED: Final = {
    "met": "met",
    "late": "late",
    "missed": "missed",
    "running": "open",
    "paused": "open",
    "unheard": "unheard",
    "unproven": "unproven",
}
"""State of a deadline → as what it counts."""


def keep_dues(session: Session, orders: Iterable[WorkOrder]) -> None:
    """Write anew what is due of orders whose deadlines have changed."""
    changed = list(orders)
    if not changed:
        return
    session.execute(delete(OrderDue).where(OrderDue.order_id.in_([order.id for order in changed])))
    lines = [line for order in changed for line in lines_of(order)]
    if lines:
        session.execute(insert(OrderDue), lines)


def lines_of(order: WorkOrder) -> list[dict[str, Any]]:
    """Return the rows of `order_due` that an order's deadlines come to."""
    return [
        {
            "order_id": order.id,
            "line": number,
            "organisation_id": order.organisation_id,
            "site_id": order.site_id,
            "clause": one["clause"],
            "what": one["what"],
            "source": order.source_kind if order.source_kind in ("request", "finding") else "other",
            "state": one["state"],
            "due_ms": one["due_ms"],
        }
        for number, one in enumerate(order.deadlines)
        if one["clause"]
    ]


def figures(
    session: Session, *, site_id: UUID, from_ms: int, to_ms: int, scope: Scope | None = None
) -> list[dict[str, Any]]:
    """Return, per clause, how often what was due in a stretch of time came, with the orders where it did not.

    Orders of requests are counted apart from those of findings that a round made itself: `source` is
    ``request``, ``finding`` or ``other``. `due` counts deadlines that lie in the stretch, `orders` names
    what is behind every figure but ``met``.
    """
    columns = (OrderDue.clause, OrderDue.what, OrderDue.source, OrderDue.state)
    within = [OrderDue.site_id == site_id, OrderDue.due_ms >= from_ms, OrderDue.due_ms < to_ms]
    if scope is not None and scope.people is not None:
        within.append(OrderDue.order_id.in_(select(WorkOrder.id).where(scope.where())))
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for *key, state, count in session.execute(
        select(*columns, func.count()).where(*within).group_by(*columns)
    ):
        row = found.setdefault((key[0], key[1], key[2]), _blank(*key))
        row["due"] += count
        row[COUNTED[state]] += count
    behind = select(OrderDue.order_id, *columns).where(*within, OrderDue.state != "met")
    for order, *key, state in session.execute(behind.order_by(OrderDue.due_ms, OrderDue.order_id)):
        found[key[0], key[1], key[2]]["orders"].setdefault(COUNTED[state], []).append(str(order))
    return [found[key] for key in sorted(found)]


def _blank(clause: str, what: str, source: str) -> dict[str, Any]:
    counts = dict.fromkeys(COUNTED.values(), 0)
    return {"clause": clause, "what": what, "source": source, "due": 0, "orders": {}} | counts
