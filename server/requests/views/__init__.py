"""HTTP for the service desk: parse, call the service, commit, dump."""

from server.http import Blueprint

bp = Blueprint(
    "requests",
    __name__,
    description="The service desk, and the pages on which residents make requests and follow them",
)

from server.requests.views import desk, public  # noqa: E402 (they hang their routes on bp)

__all__ = ["bp", "desk", "public"]
