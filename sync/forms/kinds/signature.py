"""`signature`: drawn with a finger, or the name typed instead of it.

What was drawn is a blob of role `signature`; the name is a private part. A typed name needs no picture and
is told apart for ever: it says that somebody wrote this name, not whose hand it was.
"""

from __future__ import annotations

from typing import Any

from sync.forms.base import Faults, Field, Kind, Meters, flag_faults, only


def _options(field: Field) -> Faults:
    yield from flag_faults(field, "name")


def _answer(_field: Field, answer: object, _meters: Meters) -> str | None:
    return None if only(answer, "signed") is True or is_typed(answer) else "not_signed"


def is_typed(answer: object) -> bool:
    """Tell whether the name was typed instead of drawn."""
    return only(answer, "typed") is True


def _blobs(_field: Field, answer: Any) -> int:
    return 0 if is_typed(answer) else 1


SIGNATURE = Kind(members=frozenset({"name"}), options=_options, answer=_answer, blobs=_blobs)
