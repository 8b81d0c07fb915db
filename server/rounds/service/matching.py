"""Which occurrence and which stop a record is judged for."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, SessionTransaction

from server.ledger.appliers import Arrival
from server.rounds.models import Occurrence
from server.rounds.service.terms import StopTerms, Terms, bounds_of, terms_for
from sync import payloads

LONGEST_MS = 3 * 24 * 3_600_000
"""Window and grace together are shorter."""


_KEPT = "roundsman.occurrences"
_MOST_KEPT = 64


@dataclass(slots=True)
class _Kept:
    """Occurrences that a transaction has asked for."""

    transaction: SessionTransaction | None
    found: dict[UUID, tuple[Occurrence, Terms]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The occurrence and the stop for which a record is judged, and what is odd about that."""

    occurrence: Occurrence | None
    stop: StopTerms | None
    marks: frozenset[str] = frozenset()


def match_record(
    session: Session,
    arrival: Arrival,
    named: str | None,
    target: payloads.Target | None,
    *,
    by_time: bool = True,
) -> Match:
    """Return the occurrence that the record names, else the only one that its place and time fit."""
    if named is not None:
        asked = _asked(session, UUID(named))
        if asked is not None:
            occurrence, terms = asked
            if occurrence.site_id == arrival.site_id and occurrence.withdrawn_ms is None:
                return _named(arrival, occurrence, terms, target)
    if target is None or not by_time:
        return Match(None, None)
    at = arrival.interval.estimate
    running = session.scalars(
        select(Occurrence).where(
            Occurrence.site_id == arrival.site_id,
            Occurrence.withdrawn_ms.is_(None),
            Occurrence.made_ms <= arrival.received_ms,  # else a rebuild would match what nobody knew
            Occurrence.from_ms.between(at - LONGEST_MS, at),
            Occurrence.to_ms + Occurrence.grace_ms > at,
        )
    ).all()
    found = terms_for(session, running)
    fitting = [(o, stop) for o in running if (stop := found[o.id].stop_at(UUID(target.id)))]
    if len(fitting) != 1:
        return Match(None, None)
    return Match(*fitting[0])


def _asked(session: Session, occurrence_id: UUID) -> tuple[Occurrence, Terms] | None:
    """Return an occurrence with its terms; a batch asks for the same one again and again.

    Remembered until the transaction ends, for as many as one phone is likely to walk at once.
    """
    transaction = session.get_transaction()
    kept: _Kept | None = session.info.get(_KEPT)
    if kept is None or kept.transaction is not transaction or len(kept.found) >= _MOST_KEPT:
        kept = session.info[_KEPT] = _Kept(transaction)
    if occurrence_id not in kept.found:
        occurrence = session.get(Occurrence, occurrence_id)
        if occurrence is None:
            return None
        kept.transaction = session.get_transaction()  # the first statement of all began one
        kept.found[occurrence_id] = occurrence, terms_for(session, [occurrence])[occurrence_id]
    return kept.found[occurrence_id]


def _named(arrival: Arrival, occurrence: Occurrence, terms: Terms, target: payloads.Target | None) -> Match:
    marks = set()
    stop = None
    if target is not None:
        stop = terms.stop_at(UUID(target.id))
        if stop is None:
            marks.add("not_here")
    bounds, interval = bounds_of(occurrence), arrival.interval
    believed = interval.quality in ("A", "B")
    if interval.estimate < bounds.from_ms if believed else interval.upper < bounds.from_ms:
        marks.add("early")
    late_from = interval.estimate if believed else interval.lower
    if late_from is not None and late_from >= bounds.over_ms:
        marks.add("after_grace")
    return Match(occurrence, stop, frozenset(marks))
