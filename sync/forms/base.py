"""What every field kind is made of, and the small checks that several of them share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

CANNOT_READ = ("dark", "broken", "blocked", "other")
"""Why a number could not be read."""
MAX_FIELDS = 100
MAX_NAME = 120
"""The most characters of a name, a label or a hint in one language."""
MAX_GUIDE = 500
"""The most characters of a guide in one language."""
MAX_TEXT = 2_000
MAX_PHOTOS = 32

ID = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")

Field: TypeAlias = Mapping[str, Any]
"""A field of a good form."""
Meters: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Meter id → `kind, unit, decimals, limits` of the edition that an answer names."""
Faults: TypeAlias = Iterator[tuple[str, str]]
"""Paths below the thing that is looked at, each with a code."""
FaultLevel: TypeAlias = Literal["warning", "alarm", "fault"]

BEYOND: tuple[FaultLevel, ...] = ("warning", "alarm")


@dataclass(frozen=True, slots=True)
class DefinitionFault:
    """One thing that is wrong with a form's definition: where, and a code for it."""

    path: str
    code: str


def no_options(_field: Field) -> Faults:
    """Of a kind without options."""
    yield from ()


def no_references(_field: Field, _earlier: Mapping[str, Field]) -> Faults:
    """Of a kind whose options name no other field."""
    yield from ()


def no_fault(_field: Field, _answer: Any, _meters: Meters) -> FaultLevel | None:
    """Of a kind whose answers find nothing wrong."""
    return None


def no_blobs(_field: Field, _answer: Any) -> int:
    """Of a kind that needs no photo."""
    return 0


def no_number(_field: Field, _answer: Any) -> str | None:
    """Of a kind whose answers are no numbers."""
    return None


def nothing_chosen(_field: Field, _answer: Any) -> tuple[str, ...]:
    """Of a kind that offers no words."""
    return ()


def no_words(_field: Field) -> tuple[str, ...]:
    """Of a kind that offers no words."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A field kind: its options, what an answer must look like, and what it means."""

    members: frozenset[str] = frozenset()
    """The names of its options."""
    answer: Callable[[Field, object, Meters], str | None]
    """Returns the code of what is wrong with an answer, or None."""
    options: Callable[[Field], Faults] = no_options
    """Yields what is wrong with a field's options."""
    references: Callable[[Field, Mapping[str, Field]], Faults] = no_references
    """Yields what is wrong with what it says of earlier fields (id → field)."""
    levels: tuple[FaultLevel, ...] = ()
    """What `fault` may return."""
    fault: Callable[[Field, Any, Meters], FaultLevel | None] = no_fault
    """Returns the level of a fitting answer, or None when all is well."""
    blobs: Callable[[Field, Any], int] = no_blobs
    """Returns how many photos, voice notes or signatures a fitting answer needs."""
    is_number: bool = False
    """Whether its answers are numbers that conditions and formulas may use."""
    number: Callable[[Field, Any], str | None] = no_number
    """Returns the decimal string of a fitting answer, or None when it could not be read."""
    words: Callable[[Field], tuple[str, ...]] = no_words
    """Returns what conditions may compare an answer with."""
    chosen: Callable[[Field, Any], tuple[str, ...]] = nothing_chosen
    """Returns which of these words a fitting answer says."""
    derive: Callable[[Field, Mapping[str, str]], str | None] | None = None
    """Of a kind that nobody fills: returns the answer out of the numbers of earlier fields."""


def matches(form: re.Pattern[str], value: object) -> bool:
    """Tell whether a value is a text of this form."""
    return isinstance(value, str) and form.match(value) is not None


def is_count(value: object, low: int, high: int) -> bool:
    """Tell whether a value is a whole number in these bounds; true and false are none."""
    return type(value) is int and low <= value <= high


def only(answer: object, name: str) -> Any:
    """Return the value of an object that has this one member; None for everything else."""
    if isinstance(answer, dict) and answer.keys() == {name}:
        return answer[name]
    return None


def is_unread(answer: object) -> bool:
    """Tell whether an answer says that a number could not be read, and why."""
    return only(answer, "cannot_read") in CANNOT_READ


def flag_faults(field: Field, *names: str) -> Faults:
    """Yield the options of these names that are neither true nor false."""
    for name in names:
        if not isinstance(field.get(name, False), bool):
            yield name, "form"


def name_faults(path: str, name: object, most: int = MAX_NAME) -> Faults:
    """Yield what is wrong with a text in two languages; the Chinese must not be empty."""
    if not isinstance(name, dict) or name.keys() != {"zh", "en"}:
        yield path, "two_languages"
        return
    zh, en = name["zh"], name["en"]
    if not isinstance(zh, str) or not zh.strip() or len(zh) > most:
        yield f"{path}.zh", "form"
    if not isinstance(en, str) or len(en) > most:
        yield f"{path}.en", "form"
