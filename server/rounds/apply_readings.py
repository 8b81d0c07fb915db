"""What answers say of meters: a row of `reading` each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.rounds.apply_batch import VisitRow
from sync.forms import Judgement, level


def readings_of(
    visit: VisitRow, values: Mapping[str, Any], definition: Mapping[str, Any], judgement: Judgement
) -> list[dict[str, Any]]:
    """Return a row for each number of a form that was read, or could not be."""
    rows: list[dict[str, Any]] = []
    for position, field in enumerate(definition["fields"]):
        answer = values.get(field["id"])
        if field["kind"] != "number" or answer is None or field["id"] in judgement.invalid:
            continue
        value = answer if isinstance(answer, str) else None
        rows.append(
            {
                "organisation_id": visit.organisation_id,
                "visit_id": visit.id,
                "field": field["id"],
                "site_id": visit.site_id,
                "target_kind": visit.target_kind,
                "target_id": visit.target_id,
                "position": position,
                "label": field["label"],
                "value": value,
                "unit": field.get("unit", ""),
                "level": None if value is None else level(value, field.get("limits", {})),
                "estimate_ms": visit.estimate_ms,
            }
        )
    return rows
