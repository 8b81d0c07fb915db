"""Conditions on earlier answers: when a field is asked, and when it must be answered.

``{"field": "leaks", "is": "fault"}``; beside ``is`` (a word) there are ``in`` (one of several words),
``over`` and ``under`` (a number) and ``level`` (one of several levels). A field that was not asked,
not answered, or could not be read fulfils none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sync.forms.base import Faults, Field, Kind
from sync.forms.numbers import is_number

OPERATORS = ("in", "is", "level", "over", "under")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an earlier answer says to conditions."""

    chosen: tuple[str, ...]
    number: str | None
    level: str | None
    """`normal`, `warning`, `alarm` or `fault`; None where it could not be read."""


def holds(condition: Mapping[str, object], seen: Mapping[str, Seen]) -> bool:
    """Tell whether a good condition is fulfilled.

    :param seen: field id → what its answer says, for those that were asked and answered
    """
    one = seen.get(str(condition["field"]))
    if one is None:
        return False
    if "is" in condition:
        return condition["is"] in one.chosen
    if isinstance(words := condition.get("in"), list):
        return any(word in one.chosen for word in words)
    if isinstance(levels := condition.get("level"), list):
        return one.level in levels
    if one.number is None:
        return False
    if "over" in condition:
        return Decimal(one.number) > Decimal(str(condition["over"]))
    return Decimal(one.number) < Decimal(str(condition["under"]))


def condition_faults(
    path: str, condition: object, earlier: Mapping[str, Field], kinds: Mapping[str, Kind]
) -> Faults:
    """Yield what is wrong with a condition.

    :param earlier: id → field, of those above the one that asks
    """
    if not isinstance(condition, dict) or "field" not in condition or len(condition) != 2:
        yield path, "form"
        return
    operator = next(name for name in condition if name != "field")
    if operator not in OPERATORS:
        yield path, "form"
        return
    field = earlier.get(condition["field"]) if isinstance(condition["field"], str) else None
    if field is None:
        yield f"{path}.field", "not_earlier"
        return
    kind, value = kinds[field["kind"]], condition[operator]
    if operator in ("over", "under"):
        if not kind.is_number:
            yield f"{path}.{operator}", "not_a_number"
        elif not is_number(value):
            yield f"{path}.{operator}", "form"
        return
    known: tuple[str, ...] = ("normal", *kind.levels) if operator == "level" else kind.words(field)
    wanted = [value] if operator == "is" else value
    if not isinstance(wanted, list) or not wanted or not all(isinstance(word, str) for word in wanted):
        yield f"{path}.{operator}", "form"
    elif known in ((), ("normal",)) or not set(wanted) <= set(known):
        yield f"{path}.{operator}", "not_an_option"
