"""Answers as people read them, in the words of the form edition that was filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.bulk import as_uuid
from server.forms import service as forms
from server.meters import service as meters
from server.rounds.apply_readings import named_in, number_of
from server.rounds.models import Visit
from server.sites.models import Site
from sync.forms import KINDS, Meters, Standing, level_of, standings
from sync.forms.kinds.signature import is_typed

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


def answers_of(
    session: Session,
    *,
    site: Site,
    visit: Visit,
    definition: Mapping[str, Any] | None,
    private: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return every field of a visit's form with its answer, by the meters as they were on that day."""
    values = visit.answers or {}
    defined: dict[str, Mapping[str, Any]] = {}
    known = meters.sited_definitions(session, editions=named_in(values))
    day = meters.day_of(visit.estimate_ms, site.time_zone)
    for (site_id, meter_id, _), found in known.items():
        if site_id == site.id:
            defined[str(meter_id)] = meters.defined_on(found, day)
    used = {
        as_uuid(a["part"]) for a in values.values() if isinstance(a, dict) and isinstance(a.get("part"), str)
    }
    parts = forms.Parts.named(session, site_id=site.id, parts=used)
    return answers_view(definition, visit.answers, private, defined, parts)


def answers_view(
    definition: Mapping[str, Any] | None,
    answers: Mapping[str, Any] | None,
    private: Mapping[str, str],
    defined: Meters | None = None,
    parts: Mapping[UUID, Mapping[str, str]] | None = None,
) -> list[dict[str, Any]]:
    """Return every field of the form with its answer; unanswered ones have a null value.

    Without the definition, or for an answer that does not fit its field, the value stands alone. A field
    that was not asked, and not answered, is left out.

    :param private: the record's private parts by name; one that was erased is absent
    :param defined: meter → its definition in the edition that the answer names
    :param parts: the names of the parts that answers name
    """
    if answers is None:
        return []
    defined = defined or {}
    shown = []
    known: set[str] = set()
    for one in standings(definition, answers, defined) if definition else ():
        known.add(one.field["id"])
        if one.shown or one.answer is not None:
            shown.append(_answer(one, private, defined, parts or {}))
    strangers = [
        {"id": name, "kind": "text", "label": {"zh": name, "en": name}}
        for name in sorted(answers.keys() - known)
    ]
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


def _answer(
    one: Standing, private: Mapping[str, str], defined: Meters, parts: Mapping[UUID, Mapping[str, str]]
) -> dict[str, Any]:
    field, value = one.field, one.answer
    view = _bare(field, value)
    if value is None or one.wrong is not None:
        return view
    view |= {
        "shown": _part(value, parts) if field["kind"] == "part" else SHOWN[field["kind"]](field, value),
        "fault": one.level is not None,
        "text": private.get(f"text.{field['id']}"),
    }
    if KINDS[field["kind"]].is_number:
        number, unit = number_of(field, value, defined)
        if number is None:
            view["shown"] = UNREAD[value["cannot_read"]]
            return view
        text = f"{number} {unit or ''}".strip()
        view |= {
            "shown": {"zh": text, "en": text},
            "level": level_of(field, value, defined) or "normal",
            "unit": unit,
        }
        if field["kind"] == "meter":
            view |= {"value": number, "limits": defined.get(value["meter"], {}).get("limits")}
    return view


def _check(_field: Mapping[str, Any], value: Any) -> Shown:
    return CHECKS[value]


def _options(field: Mapping[str, Any], value: Any) -> Shown:
    chosen = [option["label"] for option in field["options"] if option["id"] in value.split(" ")]
    return {
        "zh": "、".join(label["zh"] for label in chosen),
        "en": ", ".join(label["en"] or label["zh"] for label in chosen),
    }


def _nothing(_field: Mapping[str, Any], _value: Any) -> Shown:
    return None


def _text(field: Mapping[str, Any], value: Any) -> Shown:
    return _voice(field, value) if "seconds" in value else None


def _photo(_field: Mapping[str, Any], value: Any) -> Shown:
    count = value["photos"]
    return {"zh": f"{count} 张", "en": f"{count} photo{'' if count == 1 else 's'}"}


def _voice(_field: Mapping[str, Any], value: Any) -> Shown:
    return {"zh": f"语音 {value['seconds']} 秒", "en": f"Voice note, {value['seconds']} s"}


def _signature(_field: Mapping[str, Any], value: Any) -> Shown:
    if is_typed(value):
        return {"zh": "输入姓名，没有手写", "en": "Name typed, not drawn"}
    return {"zh": "已签名", "en": "Signed"}


def _time(_field: Mapping[str, Any], value: Any) -> Shown:
    text = value.replace("T", " ")
    return {"zh": text, "en": text}


def _part(value: Any, parts: Mapping[UUID, Mapping[str, str]]) -> Shown:
    name = parts.get(as_uuid(value["part"])) if "part" in value else None
    if name is None:
        return {"zh": f"× {value['quantity']}", "en": f"× {value['quantity']}"}
    return {language: f"{name[language] or name['zh']} × {value['quantity']}" for language in ("zh", "en")}


SHOWN: dict[str, Callable[[Mapping[str, Any], Any], Shown]] = {
    "check": _check,
    "choice": _options,
    "computed": _nothing,
    "meter": _nothing,
    "number": _nothing,
    "part": _nothing,
    "photo": _photo,
    "several": _options,
    "signature": _signature,
    "text": _text,
    "time": _time,
    "voice": _voice,
}
"""How an answer of each kind is shown; numbers and parts by `_answer`, which knows units and names."""
