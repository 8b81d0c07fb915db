"""`number`: a decimal with unit and limits, or why it could not be read."""

from __future__ import annotations

from typing import Any

from sync.forms.base import BEYOND, FaultLevel, Faults, Field, Kind, Meters, is_unread
from sync.forms.numbers import decimals_fault, level, limits_faults, unit_faults


def _options(field: Field) -> Faults:
    yield from unit_faults(field)
    yield from limits_faults(field)


def _answer(field: Field, answer: object, _meters: Meters) -> str | None:
    if isinstance(answer, dict):
        return None if is_unread(answer) else "not_a_number"
    return decimals_fault(answer, field.get("decimals", 0))


def fault(field: Field, answer: Any, _meters: Meters) -> FaultLevel | None:
    """Return how a number stands to the limits of its field."""
    if not isinstance(answer, str):
        return None
    found = level(answer, field.get("limits", {}))
    return None if found == "normal" else found


def number(_field: Field, answer: Any) -> str | None:
    """Return the number itself."""
    return answer if isinstance(answer, str) else None


NUMBER = Kind(
    members=frozenset({"unit", "decimals", "limits"}),
    options=_options,
    answer=_answer,
    levels=BEYOND,
    fault=fault,
    is_number=True,
    number=number,
)
