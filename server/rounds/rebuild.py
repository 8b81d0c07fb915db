"""Makes the projections again from the ledger, which alone is the truth."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.ledger.appliers import Arrival
from server.ledger.models import PrivatePart, Record, Verdict
from server.rounds.apply import apply_records
from server.rounds.models import Finding, Reading, Visit
from sync.clocks import Interval
from sync.records import parse_body

TYPES = ("scan", "answers", "finding")

_BATCH = 500


def rebuild(session: Session, organisation: UUID) -> int:
    """Delete every visit, reading and finding and make them again; return how many records were read.

    What comes out is what was there: nothing but the ledger and the site's tables goes in. The
    caller commits.
    """
    for model in (Reading, Finding, Visit):
        session.execute(delete(model).where(model.organisation_id == organisation))
    session.expire_all()
    query = (
        select(Record, Verdict)
        .join(
            Verdict,
            (Verdict.organisation_id == Record.organisation_id) & (Verdict.ledger_pos == Record.ledger_pos),
        )
        .where(
            Record.organisation_id == organisation,
            Record.type.in_(TYPES),
            Verdict.outcome == "applied",
        )
        .order_by(Verdict.log, Verdict.seq)
    )
    rows = session.execute(query).all()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        apply_records(session, [_arrival(session, record, verdict) for record, verdict in batch])
    return len(rows)


def _arrival(session: Session, record: Record, verdict: Verdict) -> Arrival:
    body = parse_body(record.body.decode())
    if verdict.estimate_ms is None or verdict.upper_ms is None or verdict.quality is None:
        raise ValueError(f"record {record.hash} was applied without a time")
    parts = session.execute(
        select(PrivatePart.name, PrivatePart.value).where(
            PrivatePart.organisation_id == record.organisation_id, PrivatePart.hash == record.hash
        )
    )
    return Arrival(
        organisation_id=record.organisation_id,
        site_id=record.site_id,
        device_id=record.device_id,
        log=body.envelope.log,
        seq=body.envelope.seq,
        hash=record.hash,
        body=body,
        payload=body.payload,
        private=dict(parts.all()),
        interval=Interval(
            verdict.lower_ms,
            verdict.estimate_ms,
            verdict.upper_ms,
            verdict.quality,  # type: ignore[arg-type]
            (),
        ),
        marks=tuple(verdict.marks),
        received_ms=record.received_ms,
        now_ms=record.received_ms,
    )
