"""Short ways to state a case of one field kind."""

from __future__ import annotations

from typing import Any

from tests.vectors.cases.common import FORM

METER = "6f1e5a3e-7777-4c1a-9d8e-0a0b0c0d0e07"
PART = "6f1e5a3e-8888-4c1a-9d8e-0a0b0c0d0e08"

Field = dict[str, Any]


def label(zh: str, en: str) -> dict[str, str]:
    """Return a name in both languages."""
    return {"zh": zh, "en": en}


def field(kind: str, **options: Any) -> Field:
    """Return a field of this kind with the id `one`."""
    return {"id": "one", "kind": kind, "label": label("一项", "One"), **options}


def number(field_id: str, **options: Any) -> Field:
    """Return a number that other fields may speak of."""
    return {"id": field_id, "kind": "number", "label": label("数", "Number"), **options}


def definition(name: str, made: Field, *faults: tuple[str, str], earlier: tuple[Field, ...] = ()) -> Field:
    """Return a case of a field's definition; paths are below the field."""
    listed = [{"path": path, "code": code} for path, code in faults]
    return {"name": name, "earlier": list(earlier), "field": made, "faults": listed}


def answer(name: str, made: Field, given: object, fault: str | None, **meters: Field) -> Field:
    """Return a case of an answer: whether it fits. `meter` is the definition of `METER`."""
    return {"name": name, "field": made, "answer": given, "meters": _meters(meters), "fault": fault}


def _meters(meters: dict[str, Field]) -> dict[str, Field]:
    return {METER: meters["meter"]} if "meter" in meters else {}


def judged(
    name: str,
    fields: list[Field],
    values: dict[str, object],
    *,
    photos: dict[str, int] | None = None,
    meter: Field | None = None,
    faults: tuple[tuple[str, str], ...] = (),
    missing: tuple[str, ...] = (),
    invalid: tuple[str, ...] = (),
    unread: tuple[str, ...] = (),
) -> Field:
    """Return a case of a filled form: what it amounts to."""
    form = {"id": FORM, "name": label("表", "Form"), "edition": 1, "fields": fields}
    expect = {
        "faults": [{"field": f, "level": lv} for f, lv in faults],
        "missing": list(missing),
        "invalid": list(invalid),
        "unread": list(unread),
        "faulty": bool(faults),
        "incomplete": bool(missing or invalid),
    }
    return {
        "name": name,
        "form": form,
        "values": values,
        "photos": photos or {},
        "meters": {} if meter is None else {METER: meter},
        "expect": expect,
    }
