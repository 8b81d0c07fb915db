"""Cases of `voice`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/voice.json."""
    said = field("voice", required=True)
    return {
        "definitions": [
            definition("no options", said),
            definition("an option that it has not", field("voice", max=10), ("max", "unknown")),
        ],
        "answers": [
            answer("ten seconds", said, {"seconds": 10}, None),
            answer("one second", said, {"seconds": 1}, None),
            answer("a phone that was late to stop", said, {"seconds": 12}, None),
            answer("thirteen seconds", said, {"seconds": 13}, "not_a_voice"),
            answer("no second", said, {"seconds": 0}, "not_a_voice"),
            answer("true", said, {"seconds": True}, "not_a_voice"),
            answer("a text", said, "10", "not_a_voice"),
        ],
        "judge": [
            judged("with its sound", [said], {"one": {"seconds": 10}}, photos={"one": 1}),
            judged("without its sound", [said], {"one": {"seconds": 10}}, missing=("one",)),
            judged("not said", [said], {}, missing=("one",)),
        ],
    }
