"""HTTP for the register: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "assets",
    __name__,
    url_prefix="/api/v1/sites/<uuid:site_id>",
    description="The asset register: cards, papers, states, due dates, import and export",
)

from server.assets.views import cards, duties, imports, papers, register, states, takeover  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "cards", "duties", "imports", "papers", "register", "states", "takeover"]
