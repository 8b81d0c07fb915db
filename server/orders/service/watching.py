"""Looks at orders whose time has come: what is missed now, and who is told."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed.service import flush
from server.orders.models import OrderAct, WorkOrder
from server.orders.service.acting import act
from server.orders.service.folding import feed, refold
from server.orders.service.policies import policy_of

KEPT_MS: Final = 14 * 86_400_000
"""So long phones keep an order after its end."""

AT_ONCE: Final = 1_000
"""So many orders are looked at in one go."""


def watch(session: Session, *, now_ms: int) -> None:
    """Judge again what time alone has made another, note whom the site wants told, and let phones forget.

    Safe to repeat. Publishes the feed; the caller commits at once.
    """
    query = select(WorkOrder.id).where(WorkOrder.look_ms <= now_ms).order_by(WorkOrder.look_ms).limit(AT_ONCE)
    due = session.scalars(query).all()
    refold(session, due, now_ms=now_ms)
    for order in session.scalars(select(WorkOrder).where(WorkOrder.id.in_(due))).all():
        _tell(session, order, now_ms)
    _take_from_phones(session, now_ms)
    flush(session, now_ms=now_ms)


def _take_from_phones(session: Session, now_ms: int) -> None:
    """Let phones forget what ended long ago."""
    over = (
        select(WorkOrder)
        .where(WorkOrder.fed, WorkOrder.ended_ms < now_ms - KEPT_MS)
        .order_by(WorkOrder.id)
        .limit(AT_ONCE)
        .with_for_update()
    )
    for order in session.scalars(over).all():
        order.fed = False
        order.version += 1
        feed(session, order)


def _tell(session: Session, order: WorkOrder, now_ms: int) -> None:
    """Note once, for each deadline and step, who is told."""
    steps = [(one, step) for one in order.deadlines if (step := step_of(one, now_ms)) is not None]
    if not steps:
        return
    tell = policy_of(session, site_id=order.site_id)["tell"]
    for one, step in steps:
        act_id = uuid5(order.id, f"{one['key']} {step} {one['due_ms']}")
        if session.get(OrderAct, act_id) is None:
            _escalate(session, order, one, step, who=tell.get(step, []), act_id=act_id, now_ms=now_ms)


def _escalate(
    session: Session,
    order: WorkOrder,
    one: dict[str, Any],
    step: str,
    *,
    who: list[str],
    act_id: UUID,
    now_ms: int,
) -> None:
    p = {name: one[name] for name in ("key", "clause", "what", "due_ms")} | {"step": step, "who": who}
    act(
        session,
        site_id=order.site_id,
        order_id=order.id,
        kind="escalate",
        p=p,
        by=None,
        now_ms=now_ms,
        act_id=act_id,
    )


def step_of(one: dict[str, Any], now_ms: int) -> str | None:
    """Return how far a deadline has come: ``missed``, ``near`` in its last third, else None."""
    if one["state"] == "missed":
        return "missed"
    if one["state"] == "running" and now_ms >= one["due_ms"] - one["span_ms"] // 3:
        return "near"
    return None
