"""Comments of the office on a round. What was written stays as it was written."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people.models import Person
from server.rounds.office import Comment
from server.rounds.service.cutting import occurrence_of


def comments_of(session: Session, *, site_id: UUID, occurrence_id: UUID) -> list[dict[str, Any]]:
    """Return a round's comments, the oldest first.

    :raises NotFound: no such round on the site
    """
    occurrence_of(session, site_id=site_id, occurrence_id=occurrence_id)
    rows = session.execute(
        select(Comment, Person.name)
        .outerjoin(Person, Person.id == Comment.person_id)
        .where(Comment.site_id == site_id, Comment.occurrence_id == occurrence_id)
        .order_by(Comment.at_ms, Comment.id)
    ).all()
    return [
        {"id": comment.id, "at_ms": comment.at_ms, "by": name or "", "text": comment.text}
        for comment, name in rows
    ]


def comment(
    session: Session, *, site_id: UUID, occurrence_id: UUID, person_id: UUID, text: str, now_ms: int
) -> Comment:
    """Write a comment on a round.

    :raises NotFound: no such round on the site
    """
    occurrence = occurrence_of(session, site_id=site_id, occurrence_id=occurrence_id)
    written = Comment(
        id=uuid4(),
        organisation_id=occurrence.organisation_id,
        site_id=site_id,
        occurrence_id=occurrence_id,
        person_id=person_id,
        at_ms=now_ms,
        text=text,
    )
    session.add(written)
    session.flush()
    return written
