"""What the office writes to a meter: a reading, a correction or confirmation of one, an exchange.

Entries never change; the series is made of them and of the records, and says of each point who entered it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterEdition, MeterEntry, MeterReading
from server.meters.service.common import day_of, edition_at, meter_of
from server.meters.service.exchanges import note_exchanges
from server.meters.service.register import site_of
from server.meters.service.taking import Taken, settle, take_readings
from server.problems import Invalid, NotFound
from sync.forms import fold_number
from sync.meters import check_value, level_on, micro_of

EARLY_MS: Final = 5 * 60_000
"""So far ahead of the server's clock the office's may be."""


def enter_reading(
    session: Session,
    *,
    site_id: UUID,
    meter_id: UUID,
    value: str,
    at_ms: int,
    why: str,
    by: UUID,
    now_ms: int,
    unit: str | None = None,
) -> MeterEntry:
    """Enter a reading that no phone recorded, marked as entered.

    :param value: as it was typed: full-width digits and a decimal comma are read as what they mean
    :param unit: where it is named, it has to be the meter's
    :raises NotFound: the site has no such meter
    :raises Invalid: the meter cannot show this value, or it lies ahead of now
    """
    meter = meter_of(session, site_id=site_id, meter_id=meter_id, lock=True)
    if unit is not None:
        _check_moment(at_ms, now_ms)
        _, definition = edition_at(session, meter=meter, at_ms=at_ms)
        if unit != definition["unit"]:
            raise Invalid(
                errors={"json": {"unit": [f"The meter counts in {definition['unit'] or 'no unit'}"]}}
            )
    [entry] = take_over(session, meter=meter, readings=[(at_ms, value)], why=why, by=by, now_ms=now_ms)
    return entry


def take_over(
    session: Session,
    *,
    meter: Meter,
    readings: Sequence[tuple[int, str]],
    why: str,
    by: UUID,
    now_ms: int,
) -> list[MeterEntry]:
    """Take over readings from another register, marked as entered.

    :param readings: moment and value of each, as the meter can show them
    :raises Invalid: the meter cannot show one of them, or it lies ahead of now; none is taken then
    """
    entries = []
    for at_ms, value in readings:
        _check_moment(at_ms, now_ms)
        edition, definition = edition_at(session, meter=meter, at_ms=at_ms)
        members = {"at_ms": at_ms, "value": _value(definition, value, "value")}
        entries.append(_entry(meter, "reading", edition, why=why, by=by, now_ms=now_ms, **members))
    session.add_all(entries)
    session.flush()
    take_readings(session, [_taken(entry) for entry in entries])
    return entries


def exchange(
    session: Session,
    *,
    site_id: UUID,
    meter_id: UUID,
    at_ms: int,
    end: str | None,
    start: str | None,
    number: str | None,
    why: str,
    by: UUID,
    now_ms: int,
) -> MeterEntry:
    """Note that a meter was exchanged: what the old one showed last, and what the new one began with.

    :param end: None where nobody read it: what it counted since its last reading is then not known
    :raises NotFound: the site has no such meter
    :raises Invalid: the meter cannot show such a value, or it lies ahead of now
    """
    meter = meter_of(session, site_id=site_id, meter_id=meter_id, lock=True)
    _check_moment(at_ms, now_ms)
    edition, definition = edition_at(session, meter=meter, at_ms=at_ms)
    values = {
        "value": None if start is None else _value(definition, start, "start"),
        "end_value": None if end is None else _value(definition, end, "end"),
    }
    entry = _entry(
        meter, "exchange", edition, why=why, by=by, now_ms=now_ms, at_ms=at_ms, number=number, **values
    )
    session.add(entry)
    session.flush()
    take_readings(session, [_taken(entry)])
    return entry


def correct(
    session: Session,
    *,
    site_id: UUID,
    meter_id: UUID,
    reading_id: str,
    value: str | None,
    why: str,
    by: UUID,
    now_ms: int,
) -> MeterEntry:
    """Say what a reading should have been; both values stay to be seen.

    :param value: None strikes it out; the value that it has confirms it
    :raises NotFound: the meter has no such reading
    :raises Invalid: the meter cannot show this value
    """
    meter = meter_of(session, site_id=site_id, meter_id=meter_id, lock=True)
    row = session.get(MeterReading, (meter.organisation_id, reading_id), populate_existing=True)
    if row is None or row.meter_id != meter.id:
        raise NotFound
    edition = session.get(MeterEdition, (meter.id, row.edition))
    definition = meter.definition if edition is None else edition.definition
    counts = None if value is None else _value(definition, value, "value")
    entry = _entry(
        meter, "correction", row.edition, why=why, by=by, now_ms=now_ms, value=counts, reading_id=reading_id
    )
    session.add(entry)
    session.flush()
    day = day_of(row.estimate_ms, site_of(session, meter).time_zone)
    session.execute(
        update(MeterReading)
        .where(MeterReading.organisation_id == meter.organisation_id, MeterReading.id == reading_id)
        .values(
            micro=None if entry.value is None else micro_of(entry.value),
            level=None if entry.value is None else level_on(definition, entry.value, day),
            correction_id=entry.id,
        )
        .execution_options(synchronize_session=False)
    )
    others = note_exchanges(session, meter) if row.exchange else []
    settle(session, meter, [(row.estimate_ms, row.id), *others], now_ms=now_ms)
    return entry


def corrections_of(session: Session, *, meter_id: UUID, ids: Sequence[str]) -> Sequence[MeterEntry]:
    """Return what the office said of some readings of a meter, oldest first."""
    return session.scalars(
        select(MeterEntry)
        .where(MeterEntry.meter_id == meter_id, MeterEntry.reading_id.in_(list(ids)))
        .order_by(MeterEntry.entered_ms, MeterEntry.id)
    ).all()


def derive(session: Session, *, organisation: UUID) -> None:
    """Put the office's readings and exchanges into their series again, after the projections were emptied."""
    entries = session.scalars(
        select(MeterEntry)
        .where(MeterEntry.organisation_id == organisation, MeterEntry.kind != "correction")
        .order_by(MeterEntry.entered_ms, MeterEntry.id)
    ).all()
    take_readings(session, [_taken(entry) for entry in entries])


