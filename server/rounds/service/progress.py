"""How far rounds of these days are, brought down to the phones that may walk them too.

A row of its own beside the occurrence's, written at most once a minute and only when what it says has
changed: a walk with the network makes a handful of small rows, one that is sent at once makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.rounds.models import Occurrence
from server.rounds.service.judging import Judged
from server.rounds.told import Progress
from server.sites.models import Site

KEPT_MS = 2 * 24 * 3_600_000
"""So long after its end phones still hear of a round's progress."""


def note(session: Session, *, judged: Sequence[Judged], now_ms: int) -> None:
    """Write down how far rounds are that somebody began and that are not long over; the caller commits."""
    wanted = [one for one in judged if now_ms < one.bounds.to_ms + KEPT_MS]
    rows = _rows(session, [one.occurrence.id for one in wanted])
    for one in wanted:
        row = rows.get(one.occurrence.id)
        stops = [str(stop.id) for stop in one.terms.stops if one.reached(stop)]
        if row is None and not stops:
            continue
        walked = [v for v in one.visits if v.person_id is not None and str(v.stop_id) in stops]
        people = [*dict.fromkeys(str(v.person_id) for v in walked)]
        says = (one.judgement.state, stops, people)
        if row is None:
            row = Progress(
                id=one.occurrence.id,
                organisation_id=one.occurrence.organisation_id,
                site_id=one.occurrence.site_id,
                version=0,
            )
            session.add(row)
        elif (row.state, row.stops, row.people) == says and row.fed:
            continue
        row.state, row.stops, row.people = says
        row.known_ms = max((v.received_ms for v in one.visits), default=now_ms)
        row.fed = True
        row.version += 1
        _queue(session, row, "upsert", body_of(row))


def take_away(session: Session, *, site: Site, now_ms: int) -> None:
    """Take from the phones what is long over; the caller commits."""
    old = (
        select(Progress)
        .join(Occurrence, Occurrence.id == Progress.id)
        .where(Progress.site_id == site.id, Progress.fed, Occurrence.to_ms <= now_ms - KEPT_MS)
    )
    for row in session.scalars(old):
        row.fed = False
        row.version += 1
        _queue(session, row, "leave", None)


def body_of(row: Progress) -> dict[str, Any]:
    """Return what a phone is told."""
    return {
        "id": str(row.id),
        "state": row.state,
        "stops": row.stops,
        "people": row.people,
        "known_ms": row.known_ms,
    }


def _rows(session: Session, occurrences: Sequence[UUID]) -> dict[UUID, Progress]:
    return {row.id: row for row in session.scalars(select(Progress).where(Progress.id.in_(occurrences)))}


def _queue(session: Session, row: Progress, op: Any, body: dict[str, Any] | None) -> None:
    queue(session, Change(row.organisation_id, row.site_id, "progress", row.id, row.version, op, body))
