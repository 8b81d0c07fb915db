"""What may be done with work orders: the functions that views and other features call."""

from server.orders import deadlines
from server.orders.models import WorkOrder
from server.orders.service.acting import act
from server.orders.service.dues import dues
from server.orders.service.figures import figures
from server.orders.service.folding import Changed, rebuilding, refold, refold_open, row_of, state_of
from server.orders.service.opening import KINDS, SOURCES, of_target, open_order, order_of, orders_from
from server.orders.service.policies import change_policy, clauses_at, own_clauses, policy_of
from server.orders.service.retelling import forget_words, is_shown, show_photos
from server.orders.service.timing import calendar_of
from server.orders.service.watching import watch

__all__ = [
    "KINDS",
    "SOURCES",
    "Changed",
    "WorkOrder",
    "act",
    "calendar_of",
    "change_policy",
    "clauses_at",
    "deadlines",
    "dues",
    "figures",
    "forget_words",
    "is_shown",
    "of_target",
    "open_order",
    "order_of",
    "orders_from",
    "own_clauses",
    "policy_of",
    "rebuilding",
    "refold",
    "refold_open",
    "row_of",
    "show_photos",
    "state_of",
    "watch",
]
