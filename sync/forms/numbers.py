"""Numbers as people type them, and how a value stands to its limits. Decimals are exact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

Level = Literal["normal", "warning", "alarm"]

LIMIT_NAMES = ("alarm_low", "warn_low", "warn_high", "alarm_high")
"""The limits of a number, from low to high; each may be absent."""

NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?\Z")
_FOLDED = str.maketrans("０１２３４５６７８９．，,－−", "0123456789...--")


def fold_number(text: str) -> str | None:
    """Return a typed number as a decimal string, or None when it is none.

    Full-width digits and a decimal comma are read as digits and point. Blanks around it
    are dropped; nothing else is repaired.
    """
    folded = text.strip(" \t\u3000").translate(_FOLDED)
    return folded if NUMBER.match(folded) else None


def is_number(value: object) -> bool:
    """Tell whether a value is a decimal string as it travels."""
    return isinstance(value, str) and NUMBER.match(value) is not None


def level(value: str, limits: Mapping[str, str]) -> Level:
    """Return how a value stands to its limits; on a limit is still inside it.

    :param value: decimal string
    :param limits: decimal strings by the names of `LIMIT_NAMES`, each optional
    """
    number = Decimal(value)
    bounds = {name: Decimal(limit) for name, limit in limits.items()}
    if _beyond(number, bounds.get("alarm_low"), bounds.get("alarm_high")):
        return "alarm"
    if _beyond(number, bounds.get("warn_low"), bounds.get("warn_high")):
        return "warning"
    return "normal"


def _beyond(number: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is not None and number < low) or (high is not None and number > high)


def decimals_fault(value: object, decimals: object) -> str | None:
    """Return the code of what is wrong with a decimal string that may have so many decimals."""
    if not isinstance(value, str) or not NUMBER.match(value):
        return "not_a_number"
    _, _, fraction = value.partition(".")
    return "too_many_decimals" if isinstance(decimals, int) and len(fraction) > decimals else None


def unit_faults(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a field's unit and decimals."""
    unit = field.get("unit", "")
    if not isinstance(unit, str) or len(unit) > 16:
        yield "unit", "form"
    decimals = field.get("decimals", 0)
    if type(decimals) is not int or not 0 <= decimals <= 6:
        yield "decimals", "form"


def limits_faults(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a field's limits."""
    limits = field.get("limits", {})
    if not isinstance(limits, dict) or not limits.keys() <= set(LIMIT_NAMES):
        yield "limits", "form"
        return
    for name in LIMIT_NAMES:
        if name in limits and not is_number(limits[name]):
            yield f"limits.{name}", "form"
            return
    ordered = [Decimal(limits[name]) for name in LIMIT_NAMES if name in limits]
    if ordered != sorted(ordered):
        yield "limits", "order"
