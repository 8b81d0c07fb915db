"""Why something was refused, in the words of the resident's pages; and what they answer to their script."""

from __future__ import annotations

from typing import Final

from flask import Response, jsonify
from werkzeug.exceptions import RequestEntityTooLarge

from server.requests import service
from server.requests.words import Lang, say
from server.throttle import TooMuch

TEXT_CHARACTERS: Final = 1_000


class Refused(Exception):
    """What was sent cannot be taken: the page says why, and holds what was typed."""

    def __init__(self, word: str, status: int, *, at: str = "", **values: object) -> None:
        super().__init__(word)
        self.word, self.status, self.at, self.values = word, status, at, values


def as_refused(trouble: Exception) -> Refused:
    """Return why something was refused in the words of these pages; what they do not know goes on."""
    if isinstance(trouble, Refused):
        return trouble
    if isinstance(trouble, RequestEntityTooLarge):
        return Refused("refuse.large", 413)
    if isinstance(trouble, TooMuch):
        wait_s = int(trouble.headers["Retry-After"])
        return Refused("refuse.often", 429, minutes=max(1, -(-wait_s // 60)))
    if isinstance(trouble, service.NoPhoto):
        return Refused("refuse.photo", 415)
    if isinstance(trouble, service.TooManyPhotos):
        return Refused("refuse.photos", 422)
    if isinstance(trouble, service.NotNow):
        return Refused("refuse.state", 409)
    raise trouble


def words_of(refused: Refused, lang: Lang) -> str:
    """Return why something was refused, as a sentence."""
    values = dict(refused.values)
    if "minutes" in values:
        values["time"] = say("minutes", lang, n=values.pop("minutes"))
    return say(refused.word, lang, **values)


def told(message: str, status: int) -> Response:
    """Answer the page's script with a sentence."""
    return as_json({"message": message}, status)


def as_json(body: dict[str, str], status: int) -> Response:
    """Answer the page's script; nobody keeps it."""
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
