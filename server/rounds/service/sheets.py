"""What paper sheets say of rounds.

A sheet claims and proves nothing: its stops count as claimed, so a round that stands on paper alone
is *unproven*, never done. What phones recorded goes before it, stop by stop.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people.models import Person
from server.rounds import state
from server.rounds.office import PaperSheet


def sheets_for(session: Session, *, site_id: UUID, occurrences: Collection[UUID]) -> list[PaperSheet]:
    """Return the sheets in force of some rounds: of each person the last one, unless it withdraws."""
    if not occurrences:
        return []
    rows = session.scalars(
        select(PaperSheet)
        .where(PaperSheet.site_id == site_id, PaperSheet.occurrence_id.in_(occurrences))
        .order_by(PaperSheet.entered_ms, PaperSheet.id)
    )
    last = {(sheet.occurrence_id, sheet.person_id): sheet for sheet in rows}
    return [sheet for sheet in last.values() if sheet.stops]


def claims(sheets: Collection[PaperSheet]) -> dict[UUID, list[state.Visit]]:
    """Return occurrence → what its sheets claim, as the judgement takes it."""
    found: dict[UUID, list[state.Visit]] = {}
    for sheet in sheets:
        found.setdefault(sheet.occurrence_id, []).extend(
            state.Visit(
                stop=UUID(one["stop"]),
                person=sheet.person_id,
                lower_ms=None,
                estimate_ms=one["at_ms"],
                upper_ms=sheet.entered_ms,
                quality="D",
                tag_proven=False,
            )
            for one in sheet.stops
        )
    return found


def sheet_views(session: Session, sheets: Sequence[PaperSheet]) -> list[dict[str, Any]]:
    """Return sheets as the round's page shows them."""
    people = {sheet.person_id for sheet in sheets} | {sheet.entered_by for sheet in sheets}
    names = {p.id: p.name for p in session.scalars(select(Person).where(Person.id.in_(people)))}
    return [
        {
            "id": sheet.id,
            "person": {"id": sheet.person_id, "name": names.get(sheet.person_id, "")},
            "entered_by": names.get(sheet.entered_by, ""),
            "entered_ms": sheet.entered_ms,
            "why": sheet.why,
            "photo": sheet.photo_sha256,
            "stops": sheet.stops,
        }
        for sheet in sheets
    ]
