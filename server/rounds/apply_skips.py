"""Projects `stop.skip`: somebody skipped a stop of a round and said why.

Marks that are set here: `not_here` (no stop of the round that the record names), `early` and
`after_grace` as for scans. A mark refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.bulk import Bulk, as_uuid
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.rounds.service.matching import Rounds
from server.rounds.skips import Skip
from sync import payloads

OWN_MARKS = frozenset({"not_here", "early", "after_grace"})
"""The marks that are set here, and by nobody else for this type."""

_SKIPS = Bulk(Skip)


def register_all() -> None:
    """Have the ledger bring these records here."""
    appliers.register("stop.skip", 1, apply_skips)


def apply_skips(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `stop.skip`: one row each, whether or not there is such a stop in such a round."""
    rounds = Rounds(session)
    rounds.expect({arrival.payload.occurrence for arrival in arrivals})  # type: ignore[union-attr]
    rows: list[dict[str, Any]] = []
    marks: list[Iterable[str]] = []
    for arrival in arrivals:
        skip, interval = arrival.payload, arrival.interval
        assert isinstance(skip, payloads.StopSkip)  # noqa: S101  registered for this type
        match = rounds.match(arrival, skip.occurrence, skip.target, by_time=False)
        is_here = match.stop is not None and match.stop.id == as_uuid(skip.stop)
        mine = match.marks if is_here else match.marks | {"not_here"}
        actor = arrival.body.envelope.actor
        rows.append(
            {
                "organisation_id": arrival.organisation_id,
                "hash": arrival.hash,
                "site_id": arrival.site_id,
                "device_id": arrival.device_id,
                "person_id": as_uuid(actor) if actor else None,
                "occurrence_id": as_uuid(skip.occurrence),
                "stop_id": as_uuid(skip.stop),
                "reason": skip.reason,
                "lower_ms": interval.lower,
                "estimate_ms": interval.estimate,
                "upper_ms": interval.upper,
                "quality": interval.quality,
                "received_ms": arrival.received_ms,
                "marks": sorted({*arrival.marks} - OWN_MARKS | mine),
            }
        )
        marks.append(mine)
    _SKIPS.insert(session, rows)
    return marks
