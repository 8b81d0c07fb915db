"""What somebody did while they surely used another phone too, of rows and in SQL: `server.people.doubles`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, column, false, select, values
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from server.people import doubles
from server.people.models import Membership
from server.rounds.models import Finding, Visit
from server.sites.models import Site

_EVER_MS = 2**53


def on_two_phones(session: Session, visits: Sequence[Visit | Finding]) -> set[str]:
    """Return the ids of visits or findings that their person made while they surely used another phone."""
    if not visits:
        return set()
    spans = doubles.spans_of(
        session,
        organisation=visits[0].organisation_id,
        persons={visit.person_id for visit in visits if visit.person_id is not None},
        from_ms=min(visit.estimate_ms for visit in visits),
        to_ms=max(visit.upper_ms for visit in visits),
        rivalled=True,
    )
    sights = {
        v.id: doubles.Sight(v.person_id, v.device_id, v.lower_ms, v.upper_ms)
        for v in visits
        if v.person_id is not None
    }
    return {visit_id for visit_id, sight in sights.items() if doubles.is_double(sight, spans)}


def is_on_two_phones(
    session: Session, *, site: Site, person: UUID | None, from_ms: int | None, to_ms: int | None
) -> ColumnElement[bool]:
    """Say in SQL what `on_two_phones` says of rows: of a site's visits, of one person or all."""
    here = select(Membership.person_id).where(Membership.site_id == site.id)
    spans = doubles.spans_of(
        session,
        organisation=site.organisation_id,
        persons=session.scalars(here).all() if person is None else [person],
        from_ms=from_ms or 0,
        to_ms=_EVER_MS if to_ms is None else to_ms,
        rivalled=True,
    )
    if not spans:
        return false()
    ids, moments = Uuid(), BigInteger()
    sure = (
        values(
            column("person", ids), column("device", ids), column("from_ms", moments), column("to_ms", moments)
        )
        .data([(span.person, span.device, span.from_ms, span.to_ms) for span in spans])
        .cte("sure_spans")
    )
    return (
        select(sure.c.person)
        .where(
            sure.c.person == Visit.person_id,
            sure.c.device != Visit.device_id,
            sure.c.from_ms <= Visit.lower_ms,
            Visit.upper_ms <= sure.c.to_ms,
        )
        .exists()
    )
