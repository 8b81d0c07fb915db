"""What people did in a period: their visits, and what became of the rounds they walked in.

A round that nobody walked is nobody's: it stands with its plan and team, and never with a person.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session

from server.people.models import Membership, Person
from server.problems import NotFound
from server.reports.service.cells import page_view
from server.reports.service.report import Report, period_view
from server.rounds.models import Visit
from server.rounds.state import STATES


def _visits_of(report: Report, within: AbstractSet[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of the visits of a report's period that somebody made, only those within if given."""
    here: tuple[ColumnElement[bool], ...] = (
        Visit.site_id == report.site.id,
        Visit.estimate_ms >= report.span.from_ms,
        Visit.estimate_ms < report.span.to_ms,
        Visit.person_id.is_not(None),
    )
    return here if within is None else (*here, Visit.person_id.in_(within))


def walked_view(
    session: Session,
    report: Report,
    person_id: UUID,
    *,
    within: AbstractSet[UUID] | None,
    states: tuple[str, ...],
    after: str | None,
    limit: int,
) -> dict[str, Any]:
    """Return the rounds that `people_view` counts of a person, page by page, and who that is.

    :raises NotFound: nobody of the site, or not one of those within
    :raises BadCursor: `after` is no cursor
    """
    here = _visits_of(report, {person_id})
    walked = set(session.scalars(select(Visit.occurrence_id).where(*here).distinct()))
    member = select(Membership.person_id).where(
        Membership.site_id == report.site.id, Membership.person_id == person_id
    )
    name = session.scalar(
        select(Person.name).where(
            Person.id == person_id, Person.organisation_id == report.site.organisation_id
        )
    )
    seen = within is None or person_id in within
    if name is None or not seen or not (walked or session.scalar(member.limit(1))):
        raise NotFound
    facts = [fact for fact in report.facts if fact.occurrence in walked]
    page = page_view(session, report, facts, states=states, after=after, limit=limit)
    return page | {"person": {"id": person_id, "name": name}}


def people_view(
    session: Session, report: Report, *, within: AbstractSet[UUID] | None = None
) -> dict[str, Any]:
    """Return everybody who made a visit in the period, by name; only those within when it is given."""
    here = _visits_of(report, within)
    counted = session.execute(
        select(
            Visit.person_id,
            func.count().label("visits"),
            func.sum(cast(Visit.faulty, Integer)).label("faults"),
            func.sum(cast(Visit.marked, Integer)).label("marked"),
        )
        .where(*here)
        .group_by(Visit.person_id)
    ).all()
    states = {fact.occurrence: fact.state for fact in report.facts}
    rounds: dict[UUID, dict[str, int]] = {row.person_id: dict.fromkeys(STATES, 0) for row in counted}
    walked = select(Visit.person_id, Visit.occurrence_id).where(*here, Visit.occurrence_id.is_not(None))
    for person, occurrence in session.execute(walked.distinct()):
        if person in rounds and occurrence in states:
            rounds[person][states[occurrence]] += 1
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(rounds))).all())
    teams = dict(
        session.execute(
            select(Membership.person_id, Membership.team_id).where(Membership.site_id == report.site.id)
        ).all()
    )
    rows = [
        {
            "person": {"id": row.person_id, "name": names.get(row.person_id, "")},
            "team": teams.get(row.person_id),
            "visits": row.visits,
            "faults": row.faults or 0,
            "marked": row.marked or 0,
            "rounds": rounds[row.person_id],
        }
        for row in counted
    ]
    return {
        "period": period_view(report),
        "people": sorted(rows, key=lambda r: (r["person"]["name"], str(r["person"]["id"]))),
    }
