"""Projects `round.take` and `explain`: what people say of rounds and records.

Mark that is set here: `not_theirs` (the plan wants its own people to walk it). It refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.bulk import Bulk, as_uuid
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.rounds.models import Occurrence
from server.rounds.said import Explanation, StandIn
from server.rounds.service.terms import terms_for
from sync import payloads

OWN_MARKS = frozenset({"not_theirs"})
"""The marks that are set here, and by nobody else."""

_STAND_INS = Bulk(StandIn)
_EXPLANATIONS = Bulk(Explanation)


def register_all() -> None:
    """Have the ledger bring these records here."""
    appliers.register("round.take", 1, apply_takes)
    appliers.register("explain", 1, apply_explanations)


def apply_takes(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `round.take`: one row each, whether or not there is such a round."""
    forbidding = _forbidding(session, arrivals)
    rows: list[dict[str, Any]] = []
    marks: list[Iterable[str]] = []
    for arrival in arrivals:
        taken = arrival.payload
        assert isinstance(taken, payloads.RoundTake)  # noqa: S101  registered for this type
        mine = OWN_MARKS if as_uuid(taken.occurrence) in forbidding else frozenset[str]()
        instead, interval = taken.instead_of, arrival.interval
        rows.append(
            {
                "organisation_id": arrival.organisation_id,
                "hash": arrival.hash,
                "site_id": arrival.site_id,
                "device_id": arrival.device_id,
                "person_id": _actor(arrival),
                "occurrence_id": as_uuid(taken.occurrence),
                "instead_kind": instead.kind if instead else None,
                "instead_id": as_uuid(instead.id) if instead else None,
                "lower_ms": interval.lower,
                "estimate_ms": interval.estimate,
                "upper_ms": interval.upper,
                "quality": interval.quality,
                "received_ms": arrival.received_ms,
                "marks": sorted({*arrival.marks} - OWN_MARKS | mine),
            }
        )
        marks.append(mine)
    _STAND_INS.insert(session, rows)
    return marks


def apply_explanations(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `explain`: one row each, whether or not the record that it explains has come."""
    rows: list[dict[str, Any]] = []
    for arrival in arrivals:
        said = arrival.payload
        assert isinstance(said, payloads.Explain)  # noqa: S101  registered for this type
        rows.append(
            {
                "organisation_id": arrival.organisation_id,
                "hash": arrival.hash,
                "record_hash": said.record,
                "site_id": arrival.site_id,
                "device_id": arrival.device_id,
                "person_id": _actor(arrival),
                "estimate_ms": arrival.interval.estimate,
                "received_ms": arrival.received_ms,
            }
        )
    _EXPLANATIONS.insert(session, rows)
    return [()] * len(arrivals)


def _forbidding(session: Session, arrivals: Sequence[Arrival]) -> set[UUID]:
    """Return those of the rounds taken over that only their own people shall walk, by the terms in force."""
    wanted = {
        (as_uuid(arrival.payload.occurrence), arrival.site_id)
        for arrival in arrivals
        if isinstance(arrival.payload, payloads.RoundTake)
    }
    found = session.execute(
        select(Occurrence.id, Occurrence.site_id, Occurrence.plan_id, Occurrence.from_ms).where(
            Occurrence.id.in_({occurrence for occurrence, _ in wanted})
        )
    ).all()
    terms = terms_for(session, (row for row in found if (row.id, row.site_id) in wanted))
    return {occurrence for occurrence, one in terms.items() if not one.stand_in}


def _actor(arrival: Arrival) -> UUID:
    return as_uuid(str(arrival.body.envelope.actor))
