"""How the resident's pages stand in the description of the API."""

from __future__ import annotations

from typing import Any, Final

PAGE: Final[dict[str, Any]] = {"text/html": {}}
SEEN: Final = {"200": {"content": PAGE, "description": "A page"}}
TOLD: Final[dict[str, Any]] = {"content": {**PAGE, "application/json": {}}}
SENT: Final = {
    "200": {"content": {"application/json": {}}, "description": "Where to follow it, for the page's script"},
    "303": {"description": "To the request's private page"},
    "409": {**TOLD, "description": "Not now: the request has ended meanwhile"},
    "413": {**TOLD, "description": "The photos are too large together"},
    "415": {**TOLD, "description": "One of the files is no photo"},
    "422": {
        **TOLD,
        "description": "Something is missing or does not fit; what was typed stands there again",
    },
    "429": {**TOLD, "description": "Too many just now"},
    "503": {**TOLD, "description": "It cannot be taken just now; what was typed stands there again"},
}
NONE: Final = {"404": {**TOLD, "description": "No such code or link"}}
FORM: Final = {"content": {"multipart/form-data": {"schema": {"type": "object"}}}, "required": True}
