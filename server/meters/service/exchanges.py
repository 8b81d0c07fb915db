"""The exchanges of a meter, whoever noted them: which of them count, and what stands on its case now."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters import exchanges
from server.meters.models import Meter, MeterEntry, MeterExchange
from server.meters.service.common import feed_meter


def exchanges_of(session: Session, meter: Meter) -> list[exchanges.Exchange]:
    """Return every exchange of a meter that was noted, with what the office said of it since."""
    entries = session.scalars(
        select(MeterEntry)
        .where(MeterEntry.meter_id == meter.id, MeterEntry.kind.in_(("exchange", "correction")))
        .order_by(MeterEntry.entered_ms, MeterEntry.id)
    ).all()
    said = {entry.reading_id: entry.value for entry in entries if entry.kind == "correction"}
    records = session.scalars(
        select(MeterExchange).where(
            MeterExchange.meter_id == meter.id, MeterExchange.site_id == meter.site_id
        )
    )
    found = [
        exchanges.Exchange(
            id=one.hash,
            at_ms=one.estimate_ms,
            received_ms=one.received_ms,
            seen=one.seen,
            log=one.log,
            seq=one.seq,
            struck=said.get(one.hash, "") is None,
            confirmed=said.get(one.hash) is not None,
            number=one.number,
        )
        for one in records
    ]
    for entry in entries:
        if entry.kind == "exchange":
            key = str(entry.id)
            found.append(
                exchanges.Exchange(
                    id=key,
                    at_ms=entry.entered_ms if entry.at_ms is None else entry.at_ms,
                    received_ms=entry.entered_ms,
                    struck=said.get(key, "") is None,
                    confirmed=said.get(key) is not None,
                    number=entry.number,
                )
            )
    return found


def note_exchanges(session: Session, meter: Meter) -> list[tuple[int, str]]:
    """Note how many exchanges a meter has and what stands on its case; return their places in the series.

    The number is that of the exchange which was last by its own moment, or the one written in the register
    after it: an exchange that comes late does not take the place of a later one.
    """
    found = exchanges_of(session, meter)
    places = [(x.at_ms, x.id) for x in found]
    if len(found) < meter.exchanges:
        return places  # the projections are being made again, and not all have come
    changed, meter.exchanges = len(found) > meter.exchanges, len(found)
    numbered = [x for x in exchanges.standing(found) if x.number]
    if numbered and (meter.numbered_ms is None or numbered[-1].at_ms > meter.numbered_ms):
        changed = changed or meter.number != numbered[-1].number
        meter.number, meter.numbered_ms = numbered[-1].number or "", numbered[-1].at_ms
    if changed:
        meter.version += 1
        feed_meter(session, meter)
        session.flush()
    return places


def records_of(session: Session, *, organisation: UUID, hashes: Sequence[str]) -> dict[str, MeterExchange]:
    """Return exchanges that phones noted, by the hash of the record."""
    found = session.scalars(
        select(MeterExchange).where(
            MeterExchange.organisation_id == organisation, MeterExchange.hash.in_(hashes)
        )
    )
    return {one.hash: one for one in found}
