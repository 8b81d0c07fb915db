"""Forms: what a definition may say, what an answer looks like, what it means.

See ``docs/protocol/forms.md``; ``tests/vectors/forms.json`` holds this and
``pwa/src/protocol/forms.ts`` together. A field kind is one entry of `KINDS`: a name is
never reused, options are only added, with a default; anything else is a new kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Level = Literal["normal", "warning", "alarm"]

LIMIT_NAMES = ("alarm_low", "warn_low", "warn_high", "alarm_high")
"""The limits of a number, from low to high; each may be absent."""

CANNOT_READ = ("dark", "broken", "blocked", "other")
MAX_FIELDS = 100
MAX_NAME = 120
"""The most characters of a name, a label or a hint in one language."""
MAX_TEXT = 2_000

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?\Z")
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_FOLDED = str.maketrans("０１２３４５６７８９．，,－−", "0123456789...--")


@dataclass(frozen=True, slots=True)
class DefinitionFault:
    """One thing that is wrong with a form's definition: where, and a code for it."""

    path: str
    code: str


@dataclass(frozen=True, slots=True)
class FieldFault:
    """An answer that opens a finding: `warning`, `alarm`, or `fault` of a check or choice."""

    field: str
    level: Literal["warning", "alarm", "fault"]


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
class Kind:
    """A field kind: its options, what an answer must look like, and what it means.

    `options` yields what is wrong with a field's options (path below the field, code);
    `answer` returns the code of what is wrong with an answer, or None;
    `fault` returns the level that a fitting answer has, or None when all is well;
    `photos` returns how many photos the field needs, given its answer (None: no answer).
    """

    members: frozenset[str]
    options: Callable[[Mapping[str, object]], Iterator[tuple[str, str]]]
    answer: Callable[[Mapping[str, object], object], str | None]
    fault: Callable[[Mapping[str, object], object], Literal["warning", "alarm", "fault"] | None]
    photos: Callable[[Mapping[str, object], object], int]


# -- numbers ---------------------------------------------------------------------------


def fold_number(text: str) -> str | None:
    """Return a typed number as a decimal string, or None when it is none.

    Full-width digits and a decimal comma are read as digits and point. Blanks around it
    are dropped; nothing else is repaired.
    """
    folded = text.strip(" \t\u3000").translate(_FOLDED)
    return folded if _NUMBER.match(folded) else None


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


# -- definitions -----------------------------------------------------------------------


def check_form(definition: object) -> list[DefinitionFault]:
    """Return everything that is wrong with a form's definition; an empty list is a good form."""
    if not isinstance(definition, dict):
        return [DefinitionFault("", "not_an_object")]
    faults = [DefinitionFault(path, code) for path, code in _form_faults(definition)]
    fields = definition.get("fields")
    if not isinstance(fields, list) or not 1 <= len(fields) <= MAX_FIELDS:
        return [*faults, DefinitionFault("fields", "count")]
    seen: set[str] = set()
    for i, field in enumerate(fields):
        faults += [DefinitionFault(f"fields[{i}]{p and '.' + p}", c) for p, c in _field_faults(field)]
        field_id = field.get("id") if isinstance(field, dict) else None
        if isinstance(field_id, str):
            if field_id in seen:
                faults.append(DefinitionFault(f"fields[{i}].id", "repeated"))
            seen.add(field_id)
    return faults


