"""Where phones knock: the sync messages and photos."""

from server.ledger.views import photos, records, state
from server.ledger.views.base import bp

__all__ = ["bp", "photos", "records", "state"]
