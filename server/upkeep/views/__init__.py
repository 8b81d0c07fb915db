"""HTTP for upkeep: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "upkeep",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Rules of preventive maintenance, what is due by them, the plan of a year",
)

from server.upkeep.views import rules  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "rules"]
