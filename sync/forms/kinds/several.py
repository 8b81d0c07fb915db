"""`several`: any of the options that apply. The answer is their ids, in the form's order, by blanks."""

from __future__ import annotations

from typing import Any

from sync.forms.base import FaultLevel, Faults, Field, Kind, Meters
from sync.forms.kinds.choice import is_fault, option_faults, option_ids

MOST_IDS = 64
"""So many characters may all ids together have, with the blanks between them: what an answer can hold."""


def _options(field: Field) -> Faults:
    found = list(option_faults(field))
    yield from found
    if not found and len(" ".join(option_ids(field))) > MOST_IDS:
        yield "options", "too_long"


def _chosen(_field: Field, answer: Any) -> tuple[str, ...]:
    return tuple(answer.split(" "))


def _answer(field: Field, answer: object, _meters: Meters) -> str | None:
    if not isinstance(answer, str) or not answer:
        return "not_options"
    chosen = answer.split(" ")
    in_order = [option for option in option_ids(field) if option in chosen]
    return None if chosen == in_order else "not_options"


def _fault(field: Field, answer: Any, _meters: Meters) -> FaultLevel | None:
    return "fault" if is_fault(field, _chosen(field, answer)) else None


SEVERAL = Kind(
    members=frozenset({"options"}),
    options=_options,
    answer=_answer,
    levels=("fault",),
    fault=_fault,
    words=option_ids,
    chosen=_chosen,
)
