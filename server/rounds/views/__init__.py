"""HTTP for rounds: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "rounds",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="Routes, plans, the board, the patrol log and the evidence",
)

from server.rounds.views import evidence, log, office, plans, recurring  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "evidence", "log", "office", "plans", "recurring"]
