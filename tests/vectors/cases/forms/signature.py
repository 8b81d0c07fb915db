"""Cases of `signature`."""

from __future__ import annotations

from tests.vectors.cases.forms.making import answer, definition, field, judged


def cases() -> dict[str, object]:
    """Return the content of forms/signature.json."""
    signed = field("signature", required=True, name=True)
    return {
        "definitions": [
            definition("with the name", signed),
            definition("the name as a text", field("signature", name="yes"), ("name", "form")),
        ],
        "answers": [
            answer("signed", signed, {"signed": True}, None),
            answer("typed", signed, {"typed": True}, None),
            answer("not typed", signed, {"typed": False}, "not_signed"),
            answer("drawn and typed", signed, {"signed": True, "typed": True}, "not_signed"),
            answer("not signed", signed, {"signed": False}, "not_signed"),
            answer("a name", signed, "王芳", "not_signed"),
            answer("more than that", signed, {"signed": True, "by": "customer"}, "not_signed"),
        ],
        "judge": [
            judged("with its picture", [signed], {"one": {"signed": True}}, photos={"one": 1}),
            judged("without its picture", [signed], {"one": {"signed": True}}, missing=("one",)),
            judged("typed, which needs no picture", [signed], {"one": {"typed": True}}),
        ],
    }
