"""Whether each asset has the records of its running, inspection, maintenance and repair (P1-18).

Not every asset needs every sort in every period. Asked for are: a look at it, always; a reading, where it
has meters; maintenance and repair, where such an order of it was due. What there is beside that is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.assets.models import StateEntry, StateSaid
from server.meters.models import Meter, MeterReading
from server.orders.models import WorkOrder
from server.rounds.models import Reading, Visit

SORTS: Final = ("running", "inspection", "repair", "maintenance")


def logged(
    session: Session, *, site_id: UUID, from_ms: int, to_ms: int
) -> tuple[dict[UUID, set[str]], dict[UUID, set[str]]]:
    """Return asset → the sorts of records that it has of a stretch of time, and what is asked beside a look.

    :param to_ms: the end of the stretch, or now where that is earlier
    """
    has: dict[UUID, set[str]] = {}
    asked: dict[UUID, set[str]] = {}

    def note(sort: str, things: Iterable[UUID | None]) -> None:
        for thing in things:
            if thing is not None:
                has.setdefault(thing, set()).add(sort)

    def span(column: Any) -> tuple[Any, Any]:
        return column >= from_ms, column < to_ms

    of_assets = (Visit.site_id == site_id, Visit.target_kind == "asset")
    note(
        "inspection",
        session.scalars(select(Visit.target_id).where(*of_assets, *span(Visit.estimate_ms)).distinct()),
    )
    read = (Reading.site_id == site_id, Reading.target_kind == "asset", Reading.value.is_not(None))
    note(
        "running",
        session.scalars(select(Reading.target_id).where(*read, *span(Reading.estimate_ms)).distinct()),
    )
    metered = (
        select(Meter.asset_id)
        .where(
            Meter.site_id == site_id,
            select(MeterReading.id)
            .where(MeterReading.meter_id == Meter.id, *span(MeterReading.estimate_ms))
            .exists(),
        )
        .distinct()
    )
    note("running", session.scalars(metered))
    said = (StateSaid.site_id == site_id, *span(StateSaid.estimate_ms))
    note("running", session.scalars(select(StateSaid.asset_id).where(*said).distinct()))
    entered = (StateEntry.site_id == site_id, *span(StateEntry.entered_ms))
    note("running", session.scalars(select(StateEntry.asset_id).where(*entered).distinct()))
    meters = select(Meter.asset_id).where(Meter.site_id == site_id, Meter.retired_ms.is_(None)).distinct()
    for metered_one in session.scalars(meters):
        asked.setdefault(metered_one, set()).add("running")
    for order in _orders(session, site_id=site_id, from_ms=from_ms, to_ms=to_ms):
        thing = order.target_id
        if thing is None:
            continue
        sort = "maintenance" if order.kind == "upkeep" else "repair"
        if order.ended_ms is not None and order.ended_ms < to_ms:
            note(sort, [thing])
        elif _is_over(order, to_ms):
            asked.setdefault(thing, set()).add(sort)
    return has, asked


def _orders(session: Session, *, site_id: UUID, from_ms: int, to_ms: int) -> Iterable[WorkOrder]:
    """Return the orders of assets that were under way within a stretch of time."""
    query = select(WorkOrder).where(
        WorkOrder.site_id == site_id,
        WorkOrder.target_kind == "asset",
        WorkOrder.state != "cancelled",
        WorkOrder.opened_ms < to_ms,
        or_(WorkOrder.ended_ms.is_(None), WorkOrder.ended_ms >= from_ms),
    )
    return session.scalars(query.execution_options(yield_per=500))


def _is_over(order: WorkOrder, now_ms: int) -> bool:
    """Whether an order that is not done had to be done by now."""
    dues = [line["due_ms"] for line in order.deadlines if line["what"] == "repair"]
    return any(due < now_ms for due in (*dues, *([] if order.due_ms is None else [order.due_ms])))
