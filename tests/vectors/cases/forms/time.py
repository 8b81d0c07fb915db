"""Cases of `time`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/time.json."""
    at, day, both = field("time"), field("time", of="date"), field("time", of="both")
    return {
        "definitions": [
            definition("a time of day", at),
            definition("a date", day),
            definition("both", both),
            definition("a week", field("time", of="week"), ("of", "form")),
        ],
        "answers": [
            answer("half past two", at, "14:30", None),
            answer("midnight", at, "00:00", None),
            answer("24:00", at, "24:00", "not_a_time"),
            answer("one digit", at, "9:30", "not_a_time"),
            answer("with seconds", at, "14:30:00", "not_a_time"),
            answer("full width", at, "１４:30", "not_a_time"),
            answer("a date", day, "2026-11-30", None),
            answer("a leap day", day, "2028-02-29", None),
            answer("a leap day that is none", day, "2026-02-29", "not_a_time"),
            answer("month 13", day, "2026-13-01", "not_a_time"),
            answer("day 0", day, "2026-01-00", "not_a_time"),
            answer("a date for a time", at, "2026-11-30", "not_a_time"),
            answer("both", both, "2026-11-30T14:30", None),
            answer("both with a blank", both, "2026-11-30 14:30", "not_a_time"),
            answer("a moment with its zone", both, "2026-11-30T14:30Z", "not_a_time"),
            answer("a number", day, 20261130, "not_a_time"),
        ],
        "judge": [judged("a date", [day], {"one": "2026-11-30"})],
    }
