"""`text`: some words, which travel as a private part; where the form allows it, said aloud instead."""

from __future__ import annotations

from typing import Any

from sync.forms.base import MAX_TEXT, Faults, Field, Kind, Meters, flag_faults, is_count
from sync.forms.kinds.voice import is_voice


def _options(field: Field) -> Faults:
    if not is_count(field.get("max", MAX_TEXT), 1, MAX_TEXT):
        yield "max", "form"
    yield from flag_faults(field, "voice")


def _answer(field: Field, answer: object, _meters: Meters) -> str | None:
    if isinstance(answer, dict) and answer.keys() == {"private"} and answer["private"] is True:
        return None
    return None if field.get("voice", False) and is_voice(answer) else "not_private"


def _blobs(_field: Field, answer: Any) -> int:
    return 1 if is_voice(answer) else 0


TEXT = Kind(members=frozenset({"max", "voice"}), options=_options, answer=_answer, blobs=_blobs)
