"""`check`: in order, faulty, or not applicable."""

from __future__ import annotations

from typing import Any

from sync.forms.base import FaultLevel, Faults, Field, Kind, Meters, flag_faults

_WORDS = ("ok", "fault", "na")


def _options(field: Field) -> Faults:
    yield from flag_faults(field, "photo_on_fault")


def _answer(_field: Field, answer: object, _meters: Meters) -> str | None:
    return None if answer in _WORDS else "not_a_check"


def _fault(_field: Field, answer: Any, _meters: Meters) -> FaultLevel | None:
    return "fault" if answer == "fault" else None


def _blobs(field: Field, answer: Any) -> int:
    return 1 if answer == "fault" and field.get("photo_on_fault", False) else 0


CHECK = Kind(
    members=frozenset({"photo_on_fault"}),
    options=_options,
    answer=_answer,
    levels=("fault",),
    fault=_fault,
    blobs=_blobs,
    words=lambda _field: _WORDS,
    chosen=lambda _field, answer: (answer,),
)
