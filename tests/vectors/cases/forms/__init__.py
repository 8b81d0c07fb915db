"""What holds for forms of any kind of field; a kind's own cases are a module each beside this one."""

from __future__ import annotations

import copy
from typing import Any

from tests.vectors.cases.common import FORM

PUMP_ROOM: dict[str, object] = {
    "id": FORM,
    "name": {"zh": "泵房", "en": "Pump room"},
    "edition": 3,
    "fields": [
        {
            "id": "pressure",
            "kind": "number",
            "label": {"zh": "出水压力", "en": "Pressure"},
            "required": True,
            "unit": "MPa",
            "decimals": 2,
            "limits": {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"},
        },
        {
            "id": "leaks",
            "kind": "check",
            "label": {"zh": "跑冒滴漏", "en": "Leaks"},
            "required": True,
            "photo_on_fault": True,
        },
        {
            "id": "mode",
            "kind": "choice",
            "label": {"zh": "运行方式", "en": "Mode"},
            "options": [
                {"id": "auto", "label": {"zh": "自动", "en": "Automatic"}},
                {"id": "hand", "label": {"zh": "手动", "en": "By hand"}, "fault": True},
            ],
        },
        {"id": "remark", "kind": "text", "label": {"zh": "备注", "en": "Remark"}, "max": 200},
        {"id": "gauge", "kind": "photo", "label": {"zh": "压力表", "en": "Gauge"}, "min": 2},
        {
            "id": "light",
            "kind": "check",
            "label": {"zh": "照明", "en": ""},
            "hint": {"zh": "看", "en": "Look"},
        },
    ],
}
LIMITS = {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"}


def cases() -> dict[str, object]:
    """Return the content of forms.json."""
    return {
        "definitions": _definitions(),
        "fold_number": _numbers(),
        "level": _levels(),
        "conditions": _conditions(),
        "judge": _judgements(),
    }


def _changed(path: tuple[str | int, ...], value: object) -> dict[str, object]:
    form = copy.deepcopy(PUMP_ROOM)
    place: object = form
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    if value is None:
        del place[path[-1]]  # type: ignore[attr-defined]
    else:
        place[path[-1]] = value  # type: ignore[index]
    return form


def _definitions() -> list[dict[str, object]]:
    def bad(
        name: str, path: tuple[str | int, ...], value: object, *faults: tuple[str, str]
    ) -> dict[str, object]:
        listed = [{"path": p, "code": c} for p, c in faults]
        return {"name": name, "form": _changed(path, value), "faults": listed}

    leaks = ("fields", 1)
    return [
        {"name": "a good form", "form": PUMP_ROOM, "faults": []},
        {"name": "not an object", "form": [], "faults": [{"path": "", "code": "not_an_object"}]},
        bad("an id that is no UUID", ("id",), "pump", ("id", "form")),
        bad("no name", ("name",), None, ("name", "two_languages")),
        bad("a name in one language", ("name",), {"zh": "泵房"}, ("name", "two_languages")),
        bad("an empty Chinese name", ("name", "zh"), "", ("name.zh", "form")),
        bad("a name that is too long", ("name", "en"), "x" * 121, ("name.en", "form")),
        bad("edition 0", ("edition",), 0, ("edition", "form")),
        bad("an unknown member", ("colour",), "red", ("colour", "unknown")),
        bad("no fields", ("fields",), [], ("fields", "count")),
        bad("a field that is no object", (*leaks,), "leaks", ("fields[1]", "not_an_object")),
        bad("an unknown kind", (*leaks, "kind"), "slider", ("fields[1].kind", "unknown")),
        bad("a field id in upper case", (*leaks, "id"), "Leaks", ("fields[1].id", "form")),
        bad("a field id twice", (*leaks, "id"), "pressure", ("fields[1].id", "repeated")),
        bad("required as a text", (*leaks, "required"), "yes", ("fields[1].required", "form")),
        *_common_members(),
    ]


def _common_members() -> list[dict[str, object]]:
    """What a field of any kind may say: when it is asked, when it must be answered, what to look at."""

    def case(name: str, member: str, value: object, *faults: tuple[str, str]) -> dict[str, object]:
        listed = [{"path": f"fields[5].{path}", "code": code} for path, code in faults]
        return {"name": name, "form": _changed(("fields", 5, member), value), "faults": listed}

    picture = {"sha256": "ab" * 32, "size": 900, "mime": "image/jpeg", "width": 800, "height": 600}
    text = {"zh": "看表盘", "en": "Look at the dial"}
    return [
        case("asked when a check is a fault", "if", {"field": "leaks", "is": "fault"}),
        case("asked when one of two options is chosen", "if", {"field": "mode", "in": ["auto", "hand"]}),
        case("asked when a number is over", "if", {"field": "pressure", "over": "0.5"}),
        case("asked when a number is under", "if", {"field": "pressure", "under": "-1.5"}),
        case("asked when something is wrong", "if", {"field": "pressure", "level": ["warning", "alarm"]}),
        case("required when something is wrong", "required", {"field": "leaks", "level": ["fault"]}),
        case("asked by itself", "if", {"field": "light", "is": "ok"}, ("if.field", "not_earlier")),
        case("asked by nobody", "if", {"field": "none", "is": "ok"}, ("if.field", "not_earlier")),
        case("a condition without a test", "if", {"field": "leaks"}, ("if", "form")),
        case("two tests", "if", {"field": "leaks", "is": "ok", "in": ["ok"]}, ("if", "form")),
        case("an unknown test", "if", {"field": "leaks", "not": "ok"}, ("if", "form")),
        case("a condition as a text", "if", "leaks", ("if", "form")),
        case("an option that is none", "if", {"field": "mode", "is": "off"}, ("if.is", "not_an_option")),
        case("no options", "if", {"field": "mode", "in": []}, ("if.in", "form")),
        case("a text that is compared", "if", {"field": "remark", "is": "ok"}, ("if.is", "not_an_option")),
        case("a check that is over", "if", {"field": "leaks", "over": "1"}, ("if.over", "not_a_number")),
        case("over a JSON number", "if", {"field": "pressure", "over": 1}, ("if.over", "form")),
        case("a level that a check has not", "if", {"field": "leaks", "level": ["alarm"]},
             ("if.level", "not_an_option")),
        case("a level of a text", "if", {"field": "remark", "level": ["normal"]},
             ("if.level", "not_an_option")),
        case("required by nobody", "required", {"field": "none", "is": "ok"},
             ("required.field", "not_earlier")),
        case("a guide in words", "guide", {"text": text}),
        case("a guide in words and a picture", "guide", {"text": text, "picture": picture}),
        case("an empty guide", "guide", {}, ("guide", "form")),
        case("a guide in one language", "guide", {"text": {"zh": "看"}}, ("guide.text", "two_languages")),
        case("a guide of 501 characters", "guide", {"text": {"zh": "看" * 501, "en": ""}},
             ("guide.text.zh", "form")),
        case("a picture that is no image", "guide", {"picture": picture | {"mime": "text/html"}},
             ("guide.picture", "form")),
        case("a picture by address", "guide", {"picture": "https://example.org/a.jpg"},
             ("guide.picture", "form")),
    ]  # fmt: skip


def _conditions() -> list[dict[str, object]]:
    """What is asked, of a form whose second field hangs on the first and the third on the second."""
    label = {"zh": "项", "en": "Item"}

    def form(condition: dict[str, object], required: object = True) -> dict[str, object]:
        fields = [
            {"id": "leaks", "kind": "check", "label": label},
            {"id": "drops", "kind": "number", "label": label, "limits": {"warn_high": "5"},
             "if": {"field": "leaks", "is": "fault"}},
            {"id": "how", "kind": "check", "label": label, "if": condition, "required": required},
        ]  # fmt: skip
        return {"id": FORM, "name": label, "edition": 1, "fields": fields}

    over, wet = {"field": "drops", "over": "3"}, {"field": "leaks", "in": ["fault", "na"]}
    beyond = {"field": "drops", "level": ["warning"]}
    fault, well = {"leaks": "fault"}, {"leaks": "ok"}
    given: list[tuple[str, Any, Any, Any, list[str], list[str]]] = [
        ("nothing answered", over, True, {}, ["leaks"], []),
        ("the first says no", over, True, well, ["leaks"], []),
        ("the first says yes", over, True, fault, ["leaks", "drops"], []),
        ("the second too", over, True, fault | {"drops": "4"}, ["leaks", "drops", "how"], ["how"]),
        ("on the number is not over it", over, True, fault | {"drops": "3"}, ["leaks", "drops"], []),
        ("what was not asked says nothing", over, True, well | {"drops": "4"}, ["leaks"], []),
        ("what could not be read says nothing", over, True,
         fault | {"drops": {"cannot_read": "dark"}}, ["leaks", "drops"], []),
        ("what does not fit says nothing", over, True, fault | {"drops": "4,0"}, ["leaks", "drops"], []),
        ("under the number", {"field": "drops", "under": "3"}, False, fault | {"drops": "2"},
         ["leaks", "drops", "how"], []),
        ("beyond a limit", beyond, True, fault | {"drops": "6"}, ["leaks", "drops", "how"], ["how"]),
        ("within the limits", beyond, True, fault | {"drops": "5"}, ["leaks", "drops"], []),
        ("normal is a level too", {"field": "drops", "level": ["normal"]}, False, fault | {"drops": "5"},
         ["leaks", "drops", "how"], []),
        ("what could not be read has no level", {"field": "drops", "level": ["normal"]}, False,
         fault | {"drops": {"cannot_read": "dark"}}, ["leaks", "drops"], []),
        ("one of several words", wet, True, {"leaks": "na"}, ["leaks", "how"], ["how"]),
        ("asked, and required only then", wet, {"field": "leaks", "is": "na"}, fault,
         ["leaks", "drops", "how"], []),
        ("asked, and required now", wet, {"field": "leaks", "is": "na"}, {"leaks": "na"},
         ["leaks", "how"], ["how"]),
    ]  # fmt: skip
    return [
        {"name": n, "form": form(c, r), "values": v, "shown": shown, "missing": gone}
        for n, c, r, v, shown, gone in given
    ]


def _numbers() -> list[dict[str, object]]:
    given = [
        ("as it is", "0.45", "0.45"),
        ("negative", "-5", "-5"),
        ("leading zeros stay", "007", "007"),
        ("full-width digits and point", "０．４５", "0.45"),
        ("a decimal comma", "0,45", "0.45"),
        ("a full-width comma", "0，45", "0.45"),
        ("full-width minus", "－5", "-5"),
        ("the mathematical minus", "−5", "-5"),
        ("blanks around", " 12 ", "12"),
        ("an ideographic space around", "\u300012\u3000", "12"),
        ("12 digits and 6 decimals", "123456789012.123456", "123456789012.123456"),
        ("13 digits", "1234567890123", None),
        ("7 decimals", "0.1234567", None),
        ("thousands", "1,234.5", None),
        ("no digit before the point", ".5", None),
        ("no digit after the point", "5.", None),
        ("a plus sign", "+5", None),
        ("a unit", "5 MPa", None),
        ("an exponent", "1e3", None),
        ("an endless exponent", "1e400", None),
        ("full-width digits", "１２３", "123"),
        ("two minus signs", "--5", None),
        ("another alphabet's digits", "٤٥", None),
        ("a line end", "5\n", None),
        ("only a sign", "-", None),
        ("nothing", "", None),
    ]
    return [{"name": name, "text": text, "number": number} for name, text, number in given]


def _levels() -> list[dict[str, object]]:
    given: list[tuple[str, str, dict[str, str], str]] = [
        ("between the warning limits", "0.45", LIMITS, "normal"),
        ("on the lower warning limit", "0.30", LIMITS, "normal"),
        ("on it, written otherwise", "0.3", LIMITS, "normal"),
        ("on the upper warning limit", "0.6000", LIMITS, "normal"),
        ("just below warning", "0.299999", LIMITS, "warning"),
        ("just above warning", "0.600001", LIMITS, "warning"),
        ("on the lower alarm limit", "0.25", LIMITS, "warning"),
        ("on the upper alarm limit", "0.65", LIMITS, "warning"),
        ("below alarm", "0.24", LIMITS, "alarm"),
        ("above alarm", "0.66", LIMITS, "alarm"),
        ("compared as numbers, not as texts", "10", {"warn_high": "9"}, "warning"),
        ("negative limits", "-18", {"warn_low": "-20", "warn_high": "-15"}, "normal"),
        ("too warm a freezer", "-14.9", {"warn_low": "-20", "warn_high": "-15"}, "warning"),
        ("more exact than floating point", "0.300000", {"warn_high": "0.299999"}, "warning"),
        ("large and exact", "999999999999.999999", {"alarm_high": "999999999999.999998"}, "alarm"),
        ("minus nought is nought", "-0", {"warn_low": "0"}, "normal"),
        ("no limits", "5", {}, "normal"),
        ("alarm without warning", "5", {"alarm_high": "4"}, "alarm"),
    ]
    return [{"name": n, "value": v, "limits": limits, "level": lv} for n, v, limits, lv in given]


def _judgements() -> list[dict[str, object]]:
    def case(  # the members of a judgement
        name: str,
        values: dict[str, object],
        photos: dict[str, int],
        *,
        faults: tuple[tuple[str, str], ...] = (),
        missing: tuple[str, ...] = (),
        invalid: tuple[str, ...] = (),
        unread: tuple[str, ...] = (),
    ) -> dict[str, object]:
        return {
            "name": name,
            "form": PUMP_ROOM,
            "values": values,
            "photos": photos,
            "expect": {
                "faults": [{"field": f, "level": lv} for f, lv in faults],
                "missing": list(missing),
                "invalid": list(invalid),
                "unread": list(unread),
                "faulty": bool(faults),
                "incomplete": bool(missing or invalid),
            },
        }

    return [
        case("all well", {"pressure": "0.45", "leaks": "ok"}, {}),
        case("nothing answered", {}, {}, missing=("pressure", "leaks")),
        case("an alarm", {"pressure": "0.70", "leaks": "ok"}, {}, faults=(("pressure", "alarm"),)),
        case(
            "a fault with its photo",
            {"pressure": "0.45", "leaks": "fault"},
            {"leaks": 1},
            faults=(("leaks", "fault"),),
        ),
        case(
            "a fault without its photo",
            {"pressure": "0.45", "leaks": "fault"},
            {},
            faults=(("leaks", "fault"),),
            missing=("leaks",),
        ),
        case(
            "a fault that wants no photo",
            {"pressure": "0.45", "leaks": "ok", "light": "fault"},
            {},
            faults=(("light", "fault"),),
        ),
        case(
            "a chosen fault and a warning, in the order of the form",
            {"mode": "hand", "pressure": "0.62", "leaks": "na"},
            {},
            faults=(("pressure", "warning"), ("mode", "fault")),
        ),
        case(
            "a gauge that cannot be read is answered",
            {"pressure": {"cannot_read": "broken"}, "leaks": "ok"},
            {},
            unread=("pressure",),
        ),
        case(
            "too few photos",
            {"pressure": "0.45", "leaks": "ok", "gauge": {"photos": 1}},
            {"gauge": 1},
            missing=("gauge",),
        ),
        case("enough photos", {"pressure": "0.45", "leaks": "ok", "gauge": {"photos": 2}}, {"gauge": 2}),
        case(
            "an answer that does not fit, and one without a field",
            {"pressure": "high", "leaks": "ok", "zeta": "1", "alpha": "1"},
            {},
            invalid=("pressure", "alpha", "zeta"),
        ),
    ]
