"""Cases of `meter`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import METER, answer, definition, field, judged

GAUGE = {
    "kind": "gauge",
    "unit": "MPa",
    "decimals": 2,
    "limits": {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"},
}
COUNTER = {"kind": "counter", "unit": "kWh", "decimals": 1, "limits": {}}
COLD = {"kind": "gauge", "unit": "°C", "decimals": 0, "limits": None}


def _read(value: object, edition: object = 3, meter: object = METER) -> dict[str, object]:
    return {"meter": meter, "edition": edition, "value": value}


def cases() -> dict[str, object]:
    """Return the content of forms/meter.json."""
    plain = field("meter", meter="pressure")
    named = field("meter", meter="pressure", unit="MPa", decimals=2)
    return {
        "definitions": [
            definition("by its key", plain),
            definition("with unit and decimals", named),
            definition("without a key", field("meter"), ("meter", "form")),
            definition("a key in upper case", field("meter", meter="P1"), ("meter", "form")),
            definition("limits of its own", field("meter", meter="p", limits={}), ("limits", "unknown")),
        ],
        "answers": [
            answer("a reading", plain, _read("0.45"), None, meter=GAUGE),
            answer("of a meter that the site does not have", named, _read("0.45"), None),
            answer("of such a meter, with too many decimals", plain, _read("0.45"), "too_many_decimals"),
            answer("too many decimals for it", named, _read("0.455"), "too_many_decimals", meter=GAUGE),
            answer("another unit than the form's", named, _read("4.5"), "unit_mismatch", meter=COUNTER),
            answer("the form names no unit", plain, _read("4.5"), None, meter=COUNTER),
            answer("a counter below nought", plain, _read("-4.5"), "negative", meter=COUNTER),
            answer("a counter at minus nought", plain, _read("-0"), None, meter=COUNTER),
            answer("a gauge below nought", plain, _read("-15"), None, meter=COLD),
            answer("a comma", plain, _read("0,45"), "not_a_number", meter=GAUGE),
            answer("full width", plain, _read("１２３"), "not_a_number", meter=GAUGE),
            answer("an exponent", plain, _read("1e400"), "not_a_number", meter=GAUGE),
            answer("an empty value", plain, _read(""), "not_a_number", meter=GAUGE),
            answer("a value as a JSON number", plain, _read(1), "not_a_number", meter=GAUGE),
            answer("the bare value", plain, "0.45", "not_a_reading", meter=GAUGE),
            answer("no edition", plain, {"meter": METER, "value": "0.45"}, "not_a_reading", meter=GAUGE),
            answer("edition 0", plain, _read("0.45", 0), "not_a_reading", meter=GAUGE),
            answer("a meter that is no id", plain, _read("0.45", 3, "pump"), "not_a_reading"),
            answer("too dark to read", plain, {"cannot_read": "dark"}, None, meter=GAUGE),
            answer("for no known reason", plain, {"cannot_read": "lazy"}, "not_a_reading", meter=GAUGE),
        ],
        "judge": [
            judged("normal", [plain], {"one": _read("0.45")}, meter=GAUGE),
            judged("a warning", [plain], {"one": _read("0.62")}, meter=GAUGE, faults=(("one", "warning"),)),
            judged("an alarm", [plain], {"one": _read("0.70")}, meter=GAUGE, faults=(("one", "alarm"),)),
            judged("without its definition there are no limits", [named], {"one": _read("9.99")}),
            judged("another unit", [named], {"one": _read("4.5")}, meter=COUNTER, invalid=("one",)),
            judged("not to be read", [plain], {"one": {"cannot_read": "dark"}}, meter=GAUGE, unread=("one",)),
        ],
    }  # fmt: skip
