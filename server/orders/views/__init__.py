"""HTTP for work orders: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "orders",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Work orders, their deadlines and the maintenance log",
)

from server.orders.views import logbook, order, orders, policy  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "logbook", "order", "orders", "policy"]
