"""What the card of an asset lacks. A gap of inherited data is shown as a gap: it stops nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from server.assets.members import MEMBERS
from server.assets.models import CategoryNeed, Document, DocumentAsset, Duty
from server.problems import Invalid
from server.sites.models import CARD, Asset, Site

_SPECIAL: Final = ("registration", "duty")
_COLUMN: Final = {"zone": "zone_id"}
_BIT: Final = {
    member: 1 << CARD.index(column) for member in MEMBERS if (column := _COLUMN.get(member, member)) in CARD
}
"""The members that are columns of the asset itself → their bits in `Asset.lacks`."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the cards of a site need, by category, and where their papers are."""

    by_category: Mapping[str, frozenset[str]]
    """Only categories for which somebody chose; every other one needs all."""
    papers: Mapping[str, frozenset[str]]
    """`procedure` and `standard` → the categories whose assets all have one."""

    def of(self, category: str) -> frozenset[str]:
        """Return what a card of the category needs."""
        return self.by_category.get(category, frozenset(MEMBERS))


def needs_of(session: Session, *, site_id: UUID) -> Needs:
    """Read what the site's cards need."""
    chosen = {
        one.category: frozenset(one.needs)
        for one in session.scalars(select(CategoryNeed).where(CategoryNeed.site_id == site_id))
    }
    papers: dict[str, frozenset[str]] = {}
    for kind in ("procedure", "standard"):
        query = select(Document.categories).where(Document.site_id == site_id, Document.kind == kind)
        papers[kind] = frozenset(word for words in session.scalars(query) for word in words)
    return Needs(chosen, papers)


def change_needs(session: Session, *, site: Site, category: str, needs: Sequence[str] | None) -> None:
    """Choose what the cards of a category need; None: everything again.

    :raises Invalid: it is no member
    """
    row = session.get(CategoryNeed, (site.id, category))
    if needs is None:
        if row is not None:
            session.delete(row)
        return
    if set(needs) - set(MEMBERS):
        raise Invalid(errors={"json": {"needs": ["Not a member of a card"]}})
    kept = [member for member in MEMBERS if member in needs]
    if row is None:
        session.add(
            CategoryNeed(site_id=site.id, category=category, organisation_id=site.organisation_id, needs=kept)
        )
    else:
        row.needs = kept


def gap(member: str, needs: Needs) -> ColumnElement[bool]:
    """Return the condition that an asset's card lacks a member that it needs."""
    return and_(_needed(member, needs), _missing(member, needs))


def any_gap(needs: Needs) -> ColumnElement[bool]:
    """Return the condition that an asset's card lacks something."""
    everywhere = [
        m for m in _BIT if m not in _SPECIAL and all(m in some for some in needs.by_category.values())
    ]
    empty: ColumnElement[bool] = _lacks(sum(_BIT[m] for m in everywhere))
    return or_(empty, *(gap(member, needs) for member in MEMBERS if member not in everywhere))


@dataclass(frozen=True, slots=True)
class Group:
    """How many standing assets are alike in what the head of the list counts."""

    category: str
    state: str
    special: bool
    lacks: int
    """As `Asset.lacks`."""
    assets: int

    def wants(self, needs: Needs) -> set[str]:
        """Return the members that their cards need."""
        found = needs.of(self.category)
        return set(found if self.special else found - set(_SPECIAL))

    def is_empty(self, needs: Needs) -> bool:
        """Whether a column that their cards need says nothing."""
        return any(self.lacks & _BIT[member] for member in self.wants(needs) & set(_BIT))

    def open_ends(self, needs: Needs) -> set[str]:
        """Return the members that they need and that other tables have, or have not, of each of them."""
        beside = self.wants(needs) - set(_BIT)
        return {member for member in beside if self.category not in needs.papers.get(member, frozenset())}


def groups_of(session: Session, *, site_id: UUID) -> list[Group]:
    """Return the standing assets of a site in groups; an index alone says it."""
    columns = (Asset.category, Asset.state, Asset.special, Asset.lacks)
    rows = session.execute(
        select(*columns, func.count())
        .where(Asset.site_id == site_id, Asset.retired_ms.is_(None))
        .group_by(*columns)
    )
    return [Group(*row) for row in rows]