def _entry(
    meter: Meter, kind: str, edition: int, *, why: str, by: UUID, now_ms: int, **members: Any
) -> MeterEntry:
    return MeterEntry(
        id=uuid4(),
        organisation_id=meter.organisation_id,
        site_id=meter.site_id,
        meter_id=meter.id,
        kind=kind,
        edition=edition,
        why=why,
        entered_by=by,
        entered_ms=now_ms,
        **members,
    )


def _taken(entry: MeterEntry) -> Taken:
    at_ms = entry.entered_ms if entry.at_ms is None else entry.at_ms
    return Taken(
        organisation_id=entry.organisation_id,
        site_id=entry.site_id,
        id=str(entry.id),
        meter_id=entry.meter_id,
        edition=entry.edition,
        value=entry.value,
        estimate_ms=at_ms,
        received_ms=entry.entered_ms,
        entered_by=entry.entered_by,
        exchange=entry.kind == "exchange",
        end_value=entry.end_value,
    )


def _check_moment(at_ms: int, now_ms: int) -> None:
    if at_ms > now_ms + EARLY_MS:
        raise Invalid(errors={"json": {"at_ms": ["It lies ahead of now"]}})


def _value(definition: object, typed: str, member: str) -> str:
    """Return a typed value as a decimal string that the meter can show."""
    folded = fold_number(typed)
    code = "not_a_number" if folded is None else check_value(definition, folded)  # type: ignore[arg-type]
    if folded is None or code is not None:
        raise Invalid(errors={"json": {member: [code]}})
    return folded
