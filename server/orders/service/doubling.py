"""Two orders for the same thing: one that is opened again though another took its place meanwhile.

The office is refused and told which one goes on. What somebody says on a phone is never refused: the
order is opened again, a rule notes that there are two, and a person settles it.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.orders.models import OrderAct, WorkOrder
from server.orders.service.acting import act
from server.orders.service.folding import locked, said_to, start_of
from server.problems import Problem
from sync.orders import UNDER_WAY, Event, fold

OPENS: Final = frozenset({"reopen", "verify", "follow", "settle"})
"""Acts that may open an order again."""


class OrderReplaced(Problem):
    """Another order took the place of this one and is under way: opened again, there would be two."""

    slug, status = "order-replaced", HTTPStatus.CONFLICT
    title = "Another order for the same thing is under way"
    carries: ClassVar = {
        "number": {"type": "string", "description": "The number of the one that is under way."},
    }


def successor_of(session: Session, order: WorkOrder) -> WorkOrder | None:
    """Return the order under way that took an order's place: for which it was cancelled, or of its rule."""
    named = [
        int(into.removeprefix("W-"))
        for (p,) in session.execute(
            select(OrderAct.p).where(OrderAct.order_id == order.id, OrderAct.kind == "cancel")
        )
        if (into := p.get("into")) is not None
    ]
    same: ColumnElement[bool] = WorkOrder.number.in_(named)
    if order.rule is not None:
        same |= WorkOrder.rule == order.rule
    query = select(WorkOrder).where(
        WorkOrder.site_id == order.site_id,
        WorkOrder.id != order.id,
        WorkOrder.state.in_(UNDER_WAY),
        same,
    )
    return session.scalars(query.order_by(WorkOrder.number.desc()).limit(1)).one_or_none()


def check_alone(session: Session, order: WorkOrder, *, kind: str, p: dict[str, Any], now_ms: int) -> None:
    """Refuse an act of the office that would open an order again beside the one that took its place.

    :raises OrderReplaced: there is such a one, under way
    """
    if kind not in OPENS or order.state in UNDER_WAY:
        return
    # its id is behind every other, so that it counts last of what is of the same millisecond
    done = Event(id="~", kind=kind, at_ms=now_ms, by=None, p=p, version=order.version + 1)
    state = fold(start_of(order), [*said_to(session, [order.id])[order.id].events, done])
    if state.state not in UNDER_WAY:
        return
    other = successor_of(session, order)
    if other is not None:
        raise OrderReplaced(f"{other.name} is under way", number=other.name)


def mark_doubles(session: Session, ids: Collection[UUID], *, now_ms: int) -> None:
    """Note of orders that a phone opened again that another took their place; once for each time."""
    for order in locked(session, ids):
        if order.rule is None or order.reopened == 0 or order.state not in UNDER_WAY:
            continue
        other = successor_of(session, order)
        if other is None:
            continue
        act_id = uuid5(order.id, f"double {other.id} {order.reopened}")
        if session.get(OrderAct, act_id) is None:
            act(
                session,
                site_id=order.site_id,
                order_id=order.id,
                kind="double",
                p={"into": other.name},
                by=None,
                now_ms=now_ms,
                act_id=act_id,
            )
