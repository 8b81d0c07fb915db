"""HTTP for parts and stock: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "stock",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Parts, the ledger of their moves, stock-takes and what was used up",
)

from server.stock.views import parts, takes  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "parts", "takes"]
