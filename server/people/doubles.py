"""One person on two phones at once: shown as the mark `two_phones`, computed whenever somebody looks.

Only what is sure counts. A shift surely runs from the moment by which it had begun to the last moment
before which its last record cannot have been made, and for a day at most; a record that lies wholly
inside such a span of the same person on *another* phone was made while both were in use. Wrong clocks
widen the bounds, so they hide such a case and never invent one; a shift that nobody ended ends with its
last record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from server.ledger.models import Log, Record, Verdict
from server.people.models import Shift, ShiftEnd

MARK = "two_phones"

SHIFT_MS = 24 * 3_600_000
"""For so long a shift counts at most: a phone that nobody signs out of proves no second day."""


@dataclass(frozen=True, slots=True)
class Span:
    """A person surely used a phone from one moment to another, ms."""

    person: UUID
    device: UUID
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Sight:
    """A record of a person on a phone, made between two moments; None where a side is open."""

    person: UUID
    device: UUID
    lower_ms: int | None
    upper_ms: int | None


def is_double(sight: Sight, spans: Iterable[Span]) -> bool:
    """Tell whether a record was surely made while its person used another phone."""
    if sight.lower_ms is None or sight.upper_ms is None:
        return False
    return any(
        span.person == sight.person
        and span.device != sight.device
        and span.from_ms <= sight.lower_ms
        and sight.upper_ms <= span.to_ms
        for span in spans
    )


def spans_of(
    session: Session,
    *,
    organisation: UUID,
    persons: Collection[UUID],
    from_ms: int,
    to_ms: int,
    besides: UUID | None = None,
    rivalled: bool = False,
) -> list[Span]:
    """Return the sure spans of these persons that reach into a stretch of time, on whatever site's phone.

    :param besides: not those on this phone
    :param rivalled: only those of people who have taken another phone, for the others say nothing
    """
    if not persons:
        return []
    query = (
        select(Shift.person_id, Shift.device_id, Shift.started_ms, Verdict.upper_ms, _last_lower_ms())
        .join(
            Verdict,
            (Verdict.log == Shift.log) & (Verdict.seq == Shift.started_seq) & Verdict.trunk,
        )
        .where(
            Shift.organisation_id == organisation,
            Shift.person_id.in_(persons),
            Shift.started_ms >= from_ms - SHIFT_MS,
            Shift.started_ms < to_ms,
        )
    )
    if besides is not None:
        query = query.where(Shift.device_id != besides)
    if rivalled:
        other = aliased(Shift)
        query = query.where(
            select(other.id)
            .where(
                other.organisation_id == Shift.organisation_id,
                other.person_id == Shift.person_id,
                other.device_id != Shift.device_id,
                other.started_ms <= Shift.started_ms + SHIFT_MS,
            )
            .exists()
        )
    found = []
    for person, device, started_ms, begun_ms, last_ms in session.execute(query):
        if begun_ms is None or last_ms is None:
            continue
        until_ms = min(last_ms, started_ms + SHIFT_MS)
        if begun_ms < until_ms and until_ms > from_ms:
            found.append(Span(person, device, begun_ms, until_ms))
    return found


def _last_lower_ms() -> ScalarSelect[int | None]:
    """Return, in SQL, the earliest moment at which the last record of a shift can have been made, ms."""
    later = aliased(Shift)
    next_start = (
        select(func.min(later.started_seq))
        .where(later.log == Shift.log, later.started_seq > Shift.started_seq)
        .correlate(Shift)
        .scalar_subquery()
    )
    next_end = (
        select(func.min(ShiftEnd.seq))
        .where(ShiftEnd.log == Shift.log, ShiftEnd.seq > Shift.started_seq)
        .correlate(Shift)
        .scalar_subquery()
    )
    beyond = 2**53
    made = aliased(Verdict)
    return (
        select(func.max(made.lower_ms))
        .join(
            Record,
            (Record.organisation_id == made.organisation_id) & (Record.ledger_pos == made.ledger_pos),
        )
        .where(
            made.log == Shift.log,
            made.trunk,
            made.outcome == "applied",
            made.seq > Shift.started_seq,
            made.seq < func.coalesce(next_start, beyond),
            made.seq < func.coalesce(next_end, beyond),
            Record.actor == Shift.person_id,
        )
        .correlate(Shift)
        .scalar_subquery()
    )


def late_marks(
    session: Session, organisation: UUID, device: UUID, hashes: Collection[str]
) -> dict[str, list[str]]:
    """Return what marks a phone's records have got since it sent them, by hash.

    Of scans, answers and findings: what a person did, and the console shows.
    """
    rows = session.execute(
        select(Record.hash, Record.actor, Verdict.lower_ms, Verdict.upper_ms)
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .join(Log, Log.id == Verdict.log)
        .where(
            Record.organisation_id == organisation,
            Record.hash.in_(hashes),
            Log.device_id == device,  # it may ask of what it carried for another phone
            Record.type.in_(("scan", "answers", "finding")),
            Record.actor.is_not(None),
            Verdict.trunk,
            Verdict.outcome == "applied",
            Verdict.lower_ms.is_not(None),
            Verdict.upper_ms.is_not(None),
        )
    ).all()
    if not rows:
        return {}
    spans = spans_of(
        session,
        organisation=organisation,
        persons={row.actor for row in rows},
        from_ms=min(row.lower_ms for row in rows),
        to_ms=max(row.upper_ms for row in rows),
        besides=device,
    )
    sights = {row.hash: Sight(row.actor, device, row.lower_ms, row.upper_ms) for row in rows}
    return {found: [MARK] for found, sight in sights.items() if is_double(sight, spans)} if spans else {}
