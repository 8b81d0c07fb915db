"""What may stand in the definition of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.forms.base import (
    HASH,
    ID,
    MAX_FIELDS,
    MAX_GUIDE,
    UUID,
    DefinitionFault,
    Faults,
    Field,
    is_count,
    matches,
    name_faults,
)
from sync.forms.conditions import condition_faults
from sync.forms.kinds import KINDS

COMMON = frozenset({"id", "kind", "label", "required", "hint", "guide", "if"})
"""The members that a field of any kind may have."""

MAX_PICTURE = 12_582_912
PICTURES = ("image/jpeg", "image/png", "image/webp")


def check_form(definition: object) -> list[DefinitionFault]:
    """Return everything that is wrong with a form's definition; an empty list is a good form."""
    if not isinstance(definition, dict):
        return [DefinitionFault("", "not_an_object")]
    faults = [DefinitionFault(path, code) for path, code in _form_faults(definition)]
    fields = definition.get("fields")
    if not isinstance(fields, list) or not 1 <= len(fields) <= MAX_FIELDS:
        return [*faults, DefinitionFault("fields", "count")]
    seen: set[str] = set()
    earlier: dict[str, Field] = {}
    for i, field in enumerate(fields):
        found = [
            DefinitionFault(f"fields[{i}]{p and '.' + p}", code) for p, code in _field_faults(field, earlier)
        ]
        faults += found
        field_id = field.get("id") if isinstance(field, dict) else None
        if isinstance(field_id, str):
            if field_id in seen:
                faults.append(DefinitionFault(f"fields[{i}].id", "repeated"))
            seen.add(field_id)
            if not found:
                earlier.setdefault(field_id, field)
    return faults


def _form_faults(form: Mapping[str, object]) -> Faults:
    yield from ((name, "unknown") for name in sorted(form.keys() - {"id", "name", "edition", "fields"}))
    if not matches(UUID, form.get("id")):
        yield "id", "form"
    yield from name_faults("name", form.get("name"))
    if not is_count(form.get("edition"), 1, 2**31):
        yield "edition", "form"


def _field_faults(field: Any, earlier: Mapping[str, Field]) -> Faults:
    if not isinstance(field, dict):
        yield "", "not_an_object"
        return
    kind = KINDS.get(str(field.get("kind")))
    if kind is None:
        yield "kind", "unknown"
        return
    yield from ((name, "unknown") for name in sorted(field.keys() - COMMON - kind.members))
    if not matches(ID, field.get("id")):
        yield "id", "form"
    yield from name_faults("label", field.get("label"))
    if "hint" in field:
        yield from name_faults("hint", field["hint"])
    required = field.get("required", False)
    if kind.derive is not None and required is not False:
        yield "required", "never_asked"
    elif isinstance(required, dict):
        yield from condition_faults("required", required, earlier, KINDS)
    elif not isinstance(required, bool):
        yield "required", "form"
    if "if" in field:
        yield from condition_faults("if", field["if"], earlier, KINDS)
    if "guide" in field:
        yield from _guide_faults(field["guide"])
    yield from kind.options(field)
    yield from kind.references(field, earlier)


def _guide_faults(guide: object) -> Faults:
    if not isinstance(guide, dict) or not guide or not guide.keys() <= {"text", "picture"}:
        yield "guide", "form"
        return
    if "text" in guide:
        yield from name_faults("guide.text", guide["text"], MAX_GUIDE)
    if "picture" in guide:
        picture = guide["picture"]
        names = {"sha256", "size", "mime", "width", "height"}
        fits = (
            isinstance(picture, dict)
            and picture.keys() == names
            and matches(HASH, picture["sha256"])
            and is_count(picture["size"], 1, MAX_PICTURE)
            and picture["mime"] in PICTURES
            and is_count(picture["width"], 1, 2**16)
            and is_count(picture["height"], 1, 2**16)
        )
        if not fits:
            yield "guide.picture", "form"
