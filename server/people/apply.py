"""Projects the shifts: who was signed in on which phone, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.people.models import Shift
from server.people.organisations import on_roster
from sync.payloads import ShiftStart


def register_all() -> None:
    """Have people project what is theirs, and say whose records a site takes."""
    appliers.register("shift.start", 1, apply_shifts)
    appliers.register("shift.end", 1, apply_shifts)
    appliers.register_roster(on_roster)


def apply_shifts(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `shift.start` and `shift.end`: whoever was signed in on the phone before no longer is."""
    for arrival in arrivals:
        _end_open(session, arrival)
        if isinstance(arrival.payload, ShiftStart):
            _start(session, arrival, arrival.payload)
    return [()] * len(arrivals)


def _start(session: Session, arrival: Arrival, payload: ShiftStart) -> None:
    session.execute(
        insert(Shift),
        [
            {
                "id": UUID(arrival.hash[:32]),
                "organisation_id": arrival.organisation_id,
                "site_id": arrival.site_id,
                "device_id": arrival.device_id,
                "log": arrival.log,
                "person_id": UUID(arrival.body.envelope.actor),
                "started_seq": arrival.seq,
                "started_hash": arrival.hash,
                "started_ms": arrival.interval.estimate,
                "ended_ms": None,
                "online": payload.online,
                "failed_tries": payload.failed_tries,
            }
        ],
    )


def _end_open(session: Session, arrival: Arrival) -> None:
    session.execute(
        update(Shift)
        .where(Shift.device_id == arrival.device_id, Shift.ended_ms.is_(None))
        .values(ended_ms=arrival.interval.estimate)
        .execution_options(synchronize_session=False)
    )