def _form_faults(form: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from ((name, "unknown") for name in sorted(form.keys() - {"id", "name", "edition", "fields"}))
    if not _matches(_UUID, form.get("id")):
        yield "id", "form"
    yield from _name_faults("name", form.get("name"))
    if not _is_count(form.get("edition"), 1, 2**31):
        yield "edition", "form"


def _field_faults(field: object) -> Iterator[tuple[str, str]]:
    if not isinstance(field, dict):
        yield "", "not_an_object"
        return
    kind = KINDS.get(str(field.get("kind")))
    if kind is None:
        yield "kind", "unknown"
        return
    known = {"id", "kind", "label", "required", "hint"} | kind.members
    yield from ((name, "unknown") for name in sorted(field.keys() - known))
    if not _matches(_ID, field.get("id")):
        yield "id", "form"
    yield from _name_faults("label", field.get("label"))
    if "hint" in field:
        yield from _name_faults("hint", field["hint"])
    if not isinstance(field.get("required", False), bool):
        yield "required", "form"
    yield from kind.options(field)


def _name_faults(path: str, name: object) -> Iterator[tuple[str, str]]:
    if not isinstance(name, dict) or name.keys() != {"zh", "en"}:
        yield path, "two_languages"
        return
    zh, en = name["zh"], name["en"]
    if not isinstance(zh, str) or not zh.strip() or len(zh) > MAX_NAME:
        yield f"{path}.zh", "form"
    if not isinstance(en, str) or len(en) > MAX_NAME:
        yield f"{path}.en", "form"


def _matches(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.match(value) is not None


def _is_count(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


# -- answers ---------------------------------------------------------------------------


def check_answer(field: Mapping[str, object], answer: object) -> str | None:
    """Return the code of what is wrong with an answer to `field`, or None when it fits.

    :param field: a field of a good form
    """
    return KINDS[str(field["kind"])].answer(field, answer)


def judge(form: Mapping[str, object], values: Mapping[str, object], photos: Mapping[str, int]) -> Judgement:
    """Return what the answers of a stop amount to.

    :param form: a good form, in the edition that was filled
    :param values: field id → answer, as in the record
    :param photos: field id → how many photos were taken for it
    """
    fields = form["fields"]
    if not isinstance(fields, list):
        raise TypeError("the form was not checked")
    faults: list[FieldFault] = []
    missing: list[str] = []
    invalid: list[str] = []
    unread: list[str] = []
    for field in fields:
        field_id, kind = field["id"], KINDS[field["kind"]]
        answer = values.get(field_id)
        if answer is None:
            if field.get("required", False):
                missing.append(field_id)
            continue
        if kind.answer(field, answer) is not None:
            invalid.append(field_id)
            continue
        found = kind.fault(field, answer)
        if found is not None:
            faults.append(FieldFault(field_id, found))
        if isinstance(answer, dict) and "cannot_read" in answer:
            unread.append(field_id)
        if photos.get(field_id, 0) < kind.photos(field, answer):
            missing.append(field_id)
    invalid += sorted(values.keys() - {field["id"] for field in fields})
    return Judgement(tuple(faults), tuple(missing), tuple(invalid), tuple(unread))


# -- the kinds -------------------------------------------------------------------------


def _no_fault(_field: Mapping[str, object], _answer: object) -> None:
    return None


def _no_photos(_field: Mapping[str, object], _answer: object) -> int:
    return 0


def _check_options(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not isinstance(field.get("photo_on_fault", False), bool):
        yield "photo_on_fault", "form"


def _check_answer(_field: Mapping[str, object], answer: object) -> str | None:
    return None if answer in ("ok", "fault", "na") else "not_a_check"


def _check_fault(_field: Mapping[str, object], answer: object) -> Literal["fault"] | None:
    return "fault" if answer == "fault" else None


def _check_photos(field: Mapping[str, object], answer: object) -> int:
    return 1 if answer == "fault" and field.get("photo_on_fault", False) else 0


def _number_options(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    unit = field.get("unit", "")
    if not isinstance(unit, str) or len(unit) > 16:
        yield "unit", "form"
    if not _is_count(field.get("decimals", 0), 0, 6):
        yield "decimals", "form"
    limits = field.get("limits", {})
    if not isinstance(limits, dict) or not limits.keys() <= set(LIMIT_NAMES):
        yield "limits", "form"
        return
    for name in LIMIT_NAMES:
        if name in limits and not _matches(_NUMBER, limits[name]):
            yield f"limits.{name}", "form"
            return
    ordered = [Decimal(limits[name]) for name in LIMIT_NAMES if name in limits]
    if ordered != sorted(ordered):
        yield "limits", "order"


def _number_answer(field: Mapping[str, object], answer: object) -> str | None:
    if isinstance(answer, dict):
        fits = answer.keys() == {"cannot_read"} and answer["cannot_read"] in CANNOT_READ
        return None if fits else "not_a_number"
    if not isinstance(answer, str) or not _NUMBER.match(answer):
        return "not_a_number"
    decimals = field.get("decimals", 0)
    _, _, fraction = answer.partition(".")
    return "too_many_decimals" if isinstance(decimals, int) and len(fraction) > decimals else None


def _number_fault(field: Mapping[str, object], answer: object) -> Literal["warning", "alarm", "fault"] | None:
    limits = field.get("limits", {})
    if not isinstance(answer, str) or not isinstance(limits, dict):
        return None
    found = level(answer, limits)
    return None if found == "normal" else found


def _choice_options(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    options = field.get("options")
    if not isinstance(options, list) or not 2 <= len(options) <= 20:
        yield "options", "count"
        return
    seen: set[str] = set()
    for i, option in enumerate(options):
        path = f"options[{i}]"
        if not isinstance(option, dict) or not option.keys() <= {"id", "label", "fault"}:
            yield path, "form"
            continue
        option_id = option.get("id")
        if not isinstance(option_id, str) or not _ID.match(option_id):
            yield f"{path}.id", "form"
        elif option_id in seen:
            yield f"{path}.id", "repeated"
        else:
            seen.add(option_id)
        yield from _name_faults(f"{path}.label", option.get("label"))
        if not isinstance(option.get("fault", False), bool):
            yield f"{path}.fault", "form"


def _chosen(field: Mapping[str, object], answer: object) -> Mapping[str, object] | None:
    options = field["options"]
    if not isinstance(options, list) or not isinstance(answer, str):
        return None
    return next((option for option in options if option["id"] == answer), None)


def _choice_answer(field: Mapping[str, object], answer: object) -> str | None:
    return None if _chosen(field, answer) is not None else "not_an_option"


def _choice_fault(field: Mapping[str, object], answer: object) -> Literal["fault"] | None:
    option = _chosen(field, answer)
    return "fault" if option is not None and option.get("fault", False) else None


def _text_options(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not _is_count(field.get("max", MAX_TEXT), 1, MAX_TEXT):
        yield "max", "form"


def _text_answer(_field: Mapping[str, object], answer: object) -> str | None:
    fits = isinstance(answer, dict) and answer.keys() == {"private"} and answer["private"] is True
    return None if fits else "not_private"


def _photo_options(field: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not _is_count(field.get("min", 0), 0, 10):
        yield "min", "form"


def _photo_answer(_field: Mapping[str, object], answer: object) -> str | None:
    fits = isinstance(answer, dict) and answer.keys() == {"photos"} and _is_count(answer["photos"], 0, 32)
    return None if fits else "not_photos"


def _photo_photos(field: Mapping[str, object], _answer: object) -> int:
    least = field.get("min", 0)
    least = least if isinstance(least, int) else 0
    return max(least, 1) if field.get("required", False) else least


KINDS: dict[str, Kind] = {
    "check": Kind(frozenset({"photo_on_fault"}), _check_options, _check_answer, _check_fault, _check_photos),
    "choice": Kind(frozenset({"options"}), _choice_options, _choice_answer, _choice_fault, _no_photos),
    "number": Kind(
        frozenset({"unit", "decimals", "limits"}),
        _number_options,
        _number_answer,
        _number_fault,
        _no_photos,
    ),
    "photo": Kind(frozenset({"min"}), _photo_options, _photo_answer, _no_fault, _photo_photos),
    "text": Kind(frozenset({"max"}), _text_options, _text_answer, _no_fault, _no_photos),
}
"""Every field kind by its name; sorted."""
