"""Taking out of the feed what no phone needs any more.

A version goes when the one that replaced it is older than a number of days, and a tombstone when
it is that old itself and nothing refers to it. The *horizon* of an organisation is the position up
to which that was done: a phone whose cursor lies below may have missed a tombstone, and begins
anew. The row at the horizon itself stays, so that a cursor there can still be checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from server.db import Base
from server.feed.models import Fed, FeedHead, FeedRow
from sync.encoding import ZERO_HASH
from sync.feed import chain_step, digest

BATCH = 5_000
"""So many positions the horizon moves at a time: the feed's lock is held meanwhile."""


def compact(session: Session, *, before_ms: int) -> int:
    """Move the horizon of every organisation towards `before_ms`; return how many rows went.

    Moves at most `BATCH` positions each; the rest has its turn the next time. The caller commits.
    """
    gone = 0
    heads = select(FeedHead.organisation_id, FeedHead.pos, FeedHead.horizon)
    for organisation, pos, horizon in session.execute(heads.order_by(FeedHead.organisation_id)).all():
        upto = _old_until(session, organisation, after=horizon, head=pos, before_ms=before_ms)
        if upto > horizon:
            gone += _move(session, organisation, horizon, upto)
    return gone


def _old_until(session: Session, organisation: UUID, *, after: int, head: int, before_ms: int) -> int:
    """Return the last position of the next batch before the first row that is young."""
    last = min(after + BATCH, head)
    young = session.scalar(
        select(func.min(FeedRow.pos)).where(
            FeedRow.organisation_id == organisation,
            FeedRow.pos > after,
            FeedRow.pos <= last,
            FeedRow.made_ms >= before_ms,
        )
    )
    return last if young is None else int(young) - 1


def _move(session: Session, organisation: UUID, horizon: int, upto: int) -> int:
    """Set the horizon, which a trigger demands first, and delete what lies below and is not needed."""
    moved = session.execute(
        update(FeedHead)
        .where(FeedHead.organisation_id == organisation, FeedHead.horizon == horizon)
        .values(horizon=upto)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    new, old = aliased(FeedRow), aliased(FeedRow)
    replaced = (
        select(old.pos)
        .select_from(new)
        .join(
            old,
            (old.site_id == new.site_id)
            & (old.kind == new.kind)
            & (old.entity == new.entity)
            & (old.version < new.version),
        )
        .where(new.organisation_id == organisation, new.pos > horizon, new.pos <= upto)
    )
    later = aliased(FeedRow)
    tombstones = select(FeedRow.pos).where(
        FeedRow.organisation_id == organisation,
        FeedRow.pos >= horizon,
        FeedRow.pos < upto,
        FeedRow.op == "leave",
        ~select(later.version)
        .where(
            later.site_id == FeedRow.site_id,
            later.kind == FeedRow.kind,
            later.entity == FeedRow.entity,
            later.version > FeedRow.version,
        )
        .exists(),
        ~or_(*_referred_to()),
    )
    gone = 0
    for positions in (replaced, tombstones):
        found = list(session.scalars(positions))
        for start in range(0, len(found), 500):
            gone += _delete(session, organisation, found[start : start + 500])
    return gone


def _delete(session: Session, organisation: UUID, positions: list[int]) -> int:
    done: Any = session.execute(
        delete(FeedRow)
        .where(FeedRow.organisation_id == organisation, FeedRow.pos.in_(positions))
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


def _referred_to() -> Iterator[ColumnElement[bool]]:
    """Yield, for each table whose rows come down, whether one of them stands at a feed row's version."""
    for mapper in Base.registry.mappers:
        fed: Any = mapper.class_
        if issubclass(fed, Fed):
            yield (
                select(fed.version)
                .where(
                    FeedRow.kind == fed.feed_kind_name,
                    fed.site_id == FeedRow.site_id,
                    getattr(fed, fed.feed_entity) == FeedRow.entity,
                    fed.version == FeedRow.version,
                )
                .exists()
            )


def first_altered(session: Session, *, organisation: UUID) -> int | None:
    """Return the first position at which the feed is not what was written, or None when it is whole.

    Below the horizon rows may be missing; each that stands there is checked against its
    predecessor where that is still there.
    """
    head = session.execute(
        select(FeedHead.pos, FeedHead.chain, FeedHead.horizon).where(FeedHead.organisation_id == organisation)
    ).one()
    before, chain = 0, ZERO_HASH
    rows = select(FeedRow.pos, FeedRow.row, FeedRow.chain).where(FeedRow.organisation_id == organisation)
    ordered = rows.order_by(FeedRow.pos).execution_options(yield_per=500)
    with session.execute(ordered) as found:
        for pos, row, after in found:
            if pos == before + 1:
                if chain_step(chain, digest(row)) != after:
                    return int(pos)
            elif pos > head.horizon:
                return before + 1
            before, chain = pos, after
    return None if (before, chain) == (head.pos, head.chain) else before + 1
