"""What of an order is due when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.orders.models import WorkOrder
from sync.orders import UNDER_WAY, Event, OrderState


def deadlines_of(
    _session: Session, _order: WorkOrder, state: OrderState, _events: Sequence[Event], *, now_ms: int
) -> dict[str, Any]:
    """Return the columns `deadlines` and `next_due_ms` of an order."""
    del now_ms
    return {"deadlines": [], "next_due_ms": state.due_ms if state.state in UNDER_WAY else None}
