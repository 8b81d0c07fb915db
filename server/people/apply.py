"""Projects the shifts: who was signed in on which phone, and when.

A shift ends with the next record of its phone that starts or ends one. *Next* is in the order of the
phone's logs, of which each names the one before it, and in these by number: the rows do not depend on
the order in which records or logs come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.ledger.models import Log
from server.people.doubles import late_marks
from server.people.memberships import on_roster
from server.people.models import Shift, ShiftEnd
from sync.payloads import ShiftStart


def register_all() -> None:
    """Have people project what is theirs, and say whose records a site takes, and which are doubted since."""
    appliers.register("shift.start", 1, apply_shifts)
    appliers.register("shift.end", 1, apply_shifts)
    appliers.register_roster(on_roster)
    appliers.register_late_marks(late_marks)


def apply_shifts(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `shift.start` and `shift.end`: whoever was signed in on the phone before no longer is."""
    starts = [_start(one, one.payload) for one in arrivals if isinstance(one.payload, ShiftStart)]
    ends = [_end(one) for one in arrivals if not isinstance(one.payload, ShiftStart)]
    if starts:
        session.execute(insert(Shift), starts)
    if ends:
        session.execute(insert(ShiftEnd), ends)
    orders = {device: _logs_of(session, device) for device in {arrival.device_id for arrival in arrivals}}
    touched: dict[tuple[str, int], list[str]] = {}
    for arrival in arrivals:
        logs = orders[arrival.device_id]
        if isinstance(arrival.payload, ShiftStart):
            touched[arrival.log, arrival.seq] = logs
        before = _start_before(session, logs, arrival.log, arrival.seq)
        if before is not None:
            touched[before] = logs
    for (log, seq), logs in touched.items():
        _close(session, logs, log, seq)
    return [()] * len(arrivals)


def _start(arrival: Arrival, payload: ShiftStart) -> dict[str, Any]:
    return {
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


def _end(arrival: Arrival) -> dict[str, Any]:
    return {
        "organisation_id": arrival.organisation_id,
        "hash": arrival.hash,
        "site_id": arrival.site_id,
        "device_id": arrival.device_id,
        "log": arrival.log,
        "seq": arrival.seq,
        "ended_ms": arrival.interval.estimate,
    }


def _logs_of(session: Session, device: UUID) -> list[str]:
    """Return a phone's logs, each after the one that it goes on from."""
    previous: dict[str, str | None] = dict(
        session.execute(select(Log.id, Log.previous_log).where(Log.device_id == device)).all()
    )

    def depth(log: str) -> int:
        seen = {log}
        while (before := previous[log]) in previous and before is not None and before not in seen:
            seen.add(before)
            log = before
        return len(seen)

    return sorted(previous, key=lambda log: (depth(log), log))


def _start_before(session: Session, logs: Sequence[str], log: str, seq: int) -> tuple[str, int] | None:
    """Return log and number of the last start before a record."""
    for name in reversed(logs[: logs.index(log) + 1]):
        query = select(Shift.started_seq).where(Shift.log == name).order_by(Shift.started_seq.desc()).limit(1)
        found = session.scalar(query.where(Shift.started_seq < seq) if name == log else query)
        if found is not None:
            return name, found
    return None


def _close(session: Session, logs: Sequence[str], log: str, seq: int) -> None:
    """Have the shift that this record started end with the next start or end, as far as one has come."""
    session.execute(
        update(Shift)
        .where(Shift.log == log, Shift.started_seq == seq)
        .values(ended_ms=_next_ms(session, logs, log, seq))
        .execution_options(synchronize_session=False)
    )


def _next_ms(session: Session, logs: Sequence[str], log: str, seq: int) -> int | None:
    """Return when the next start or end was after a record."""
    for name in logs[logs.index(log) :]:
        above = seq if name == log else 0
        starts = select(Shift.started_seq, Shift.started_ms).where(
            Shift.log == name, Shift.started_seq > above
        )
        ends = select(ShiftEnd.seq, ShiftEnd.ended_ms).where(ShiftEnd.log == name, ShiftEnd.seq > above)
        found = [
            tuple(row)
            for row in (
                session.execute(starts.order_by(Shift.started_seq).limit(1)).one_or_none(),
                session.execute(ends.order_by(ShiftEnd.seq).limit(1)).one_or_none(),
            )
            if row is not None
        ]
        if found:
            return int(min(found)[1])
    return None
