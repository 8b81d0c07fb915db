"""Meters: what a definition may say, what a reading looks like, how it stands to the limits of its season.

See ``docs/meters.md``; ``tests/vectors/meters.json`` holds this and ``pwa/src/protocol/meters.ts``
together. Pure: no clock, no database. A value is a decimal string, as in `sync.forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from sync.forms import LIMIT_NAMES, DefinitionFault, Level, level
from sync.scalars import Count, Uuid, Version

KINDS: Final = ("gauge", "counter")
"""A gauge goes up and down; a counter only rises, until it begins again at 0."""

MEMBERS: Final = frozenset({"unit", "decimals", "kind", "max", "limits", "seasons", "jump"})
MAX_SEASONS: Final = 6
MAX_DECIMALS: Final = 6
MICRO: Final = 1_000_000
"""Values are counted in millionths: a number has at most six decimals."""

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?\Z")
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
_LONGEST: Final = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def micro_of(value: str) -> int:
    """Return a decimal string in millionths."""
    return int(Decimal(value).scaleb(6))


def value_of(micro: int) -> str:
    """Return millionths as a decimal string without idle zeros."""
    text = f"{Decimal(micro).scaleb(-6):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- definitions -----------------------------------------------------------------------


def check_meter(definition: Mapping[str, Any]) -> list[DefinitionFault]:
    """Return everything that is wrong with a meter's definition; an empty list is a good one."""
    return [DefinitionFault(path, code) for path, code in _faults(definition)]


def _faults(meter: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, "unknown") for name in sorted(meter.keys() - MEMBERS))
    unit, decimals, kind = meter.get("unit", ""), meter.get("decimals", 0), meter.get("kind")
    if not isinstance(unit, str) or len(unit) > 16:
        yield "unit", "form"
    if type(decimals) is not int or not 0 <= decimals <= MAX_DECIMALS:
        yield "decimals", "form"
        decimals = MAX_DECIMALS
    if kind not in KINDS:
        yield "kind", "unknown"
    highest, jump = meter.get("max"), meter.get("jump")
    if highest is not None:
        if kind == "gauge":
            yield "max", "only_counters"
        elif not _is_positive(highest, decimals):
            yield "max", "form"
    if jump is not None and not _is_positive(jump, MAX_DECIMALS):
        yield "jump", "form"
    yield from _limit_faults("limits", meter.get("limits", {}))
    yield from _season_faults(meter.get("seasons", []))


def _is_positive(value: object, decimals: int) -> bool:
    if not isinstance(value, str) or not _NUMBER.match(value):
        return False
    return Decimal(value) > 0 and len(value.partition(".")[2]) <= decimals


def _limit_faults(path: str, limits: object) -> Iterator[tuple[str, str]]:
    if not isinstance(limits, Mapping) or not limits.keys() <= set(LIMIT_NAMES):
        yield path, "form"
        return
    wrong = [n for n in LIMIT_NAMES if n in limits and not _is_number(limits[n])]
    if wrong:
        yield f"{path}.{wrong[0]}", "form"
        return
    ordered = [Decimal(limits[name]) for name in LIMIT_NAMES if name in limits]
    if ordered != sorted(ordered):
        yield path, "order"


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.match(value) is not None


def _season_faults(seasons: object) -> Iterator[tuple[str, str]]:
    if not isinstance(seasons, list) or len(seasons) > MAX_SEASONS:
        yield "seasons", "count"
        return
    taken: list[Mapping[str, Any]] = []
    for i, season in enumerate(seasons):
        path = f"seasons[{i}]"
        if not isinstance(season, Mapping) or season.keys() != {"from", "to", "limits"}:
            yield path, "form"
            continue
        wrong = [name for name in ("from", "to") if not _is_day(season[name])]
        if wrong:
            yield f"{path}.{wrong[0]}", "form"
            continue
        yield from _limit_faults(f"{path}.limits", season["limits"])
        if any(_overlap(season, other) for other in taken):
            yield path, "overlaps"
        taken.append(season)


def _is_day(text: object) -> bool:
    if not isinstance(text, str) or not _DAY.match(text):
        return False
    month, day = int(text[:2]), int(text[3:])
    return day <= _LONGEST.get(month, 31)


def _overlap(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether two seasons share a day: then one of them begins inside the other."""
    return _within(a["from"], b) or _within(b["from"], a)


def _within(day: str, season: Mapping[str, Any]) -> bool:
    first, last = str(season["from"]), str(season["to"])
    return first <= day <= last if first <= last else day >= first or day <= last


# -- exchanges -------------------------------------------------------------------------

READ: Final = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?\Z"
"""A value as it travels."""


class MeterExchange(Struct, forbid_unknown_fields=True, frozen=True):
    """A meter was taken out and another one put in; words are the private part `note`."""

    meter: Uuid
    edition: Version
    """The edition of the meter that the phone had: both values are judged by it."""
    end: Annotated[str, Meta(pattern=READ)] | None
    """What the old meter showed last; None: nobody could read it, and what it counted since is not known."""
    start: Annotated[str, Meta(pattern=READ)]
    """What the new one began with."""
    number: Annotated[str, Meta(max_length=40)] | None
    """What stands on the new one's case; None: nobody looked."""
    seen: Count
    """Of how many exchanges of this meter the phone had heard."""


# -- readings --------------------------------------------------------------------------


def limits_on(definition: Mapping[str, Any], day: date) -> Mapping[str, str]:
    """Return the limits that hold on a day of the site: those of its season, else the meter's own.

    A season from 15 November to 15 March goes over the New Year; both its days belong to it.
    """
    text = f"{day.month:02}-{day.day:02}"
    for season in definition.get("seasons", ()):
        if _within(text, season):
            return season["limits"]  # type: ignore[no-any-return]
    return definition.get("limits", {})  # type: ignore[no-any-return]


def defined_on(definition: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Return a definition with the limits of a day in place of those by season."""
    return {**definition, "limits": limits_on(definition, day), "seasons": []}


def check_value(definition: Mapping[str, Any], value: object) -> str | None:
    """Return the code of what is wrong with a reading, or None when the meter can show it.

    ``not_a_number``, ``too_many_decimals``, ``negative`` (no counter shows that), ``over_max``.
    """
    if not isinstance(value, str) or not _NUMBER.match(value):
        return "not_a_number"
    if len(value.partition(".")[2]) > definition.get("decimals", 0):
        return "too_many_decimals"
    if definition.get("kind") != "counter":
        return None
    number, highest = Decimal(value), definition.get("max")
    if number < 0 or value.startswith("-"):
        return "negative"
    return "over_max" if highest is not None and number > Decimal(highest) else None


def level_on(definition: Mapping[str, Any], value: str, day: date) -> Level:
    """Return how a reading of a day stands to the limits of then."""
    return level(value, limits_on(definition, day))
