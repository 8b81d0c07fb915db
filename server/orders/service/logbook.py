"""The maintenance log: what was done in a stretch of time, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from server.ledger.models import PrivatePart
from server.orders.models import OrderAct, OrderEvent, WorkOrder
from server.orders.service.costs import costs_of, total_of
from server.orders.service.figures import figures
from server.orders.service.listing import Scope, after_of, place_of, row_of
from server.orders.service.naming import named
from server.orders.service.policies import policy_of
from server.stock.service import cost_of_orders

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """The orders of somebody's scope that ended from `from_ms` on and before `to_ms`."""

    scope: Scope
    from_ms: int
    to_ms: int

    def where(self) -> ColumnElement[bool]:
        """Return the condition."""
        return and_(self.scope.where(), WorkOrder.ended_ms >= self.from_ms, WorkOrder.ended_ms < self.to_ms)


def count_of(session: Session, ended: Ended) -> int:
    """Return how many orders there are."""
    return session.scalar(select(func.count()).select_from(WorkOrder).where(ended.where())) or 0


def logbook(
    session: Session, ended: Ended, *, after: str | None = None, limit: int, now_ms: int
) -> dict[str, Any]:
    """Return a page of the log, the latest first; what all pages cost together, and how clauses were kept.

    :raises BadAfter: `after` was given by no page
    """
    orders = _orders(session, ended, None if after is None else place_of(after), limit + 1)
    shown = orders[:limit]
    policy = policy_of(session, site_id=ended.scope.site_id)
    last = shown[-1] if len(orders) > limit else None
    return {
        "orders": _lines(session, shown, policy, ended.scope, now_ms),
        "after": None if last is None or last.ended_ms is None else after_of(last.ended_ms, last.id),
        "sum": total_of(session, site_id=ended.scope.site_id, where=ended.where(), policy=policy).as_said(),
        "figures": figures(
            session,
            site_id=ended.scope.site_id,
            from_ms=ended.from_ms,
            to_ms=ended.to_ms,
            scope=ended.scope,
        ),
        "currency": policy["rates"]["currency"],
    }


def lines(session: Session, ended: Ended, *, now_ms: int) -> Iterator[dict[str, Any]]:
    """Yield every line of the log, the latest first; some hundred orders are in memory at a time."""
    policy = policy_of(session, site_id=ended.scope.site_id)
    place: tuple[int, UUID] | None = None
    while orders := _orders(session, ended, place, _AT_ONCE):
        last = orders[-1]
        place = (last.ended_ms or 0, last.id)
        yield from _lines(session, orders, policy, ended.scope, now_ms)
        for order in orders:
            session.expunge(order)


def latest(session: Session, ended: Ended, *, most: int, now_ms: int) -> dict[str, Any]:
    """Return the latest lines of the log at once, for a paper, and the currency of the costs."""
    policy = policy_of(session, site_id=ended.scope.site_id)
    found = list(islice(lines(session, ended, now_ms=now_ms), most))
    return {"orders": found, "currency": policy["rates"]["currency"]}


def _orders(
    session: Session, ended: Ended, after: tuple[int, UUID] | None, limit: int
) -> Sequence[WorkOrder]:
    query = select(WorkOrder).where(ended.where())
    if after is not None:
        at_ms, order = after
        further = or_(WorkOrder.ended_ms < at_ms, and_(WorkOrder.ended_ms == at_ms, WorkOrder.id > order))
        query = query.where(WorkOrder.ended_ms <= at_ms, further)
    return session.scalars(query.order_by(WorkOrder.ended_ms.desc(), WorkOrder.id).limit(limit)).all()


def _lines(
    session: Session, orders: Sequence[WorkOrder], policy: dict[str, Any], scope: Scope, now_ms: int
) -> list[dict[str, Any]]:
    ids = [order.id for order in orders]
    acts = _acts(session, ids)
    notes = _notes(session, {order.done["event"]: order for order in orders if order.done})
    by = [UUID(order.done["by"]) for order in orders if order.done and order.done["by"]]
    names = named(session, orders, people=by)
    parts = cost_of_orders(session, site_id=scope.site_id, orders=ids)
    arrived = _arrived(session, ids)
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
    return rows


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
