"""Answers as people read them, in the words of the form edition that was filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sync.forms import check_answer, level

Shown = dict[str, str] | None

CHECKS = {
    "ok": {"zh": "正常", "en": "OK"},
    "fault": {"zh": "异常", "en": "Fault"},
    "na": {"zh": "不适用", "en": "N/A"},
}
UNREAD = {
    "dark": {"zh": "无法读数：太暗", "en": "Cannot read: too dark"},
    "broken": {"zh": "无法读数：表坏了", "en": "Cannot read: meter broken"},
    "blocked": {"zh": "无法读数：挡住了", "en": "Cannot read: blocked"},
    "other": {"zh": "无法读数", "en": "Cannot read"},
}


def answers_view(
    definition: Mapping[str, Any] | None, answers: Mapping[str, Any] | None, private: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return every field of the form with its answer; unanswered ones have a null value.

    Without the definition, or for an answer that does not fit its field, the value stands alone.

    :param private: the record's private parts by name; one that was erased is absent
    """
    if answers is None:
        return []
    fields: list[Mapping[str, Any]] = list(definition["fields"]) if definition else []
    known = {field["id"] for field in fields}
    strangers = [
        {"id": name, "kind": "text", "label": {"zh": name, "en": name}}
        for name in sorted(answers.keys() - known)
    ]
    shown = [_answer(field, answers.get(field["id"]), private) for field in fields]
    return shown + [_bare(field, answers[str(field["id"])]) for field in strangers]


def _bare(field: Mapping[str, Any], value: Any) -> dict[str, Any]:
    return {
        "field": field["id"],
        "label": field["label"],
        "kind": field["kind"],
        "value": value,
        "shown": None,
        "level": None,
        "limits": field.get("limits"),
        "unit": field.get("unit"),
        "fault": False,
        "text": None,
    }


def _answer(field: Mapping[str, Any], value: Any, private: Mapping[str, str]) -> dict[str, Any]:
    view = _bare(field, value)
    if value is None or check_answer(field, value) is not None:
        return view
    is_faulty, shown = _KINDS[field["kind"]](field, value)
    view |= {"shown": shown, "fault": is_faulty, "text": private.get(f"text.{field['id']}")}
    if field["kind"] == "number" and isinstance(value, str):
        view["level"] = level(value, field.get("limits", {}))
        view["fault"] = view["level"] != "normal"
    return view


def _check(_field: Mapping[str, Any], value: Any) -> tuple[bool, Shown]:
    return value == "fault", CHECKS[value]


def _number(field: Mapping[str, Any], value: Any) -> tuple[bool, Shown]:
    if isinstance(value, dict):
        return False, UNREAD[value["cannot_read"]]
    text = f"{value} {field.get('unit', '')}".strip()
    return False, {"zh": text, "en": text}


def _choice(field: Mapping[str, Any], value: Any) -> tuple[bool, Shown]:
    option = next(option for option in field["options"] if option["id"] == value)
    return bool(option.get("fault", False)), option["label"]


def _text(_field: Mapping[str, Any], _value: Any) -> tuple[bool, Shown]:
    return False, None


def _photo(_field: Mapping[str, Any], value: Any) -> tuple[bool, Shown]:
    count = value["photos"]
    return False, {"zh": f"{count} 张", "en": f"{count} photo{'' if count == 1 else 's'}"}


_KINDS: dict[str, Callable[[Mapping[str, Any], Any], tuple[bool, Shown]]] = {
    "check": _check,
    "choice": _choice,
    "number": _number,
    "photo": _photo,
    "text": _text,
}
