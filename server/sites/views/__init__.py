"""HTTP for sites: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint("sites", __name__, description="Sites, their places, teams and tags")

from server.sites.views import holidays, maps, places, tags  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "holidays", "maps", "places", "tags"]
