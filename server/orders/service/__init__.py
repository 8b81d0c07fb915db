"""What may be done with work orders: the functions that views and other features call."""

from server.orders.models import WorkOrder
from server.orders.service.acting import act
from server.orders.service.folding import Changed, rebuilding, refold, row_of, state_of
from server.orders.service.opening import KINDS, SOURCES, of_target, open_order, order_of, orders_from

__all__ = [
    "KINDS",
    "SOURCES",
    "Changed",
    "WorkOrder",
    "act",
    "of_target",
    "open_order",
    "order_of",
    "orders_from",
    "rebuilding",
    "refold",
    "row_of",
    "state_of",
]
