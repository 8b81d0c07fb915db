"""Opens work orders and finds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders.models import KINDS, SOURCES, WorkOrder
from server.orders.service.folding import next_number, write
from server.orders.service.timing import Said
from server.problems import NotFound

__all__ = ["KINDS", "SOURCES", "begin", "of_target", "open_order", "order_of", "orders_from"]

Pair = dict[str, str]
"""``{"kind", "id"}``"""


def open_order(
    session: Session,
    *,
    organisation_id: UUID,
    site_id: UUID,
    kind: str,
    cls: str,
    urgency: str,
    title: dict[str, str] | None,
    target: Pair | None,
    source: Pair,
    assignee: Pair | None = None,
    form_id: UUID | None = None,
    place: str | None = None,
    note: str | None = None,
    by: UUID | None = None,
    now_ms: int,
    order_id: UUID | None = None,
    due_ms: int | None = None,
    asks_signature: bool = False,
    rule: str | None = None,
    source_name: str | None = None,
    photos: Sequence[dict[str, Any]] = (),
) -> WorkOrder:
    """Open a work order; the caller commits.

    :param source: what asks for it; the id is text (hash of a finding, UUID of a request or rule)
    :param assignee: ``{"kind": "person"|"team"|"company", "id"}`` where it is given to somebody at once
    :param rule: what opened it by itself, and for which thing: of each there is one order under way
    :param due_ms: when it is due beside the clauses that apply
    :param source_name: what people call what asked for it, such as the number of a request
    :param photos: of whoever asked, as `retelling.show_photos` takes them
    """
    start: dict[str, Any] = {
        "opened_ms": now_ms,
        "state": "dispatched" if assignee else "open",
        "assignee": assignee,
        "urgency": urgency,
        "class": cls,
        "place": place,
        "title": title,
        "due_ms": due_ms,
    }
    order = begin(
        session,
        organisation_id=organisation_id,
        site_id=site_id,
        order_id=order_id or uuid4(),
        kind=kind,
        target=target,
        source=source,
        start=start,
        form_id=form_id,
        note=note,
        by=by,
        asks_signature=asks_signature,
        rule=rule,
        source_name=source_name,
        photos=photos,
    )
    write(session, order, Said(), now_ms=now_ms, force=True)
    return order


def begin(
    session: Session,
    *,
    organisation_id: UUID,
    site_id: UUID,
    order_id: UUID,
    kind: str,
    target: Pair | None,
    source: Pair,
    start: dict[str, Any],
    form_id: UUID | None = None,
    note: str | None = None,
    by: UUID | None = None,
    asks_signature: bool = False,
    opening: str | None = None,
    rule: str | None = None,
    source_name: str | None = None,
    photos: Sequence[dict[str, Any]] = (),
) -> WorkOrder:
    """Add the row of an order with the site's next number; `folding.write` says what it is."""
    order = WorkOrder(
        id=order_id,
        organisation_id=organisation_id,
        site_id=site_id,
        number=next_number(session, organisation_id=organisation_id, site_id=site_id),
        kind=kind,
        cls=start["class"],
        urgency=start["urgency"],
        state="open",
        note=note,
        target_kind=target["kind"] if target else None,
        target_id=UUID(target["id"]) if target else None,
        source_kind=source["kind"],
        source_id=source["id"],
        source_name=source_name,
        photos=list(photos),
        form_id=form_id,
        asks_signature=asks_signature,
        opened_ms=start["opened_ms"],
        opened_by=by,
        opening=opening,
        rule=rule,
        start=start,
        deadlines=[],
        conflicts=0,
        reopened=0,
        labour_min=0,
        fed=True,
        version=0,
    )
    session.add(order)
    return order


def order_of(session: Session, *, site_id: UUID, order_id: UUID) -> WorkOrder:
    """Return an order of the site.

    :raises NotFound: there is none, or it belongs to another site
    """
    order = session.get(WorkOrder, order_id)
    if order is None or order.site_id != site_id:
        raise NotFound
    return order


def orders_from(
    session: Session, *, site_id: UUID, source_kind: str, source_ids: Collection[str]
) -> dict[str, list[WorkOrder]]:
    """Return source id → the orders that came of it, the oldest first; ids without any are absent."""
    query = select(WorkOrder).where(
        WorkOrder.site_id == site_id,
        WorkOrder.source_kind == source_kind,
        WorkOrder.source_id.in_(list(source_ids)),
    )
    found: dict[str, list[WorkOrder]] = {}
    for order in session.scalars(query.order_by(WorkOrder.number)):
        found.setdefault(order.source_id, []).append(order)
    return found


def of_target(
    session: Session, *, site_id: UUID, kind: str, target_id: UUID, limit: int
) -> Sequence[WorkOrder]:
    """Return the newest orders about a place, those of a thing's page."""
    query = select(WorkOrder).where(
        WorkOrder.site_id == site_id, WorkOrder.target_id == target_id, WorkOrder.target_kind == kind
    )
    return session.scalars(query.order_by(WorkOrder.opened_ms.desc(), WorkOrder.id).limit(limit)).all()
