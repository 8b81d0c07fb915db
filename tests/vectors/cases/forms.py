"""Forms: good and bad definitions, numbers as typed, limits, answers, what a stop amounts to."""

from __future__ import annotations

import copy

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
        "answers": _answers(),
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

    number, leaks, mode, remark, gauge = (("fields", i) for i in range(5))
    options = [{"id": "a", "label": {"zh": "甲", "en": "A"}}, {"id": "a", "label": {"zh": "乙", "en": "B"}}]
    return [
        {"name": "a good form of every kind", "form": PUMP_ROOM, "faults": []},
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
        bad("a member of another kind", (*leaks, "unit"), "MPa", ("fields[1].unit", "unknown")),
        bad("required as a text", (*leaks, "required"), "yes", ("fields[1].required", "form")),
        bad(
            "photo_on_fault as a number", (*leaks, "photo_on_fault"), 1, ("fields[1].photo_on_fault", "form")
        ),
        bad("seven decimals", (*number, "decimals"), 7, ("fields[0].decimals", "form")),
        bad("decimals as a boolean", (*number, "decimals"), True, ("fields[0].decimals", "form")),
        bad("a unit that is too long", (*number, "unit"), "x" * 17, ("fields[0].unit", "form")),
        bad(
            "a limit as a number", (*number, "limits"), {"warn_low": 1}, ("fields[0].limits.warn_low", "form")
        ),
        bad("an unknown limit", (*number, "limits"), {"low": "1"}, ("fields[0].limits", "form")),
        bad(
            "limits out of order",
            (*number, "limits"),
            {"warn_low": "0.7", "alarm_high": "0.65"},
            ("fields[0].limits", "order"),
        ),
        bad("one option", (*mode, "options"), options[:1], ("fields[2].options", "count")),
        bad("an option twice", (*mode, "options"), options, ("fields[2].options[1].id", "repeated")),
        bad("text of 2,001 characters", (*remark, "max"), 2001, ("fields[3].max", "form")),
        bad("eleven photos", (*gauge, "min"), 11, ("fields[4].min", "form")),
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


def _answers() -> list[dict[str, object]]:
    given: list[tuple[str, str, object, str | None]] = [
        ("check ok", "leaks", "ok", None),
        ("check fault", "leaks", "fault", None),
        ("check not applicable", "leaks", "na", None),
        ("check with another word", "leaks", "good", "not_a_check"),
        ("check with a boolean", "leaks", True, "not_a_check"),
        ("number", "pressure", "0.45", None),
        ("number as JSON number", "pressure", 1, "not_a_number"),
        ("number with too many decimals", "pressure", "0.455", "too_many_decimals"),
        ("number with a comma", "pressure", "0,45", "not_a_number"),
        ("gauge in the dark", "pressure", {"cannot_read": "dark"}, None),
        ("gauge for no known reason", "pressure", {"cannot_read": "lazy"}, "not_a_number"),
        ("choice", "mode", "hand", None),
        ("choice that is none", "mode", "off", "not_an_option"),
        ("text", "remark", {"private": True}, None),
        ("text in the open", "remark", "wet", "not_private"),
        ("text said not to be private", "remark", {"private": False}, "not_private"),
        ("photos", "gauge", {"photos": 2}, None),
        ("photos as text", "gauge", {"photos": "2"}, "not_photos"),
        ("photos as a boolean", "gauge", {"photos": True}, "not_photos"),
    ]
    fields = {field["id"]: field for field in PUMP_ROOM["fields"]}  # type: ignore[attr-defined]
    return [{"name": n, "field": fields[f], "answer": a, "fault": c} for n, f, a, c in given]


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
