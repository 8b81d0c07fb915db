"""Writes what the fold says of an order into its row, for lists and phones. Nothing else writes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final
from uuid import UUID

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, object_session

from server.bulk import as_uuid
from server.feed.service import Change, queue
from server.orders.deadlines import Moment
from server.orders.models import OrderAct, OrderCount, OrderEvent, WorkOrder
from server.orders.service.figures import keep_dues
from server.orders.service.timing import Said, Timing
from server.people.models import Company
from sync.orders import UNDER_WAY, Event, OrderState, Start, fold

_REBUILDING: Final = "roundsman.orders.rebuilding"

Listener = Callable[[Session, WorkOrder, OrderState, int], None]
"""Told an order, what the fold says of it, and now in ms."""


class Changed:
    """Who else wants to know what becomes of orders: requests and upkeep, which stand above."""

    listeners: ClassVar[list[Listener]] = []


def is_rebuilding(session: Session) -> bool:
    """Whether the projections are being made again: orders are folded at the end of it."""
    return bool(session.info.get(_REBUILDING))


@contextmanager
def rebuilding(session: Session, organisation: UUID) -> Iterator[None]:
    """Make projections again: fold every order once at the end; nothing is opened and nobody told."""
    session.info[_REBUILDING] = True
    try:
        yield
        query = select(WorkOrder.id).where(WorkOrder.organisation_id == organisation)
        refold(session, session.scalars(query).all(), now_ms=0)
    finally:
        session.info.pop(_REBUILDING)


def locked(session: Session, orders: Collection[UUID]) -> Sequence[WorkOrder]:
    """Return the orders of these ids that there are, as they stand now, held until the commit."""
    query = select(WorkOrder).where(WorkOrder.id.in_(orders)).order_by(WorkOrder.id)
    return session.scalars(
        query.with_for_update().execution_options(populate_existing=True, autoflush=True)
    ).all()


def next_number(session: Session, *, organisation_id: UUID, site_id: UUID) -> int:
    """Return the site's next number of an order; others wait for the commit."""
    insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    first = insert(OrderCount).values(site_id=site_id, organisation_id=organisation_id, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[OrderCount.site_id], set_={"last": OrderCount.last + 1}
    ).returning(OrderCount.last)
    return session.execute(counted).scalar_one()


def refold(session: Session, ids: Collection[UUID], *, now_ms: int) -> None:
    """Fold the orders anew, and write, feed and tell what is another than it was."""
    for some in _portions(sorted(set(ids))):
        orders = locked(session, some)
        said = said_to(session, [order.id for order in orders])
        timing = Timing(session)
        for order in orders:
            write(session, order, said[order.id], now_ms=now_ms, timing=timing)


def refold_open(session: Session, *, site_id: UUID, now_ms: int) -> None:
    """Judge anew what is due of the orders that something is still due of: the site's terms are others."""
    query = select(WorkOrder.id).where(
        WorkOrder.site_id == site_id, or_(WorkOrder.ended_ms.is_(None), WorkOrder.next_due_ms.is_not(None))
    )
    refold(session, session.scalars(query).all(), now_ms=now_ms)


def said_to(session: Session, ids: Collection[UUID]) -> dict[UUID, Said]:
    """Return order id → everything that was said to it, in no order."""
    found: dict[UUID, Said] = {order: Said() for order in ids}
    records = (
        select(OrderEvent)
        .join(
            WorkOrder, (WorkOrder.id == OrderEvent.order_id) & (WorkOrder.site_id == OrderEvent.site_id)
        )  # an order is its own site's alone
        .where(OrderEvent.order_id.in_(ids), WorkOrder.organisation_id == OrderEvent.organisation_id)
    )
    for record in session.scalars(records):
        found[record.order_id].take(of_record(record), moment_of(record))
    for act in session.scalars(select(OrderAct).where(OrderAct.order_id.in_(ids))):
        found[act.order_id].take(of_act(act), Moment(act.at_ms))
    return found


def moment_of(record: OrderEvent) -> Moment:
    """Return when a record was made, as surely as is known."""
    return Moment(record.estimate_ms, record.lower_ms, record.upper_ms, record.quality)


def of_record(record: OrderEvent) -> Event:
    """Return a record as the fold takes it."""
    return Event(
        id=record.hash,
        kind=record.kind,
        at_ms=record.estimate_ms,
        by=_text(record.person_id),
        p=record.p,
        log=record.log,
        seq=record.seq,
        received_ms=record.received_ms,
        saw=record.saw,
    )


def of_act(act: OrderAct) -> Event:
    """Return what the office did as the fold takes it."""
    return Event(
        id=str(act.id),
        kind=act.kind,
        at_ms=act.at_ms,
        by=_text(act.person_id),
        p=act.p,
        version=act.version,
    )


