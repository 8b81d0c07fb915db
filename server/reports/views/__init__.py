"""HTTP for reports: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "reports",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Reports and scores of a period, closed periods, registers",
)

from server.reports.views import closings, complaints, figures, files  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "closings", "complaints", "figures", "files"]
from server.reports.views import closings, figures, files, ledgers  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "closings", "figures", "files", "ledgers"]
