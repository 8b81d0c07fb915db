"""Cases of `text`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/text.json."""
    remark, said = field("text", max=200), field("text", voice=True, required=True)
    return {
        "definitions": [
            definition("at most 200", remark),
            definition("or said aloud", said),
            definition("2,001 characters", field("text", max=2001), ("max", "form")),
            definition("voice as a number", field("text", voice=1), ("voice", "form")),
        ],
        "answers": [
            answer("words", remark, {"private": True}, None),
            answer("words in the open", remark, "wet", "not_private"),
            answer("words said not to be private", remark, {"private": False}, "not_private"),
            answer("said aloud", said, {"seconds": 7}, None),
            answer("said aloud where only words are asked", remark, {"seconds": 7}, "not_private"),
        ],
        "judge": [
            judged("written", [said], {"one": {"private": True}}),
            judged("said", [said], {"one": {"seconds": 7}}, photos={"one": 1}),
            judged("said, and the sound is not there", [said], {"one": {"seconds": 7}}, missing=("one",)),
        ],
    }
