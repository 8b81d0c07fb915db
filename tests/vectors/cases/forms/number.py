"""Cases of `number`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged

LIMITS = {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"}


def cases() -> dict[str, object]:
    """Return the content of forms/number.json."""
    pressure = field("number", unit="MPa", decimals=2, limits=LIMITS)
    whole = field("number")
    return {
        "definitions": [
            definition("unit, decimals and limits", pressure),
            definition("seven decimals", field("number", decimals=7), ("decimals", "form")),
            definition("decimals as a boolean", field("number", decimals=True), ("decimals", "form")),
            definition("a unit that is too long", field("number", unit="x" * 17), ("unit", "form")),
            definition("an unknown limit", field("number", limits={"low": "1"}), ("limits", "form")),
            definition(
                "a limit as a number", field("number", limits={"warn_low": 1}), ("limits.warn_low", "form")
            ),
            definition(
                "limits out of order",
                field("number", limits={"warn_low": "0.7", "alarm_high": "0.65"}),
                ("limits", "order"),
            ),
        ],
        "answers": [
            answer("a decimal", pressure, "0.45", None),
            answer("negative", whole, "-5", None),
            answer("as a JSON number", pressure, 1, "not_a_number"),
            answer("too many decimals", pressure, "0.455", "too_many_decimals"),
            answer("decimals where none are", whole, "1.5", "too_many_decimals"),
            answer("a comma", pressure, "0,45", "not_a_number"),
            answer("full width", whole, "１２３", "not_a_number"),
            answer("an exponent", whole, "1e400", "not_a_number"),
            answer("with its unit", pressure, "0.45 MPa", "not_a_number"),
            answer("nothing", whole, "", "not_a_number"),
            answer("endless", whole, "Infinity", "not_a_number"),
            answer("too dark to read", pressure, {"cannot_read": "dark"}, None),
            answer("for no known reason", pressure, {"cannot_read": "lazy"}, "not_a_number"),
            answer("unread and read", pressure, {"cannot_read": "dark", "value": "1"}, "not_a_number"),
        ],
        "judge": [
            judged("normal", [pressure], {"one": "0.45"}),
            judged("a warning", [pressure], {"one": "0.62"}, faults=(("one", "warning"),)),
            judged("an alarm", [pressure], {"one": "0.24"}, faults=(("one", "alarm"),)),
            judged("not to be read", [pressure], {"one": {"cannot_read": "broken"}}, unread=("one",)),
            judged("not a number", [pressure], {"one": "high"}, invalid=("one",)),
        ],
    }
