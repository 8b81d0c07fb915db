"""The maintenance log: what was done in a stretch of time, what it cost, and how clauses were kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.ledger.models import PrivatePart
from server.orders.models import OrderAct, OrderEvent, WorkOrder
from server.orders.service.costs import costs_of, parts_of
from server.orders.service.listing import Scope, row_of
from server.orders.service.naming import named
from server.orders.service.policies import policy_of

MOST: Final = 5_000
"""Lines of a log; a longer stretch is asked for in parts."""
ON_SCREEN: Final = 500
"""Lines of a log on the screen; a file has them all."""

_COUNTED: Final = {
    "met": "met",
    "late": "late",
    "missed": "missed",
    "running": "open",
    "paused": "open",
    "unheard": "unheard",
    "unproven": "unproven",
}


def logbook(
    session: Session, *, scope: Scope, from_ms: int, to_ms: int, now_ms: int, most: int = MOST
) -> dict[str, Any]:
    """Return the orders that ended in a stretch of time, the latest first, and its clauses' figures."""
    query = (
        select(WorkOrder)
        .where(scope.where(), WorkOrder.ended_ms >= from_ms, WorkOrder.ended_ms < to_ms)
        .order_by(WorkOrder.ended_ms.desc(), WorkOrder.id)
        .limit(most)
    )
    orders = session.scalars(query).all()
    policy = policy_of(session, site_id=scope.site_id)
    acts = _acts(session, [order.id for order in orders])
    done = {order.done["event"]: order for order in orders if order.done}
    notes = _notes(session, done)
    by = [UUID(order.done["by"]) for order in orders if order.done and order.done["by"]]
    names = named(session, orders, people=by)
    parts = parts_of(session, site_id=scope.site_id, order_ids=[order.id for order in orders])
    arrived = _arrived(session, [order.id for order in orders])
    rows = []
    for order in orders:
        costs = costs_of(order, acts.get(order.id, []), policy, parts.get(order.id))
        rows.append(
            row_of(order, names, now_ms)
            | {
                "result": order.done["result"] if order.done else None,
                "done_by": names.person(UUID(order.done["by"])) if order.done and order.done["by"] else None,
                "arrived_ms": arrived.get(order.id),
                "note_done": notes.get(order.done["event"]) if order.done else None,
                "labour_cost": costs["labour"],
                "parts_cost": costs["parts"],
                "unpriced": costs["unpriced"],
                "other_cost": costs["other"],
                "total_cost": costs["total"],
            }
        )
    return {
        "orders": rows,
        "figures": figures(session, site_id=scope.site_id, from_ms=from_ms, to_ms=to_ms, scope=scope),
        "currency": policy["rates"]["currency"],
    }


def figures(
    session: Session, *, site_id: UUID, from_ms: int, to_ms: int, scope: Scope | None = None
) -> list[dict[str, Any]]:
    """Return, per clause, how often what was due in a stretch of time came, with the orders behind it.

    Orders of requests are counted apart from those of findings that a round made itself: `source` is
    ``request``, ``finding`` or ``other``. `due` counts deadlines that lie in the stretch.
    """
    query = select(WorkOrder.id, WorkOrder.source_kind, WorkOrder.deadlines).where(
        (scope or Scope(site_id)).where(),
        WorkOrder.opened_ms < to_ms,
        or_(WorkOrder.ended_ms.is_(None), WorkOrder.ended_ms >= from_ms - _LONGEST_MS),
    )
    return _figures(session.execute(query.execution_options(yield_per=1_000)), from_ms, to_ms)


_LONGEST_MS: Final = 40 * 86_400_000
"""What is due after the end of the work, such as a follow-up, is due within so long."""


def _figures(orders: Iterable[Any], from_ms: int, to_ms: int) -> list[dict[str, Any]]:
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for order in orders:
        source = order.source_kind if order.source_kind in ("request", "finding") else "other"
        for one in order.deadlines:
            if not one["clause"] or not from_ms <= one["due_ms"] < to_ms:
                continue
            key = (one["clause"], one["what"], source)
            row = found.setdefault(
                key,
                {"clause": one["clause"], "what": one["what"], "source": source, "due": 0, "orders": {}}
                | dict.fromkeys(_COUNTED.values(), 0),
            )
            counted = _COUNTED[one["state"]]
            row["due"] += 1
            row[counted] += 1
            row["orders"].setdefault(counted, []).append(str(order.id))
    return [found[key] for key in sorted(found)]


def _acts(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[OrderAct]]:
    found: dict[UUID, list[OrderAct]] = {}
    for act in session.scalars(select(OrderAct).where(OrderAct.order_id.in_(ids), OrderAct.kind == "cost")):
        found.setdefault(act.order_id, []).append(act)
    return found


def _notes(session: Session, done: dict[str, WorkOrder]) -> dict[str, str]:
    """Return the words that were written with completions, as far as they are kept."""
    if not done:
        return {}
    organisation = next(iter(done.values())).organisation_id
    query = select(PrivatePart.hash, PrivatePart.value).where(
        PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(done), PrivatePart.name == "note"
    )
    return dict(session.execute(query).all())


def _arrived(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    query = select(OrderEvent.order_id, OrderEvent.estimate_ms).where(
        OrderEvent.order_id.in_(ids), OrderEvent.kind == "arrive"
    )
    for order, at_ms in session.execute(query):
        found[order] = min(at_ms, found.get(order, at_ms))
    return found
