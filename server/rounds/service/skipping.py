"""Stops that were skipped: what was recorded, what a supervisor said to it, and how it is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger import service as ledger
from server.rounds import state
from server.rounds.models import Occurrence
from server.rounds.skips import Skip, SkipDecision

if TYPE_CHECKING:
    from server.rounds.service.names import Names


def skips_for(
    session: Session, *, site_id: UUID, occurrences: Collection[UUID]
) -> dict[UUID, list[state.Skip]]:
    """Return occurrence id → its skipped stops, each with the last word of a supervisor."""
    rows = session.execute(
        select(Skip.occurrence_id, Skip.stop_id)
        .where(Skip.site_id == site_id, Skip.occurrence_id.in_(occurrences))
        .distinct()
    ).all()
    if not rows:
        return {}
    said = decisions_for(session, occurrences={row.occurrence_id for row in rows})
    found: dict[UUID, list[state.Skip]] = {}
    for occurrence, stop in rows:
        decision = said.get((occurrence, stop))
        accepted = decision is not None and decision.accepted
        found.setdefault(occurrence, []).append(state.Skip(stop, accepted))
    return found


def decisions_for(
    session: Session, *, occurrences: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], SkipDecision]:
    """Return occurrence and stop → what was decided last."""
    found = session.scalars(
        select(SkipDecision)
        .where(SkipDecision.occurrence_id.in_(occurrences))
        .order_by(SkipDecision.decided_ms, SkipDecision.id)
    )
    return {(one.occurrence_id, one.stop_id): one for one in found}


def skip_views(session: Session, *, occurrence: Occurrence, names: Names) -> dict[UUID, list[dict[str, Any]]]:
    """Return stop → what was said of its being skipped, the first first."""
    organisation = occurrence.organisation_id
    found: Sequence[Skip] = session.scalars(
        select(Skip)
        .where(Skip.site_id == occurrence.site_id, Skip.occurrence_id == occurrence.id)
        .order_by(Skip.estimate_ms, Skip.hash)
    ).all()
    if not found:
        return {}
    said = decisions_for(session, occurrences={occurrence.id})
    photos: dict[str, list[dict[str, Any]]] = {}
    for claim in ledger.claims(session, organisation, [skip.hash for skip in found]):
        address = f"/api/v1/sites/{occurrence.site_id}/photos/{claim.sha256}"
        url = address if claim.state == "stored" else None
        photos.setdefault(claim.hash, []).append({"sha256": claim.sha256, "state": claim.state, "url": url})
    views: dict[UUID, list[dict[str, Any]]] = {}
    for skip in found:
        decision = said.get((occurrence.id, skip.stop_id))
        views.setdefault(skip.stop_id, []).append(
            {
                "hash": skip.hash,
                "reason": skip.reason,
                "note": ledger.private_values(session, organisation, skip.hash).get("note"),
                "person": names.person(skip.person_id),
                "lower_ms": skip.lower_ms,
                "estimate_ms": skip.estimate_ms,
                "upper_ms": skip.upper_ms,
                "quality": skip.quality,
                "received_ms": skip.received_ms,
                "marks": skip.marks,
                "photos": photos.get(skip.hash, []),
                "decision": decision
                and {
                    "accepted": decision.accepted,
                    "why": decision.why,
                    "by": names.persons.get(decision.decided_by, ""),
                    "at_ms": decision.decided_ms,
                },
            }
        )
    return views
