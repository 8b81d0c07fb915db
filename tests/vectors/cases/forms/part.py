"""Cases of `part`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import PART, answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/part.json."""
    used = field("part")
    return {
        "definitions": [
            definition("no options", used),
            definition("an option that it has not", field("part", unit="m"), ("unit", "unknown")),
        ],
        "answers": [
            answer("two of a part", used, {"part": PART, "quantity": "2"}, None),
            answer("half a metre", used, {"part": PART, "quantity": "0.5"}, None),
            answer("one that is not in the stock", used, {"private": True, "quantity": "1"}, None),
            answer("none of it", used, {"part": PART, "quantity": "0"}, "not_a_quantity"),
            answer("less than none", used, {"part": PART, "quantity": "-1"}, "not_a_quantity"),
            answer("a quantity as a number", used, {"part": PART, "quantity": 2}, "not_a_quantity"),
            answer("no quantity", used, {"part": PART}, "not_a_part"),
            answer("a part by name", used, {"part": "seal", "quantity": "1"}, "not_a_part"),
            answer("not private", used, {"private": False, "quantity": "1"}, "not_a_part"),
        ],
        "judge": [
            judged("used", [used], {"one": {"part": PART, "quantity": "2"}}),
            judged("none used, though one is asked", [used | {"required": True}], {}, missing=("one",)),
        ],
    }
