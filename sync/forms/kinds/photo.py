"""`photo`: so many photos; camera only, drawn on, stamped where the form says so."""

from __future__ import annotations

from typing import Any

from sync.forms.base import MAX_PHOTOS, Faults, Field, Kind, Meters, flag_faults, is_count, only

_FLAGS = ("camera_only", "mark_up", "stamp")


def _options(field: Field) -> Faults:
    if not is_count(field.get("min", 0), 0, 10):
        yield "min", "form"
    yield from flag_faults(field, *_FLAGS)


def _answer(_field: Field, answer: object, _meters: Meters) -> str | None:
    return None if is_count(only(answer, "photos"), 0, MAX_PHOTOS) else "not_photos"


def _blobs(field: Field, _answer: Any) -> int:
    least: int = field.get("min", 0)
    return max(least, 1) if field.get("required", False) else least


PHOTO = Kind(members=frozenset({"min", *_FLAGS}), options=_options, answer=_answer, blobs=_blobs)