def lacking(session: Session, *, site_id: UUID, groups: Sequence[Group], needs: Needs) -> int:
    """Return how many standing assets have a card that lacks something.

    Only of cards whose columns are all filled other tables are asked.
    """
    count = sum(one.assets for one in groups if one.is_empty(needs))
    unsure = [one for one in groups if not one.is_empty(needs) and one.open_ends(needs)]
    if not unsure:
        return count
    members = sorted({member for one in unsure for member in one.open_ends(needs)})
    found = session.scalar(
        select(func.count())
        .select_from(Asset)
        .where(Asset.site_id == site_id, Asset.retired_ms.is_(None))
        .where(~or_(*(gap(member, needs) for member in _BIT)))
        .where(or_(*(gap(member, needs) for member in members)))
    )
    return count + (found or 0)


def gaps_of(session: Session, *, asset_ids: Sequence[UUID], needs: Needs) -> dict[UUID, list[str]]:
    """Return asset id → what its card lacks, in the order of `MEMBERS`."""
    columns = [case((gap(member, needs), 1), else_=0).label(member) for member in MEMBERS]
    rows = session.execute(select(Asset.id, *columns).where(Asset.id.in_(asset_ids)))
    return {row[0]: [m for m, lacks in zip(MEMBERS, row[1:], strict=True) if lacks] for row in rows}


def completeness(session: Session, *, site_id: UUID, needs: Needs) -> list[dict[str, Any]]:
    """Return per category how much of what its cards need is there, and what they lack by member.

    Assets that were taken down do not count.
    """
    columns: list[Any] = []
    for member in MEMBERS:
        wanted = case((_needed(member, needs), 1), else_=0)
        lacks = case((gap(member, needs), 1), else_=0)
        columns += [func.sum(wanted).label(f"n_{member}"), func.sum(lacks).label(f"g_{member}")]
    rows = session.execute(
        select(
            Asset.category,
            func.count().label("assets"),
            func.sum(case((any_gap(needs), 0), else_=1)).label("whole"),
            *columns,
        )
        .where(Asset.site_id == site_id, Asset.retired_ms.is_(None))
        .group_by(Asset.category)
        .order_by(Asset.category)
    ).mappings()
    found = []
    for row in rows:
        needed = {m: int(row[f"n_{m}"]) for m in MEMBERS}
        lacking = {m: int(row[f"g_{m}"]) for m in MEMBERS}
        found.append(
            {
                "category": row["category"],
                "assets": row["assets"],
                "whole": int(row["whole"]),
                "needed": sum(needed.values()),
                "there": sum(needed.values()) - sum(lacking.values()),
                "gaps": [
                    {"member": m, "needed": needed[m], "missing": lacking[m]} for m in MEMBERS if needed[m]
                ],
                "needs": [m for m in MEMBERS if m in needs.of(row["category"])],
                "chosen": row["category"] in needs.by_category,
            }
        )
    return found


def _needed(member: str, needs: Needs) -> ColumnElement[bool]:
    without = [category for category, wanted in needs.by_category.items() if member not in wanted]
    wanted: ColumnElement[bool] = Asset.category.not_in(without)
    return and_(wanted, Asset.special) if member in _SPECIAL else wanted


def _missing(member: str, needs: Needs) -> ColumnElement[bool]:
    if member in _BIT:
        return _lacks(_BIT[member])
    if member == "duty":
        return ~select(Duty.id).where(Duty.asset_id == Asset.id, Duty.retired_ms.is_(None)).exists()
    has = (
        select(Document.id)
        .join(DocumentAsset, DocumentAsset.document_id == Document.id)
        .where(DocumentAsset.asset_id == Asset.id, Document.kind == member)
        .exists()
    )
    categories = needs.papers[member]
    by_category: ColumnElement[bool] = Asset.category.in_(categories) if categories else false()
    return ~or_(has, by_category)


def _lacks(bits: int) -> ColumnElement[bool]:
    return Asset.lacks.bitwise_and(bits) != 0
