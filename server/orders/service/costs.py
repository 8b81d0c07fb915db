"""What orders cost: labour by the site's rate, the parts that were used, and what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from server.orders.models import OrderAct, WorkOrder
from server.stock.service import Sum, cost_of_orders, moves_of_orders

_CENT: Final = Decimal("0.01")


def parts_of(session: Session, *, site_id: UUID, order_ids: Iterable[UUID]) -> dict[UUID, Sum]:
    """Return order id → what its parts cost at the prices of when they were taken; without moves: absent."""
    return cost_of_orders(session, moves_of_orders(session, site_id=site_id, order_ids=order_ids))


def costs_of(
    order: WorkOrder, acts: Sequence[OrderAct], policy: Mapping[str, Any], parts: Sum | None
) -> dict[str, Any]:
    """Return what an order cost as decimal texts.

    `unpriced` says how many moves of parts without a price count as nothing.
    """
    parts = parts or Sum()
    rate = Decimal(policy["rates"]["labour_hour"])
    labour = (rate * order.labour_min / 60).quantize(_CENT)
    built_in = (Decimal(parts.fen) / 100).quantize(_CENT)
    other = sum((Decimal(act.p["amount"]) for act in acts if act.kind == "cost"), Decimal(0)).quantize(_CENT)
    return {
        "labour": str(labour),
        "parts": str(built_in),
        "unpriced": parts.unpriced,
        "other": str(other),
        "total": str(labour + built_in + other),
        "currency": policy["rates"]["currency"],
    }