def start_of(order: WorkOrder) -> Start:
    """Return how an order began."""
    return msgspec.convert(order.start, Start)


def state_of(session: Session, order: WorkOrder) -> OrderState:
    """Return what became of an order, with everything that the fold knows."""
    return fold(start_of(order), said_to(session, [order.id])[order.id].events)


def write(
    session: Session,
    order: WorkOrder,
    said: Said,
    *,
    now_ms: int,
    timing: Timing | None = None,
    force: bool = False,
) -> OrderState:
    """Write the fold of what was said to an order into its row; feed and tell it if it is another.

    :param force: whether the version rises in any case, since something was said to it
    """
    state = fold(start_of(order), said.events)
    columns = _columns(state)
    if not order.fed and state.state in UNDER_WAY:
        columns["fed"] = True  # opened again: phones get it back
    is_new = order.version == 0
    if is_rebuilding(session) and not is_new and not _differences(order, columns):
        return state  # what is due when is the job's to say, not that of a rebuild
    columns |= (timing or Timing(session)).columns(order, state, said, now_ms=now_ms)
    differs = _differences(order, columns)
    for name, value in differs.items():
        setattr(order, name, value)
    if differs or force or is_new:
        order.version += 1
        feed(session, order)
        if "deadlines" in differs:
            keep_dues(session, [order])
        if not is_rebuilding(session):
            for listener in Changed.listeners:
                listener(session, order, state, now_ms)
    return state


def _differences(order: WorkOrder, columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if getattr(order, name) != value}


def _columns(state: OrderState) -> dict[str, Any]:
    """Return what the row says of a state."""
    assignee = state.assignee or {}
    ends = None
    if state.state not in UNDER_WAY:
        last = state.done or state.cancelled
        ends = last["at_ms"] if last else None
    return {
        "state": state.state,
        "urgency": state.urgency,
        "cls": state.cls or "other",
        "place": state.place,
        "title_zh": state.title["zh"] if state.title else None,
        "title_en": state.title["en"] if state.title else None,
        "assignee_kind": assignee.get("kind"),
        "assignee_id": as_uuid(assignee["id"]) if assignee else None,
        "holder_id": as_uuid(state.holder) if state.holder else None,
        "due_ms": state.due_ms,
        "paused": state.paused,
        "done": state.done,
        "returned": state.returned,
        "proposal": state.proposal["state"] if state.proposal else None,
        "conflicts": state.unsettled,
        "reopened": state.reopened,
        "labour_min": state.labour_min,
        "done_ms": state.done["at_ms"] if state.done else None,
        "ended_ms": ends,
    }


def feed(session: Session, order: WorkOrder) -> None:
    """Queue an order as phones get it."""
    session.flush()
    queue(
        session,
        Change(
            order.organisation_id,
            order.site_id,
            "order",
            order.id,
            order.version,
            "upsert" if order.fed else "leave",
            row_of(order) if order.fed else None,
        ),
    )


def row_of(order: WorkOrder) -> dict[str, Any]:
    """Return an order as it travels to phones (``docs/protocol/entities.md``)."""
    return {
        "id": str(order.id),
        "number": order.name,
        "kind": order.kind,
        "class": order.cls,
        "urgency": order.urgency,
        "state": order.state,
        "title": order.title,
        "note": order.note,
        "target": order.target,
        "place": order.place,
        "source": order.source,
        "photos": order.photos,
        "assignee": _assignee(order),
        "holder": _text(order.holder_id),
        "form": _text(order.form_id),
        "opened_ms": order.opened_ms,
        "due_ms": order.due_ms,
        "deadlines": [
            {name: one[name] for name in ("clause", "what", "due_ms", "state", "span_ms")}
            for one in order.deadlines
        ],
        "next_due_ms": order.next_due_ms,
        "paused": order.paused,
        "done": order.done,
        "returned": order.returned,
        "proposal": order.proposal,
        "parts_wanted": bool(order.paused and order.paused["reason"] == "parts"),
        "conflicts": order.conflicts,
        "asks_signature": order.asks_signature,
        "reopened": order.reopened,
    }


def _assignee(order: WorkOrder) -> dict[str, str] | None:
    """Return to whom it is given; a company by its name too, for no row of a phone says it."""
    session = object_session(order)
    if order.assignee_kind != "company" or session is None:
        return order.assignee
    company = session.get(Company, order.assignee_id)
    return order.assignee if company is None else {**(order.assignee or {}), "name": company.name}


def _portions(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for i in range(0, len(ids), 500):
        yield ids[i : i + 500]


def _text(thing: UUID | None) -> str | None:
    return str(thing) if thing is not None else None
