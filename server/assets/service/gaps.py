"""What the card of an asset lacks. A gap of inherited data is shown as a gap: it stops nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
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
    """Return how many standing assets have a card that lacks something."""
    whole = _whole(session, site_id=site_id, groups=groups, needs=needs)
    return sum(one.assets for one in groups) - whole.total()


def _whole(session: Session, *, site_id: UUID, groups: Sequence[Group], needs: Needs) -> Counter[str]:
    """Return category → how many standing assets have a card that lacks nothing.

    Only of cards whose columns are all filled other tables are asked.
    """
    filled = [one for one in groups if not one.is_empty(needs)]
    members = sorted({member for one in filled for member in one.open_ends(needs)})
    if not members:
        whole: Counter[str] = Counter()
        for one in filled:
            whole[one.category] += one.assets
        return whole
    rows = session.execute(
        select(Asset.category, func.count())
        .where(Asset.site_id == site_id, Asset.retired_ms.is_(None))
        .where(~or_(*(gap(member, needs) for member in _BIT)))
        .where(~or_(*(gap(member, needs) for member in members)))
        .group_by(Asset.category)
    )
    return Counter(dict(rows.all()))


def gaps_of(session: Session, *, asset_ids: Sequence[UUID], needs: Needs) -> dict[UUID, list[str]]:
    """Return asset id → what its card lacks, in the order of `MEMBERS`."""
    columns = [case((gap(member, needs), 1), else_=0).label(member) for member in MEMBERS]
    rows = session.execute(select(Asset.id, *columns).where(Asset.id.in_(asset_ids)))
    return {row[0]: [m for m, lacks in zip(MEMBERS, row[1:], strict=True) if lacks] for row in rows}


def completeness(session: Session, *, site_id: UUID, needs: Needs) -> list[dict[str, Any]]:
    """Return per category how much of what its cards need is there, and what they lack by member.

    Assets that were taken down do not count.
    """
    groups = groups_of(session, site_id=site_id)
    whole = _whole(session, site_id=site_id, groups=groups, needs=needs)
    having = {member: _having(session, member, site_id=site_id) for member in MEMBERS if member not in _BIT}
    found = []
    for category, alike in groupby(sorted(groups, key=lambda one: one.category), lambda one: one.category):
        needed: Counter[str] = Counter()
        missing: Counter[str] = Counter()
        assets = 0
        for one in alike:
            assets += one.assets
            for member in one.wants(needs):
                needed[member] += one.assets
                if member in _BIT and one.lacks & _BIT[member]:
                    missing[member] += one.assets
        for member, counts in having.items():
            if category not in needs.papers.get(member, frozenset()):
                missing[member] = max(0, needed[member] - counts[category])
        found.append(
            {
                "category": category,
                "assets": assets,
                "whole": whole[category],
                "needed": needed.total(),
                "there": needed.total() - missing.total(),
                "gaps": [
                    {"member": m, "needed": needed[m], "missing": missing[m]} for m in MEMBERS if needed[m]
                ],
                "needs": [m for m in MEMBERS if m in needs.of(category)],
                "chosen": category in needs.by_category,
            }
        )
    return found


def _having(session: Session, member: str, *, site_id: UUID) -> Counter[str]:
    """Return category → how many standing assets have of their own what other tables keep of a member."""
    if member == "duty":
        own = select(Duty.asset_id).where(Duty.site_id == site_id, Duty.retired_ms.is_(None))
    else:
        own = (
            select(DocumentAsset.asset_id)
            .join(Document, Document.id == DocumentAsset.document_id)
            .where(Document.site_id == site_id, Document.kind == member)
        )
    # what they have is looked up among the assets, not each asset among what they have: it is mostly little
    having = own.distinct().subquery()
    query = select(Asset.category, func.count()).join(having, having.c.asset_id == Asset.id)
    if member in _SPECIAL:
        query = query.where(Asset.special)
    rows = session.execute(
        query.where(Asset.site_id == site_id, Asset.retired_ms.is_(None)).group_by(Asset.category)
    )
    return Counter(dict(rows.all()))


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
