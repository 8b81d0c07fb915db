"""The people API: log-ins, people of a site, phones; and the messages by which a phone joins."""

from server.http import Blueprint

bp = Blueprint("people", __name__, description="Log-ins, people, phones")

from server.people.views import (  # noqa: E402  they hang their views on `bp`
    audit,
    badges,
    certificates,
    companies,
    invitations,
    leaving,
    own_login,
    phones,
    roster,
    sessions,
    sync,
)

__all__ = [
    "audit",
    "badges",
    "bp",
    "certificates",
    "companies",
    "invitations",
    "leaving",
    "own_login",
    "phones",
    "roster",
    "sessions",
    "sync",
]
