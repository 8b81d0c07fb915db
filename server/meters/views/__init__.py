"""HTTP for meters: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "meters",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Meters of assets, the series of their readings, and what the office writes to them",
)

from server.meters.views import ledgers, register, series  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "ledgers", "register", "series"]
