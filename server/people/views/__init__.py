"""The people API: log-ins, people of a site, phones; and the messages by which a phone joins."""

from server.http import Blueprint

bp = Blueprint("people", __name__, description="Log-ins, people, phones")

from server.people.views import companies, leaving, phones, roster, sessions, sync  # noqa: E402  they hang their views on `bp`

__all__ = ["bp", "companies", "leaving", "phones", "roster", "sessions", "sync"]
