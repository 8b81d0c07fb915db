"""Cases of `check`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/check.json."""
    plain, photographed = field("check"), field("check", photo_on_fault=True, required=True)
    return {
        "definitions": [
            definition("with a photo on fault", photographed),
            definition("a photo as a number", field("check", photo_on_fault=1), ("photo_on_fault", "form")),
            definition("a member of another kind", field("check", unit="MPa"), ("unit", "unknown")),
        ],
        "answers": [
            answer("ok", plain, "ok", None),
            answer("fault", plain, "fault", None),
            answer("not applicable", plain, "na", None),
            answer("another word", plain, "good", "not_a_check"),
            answer("a boolean", plain, True, "not_a_check"),
            answer("an object", plain, {"ok": True}, "not_a_check"),
            answer("nothing", plain, "", "not_a_check"),
        ],
        "judge": [
            judged("in order", [photographed], {"one": "ok"}),
            judged("not answered", [photographed], {}, missing=("one",)),
            judged(
                "a fault with its photo",
                [photographed],
                {"one": "fault"},
                photos={"one": 1},
                faults=(("one", "fault"),),
            ),
            judged(
                "a fault without its photo",
                [photographed],
                {"one": "fault"},
                faults=(("one", "fault"),),
                missing=("one",),
            ),
        ],
    }
