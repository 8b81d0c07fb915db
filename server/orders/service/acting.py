"""What the office does to a work order."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from server.orders.deadlines import Moment
from server.orders.models import OrderAct, WorkOrder
from server.orders.service.folding import locked, of_act, said_to, write
from server.problems import NotFound
from sync.orders import OFFICE, OrderState


def act(
    session: Session,
    *,
    site_id: UUID,
    order_id: UUID,
    kind: str,
    p: dict[str, Any],
    by: UUID | None,
    now_ms: int,
    act_id: UUID | None = None,
) -> tuple[WorkOrder, OrderState]:
    """Do something to an order and return how it stands; the caller commits.

    :param kind: one of `sync.orders.OFFICE`
    :param by: who does it; None: a rule
    :raises NotFound: there is no such order at the site
    """
    assert kind in OFFICE, kind  # noqa: S101  our own callers
    found = [order for order in locked(session, [order_id]) if order.site_id == site_id]
    if not found:
        raise NotFound
    order = found[0]
    done = OrderAct(
        id=act_id or uuid4(),
        organisation_id=order.organisation_id,
        site_id=site_id,
        order_id=order.id,
        kind=kind,
        person_id=by,
        at_ms=now_ms,
        version=order.version + 1,
        p=p,
    )
    said = said_to(session, [order.id])[order.id]
    said.take(of_act(done), Moment(now_ms))
    session.add(done)
    return order, write(session, order, said, now_ms=now_ms, force=True)
