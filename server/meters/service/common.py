"""What the services of meters share: finding one, its editions, and how it travels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.meters.models import Meter, MeterEdition, MeterHour
from server.people.models import Person
from server.problems import NotFound
from server.sites.models import Asset

Definition = Mapping[str, Any]


def meter_of(session: Session, *, site_id: UUID, meter_id: UUID, lock: bool = False) -> Meter:
    """Return a meter of the site.

    :param lock: keep others from writing to its series until the commit
    :raises NotFound: there is none, or it belongs to another site
    """
    meter = session.get(Meter, meter_id, with_for_update=True if lock else None, populate_existing=lock)
    if meter is None or meter.site_id != site_id:
        raise NotFound
    return meter


def meters_of(session: Session, *, site_id: UUID, asset_id: UUID | None = None) -> Sequence[Meter]:
    """Return the site's meters, retired ones too: by asset, those made first before others."""
    query = select(Meter).where(Meter.site_id == site_id).order_by(Meter.asset_id, Meter.id)
    if asset_id is not None:
        query = query.where(Meter.asset_id == asset_id)
    return session.scalars(query).all()


def by_key(session: Session, *, asset_ids: Collection[UUID]) -> dict[tuple[UUID, str], Meter]:
    """Return asset and key → the meter in use there."""
    found = session.scalars(
        select(Meter).where(Meter.asset_id.in_(list(asset_ids)), Meter.retired_ms.is_(None))
    )
    return {(meter.asset_id, meter.key): meter for meter in found}


def definitions_of(
    session: Session, *, editions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], Definition]:
    """Return meter and edition → what it was then; an edition that never was is missing."""
    return {(m, e): found for (_, m, e), found in sited_definitions(session, editions=editions).items()}


def sited_definitions(
    session: Session, *, editions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, UUID, int], Definition]:
    """Return site, meter and edition → what it was then, as `definitions_of`."""
    wanted = set(editions)
    if not wanted:
        return {}
    rows = session.execute(
        select(
            MeterEdition.site_id, MeterEdition.meter_id, MeterEdition.edition, MeterEdition.definition
        ).where(MeterEdition.meter_id.in_({meter for meter, _ in wanted}))
    )
    return {(site, m, e): found for site, m, e, found in rows if (m, e) in wanted}


def assets_of(session: Session, *, ids: Collection[UUID]) -> dict[UUID, Asset]:
    """Return assets by their id."""
    return {a.id: a for a in session.scalars(select(Asset).where(Asset.id.in_(list(ids))))} if ids else {}


def names(session: Session, *, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of people; an erased one has none."""
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def marked(session: Session, *, site_id: UUID) -> dict[UUID, int]:
    """Return meter → how many of its readings somebody should look at; a meter without any is missing."""
    rows = session.execute(
        select(MeterHour.meter_id, func.sum(MeterHour.marks).label("marks"))
        .where(MeterHour.site_id == site_id, MeterHour.marks > 0)
        .group_by(MeterHour.meter_id)
    )
    return {row.meter_id: int(row.marks) for row in rows}


def edition_at(session: Session, *, meter: Meter, at_ms: int) -> tuple[int, Definition]:
    """Return the edition in force at a moment; the first one for what lies before all of them."""
    rows = session.execute(
        select(MeterEdition.edition, MeterEdition.since_ms, MeterEdition.definition)
        .where(MeterEdition.meter_id == meter.id)
        .order_by(MeterEdition.edition)
    ).all()
    held = [row for row in rows if row.since_ms <= at_ms] or rows[:1]
    return held[-1].edition, held[-1].definition


def day_of(at_ms: int, time_zone: str) -> date:
    """Return the day of the site in which a moment lies."""
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(time_zone)).date()


def feed_meter(session: Session, meter: Meter) -> None:
    """Queue a meter for phones, as it is now."""
    last = None
    if meter.last_ms is not None:
        last = {"value": meter.last_value, "at_ms": meter.last_ms, "level": meter.last_level}
    body = {
        "id": str(meter.id),
        "asset": str(meter.asset_id),
        "key": meter.key,
        "number": meter.number,
        "exchanges": meter.exchanges,
        "name": meter.name,
        "edition": meter.edition,
        **meter.definition,
        "retired": meter.retired_ms is not None,
        "last": last,
    }
    queue(
        session,
        Change(meter.organisation_id, meter.site_id, "meter", meter.id, meter.version, "upsert", body),
    )
