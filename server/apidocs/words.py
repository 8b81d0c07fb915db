"""What the document says in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.people.access import COOKIE

INTRODUCTION = "\n\n".join(
    (
        "Phones speak the messages of docs/protocol: evidence goes up, state comes down. "
        "The console reads and changes the rest.",
        "Bodies are strict JSON: a duplicate member, NaN, half a surrogate pair, an integer beyond 2^53 or "
        "nesting beyond 32 is refused, and so is a member that nobody knows. "
        "An answer may have more members in a later release.",
        "A refusal is `application/problem+json`; its `type` leads to a text. "
        "Another method than those here is answered with 405 and `Allow`, an address that is none with 404. "
        "Every GET answers HEAD, every address OPTIONS. "
        "A page that is asked for under another name of the same machine leads to the right one with 308.",
    )
)

ABOUT = {
    "ledger": "The messages of phones, and their photos",
    "pages": "Pages, files and health",
    "apidocs": "This description",
}
"""The features that are no blueprints of flask-smorest, which say what they are about themselves."""

SECURITY: dict[str, Any] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The console's log-in. What changes something must come from our own pages as well.",
    },
    "proof": {
        "type": "http",
        "scheme": "Fieldsync",
        "description": "The log's key signs every request: see docs/protocol/messages.md, Proof.",
    },
}


def who_may(view: Callable[..., Any]) -> str:
    """Return the sentence that says who may."""
    who: str = view.policy  # type: ignore[attr-defined]
    said = {
        "public": "For anybody.",
        "phone": "For a phone that proves the request by its log's key.",
        "member": "For anybody who is logged in.",
    }.get(who, f"Needs `{who}`.")
    fresh = " The password must have been given within the last ten minutes."
    return said + (fresh if getattr(view, "fresh", False) else "")
