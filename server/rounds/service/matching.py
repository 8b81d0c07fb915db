"""Which occurrence and which stop a record is judged for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from server.bulk import as_uuid
from server.direct import Direct, listed
from server.ledger.appliers import Arrival
from server.rounds.models import LONG, Occurrence
from server.rounds.service.terms import StopTerms, Terms, terms_for
from server.rounds.state import Bounds
from sync import payloads

LONGEST_MS = 3 * 24 * 3_600_000
"""Window and grace together are shorter, but for the few long windows."""

MOST_GRACE_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Round:
    """What a record is judged by: an occurrence that was not withdrawn, and what it asks for."""

    id: UUID
    site_id: UUID
    bounds: Bounds
    terms: Terms


class Match(Struct, frozen=True):
    """The occurrence and the stop for which a record is judged, and what is odd about that."""

    occurrence: UUID | None = None
    stop: StopTerms | None = None
    marks: frozenset[str] = frozenset()


_COLUMNS = (
    Occurrence.id,
    Occurrence.site_id,
    Occurrence.plan_id,
    Occurrence.number,
    Occurrence.from_ms,
    Occurrence.to_ms,
    Occurrence.grace_ms,
)
_NAMED = Direct(
    select(*_COLUMNS).where(Occurrence.id.op("IN")(listed("ids", Uuid())), Occurrence.withdrawn_ms.is_(None))
)
_RUNNING = Direct(
    select(*_COLUMNS).where(
        Occurrence.site_id == bindparam("site"),
        Occurrence.withdrawn_ms.is_(None),
        Occurrence.made_ms <= bindparam("received"),  # else a rebuild would match what nobody knew
        Occurrence.from_ms.between(bindparam("earliest"), bindparam("at")),
        Occurrence.to_ms + Occurrence.grace_ms > bindparam("at"),
    )
)
_LONG_RUNNING = Direct(
    select(*_COLUMNS).where(
        LONG,
        Occurrence.site_id == bindparam("site"),
        Occurrence.withdrawn_ms.is_(None),
        Occurrence.made_ms <= bindparam("received"),
        Occurrence.from_ms < bindparam("earliest"),
        Occurrence.to_ms > bindparam("at") - MOST_GRACE_MS,
        Occurrence.to_ms + Occurrence.grace_ms > bindparam("at"),
    )
)


@dataclass(slots=True)
class Rounds:
    """The occurrences that the records of one batch are judged for."""

    session: Session
    _known: dict[UUID, Round] = field(default_factory=dict)

    def expect(self, named: Iterable[str | None]) -> None:
        """Read at once the occurrences that many records name."""
        ids = {as_uuid(name) for name in named if name is not None}
        if ids:
            self._read(_NAMED.rows(self.session, {"ids": ids}))

    def match(
        self, arrival: Arrival, named: str | None, target: payloads.Target | None, *, by_time: bool = True
    ) -> Match:
        """Return the occurrence that the record names, else the only one that its place and time fit.

        :param named: an occurrence that was expected, or None
        """
        if named is not None:
            asked = self._known.get(as_uuid(named))
            if asked is not None and asked.site_id == arrival.site_id:
                return _named(arrival, asked, target)
        if target is None or not by_time:
            return Match()
        at = arrival.interval.estimate
        bound = {
            "site": arrival.site_id,
            "received": arrival.received_ms,
            "earliest": at - LONGEST_MS,
            "at": at,
        }
        rows = [*_RUNNING.rows(self.session, bound), *_LONG_RUNNING.rows(self.session, bound)]
        running = self._read(row for row in rows if row.number == 1)  # of a shared window any one will do
        place = as_uuid(target.id)
        fitting = [(one.id, stop) for one in running if (stop := one.terms.stop_at(place))]
        return Match(*fitting[0]) if len(fitting) == 1 else Match()

    def asks_stay(self, occurrence: UUID | None, stop: UUID | None) -> bool:
        """Tell whether a stop of an occurrence asks for time on the spot."""
        if occurrence is None or stop is None:
            return False
        if occurrence not in self._known:  # found by its time, with an earlier batch
            self._read(_NAMED.rows(self.session, {"ids": {occurrence}}))
        known = self._known.get(occurrence)
        return known is not None and any(s.id == stop and s.stay_ms for s in known.terms.stops)

    def _read(self, rows: Iterable[Any]) -> list[Round]:
        rows = list(rows)
        terms = terms_for(self.session, (row for row in rows if row.id not in self._known))
        for row in rows:
            if row.id in terms:
                bounds = Bounds(row.from_ms, row.to_ms, row.grace_ms)
                self._known[row.id] = Round(row.id, row.site_id, bounds, terms[row.id])
        return [self._known[row.id] for row in rows]


def _named(arrival: Arrival, asked: Round, target: payloads.Target | None) -> Match:
    marks = set()
    stop = None
    if target is not None:
        stop = asked.terms.stop_at(as_uuid(target.id))
        if stop is None:
            marks.add("not_here")
    bounds, interval = asked.bounds, arrival.interval
    believed = interval.quality in ("A", "B")
    if interval.estimate < bounds.from_ms if believed else interval.upper < bounds.from_ms:
        marks.add("early")
    late_from = interval.estimate if believed else interval.lower
    if late_from is not None and late_from >= bounds.over_ms:
        marks.add("after_grace")
    return Match(asked.id, stop, frozenset(marks))
