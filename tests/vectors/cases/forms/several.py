"""Cases of `several`."""

from __future__ import annotations

from tests.vectors.cases.forms.choice import OPTIONS
from tests.vectors.cases.forms.making import answer, definition, field, judged, label


def cases() -> dict[str, object]:
    """Return the content of forms/several.json."""
    seen = field("several", options=OPTIONS)
    long = [{"id": letter * 32, "label": label("项", "Item")} for letter in "ab"]
    fits = [{"id": letter * 31, "label": label("项", "Item")} for letter in "ab"]
    return {
        "definitions": [
            definition("three options", seen),
            definition("one option", field("several", options=OPTIONS[:1]), ("options", "count")),
            definition("ids that just fit an answer", field("several", options=fits)),
            definition("ids too long for an answer", field("several", options=long), ("options", "too_long")),
        ],
        "answers": [
            answer("one of them", seen, "hand", None),
            answer("two of them", seen, "auto off", None),
            answer("all of them", seen, "auto hand off", None),
            answer("in another order", seen, "off auto", "not_options"),
            answer("one twice", seen, "auto auto", "not_options"),
            answer("one that is none", seen, "auto broken", "not_options"),
            answer("two blanks", seen, "auto  off", "not_options"),
            answer("nothing", seen, "", "not_options"),
            answer("a list", seen, ["auto"], "not_options"),
        ],
        "judge": [
            judged("none that is a fault", [seen], {"one": "auto"}),
            judged("one that is a fault", [seen], {"one": "auto off"}, faults=(("one", "fault"),)),
            judged("none, though one is asked", [seen | {"required": True}], {}, missing=("one",)),
        ],
    }
