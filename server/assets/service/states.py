"""States of assets: what phones and the office said, folded into stretches; and the figures of a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets import states
from server.assets.models import StateEntry, StateSaid
from server.assets.states import Figures, Moment, Said, Stretch
from server.problems import Invalid
from server.sites import service as sites
from server.sites.models import Asset, Site


def said_of(session: Session, *, asset_ids: Iterable[UUID]) -> dict[UUID, list[Said]]:
    """Return asset id → everything that was said of its state."""
    ids = list(asset_ids)
    found: dict[UUID, list[Said]] = {one: [] for one in ids}
    ours = (Asset.id == StateSaid.asset_id) & (Asset.site_id == StateSaid.site_id)
    for row in session.scalars(select(StateSaid).join(Asset, ours).where(StateSaid.asset_id.in_(ids))):
        at = states.claimed(row.since_ms, row.lower_ms, row.estimate_ms, row.upper_ms)
        found[row.asset_id].append(Said(at, row.state, (row.log, row.seq), row.hash))
    for entry in session.scalars(select(StateEntry).where(StateEntry.asset_id.in_(ids))):
        at = Moment(None, entry.at_ms, entry.entered_ms)
        found[entry.asset_id].append(Said(at, entry.state, ("", 0), str(entry.id)))
    return found


def stretches_of(session: Session, *, asset_id: UUID) -> list[Stretch]:
    """Return when an asset ran and stood, the first first."""
    return states.fold(said_of(session, asset_ids=[asset_id])[asset_id])


def downtime(session: Session, *, asset_id: UUID, from_ms: int, to_ms: int) -> list[Stretch]:
    """Return the stretches in which an asset stood that touch a period."""
    return [
        one
        for one in stretches_of(session, asset_id=asset_id)
        if one.state == states.DOWN
        and (one.begin is None or one.begin.estimate < to_ms)
        and (one.end is None or one.end.estimate > from_ms)
    ]


def settle(session: Session, asset_ids: Iterable[UUID]) -> None:
    """Write into the assets' rows what was said of them last, and tell the phones where it changed."""
    said = said_of(session, asset_ids=asset_ids)
    for asset in session.scalars(select(Asset).where(Asset.id.in_(said))):
        state = states.last_state(said[asset.id])
        if state != asset.state:
            asset.state = state
            asset.version += 1
            session.flush()
            sites.feed_place(session, asset)


def enter(
    session: Session, *, site: Site, asset: Asset, state: str, at_ms: int, why: str, by: UUID, now_ms: int
) -> StateEntry:
    """Enter at the desk that an asset stands, or runs again, since a moment.

    :raises Invalid: the moment lies ahead, or the asset was taken down
    """
    if at_ms > now_ms:
        raise Invalid(errors={"json": {"at_ms": ["It lies ahead"]}})
    if asset.retired:
        raise Invalid(errors={"json": {"state": ["It was taken down"]}})
    made = StateEntry(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        asset_id=asset.id,
        state=state,
        at_ms=at_ms,
        why=why,
        entered_by=by,
        entered_ms=now_ms,
    )
    session.add(made)
    session.flush()
    settle(session, [asset.id])
    return made


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a site: `name` is ``2026-11``."""

    name: str
    from_ms: int
    to_ms: int


def months_back(site: Site, *, count: int, now_ms: int) -> list[Month]:
    """Return the last months of the site, this one with them, the first first; this one ends now."""
    zone = ZoneInfo(site.time_zone)
    today = datetime.fromtimestamp(now_ms / 1000, zone)
    year, month = today.year, today.month
    found: list[Month] = []
    for _ in range(count):
        begin = _ms(datetime(year, month, 1, tzinfo=zone))
        after = (year + 1, 1) if month == 12 else (year, month + 1)
        end = _ms(datetime(*after, 1, tzinfo=zone))
        found.insert(0, Month(f"{year:04}-{month:02}", begin, min(end, now_ms)))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return found


def by_month(asset: Asset, stretches: Sequence[Stretch], months: Sequence[Month]) -> list[dict[str, Any]]:
    """Return an asset's figures month by month; the time before it was entered is not watched."""
    return [{"month": month.name} | figures_view(_figures(asset, stretches, month)) for month in months]


def availability(
    session: Session, *, site: Site, category: str, months: Sequence[Month]
) -> list[dict[str, Any]]:
    """Return the figures of every standing asset of a category in the last of the months."""
    assets = session.scalars(
        select(Asset)
        .where(Asset.site_id == site.id, Asset.category == category, Asset.retired_ms.is_(None))
        .order_by(Asset.number, Asset.id)
        .limit(500)
    ).all()
    said = said_of(session, asset_ids=[one.id for one in assets])
    return [{"asset": one, "months": by_month(one, states.fold(said[one.id]), months)} for one in assets]


def figures_view(found: Figures) -> dict[str, Any]:
    """Return figures as they travel, ms."""
    return {
        "watched_ms": found.watched,
        "down_ms": found.down,
        "down_low_ms": found.down_low,
        "down_high_ms": found.down_high,
        "failures": found.failures,
        "longest_ms": found.longest,
        "mean_between_ms": found.mean_between,
        "share": None if found.share is None else f"{found.share:.5f}",
    }


def _figures(asset: Asset, stretches: Sequence[Stretch], month: Month) -> Figures:
    first = min((one.end.estimate for one in stretches if one.end), default=month.to_ms)
    since = min(asset.made_ms or month.from_ms, first)
    return states.figures(stretches, from_ms=max(month.from_ms, min(since, month.to_ms)), to_ms=month.to_ms)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
