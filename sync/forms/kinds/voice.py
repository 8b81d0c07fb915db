"""`voice`: a few seconds of speech. The answer says how many; the sound is a blob of role `voice`."""

from __future__ import annotations

from sync.forms.base import Field, Kind, Meters, is_count, only

MOST_SECONDS = 12
"""Ten are offered; a phone may be a little late to stop."""


def is_voice(answer: object) -> bool:
    """Tell whether an answer says how long a voice note is."""
    return is_count(only(answer, "seconds"), 1, MOST_SECONDS)


def _answer(_field: Field, answer: object, _meters: Meters) -> str | None:
    return None if is_voice(answer) else "not_a_voice"


VOICE = Kind(answer=_answer, blobs=lambda _field, _answer: 1)
