"""Cases of `photo`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/photo.json."""
    two = field("photo", min=2)
    asked = field("photo", required=True, camera_only=True, mark_up=True, stamp=True)
    return {
        "definitions": [
            definition("two at least", two),
            definition("camera only, drawn on, stamped", asked),
            definition("eleven photos", field("photo", min=11), ("min", "form")),
            definition(
                "options that are no booleans",
                field("photo", camera_only="yes", mark_up=1, stamp=None),
                ("camera_only", "form"),
                ("mark_up", "form"),
                ("stamp", "form"),
            ),
        ],
        "answers": [
            answer("two photos", two, {"photos": 2}, None),
            answer("as a text", two, {"photos": "2"}, "not_photos"),
            answer("as a boolean", two, {"photos": True}, "not_photos"),
            answer("too many", two, {"photos": 33}, "not_photos"),
        ],
        "judge": [
            judged("enough", [two], {"one": {"photos": 2}}, photos={"one": 2}),
            judged("too few", [two], {"one": {"photos": 1}}, photos={"one": 1}, missing=("one",)),
            judged("lost on the phone", [asked], {"one": {"photos": 1}}, missing=("one",)),
            judged("none, and none is asked", [two], {}),
        ],
    }
