"""HTTP for reports: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "reports",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Reports and scores of a period, closed periods, registers",
)

from server.reports.views import (  # noqa: E402 (they hang their routes on bp)
    closings,
    complaints,
    figures,
    files,
    lamps,
    ledgers,
    maintenance,
    reorder,
    yearplan,
)

__all__ = [
    "bp",
    "closings",
    "complaints",
    "figures",
    "files",
    "lamps",
    "ledgers",
    "maintenance",
    "reorder",
    "yearplan",
]
