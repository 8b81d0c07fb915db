"""`computed`: what a formula over earlier numbers comes to. Nobody fills it; the phone sends it along."""

from __future__ import annotations

from collections.abc import Mapping

from sync.forms.base import BEYOND, Faults, Field, Kind, Meters
from sync.forms.formulas import FormulaError, names, parse, result
from sync.forms.kinds import number
from sync.forms.numbers import decimals_fault, limits_faults, unit_faults

_NUMBERS = ("computed", "meter", "number")


def _options(field: Field) -> Faults:
    yield from unit_faults(field)
    yield from limits_faults(field)
    try:
        parse(field.get("formula"))
    except FormulaError:
        yield "formula", "form"


def _references(field: Field, earlier: Mapping[str, Field]) -> Faults:
    try:
        used = sorted(set(names(parse(field.get("formula")))))
    except FormulaError:
        return
    if not used:
        yield "formula", "no_field"
    elif any(name not in earlier for name in used):
        yield "formula", "not_earlier"
    elif any(earlier[name]["kind"] not in _NUMBERS for name in used):
        yield "formula", "not_a_number"


def _answer(field: Field, answer: object, _meters: Meters) -> str | None:
    return decimals_fault(answer, field.get("decimals", 0))


def _derive(field: Field, numbers: Mapping[str, str]) -> str | None:
    return result(field["formula"], numbers, field.get("decimals", 0))


COMPUTED = Kind(
    members=frozenset({"formula", "unit", "decimals", "limits"}),
    options=_options,
    references=_references,
    answer=_answer,
    levels=BEYOND,
    fault=number.fault,
    is_number=True,
    number=number.number,
    derive=_derive,
)
