"""Projects `meter.exchange`: a technician took a meter out and put another one in.

It becomes a point of the series as the office's exchange does, at the moment of the record. The marks that
are set here: `not_here` (the site has no such meter; the record is kept and changes no series) and
`incomplete` (the meter cannot show one of the values; that one counts as not read). Neither refuses anything.
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
from server.meters.models import Meter, MeterExchange
from server.meters.service.common import Definition, definitions_of
from server.meters.service.taking import Taken, take_readings
from sync.meters import MeterExchange as Payload
from sync.meters import check_value

OWN_MARKS = frozenset({"not_here", "incomplete"})
_EXCHANGES = Bulk(MeterExchange)


def register_all() -> None:
    """Have the ledger bring these records here."""
    appliers.register("meter.exchange", 1, apply_exchanges)


def apply_exchanges(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `meter.exchange`: one row each, and a point in the series of the meter."""
    said = [(one, one.payload) for one in arrivals if isinstance(one.payload, Payload)]
    asked = {(as_uuid(p.meter), p.edition) for _, p in said}
    meters = {m.id: m for m in session.scalars(select(Meter).where(Meter.id.in_({id_ for id_, _ in asked})))}
    editions = definitions_of(session, editions=asked)
    rows: list[dict[str, Any]] = []
    points: list[Taken] = []
    marks: list[Iterable[str]] = []
    for arrival, p in said:
        meter = meters.get(as_uuid(p.meter))
        mine: set[str] = set()
        if meter is None or meter.site_id != arrival.site_id:
            mine.add("not_here")
        else:
            definition = editions.get((meter.id, p.edition), meter.definition)
            shown = {value: check_value(definition, value) is None for value in (p.start, p.end) if value}
            mine |= set() if all(shown.values()) else {"incomplete"}
            end = p.end if p.end and shown[p.end] else None
            points.append(_point(arrival, meter.id, p, end, definition))
        rows.append(_row(arrival, p, mine))
        marks.append(mine)
    session.flush()
    _EXCHANGES.insert(session, rows)
    take_readings(session, points)
    return marks


def _point(arrival: Arrival, meter: UUID, p: Payload, end: str | None, definition: Definition) -> Taken:
    actor, interval = arrival.body.envelope.actor, arrival.interval
    return Taken(
        organisation_id=arrival.organisation_id,
        site_id=arrival.site_id,
        id=arrival.hash,
        meter_id=meter,
        edition=p.edition,
        value=p.start if check_value(definition, p.start) is None else None,
        estimate_ms=interval.estimate,
        received_ms=arrival.received_ms,
        lower_ms=interval.lower,
        upper_ms=interval.upper,
        quality=interval.quality,
        record_hash=arrival.hash,
        person_id=as_uuid(actor) if actor else None,
        exchange=True,
        end_value=end,
    )


def _row(arrival: Arrival, p: Payload, mine: Iterable[str]) -> dict[str, Any]:
    actor, interval = arrival.body.envelope.actor, arrival.interval
    return {
        "organisation_id": arrival.organisation_id,
        "hash": arrival.hash,
        "site_id": arrival.site_id,
        "device_id": arrival.device_id,
        "person_id": as_uuid(actor) if actor else None,
        "meter_id": as_uuid(p.meter),
        "edition": p.edition,
        "end": p.end,
        "start": p.start,
        "number": p.number or None,
        "seen": p.seen,
        "log": arrival.log,
        "seq": arrival.seq,
        "lower_ms": interval.lower,
        "estimate_ms": interval.estimate,
        "upper_ms": interval.upper,
        "quality": interval.quality,
        "received_ms": arrival.received_ms,
        "marks": sorted({*arrival.marks} - OWN_MARKS | {*mine}),
    }
