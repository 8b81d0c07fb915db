"""Whether a supervisor accepts that a stop was skipped."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Problem
from server.rounds.models import Occurrence
from server.rounds.service.cutting import occurrence_of
from server.rounds.skips import Skip, SkipDecision


class NotSkipped(Problem):
    """Nobody said that the stop was skipped, as far as was heard."""

    slug, status, title = "not-skipped", HTTPStatus.CONFLICT, "Nobody skipped this stop"


def decide(
    session: Session,
    *,
    site_id: UUID,
    occurrence_id: UUID,
    stop_id: UUID,
    accepted: bool,
    why: str | None,
    person_id: UUID,
    now_ms: int,
) -> Occurrence:
    """Accept that a stop was skipped, or do not; the last word holds, and every one is kept.

    :raises NotFound: no such occurrence on the site
    :raises NotSkipped: nobody skipped the stop
    """
    occurrence = occurrence_of(session, site_id=site_id, occurrence_id=occurrence_id)
    skipped = select(Skip.hash).where(
        Skip.site_id == site_id, Skip.occurrence_id == occurrence_id, Skip.stop_id == stop_id
    )
    if session.scalar(skipped.limit(1)) is None:
        raise NotSkipped
    session.add(
        SkipDecision(
            id=uuid4(),
            organisation_id=occurrence.organisation_id,
            site_id=site_id,
            occurrence_id=occurrence_id,
            stop_id=stop_id,
            accepted=accepted,
            why=why,
            decided_by=person_id,
            decided_ms=now_ms,
        )
    )
    session.flush()
    return occurrence
