"""What the answers of one stop amount to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync.forms.base import FaultLevel, Field, Kind, Meters, is_unread
from sync.forms.conditions import Seen, holds
from sync.forms.kinds import KINDS

NO_METERS: Meters = {}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """An answer that opens a finding: `warning`, `alarm`, or `fault` of a check or choice."""

    field: str
    level: FaultLevel


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the answers of one stop amount to.

    `missing` are required fields without an answer and fields without the photos that they
    need, `invalid` the answers that do not fit their field (or have none), `unread` the
    numbers that could not be read. All in the order of the form; strangers last, sorted.
    """

    faults: tuple[FieldFault, ...]
    missing: tuple[str, ...]
    invalid: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def faulty(self) -> bool:
        """Whether the visit found something wrong."""
        return bool(self.faults)

    @property
    def incomplete(self) -> bool:
        """Whether something that the form asks for is not there."""
        return bool(self.missing or self.invalid)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one field stands among the answers."""

    field: Field
    kind: Kind
    shown: bool
    """Whether it is asked: it has no condition, or the condition holds."""
    required: bool
    answer: Any
    """As given; of a computed field what it comes to when nothing was given. None: not answered."""
    wrong: str | None
    """The code of what does not fit."""
    level: FaultLevel | None


def check_answer(field: Field, answer: object, meters: Meters = NO_METERS) -> str | None:
    """Return the code of what is wrong with an answer to `field`, or None when it fits.

    :param field: a field of a good form
    """
    return KINDS[str(field["kind"])].answer(field, answer, meters)


def level_of(field: Field, answer: object, meters: Meters = NO_METERS) -> FaultLevel | None:
    """Return the level of an answer that fits `field`, or None when all is well."""
    return KINDS[str(field["kind"])].fault(field, answer, meters)


def standings(
    form: Mapping[str, Any], values: Mapping[str, Any], meters: Meters = NO_METERS
) -> Iterator[Standing]:
    """Yield how each field of a good form stands, in its order.

    An answer to a field that was not asked is read like any other, so that nothing that somebody saw is
    lost; but no condition and no formula hears of it, and it is never missing.
    """
    seen: dict[str, Seen] = {}
    numbers: dict[str, str] = {}
    for field in form["fields"]:
        kind = KINDS[field["kind"]]
        shown = "if" not in field or holds(field["if"], seen)
        required = field.get("required", False)
        if isinstance(required, dict):
            required = holds(required, seen)
        answer, wrong = values.get(field["id"]), None
        result = kind.derive(field, numbers) if kind.derive is not None and shown else None
        if answer is None:
            answer = result
        else:
            wrong = kind.answer(field, answer, meters)
            if wrong is None and kind.derive is not None and shown and answer != result:
                wrong = "not_the_result"
        found = None
        if answer is not None and wrong is None:
            found = kind.fault(field, answer, meters)
            number = kind.number(field, answer)
            if shown:
                level = None if kind.is_number and number is None else (found or "normal")
                seen[field["id"]] = Seen(kind.chosen(field, answer), number, level)
                if number is not None:
                    numbers[field["id"]] = number
        yield Standing(field, kind, shown, shown and required, answer, wrong, found)


def judge(
    form: Mapping[str, Any],
    values: Mapping[str, Any],
    photos: Mapping[str, int],
    meters: Meters = NO_METERS,
) -> Judgement:
    """Return what the answers of a stop amount to.

    :param form: a good form, in the edition that was filled
    :param values: field id → answer, as in the record
    :param photos: field id → how many photos, voice notes or signatures were kept for it
    :param meters: meter id → its definition in the edition that the answer names
    """
    faults: list[FieldFault] = []
    missing: list[str] = []
    invalid: list[str] = []
    unread: list[str] = []
    for one in standings(form, values, meters):
        field_id = one.field["id"]
        if one.answer is None:
            if one.required:
                missing.append(field_id)
            continue
        if one.wrong is not None:
            invalid.append(field_id)
            continue
        if one.level is not None:
            faults.append(FieldFault(field_id, one.level))
        if is_unread(one.answer):
            unread.append(field_id)
        if one.shown and photos.get(field_id, 0) < one.kind.blobs(one.field, one.answer):
            missing.append(field_id)
    invalid += sorted(values.keys() - {field["id"] for field in form["fields"]})
    return Judgement(tuple(faults), tuple(missing), tuple(invalid), tuple(unread))
