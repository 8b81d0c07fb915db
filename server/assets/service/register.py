"""The register as a list: filtered, searched, page by page, and as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from server.assets.members import MEMBERS
from server.assets.models import Duty
from server.assets.service.gaps import Needs, any_gap, gap
from server.sites.models import Asset, Site, Zone

LEAST, MOST = 1, 200
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Which assets are wanted; None or empty: all."""

    text: str = ""
    category: str | None = None
    zone: UUID | None = None
    state: str | None = None
    criticality: str | None = None
    special: bool | None = None
    due: str | None = None
    """``over`` (past its day) or ``soon`` (within `SOON_DAYS`, past ones too)."""
    gap: str | None = None
    """A member that the card lacks, or ``any``."""
    parent: UUID | None = None
    top: bool = False
    """Only what is no part of another."""


def condition(
    session: Session, site: Site, asked: Asked, *, needs: Needs, today: date
) -> ColumnElement[bool]:
    """Return the condition that an asset is one of those asked for. Retired ones only if asked for."""
    wanted: list[ColumnElement[bool]] = [Asset.site_id == site.id]
    if asked.state == "retired":
        wanted.append(Asset.retired_ms.is_not(None))
    else:
        wanted.append(Asset.retired_ms.is_(None))
        if asked.state:
            wanted.append(Asset.state == asked.state)
    for word in asked.text.split():
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (
            Asset.number, Asset.name_zh, Asset.name_en, Asset.category, Asset.maker, Asset.model,
            Asset.serial, Asset.registration,
        )  # fmt: skip
        wanted.append(or_(*(column.ilike(like, escape="\\") for column in columns)))
    if asked.category is not None:
        wanted.append(Asset.category == asked.category)
    if asked.zone is not None:
        wanted.append(Asset.zone_id.in_(_zones_within(session, site, asked.zone)))
    if asked.criticality:
        wanted.append(Asset.criticality == asked.criticality)
    if asked.special is not None:
        wanted.append(Asset.special.is_(asked.special))
    if asked.due:
        until = today if asked.due == "over" else today + timedelta(days=SOON_DAYS + 1)
        wanted.append(
            select(Duty.id)
            .where(Duty.asset_id == Asset.id, Duty.retired_ms.is_(None), Duty.next_on < until)
            .exists()
        )
    if asked.gap == "any":
        wanted.append(any_gap(needs))
    elif asked.gap in MEMBERS:
        wanted.append(gap(asked.gap, needs))
    if asked.parent is not None:
        wanted.append(Asset.parent_id == asked.parent)
    elif asked.top:
        wanted.append(Asset.parent_id.is_(None))
    return and_(*wanted)


def page(
    session: Session, where: ColumnElement[bool], *, offset: int, limit: int
) -> tuple[Sequence[Asset], int]:
    """Return some of the assets by number, `10` after `9`, and how many there are."""
    total = session.scalar(select(func.count()).select_from(Asset).where(where)) or 0
    rows = session.scalars(ordered(select(Asset).where(where)).offset(offset).limit(limit)).all()
    return rows, total


def ordered(query: Select[Any]) -> Select[Any]:
    """Return a query of assets by number: shorter numbers first, so that `E10` comes after `E9`."""
    return query.order_by(func.length(Asset.number), Asset.number, Asset.id)


def tallies(session: Session, *, site: Site, needs: Needs, today: date) -> dict[str, int]:
    """Return what the head of the list says: how many there are, stand, are due, lack something."""
    here = (Asset.site_id == site.id, Asset.retired_ms.is_(None))

    def count(*also: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Asset).where(*here, *also)) or 0

    def due(until: date) -> ColumnElement[bool]:
        return (
            select(Duty.id)
            .where(Duty.asset_id == Asset.id, Duty.retired_ms.is_(None), Duty.next_on < until)
            .exists()
        )

    return {
        "assets": count(),
        "stopped": count(Asset.state == "stopped"),
        "over": count(due(today)),
        "soon": count(due(today + timedelta(days=SOON_DAYS + 1))),
        "gaps": count(any_gap(needs)),
        "special": count(Asset.special.is_(True)),
    }


def categories_of(session: Session, *, site: Site) -> list[dict[str, Any]]:
    """Return the categories of the site's assets with how many there are of each."""
    rows = session.execute(
        select(Asset.category, func.count())
        .where(Asset.site_id == site.id, Asset.retired_ms.is_(None))
        .group_by(Asset.category)
        .order_by(Asset.category)
    )
    return [{"category": category, "assets": count} for category, count in rows]


def parts_count(session: Session, *, asset_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return asset id → of how many standing assets it is the whole."""
    rows = session.execute(
        select(Asset.parent_id, func.count())
        .where(Asset.parent_id.in_(asset_ids), Asset.retired_ms.is_(None))
        .group_by(Asset.parent_id)
    )
    return {parent: count for parent, count in rows if parent is not None}


def next_due(session: Session, *, asset_ids: Sequence[UUID]) -> dict[UUID, date]:
    """Return asset id → when something is due on it next."""
    rows = session.execute(
        select(Duty.asset_id, func.min(Duty.next_on))
        .where(Duty.asset_id.in_(asset_ids), Duty.retired_ms.is_(None))
        .group_by(Duty.asset_id)
    )
    return {asset: day for asset, day in rows if day is not None}


def _zones_within(session: Session, site: Site, zone_id: UUID) -> list[UUID]:
    """Return a zone and those nested in it."""
    rows = session.execute(select(Zone.id, Zone.parent_id).where(Zone.site_id == site.id)).all()
    found, new = {zone_id}, {zone_id}
    while new:
        new = {row.id for row in rows if row.parent_id in new} - found
        found |= new
    return list(found)
