"""`choice`: one of several options; an option may mean a fault."""

from __future__ import annotations

from typing import Any

from sync.forms.base import ID, FaultLevel, Faults, Field, Kind, Meters, flag_faults, name_faults

MOST_OPTIONS = 20


def option_faults(field: Field, most: int = MOST_OPTIONS) -> Faults:
    """Yield what is wrong with the options of a choice, or of a choice of several."""
    options = field.get("options")
    if not isinstance(options, list) or not 2 <= len(options) <= most:
        yield "options", "count"
        return
    seen: set[str] = set()
    for i, option in enumerate(options):
        path = f"options[{i}]"
        if not isinstance(option, dict) or not option.keys() <= {"id", "label", "fault"}:
            yield path, "form"
            continue
        option_id = option.get("id")
        if not isinstance(option_id, str) or not ID.match(option_id):
            yield f"{path}.id", "form"
        elif option_id in seen:
            yield f"{path}.id", "repeated"
        else:
            seen.add(option_id)
        yield from name_faults(f"{path}.label", option.get("label"))
        for name, code in flag_faults(option, "fault"):
            yield f"{path}.{name}", code


def option_ids(field: Field) -> tuple[str, ...]:
    """Return the ids of a field's options in their order."""
    return tuple(option["id"] for option in field["options"])


def is_fault(field: Field, chosen: tuple[str, ...]) -> bool:
    """Tell whether one of the chosen options means a fault."""
    return any(option["id"] in chosen and option.get("fault", False) for option in field["options"])


def _answer(field: Field, answer: object, _meters: Meters) -> str | None:
    return None if isinstance(answer, str) and answer in option_ids(field) else "not_an_option"


def _fault(field: Field, answer: Any, _meters: Meters) -> FaultLevel | None:
    return "fault" if is_fault(field, (answer,)) else None


CHOICE = Kind(
    members=frozenset({"options"}),
    options=option_faults,
    answer=_answer,
    levels=("fault",),
    fault=_fault,
    words=option_ids,
    chosen=lambda _field, answer: (answer,),
)
