"""One person on two phones at once: shown as the mark `two_phones`, computed whenever somebody looks.

Only what is sure counts. A shift surely runs from the moment by which it had begun to the last moment
before which its last record cannot have been made; a record that lies wholly inside such a span of the same
person on *another* phone was made while both were in use. Wrong clocks widen the bounds, so they hide such a
case and never invent one; a shift that nobody ended ends with its last record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from server.ledger.models import Record, Verdict
from server.people.models import Shift, ShiftEnd

MARK = "two_phones"

_SHIFT_MS = 24 * 3_600_000
"""No shift is longer: so far back a span is looked for."""


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
    session: Session, *, organisation: UUID, persons: Collection[UUID], from_ms: int, to_ms: int
) -> list[Span]:
    """Return the sure spans of these persons that reach into a stretch of time, on whatever site's phone."""
    if not persons:
        return []
    shifts = session.execute(
        select(Shift, Verdict.upper_ms)
        .join(
            Verdict,
            (Verdict.log == Shift.log) & (Verdict.seq == Shift.started_seq) & Verdict.trunk,
        )
        .where(
            Shift.organisation_id == organisation,
            Shift.person_id.in_(persons),
            Shift.started_ms > from_ms - _SHIFT_MS,
            Shift.started_ms < to_ms,
        )
    ).all()
    found = []
    for shift, begun_ms in shifts:
        last_ms = _last_ms(session, shift)
        if begun_ms is not None and last_ms is not None and begun_ms < last_ms and last_ms > from_ms:
            found.append(Span(shift.person_id, shift.device_id, begun_ms, last_ms))
    return found


def _last_ms(session: Session, shift: Shift) -> int | None:
    """Return the earliest moment at which the last record of a shift can have been made."""
    later = aliased(Shift)
    next_start = (
        select(func.min(later.started_seq))
        .where(later.log == shift.log, later.started_seq > shift.started_seq)
        .scalar_subquery()
    )
    next_end = (
        select(func.min(ShiftEnd.seq))
        .where(ShiftEnd.log == shift.log, ShiftEnd.seq > shift.started_seq)
        .scalar_subquery()
    )
    beyond = 2**53
    return session.scalar(
        select(func.max(Verdict.lower_ms))
        .join(
            Record,
            (Record.organisation_id == Verdict.organisation_id) & (Record.ledger_pos == Verdict.ledger_pos),
        )
        .where(
            Verdict.log == shift.log,
            Verdict.trunk,
            Verdict.outcome == "applied",
            Verdict.seq > shift.started_seq,
            Verdict.seq < func.coalesce(next_start, beyond),
            Verdict.seq < func.coalesce(next_end, beyond),
            Record.actor == shift.person_id,
        )
    )
