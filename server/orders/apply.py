"""Projects the records `order.*`: what people said to work orders on their phones.

Each record is one row, whether or not there is such an order; `sync.orders` says what comes of it.
Between logs no order is assumed: a record that comes before its order counts once the order is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.bulk import Bulk, as_uuid
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.orders.models import OrderEvent, WorkOrder
from server.orders.service import from_findings
from server.orders.service.acting import act
from server.orders.service.doubling import mark_doubles
from server.orders.service.folding import is_rebuilding, refold, refold_open
from server.orders.service.opening import begin
from server.sites.models import Site
from server.sites.service.announced import Announced
from sync.order_payloads import ORDER_PAYLOADS, OrderOpen

_EVENTS = Bulk(OrderEvent)


def register_all() -> None:
    """Have the ledger bring these records here."""
    for name, tv in ORDER_PAYLOADS:
        appliers.register(name, tv, apply_orders)
    from_findings.register_all()
    if _reckon_anew not in Announced.listeners:
        Announced.listeners.append(_reckon_anew)


def _reckon_anew(session: Session, site: Site, now_ms: int) -> None:
    """Judge by other working days what is still due of a site's orders."""
    refold_open(session, site_id=site.id, now_ms=now_ms)


def apply_orders(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project the records, make the orders that they open, and fold every order that they name."""
    _EVENTS.insert(session, [_row(arrival) for arrival in arrivals])
    for arrival in arrivals:
        if isinstance(arrival.payload, OrderOpen):
            _open(session, arrival, arrival.payload)
    if not is_rebuilding(session):
        named = {as_uuid(arrival.payload.order) for arrival in arrivals}  # type: ignore[union-attr]
        now_ms = max(arrival.now_ms for arrival in arrivals)
        refold(session, named, now_ms=now_ms)
        mark_doubles(session, named, now_ms=now_ms)
    return [() for _ in arrivals]


def _open(session: Session, arrival: Arrival, opened: OrderOpen) -> None:
    """Make the order that a record opens, unless there is one of that id."""
    order_id = as_uuid(opened.order)
    if session.scalar(select(WorkOrder.id).where(WorkOrder.id == order_id)) is not None:
        return
    by = _actor(arrival)
    finding = opened.finding
    source = {"kind": "finding", "id": finding} if finding else {"kind": "phone", "id": str(by)}
    begin(
        session,
        organisation_id=arrival.organisation_id,
        site_id=arrival.site_id,
        order_id=order_id,
        kind=opened.kind,
        target=msgspec.to_builtins(opened.target),
        source=source,
        start={
            "opened_ms": arrival.interval.estimate,
            "urgency": opened.urgency,
            "class": opened.cls,
        },
        by=by,
        opening=arrival.hash,
    )
    session.flush()
    if finding and not is_rebuilding(session):
        _replace(session, arrival, opened, finding)


def _replace(session: Session, arrival: Arrival, opened: OrderOpen, finding: str) -> None:
    """Cancel what a rule had opened for the same finding, if nobody has touched it."""
    same = select(WorkOrder).where(
        WorkOrder.site_id == arrival.site_id,
        WorkOrder.source_kind == "finding",
        WorkOrder.source_id.startswith(finding),
        WorkOrder.state == "open",
        WorkOrder.opening.is_(None),
        WorkOrder.id != as_uuid(opened.order),
    )
    mine = session.get_one(WorkOrder, as_uuid(opened.order))
    for order in session.scalars(same).all():
        act(
            session,
            site_id=order.site_id,
            order_id=order.id,
            kind="cancel",
            p={"into": mine.name},
            by=None,
            now_ms=arrival.now_ms,
        )


def _row(arrival: Arrival) -> dict[str, Any]:
    p = msgspec.to_builtins(arrival.payload)
    order_id = as_uuid(p.pop("order"))
    interval, base = arrival.interval, arrival.body.envelope.base
    return {
        "organisation_id": arrival.organisation_id,
        "hash": arrival.hash,
        "site_id": arrival.site_id,
        "order_id": order_id,
        "device_id": arrival.device_id,
        "log": arrival.log,
        "seq": arrival.seq,
        "person_id": _actor(arrival),
        "kind": arrival.body.envelope.type.removeprefix("order."),
        "p": p,
        "saw": base.version if base is not None and base.entity == str(order_id) else 0,
        "lower_ms": interval.lower,
        "estimate_ms": interval.estimate,
        "upper_ms": interval.upper,
        "quality": interval.quality,
        "received_ms": arrival.received_ms,
        "marks": sorted(arrival.marks),
    }


def _actor(arrival: Arrival) -> UUID | None:
    actor = arrival.body.envelope.actor
    return as_uuid(actor) if actor else None
