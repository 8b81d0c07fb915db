"""What the score asks of the register: tests, cards, and how long things ran."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets.models import Duty
from server.assets.service import takeover
from server.assets.service.gaps import gaps_of, needs_of
from server.assets.service.states import Month, availability
from server.assets.service.takeover import Item
from server.sites.models import Asset, Site

MOST = 5_000
"""So many assets are looked at: more is no one site's."""


def duties_at(session: Session, *, site_id: UUID) -> Sequence[tuple[Duty, Asset]]:
    """Return every test and calibration that stands, with its asset, what is due first first."""
    query = (
        select(Duty, Asset)
        .join(Asset, Asset.id == Duty.asset_id)
        .where(Duty.site_id == site_id, Duty.retired_ms.is_(None), Asset.retired_ms.is_(None))
        .order_by(Duty.next_on, Duty.id)
    )
    return [(duty, asset) for duty, asset in session.execute(query.limit(MOST))]


def standing_at(session: Session, *, site_id: UUID) -> Sequence[Asset]:
    """Return every standing asset, by number."""
    query = select(Asset).where(Asset.site_id == site_id, Asset.retired_ms.is_(None))
    return session.scalars(query.order_by(Asset.number, Asset.id).limit(MOST)).all()


def cards_at(session: Session, *, site_id: UUID) -> Sequence[tuple[Asset, list[str]]]:
    """Return every standing asset with the members that its card lacks."""
    found = standing_at(session, site_id=site_id)
    needs = needs_of(session, site_id=site_id)
    lacks: dict[UUID, list[str]] = {}
    for at in range(0, len(found), 500):
        lacks |= gaps_of(session, asset_ids=[one.id for one in found[at : at + 500]], needs=needs)
    return [(one, lacks.get(one.id, [])) for one in found]


def ran(
    session: Session, *, site: Site, category: str, from_ms: int, to_ms: int
) -> Sequence[tuple[Asset, dict[str, Any]]]:
    """Return every standing asset of a category with its figures of a stretch of time, as of a month."""
    span = Month("", from_ms, to_ms)
    found = availability(session, site=site, category=category, months=[span])
    return [(one["asset"], one["months"][0]) for one in found]


def taken_over(
    session: Session, *, site_id: UUID, before_ms: int
) -> tuple[bool, list[tuple[Item, Asset | None]]]:
    """Return whether the site's last take-over had ended by a moment, and its items with their assets.

    What was said before that moment counts. A site that was never taken over has no items.
    """
    take = takeover.newest(session, site_id=site_id, before_ms=before_ms)
    if take is None:
        return False, []
    items = takeover.items_of(session, take=take, before_ms=before_ms)
    ids = [one.key for one in items if one.group == "assets"]
    known = {asset.id: asset for asset in session.scalars(select(Asset).where(Asset.id.in_(ids)))}
    ended = take.ended_ms is not None and take.ended_ms < before_ms
    return ended, [(one, known.get(one.key) if isinstance(one.key, UUID) else None) for one in items]
