"""What an ordinary day looks like on a form: readings that drift a little, all in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from server.demo.forms import Field, Form

HOUR_MS = 3_600_000
METERS_SINCE_MS = 1_767_196_800_000
"""The meters' figures below are those of 2026-01-01 in Shanghai, ms."""

ORDINARY: Mapping[tuple[str, str], tuple[float, float]] = {
    ("booster_pump", "pressure"): (0.46, 0.03),
    ("booster_pump", "current"): (18.4, 0.9),
    ("water_tank", "level"): (2.1, 0.18),
    ("water_tank", "chlorine"): (0.22, 0.05),
    ("water_tank", "turbidity"): (0.34, 0.08),
    ("transformer", "winding"): (68, 5),
    ("transformer", "current"): (640, 60),
    ("switch_room", "voltage_ab"): (389, 3),
    ("switch_room", "voltage_bc"): (390, 3),
    ("switch_room", "voltage_ca"): (388, 3),
    ("switch_room", "current_a"): (212, 14),
    ("switch_room", "current_b"): (205, 14),
    ("switch_room", "current_c"): (218, 14),
    ("switch_room", "power_factor"): (0.94, 0.01),
    ("switch_room", "room"): (27, 2),
    ("sump_pump", "level"): (0.55, 0.12),
    ("fire_pressure", "roof_test"): (0.22, 0.02),
    ("genset", "battery"): (26.4, 0.3),
    ("genset", "fuel"): (82, 1),
    ("lift", "machine_room"): (29, 2),
}
"""(form, field) → middle and spread."""

COUNTERS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("booster_pump", "hours"): (11_420, 0.42),
    ("transformer", "energy"): (1_845_200, 96.0),
    ("sump_pump", "hours"): (806, 0.03),
    ("genset", "hours"): (214, 0.002),
}
"""(form, field) → figure at `METERS_SINCE_MS` and how much it rises in an hour."""

FIXED: Mapping[tuple[str, str], str] = {
    ("corridor", "lamps_total"): "14",
    ("corridor", "lamps_out"): "0",
    ("control_centre", "offline"): "0",
    ("handover", "people"): "3",
    ("handover", "keys"): "12",
    ("handover", "radios"): "5",
    ("lift", "downtime"): "0",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form; `photo_fields` want a picture each, `signatures` are drawn by the name in `texts`."""

    values: dict[str, Any]
    texts: dict[str, str]
    photo_fields: list[str] = field(default_factory=list)
    note: str | None = None
    signatures: list[str] = field(default_factory=list)


FILLED = ("check", "choice", "meter", "number", "photo")
"""The kinds that an ordinary day fills; of the others only signatures and dates."""


def fill(
    form: Form,
    *,
    changed: Mapping[str, Any],
    note: str | None,
    signed: tuple[str, str],
    random: Random,
    at_ms: int,
) -> Filled:
    """Return the form as somebody fills it at `at_ms`.

    :param changed: answers that differ from an ordinary day; a fault among them carries the note
    :param signed: who was there before, and who fills it
    """
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for one in form.fields:
        if one["kind"] == "signature":
            values[one["id"]] = {"signed": True}
            texts[one["id"]] = signed[0] if one["id"] == "gave" else signed[1]
        elif one["kind"] == "time" and one.get("of") == "date":
            values[one["id"]] = "2026-09-18"
        elif one["kind"] in FILLED:
            ordinary = _ordinary(form.key, one, random, at_ms)
            values[one["id"]] = changed.get(one["id"], ordinary)
    values = {name: value for name, value in values.items() if value is not None}
    faults = [name for name, value in values.items() if value == "fault"]
    if faults and note is not None:
        texts[faults[0]] = note
    signatures = [one["id"] for one in form.fields if one["kind"] == "signature"]
    wanted = {one["id"] for one in form.fields if one.get("photo_on_fault") or one["kind"] == "photo"}
    shown = [name for name in values if name in wanted and (name in faults or values[name] == {"photos": 1})]
    return Filled(values, texts, shown, note if not faults else None, signatures)


def _ordinary(form: str, one: Field, random: Random, at_ms: int) -> Any:
    key = (form, one["id"])
    if one["kind"] == "check":
        return "ok"
    if one["kind"] == "choice":
        return one["options"][0]["id"]
    if one["kind"] == "photo":
        return {"photos": 1} if random.random() < 0.4 else None
    if key in FIXED:
        return FIXED[key]
    if key in COUNTERS:
        begin, per_hour = COUNTERS[key]
        number = begin + per_hour * (at_ms - METERS_SINCE_MS) / HOUR_MS
    else:
        middle, spread = ORDINARY[key]
        number = middle + random.uniform(-spread, spread)
    return f"{number:.{one['decimals']}f}"
