"""What orders cost: labour by the site's rate, the parts that were used, and what was entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from server.orders.models import OrderAct, WorkOrder
from server.stock.service import Sum, cost_of_orders

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Total:
    """What many orders cost together: the sum of what each cost, rounded as each is."""

    orders: int
    labour: Decimal
    parts: Decimal
    other: Decimal
    unpriced: int

    def as_said(self) -> dict[str, Any]:
        """Return it with decimal texts."""
        return {
            "orders": self.orders,
            "labour": str(self.labour),
            "parts": str(self.parts),
            "other": str(self.other),
            "total": str(self.labour + self.parts + self.other),
            "unpriced": self.unpriced,
        }


def costs_of(
    order: WorkOrder, acts: Sequence[OrderAct], policy: Mapping[str, Any], parts: Sum | None
) -> dict[str, Any]:
    """Return what an order cost as decimal texts.

    `unpriced` says how many moves of parts without a price count as nothing.
    """
    parts = parts or Sum()
    labour = _labour(order.labour_min, policy)
    built_in = _yuan(parts)
    other = sum((Decimal(act.p["amount"]) for act in acts if act.kind == "cost"), Decimal(0)).quantize(_CENT)
    return {
        "labour": str(labour),
        "parts": str(built_in),
        "unpriced": parts.unpriced,
        "other": str(other),
        "total": str(labour + built_in + other),
        "currency": policy["rates"]["currency"],
    }


def total_of(
    session: Session, *, site_id: UUID, where: ColumnElement[bool], policy: Mapping[str, Any]
) -> Total:
    """Return what the orders of a site to which a condition applies cost together; none is read by itself."""
    minutes = session.execute(
        select(WorkOrder.labour_min, func.count()).where(where).group_by(WorkOrder.labour_min)
    ).all()
    orders = select(WorkOrder.id).where(where)
    amounts = session.scalars(
        select(OrderAct.p).where(OrderAct.order_id.in_(orders), OrderAct.kind == "cost")
    )
    sums = cost_of_orders(session, site_id=site_id, orders=orders).values()
    return Total(
        orders=sum(count for _, count in minutes),
        labour=sum((_labour(some, policy) * count for some, count in minutes), Decimal(0)).quantize(_CENT),
        parts=sum((_yuan(one) for one in sums), Decimal(0)).quantize(_CENT),
        other=sum((Decimal(p["amount"]) for p in amounts), Decimal(0)).quantize(_CENT),
        unpriced=sum(one.unpriced for one in sums),
    )


def _labour(minutes: int, policy: Mapping[str, Any]) -> Decimal:
    return (Decimal(policy["rates"]["labour_hour"]) * minutes / 60).quantize(_CENT)


def _yuan(parts: Sum) -> Decimal:
    return (Decimal(parts.fen) / 100).quantize(_CENT)
