"""`meter`: the reading of the asset's meter with this key, judged by the meter's own definition.

Which meter it was and in which edition stands in the answer; unit, decimals and limits are the
meter's. Without its definition (a meter that the site does not have) the form's own unit and
decimals count and there are no limits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sync.forms.base import (
    BEYOND,
    ID,
    UUID,
    FaultLevel,
    Faults,
    Field,
    Kind,
    Meters,
    is_count,
    is_unread,
    matches,
)
from sync.forms.numbers import decimals_fault, is_number, level, unit_faults


def _options(field: Field) -> Faults:
    if not matches(ID, field.get("meter")):
        yield "meter", "form"
    yield from unit_faults(field)


def _answer(field: Field, answer: object, meters: Meters) -> str | None:
    if not isinstance(answer, dict) or answer.keys() not in ({"cannot_read"}, {"meter", "edition", "value"}):
        return "not_a_reading"
    if "cannot_read" in answer:
        return None if is_unread(answer) else "not_a_reading"
    if not matches(UUID, answer["meter"]) or not is_count(answer["edition"], 1, 2**31):
        return "not_a_reading"
    if not is_number(answer["value"]):
        return "not_a_number"
    meter = meters.get(answer["meter"], {})
    unit = field.get("unit", "")
    if unit and meter and meter.get("unit", "") != unit:
        return "unit_mismatch"
    if meter.get("kind") == "counter" and Decimal(answer["value"]) < 0:
        return "negative"
    return decimals_fault(answer["value"], meter.get("decimals", field.get("decimals", 0)))


def _fault(_field: Field, answer: Any, meters: Meters) -> FaultLevel | None:
    if "value" not in answer:
        return None
    limits = meters.get(answer["meter"], {}).get("limits") or {}
    found = level(answer["value"], limits)
    return None if found == "normal" else found


METER = Kind(
    members=frozenset({"meter", "unit", "decimals"}),
    options=_options,
    answer=_answer,
    levels=BEYOND,
    fault=_fault,
    is_number=True,
    number=lambda _field, answer: answer.get("value"),
)
