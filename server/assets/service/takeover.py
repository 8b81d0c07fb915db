"""A property is taken over: its shared parts, its equipment and its papers are looked at, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from server.assets.models import TakeOver, TakeOverCheck
from server.assets.service.register import ordered
from server.assets.takeover import ITEMS, PARTS, counts
from server.problems import Invalid, Problem
from server.sites.models import Asset, Site

AT_ONCE: Final = 500
"""Items that one answer, and assets that one act has at most."""

Key = str | UUID
"""Of an item: the name of a shared part or paper, or the id of an asset."""


class TakeOverRuns(Problem):
    """A take-over of the site runs already; end it first."""

    slug, status, title = "take-over-runs", HTTPStatus.CONFLICT, "A take-over runs already"


class NoTakeOver(Problem):
    """No take-over of the site runs: none was begun, or the last one has ended."""

    slug, status, title = "no-take-over", HTTPStatus.CONFLICT, "No take-over runs"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to look at, and the last word on it."""

    key: Key
    group: str
    """``parts``, ``papers`` or ``assets``."""
    category: str
    """Of an asset; empty for the others."""
    check: TakeOverCheck | None

    @property
    def found(self) -> str | None:
        """What was found of it; None: nobody looked yet."""
        return None if self.check is None else self.check.found


def newest(session: Session, *, site_id: UUID, before_ms: int | None = None) -> TakeOver | None:
    """Return the take-over that runs, or else the one that ended last; None: there was none.

    :param before_ms: of those that had begun before this moment
    """
    query = select(TakeOver).where(TakeOver.site_id == site_id)
    if before_ms is not None:
        query = query.where(TakeOver.begun_ms < before_ms)
    return session.scalars(query.order_by(TakeOver.begun_ms.desc(), TakeOver.id).limit(1)).first()


def begin(session: Session, *, site: Site, from_whom: str, by: UUID, now_ms: int) -> TakeOver:
    """Begin to take a property over.

    :raises TakeOverRuns: one runs already
    """
    session.execute(select(Site.id).where(Site.id == site.id).with_for_update())
    before = newest(session, site_id=site.id)
    if before is not None and before.ended_ms is None:
        raise TakeOverRuns
    made = TakeOver(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        from_whom=from_whom,
        begun_by=by,
        begun_ms=now_ms,
    )
    session.add(made)
    session.flush()
    return made


def running(session: Session, *, site_id: UUID) -> TakeOver:
    """Return the take-over that runs.

    :raises NoTakeOver: none does
    """
    query = select(TakeOver).where(TakeOver.site_id == site_id, TakeOver.ended_ms.is_(None))
    found = session.scalars(query.with_for_update()).first()
    if found is None:
        raise NoTakeOver
    return found


def end(session: Session, *, site_id: UUID, by: UUID, now_ms: int) -> TakeOver:
    """End it; what nobody looked at stays open for all to see, and nothing more is noted.

    :raises NoTakeOver: none runs
    """
    found = running(session, site_id=site_id)
    found.ended_ms, found.ended_by = now_ms, by
    return found


def note_checks(
    session: Session,
    *,
    site_id: UUID,
    items: Sequence[str],
    assets: Sequence[UUID],
    found: str,
    note: str,
    by: UUID,
    now_ms: int,
) -> TakeOver:
    """Note what was found of some items. A later word holds instead; the earlier one stays.

    :raises NoTakeOver: none runs
    :raises Invalid: an asset is not of this site or was taken down, nothing is named, a defect has no words
    """
    take = running(session, site_id=site_id)
    if not items and not assets:
        raise Invalid(errors={"json": {"items": ["Name at least one"]}})
    if found == "defect" and not note:
        raise Invalid(errors={"json": {"note": ["Say what is wrong"]}})
    known = session.scalars(select(Asset.id).where(Asset.id.in_(assets), _there(site_id, take))).all()
    if len(known) < len(set(assets)):
        raise Invalid(errors={"json": {"assets": ["Not an asset of this site"]}})
    before = session.scalar(
        select(func.max(TakeOverCheck.checked_ms)).where(TakeOverCheck.take_over_id == take.id)
    )
    at_ms = now_ms if before is None else max(now_ms, before + 1)  # of two in one millisecond the later holds
    named: list[tuple[str | None, UUID | None]] = [(item, None) for item in sorted(set(items))]
    named += [(None, asset) for asset in sorted(set(assets))]
    for item, asset in named:
        session.add(
            TakeOverCheck(
                id=uuid4(),
                take_over_id=take.id,
                organisation_id=take.organisation_id,
                site_id=site_id,
                asset_id=asset,
                item=item,
                found=found,
                note=note,
                checked_by=by,
                checked_ms=at_ms,
            )
        )
    session.flush()
    return take


def items_of(session: Session, *, take: TakeOver, before_ms: int | None = None) -> list[Item]:
    """Return all that is to be looked at: shared parts, papers, the register as it is or was at its end.

    :param before_ms: what was said before this moment alone
    """
    last = _last_words(session, take, before_ms)
    fixed = [Item(name, "parts" if name in PARTS else "papers", "", last.get(name)) for name in ITEMS]
    query: Any = select(Asset.id, Asset.category).where(_there(take.site_id, take))
    rows = session.execute(ordered(query))
    things = [Item(row.id, "assets", row.category, last.get(row.id)) for row in rows]
    return fixed + sorted(things, key=lambda one: one.category)


def groups_of(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return per shared parts, papers and category of assets how much of it was looked at."""
    groups: dict[tuple[str, str], list[str | None]] = {}
    for one in items:
        groups.setdefault((one.group, one.category), []).append(one.found)
    return [
        {"group": group, "category": category, **counts(found)} for (group, category), found in groups.items()
    ]


def _last_words(
    session: Session, take: TakeOver, before_ms: int | None = None
) -> Mapping[Key, TakeOverCheck]:
    query = select(TakeOverCheck).where(TakeOverCheck.take_over_id == take.id)
    if before_ms is not None:
        query = query.where(TakeOverCheck.checked_ms < before_ms)
    last: dict[Key, TakeOverCheck] = {}
    for one in session.scalars(query.order_by(TakeOverCheck.checked_ms, TakeOverCheck.id)):
        key = one.item or one.asset_id
        if key is not None:
            last[key] = one
    return last


def _there(site_id: UUID, take: TakeOver) -> ColumnElement[bool]:
    """Return the condition of assets that belong to it: those of now, or of when it ended."""
    here = Asset.site_id == site_id
    if take.ended_ms is None:
        return here & Asset.retired_ms.is_(None)
    return (
        here
        & or_(Asset.retired_ms.is_(None), Asset.retired_ms > take.ended_ms)
        & or_(Asset.made_ms.is_(None), Asset.made_ms <= take.ended_ms)
    )
