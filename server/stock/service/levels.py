"""What there is of a part by its moves, summed anew; kept with the part for lists and phones."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.feed.service import Change, queue
from server.stock.models import Part, StockEntry, StockMove
from sync.stock import quantity_text


def levels(session: Session, part_ids: Iterable[UUID], *, until_ms: int | None = None) -> dict[UUID, int]:
    """Return part id → what there is by the last confirmed count and the moves after it, thousandths.

    :param until_ms: only what happened up to this moment counts
    """
    wanted = list(part_ids)
    found = dict.fromkeys(wanted, 0)
    upto = (1 << 62) if until_ms is None else until_ms
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        confirmed = (
            StockEntry.part_id.in_(some),
            StockEntry.why == "counted",
            StockEntry.at_ms <= upto,
        )
        counts = (
            select(StockEntry.part_id, StockEntry.milli)
            .where(*confirmed)
            .order_by(StockEntry.at_ms, StockEntry.id)
        )
        for part, counted in session.execute(counts):
            found[part] = int(counted)
        last = (
            select(StockEntry.part_id, func.max(StockEntry.at_ms).label("at_ms"))
            .where(*confirmed)
            .group_by(StockEntry.part_id)
            .subquery()
        )
        for part_id, milli, at, plain in (
            (StockEntry.part_id, StockEntry.milli, StockEntry.at_ms, StockEntry.why != "counted"),
            (StockMove.part_id, StockMove.milli, StockMove.estimate_ms, StockMove.part_id.is_not(None)),
        ):
            sums = (
                select(part_id, func.sum(milli))
                .outerjoin(last, last.c.part_id == part_id)
                .where(part_id.in_(some), plain, at <= upto, or_(last.c.at_ms.is_(None), at > last.c.at_ms))
                .group_by(part_id)
            )
            for part, total in session.execute(sums):
                found[part] += int(total)
    return found


def settle(session: Session, part_ids: Iterable[UUID]) -> None:
    """Sum parts anew after something moved, and send what changed down to the phones.

    The parts are locked in the order of their ids, so that two who move the same ones wait for each other.
    """
    rows = session.scalars(
        select(Part)
        .where(Part.id.in_(set(part_ids)))
        .order_by(Part.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    found = levels(session, [part.id for part in rows])
    for part in rows:
        if part.stock_milli != found[part.id]:
            part.stock_milli = found[part.id]
            part.version += 1
            feed_part(session, part)


def wrong(session: Session, *, organisation_id: UUID) -> list[UUID]:
    """Return the parts whose kept stock is not what their moves come to; there ought to be none."""
    parts = select(Part.id, Part.stock_milli).where(Part.organisation_id == organisation_id)
    kept = dict(session.execute(parts).all())
    summed = levels(session, kept)
    return sorted(part for part, milli in kept.items() if summed[part] != milli)


def feed_part(session: Session, part: Part) -> None:
    """Queue a part for the phones as it is now."""
    minimum = part.minimum_milli
    body = {
        "id": str(part.id),
        "number": part.number,
        "name": part.name,
        "unit": part.unit,
        "category": part.category,
        "code": part.code,
        "stock": quantity_text(part.stock_milli),
        "minimum": None if minimum is None else quantity_text(minimum),
        "places": list(part.places),
        "retired": part.retired,
    }
    queue(session, Change(part.organisation_id, part.site_id, "part", part.id, part.version, "upsert", body))
