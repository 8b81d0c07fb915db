"""What of the board and of a round somebody is shown, by what their role lets them see. Pure.

Completion is for everybody who sees the board. Who walked, who stands where and what is doubted is
for those who may see people and evidence.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from server.people.roles import Capability

Within = AbstractSet[UUID] | None
"""The people whose doings one may see; None: everybody's."""

_NEEDS: dict[str, Capability] = {
    "alarm": "see.findings",
    "marked": "see.evidence",
    "quarantined": "see.quarantine",
    "certificate": "change.people",
    "due": "see.assets",
}
"""What a row of the attention list takes, beside those that tell of a round's state."""


def shown_board(body: dict[str, Any], *, may: Collection[Capability], within: Within) -> dict[str, Any]:
    """Return the board as somebody may see it."""
    lanes = [
        lane | {"windows": [shown_window(w, may=may) for w in lane["windows"]]} for lane in body["lanes"]
    ]
    return body | {
        "lanes": lanes,
        "attention": [
            _shown_row(r, may) for r in body["attention"] if _NEEDS.get(r["kind"], "see.board") in may
        ],
        "whereabouts": [
            row for row in body["whereabouts"] if "see.people" in may and _is_within(row["person"], within)
        ],
    }


def shown_round(body: dict[str, Any], *, may: Collection[Capability], within: Within) -> dict[str, Any]:
    """Return an occurrence as somebody may see it: visits only of those whose evidence they may open."""
    stops = [
        stop
        | {
            "visits": [
                visit
                for visit in stop["visits"]
                if "see.evidence" in may and _is_within(visit["person"], within)
            ],
            "skips": [_shown_skip(skip, may=may, within=within) for skip in stop["skips"]],
        }
        for stop in body["stops"]
    ]
    reports = [
        one
        if "see.evidence" in may and _is_within(one["person"], within)
        else one | {"person": None, "record": None}
        for one in body["reports"]
    ]
    return shown_window(body, may=may) | {"stops": stops, "reports": reports}


def shown_evidence(body: dict[str, Any], *, may: Collection[Capability], within: Within) -> dict[str, Any]:
    """Return the evidence behind a visit as somebody may see it.

    On a shared phone the records before and after may be somebody else's: of these, whoever sees
    only some people sees that the chain holds, and not where it leads.
    """
    chain = body["chain"]
    if within is not None:
        records = [r if r["this"] else r | {"type": None, "title": None} for r in chain["records"]]
        chain = chain | {"records": records}
    window = body["occurrence_view"]
    return body | {
        **({} if "see.location" in may else {"geo": None, "location": "hidden"}),
        "occurrence_view": shown_window(window, may=may) if window and "see.board" in may else None,
        "chain": chain,
    }


def shown_window(window: dict[str, Any], *, may: Collection[Capability]) -> dict[str, Any]:
    """Return a window of a plan without names for whoever sees no people."""
    if "see.people" in may:
        return window
    excused = window["excused"]
    return window | {"people": [], "stand_ins": [], "papers": 0, "excused": excused and excused | {"by": ""}}


def _shown_skip(skip: dict[str, Any], *, may: Collection[Capability], within: Within) -> dict[str, Any]:
    """Return why a stop was skipped; who said it, with which words and photos, is evidence."""
    if "see.evidence" in may and _is_within(skip["person"], within):
        return skip
    decision = skip["decision"]
    return skip | {
        "person": None,
        "note": None,
        "photos": [],
        "marks": [],
        "decision": decision and decision | {"by": "", "why": None},
    }


def _shown_row(row: dict[str, Any], may: Collection[Capability]) -> dict[str, Any]:
    return row if "see.evidence" in may else row | {"visit": None}


def _is_within(person: dict[str, Any] | None, within: Within) -> bool:
    return within is None or (person is not None and person["id"] in within)
