"""Cases of `choice`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged, label

OPTIONS = [
    {"id": "auto", "label": label("自动", "Automatic")},
    {"id": "hand", "label": label("手动", "By hand"), "fault": True},
    {"id": "off", "label": label("停", "Off"), "fault": True},
]


def cases() -> dict[str, object]:
    """Return the content of forms/choice.json."""
    mode = field("choice", options=OPTIONS)
    twice = [OPTIONS[0], OPTIONS[0]]
    return {
        "definitions": [
            definition("three options", mode),
            definition("one option", field("choice", options=OPTIONS[:1]), ("options", "count")),
            definition("no options", field("choice"), ("options", "count")),
            definition("an option twice", field("choice", options=twice), ("options[1].id", "repeated")),
            definition(
                "an option without a name",
                field("choice", options=[OPTIONS[0], {"id": "b"}]),
                ("options[1].label", "two_languages"),
            ),
        ],
        "answers": [
            answer("an option", mode, "hand", None),
            answer("no option", mode, "broken", "not_an_option"),
            answer("its name", mode, "自动", "not_an_option"),
            answer("two options", mode, "auto hand", "not_an_option"),
            answer("a number", mode, 1, "not_an_option"),
        ],
        "judge": [
            judged("a good option", [mode], {"one": "auto"}),
            judged("an option that is a fault", [mode], {"one": "hand"}, faults=(("one", "fault"),)),
        ],
    }
