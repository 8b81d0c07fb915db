"""The register as a list: filtered, searched, page by page, and as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from server.assets.members import MEMBERS
from server.assets.models import Duty
from server.assets.service.gaps import Needs, any_gap, gap, groups_of, lacking
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
    words = asked.text.split()
    if words:
        wanted.append(Asset.search >= "")  # always so: has SQLite read its index alone
    for word in words:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        wanted.append(Asset.search.like(func.lower(like), escape="\\"))
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
    shown = ordered(select(Asset.id).where(where)).offset(offset).limit(limit)  # an index alone says which
    rows = session.scalars(ordered(select(Asset).where(Asset.id.in_(shown)))).all()
    if len(rows) < limit and (rows or offset == 0):
        return rows, offset + len(rows)  # the last page says it
    return rows, session.scalar(select(func.count()).select_from(Asset).where(where)) or 0


def ordered(query: Select[Any]) -> Select[Any]:
    """Return a query of assets by number: shorter numbers first, so that `E10` comes after `E9`."""
    return query.order_by(Asset.number_chars, Asset.number, Asset.id)


def head(session: Session, *, site: Site, needs: Needs, today: date) -> dict[str, Any]:
    """Return what the head of the list says: how many there are, stand, are due, lack something.

    :return: `tallies`, and `categories` with how many there are of each
    """
    groups = groups_of(session, site_id=site.id)
    by_category: dict[str, int] = {}
    for one in groups:
        by_category[one.category] = by_category.get(one.category, 0) + one.assets
    over, soon = _due(session, site, today)
    return {
        "tallies": {
            "assets": sum(one.assets for one in groups),
            "stopped": sum(one.assets for one in groups if one.state == "stopped"),
            "over": over,
            "soon": soon,
            "gaps": lacking(session, site_id=site.id, groups=groups, needs=needs),
            "special": sum(one.assets for one in groups if one.special),
        },
        "categories": [
            {"category": category, "assets": count} for category, count in sorted(by_category.items())
        ],
    }


def _due(session: Session, site: Site, today: date) -> tuple[int, int]:
    """Return on how many assets something is past its day, and on how many within `SOON_DAYS` or past it."""
    first = (
        select(func.min(Duty.next_on).label("day"))
        .join(Asset, Asset.id == Duty.asset_id)
        .where(
            Duty.site_id == site.id,
            Duty.retired_ms.is_(None),
            Duty.next_on < today + timedelta(days=SOON_DAYS + 1),
            Asset.retired_ms.is_(None),
        )
        .group_by(Duty.asset_id)
        .subquery()
    )
    over = func.coalesce(func.sum(case((first.c.day < today, 1), else_=0)), 0)
    row = session.execute(select(over, func.count()).select_from(first)).one()
    return int(row[0]), row[1]


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
