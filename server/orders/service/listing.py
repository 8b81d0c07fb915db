"""Lists of work orders: whose may be seen, what needs somebody, the board and the list."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from server.orders.models import CLASH, WorkOrder
from server.orders.service.naming import Named, named
from server.problems import Problem
from sync.orders import UNDER_WAY
from sync.orders.events import STATES

ON_THE_BOARD: Final = 20
"""So many orders a column of the board shows; the list has the rest."""
NEEDING: Final = 60


class BadAfter(Problem):
    """The page goes on from nowhere."""

    slug, status, title = "bad-cursor", HTTPStatus.UNPROCESSABLE_ENTITY, "This is no page of the list"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose orders somebody sees at a site; `people` None: everybody's."""

    site_id: UUID
    people: AbstractSet[UUID] | None = None
    team_id: UUID | None = None
    company_id: UUID | None = None

    def where(self) -> ColumnElement[bool]:
        """Return the condition: given to the own team or company or one of its people, or opened by one."""
        mine = WorkOrder.site_id == self.site_id
        if self.people is None:
            return mine
        theirs: list[ColumnElement[bool]] = [
            WorkOrder.holder_id.in_(self.people),
            WorkOrder.opened_by.in_(self.people),
            and_(WorkOrder.assignee_kind == "person", WorkOrder.assignee_id.in_(self.people)),
        ]
        own = [one for one in (self.team_id, self.company_id) if one is not None]
        if own:
            theirs.append(WorkOrder.assignee_id.in_(own))
        return and_(mine, or_(*theirs))

    def has(self, order: WorkOrder) -> bool:
        """Whether an order is one of these."""
        if order.site_id != self.site_id or self.people is None:
            return order.site_id == self.site_id
        people = {order.holder_id, order.opened_by, order.assignee_id}
        own = {self.team_id, self.company_id} - {None}
        return bool(people & self.people) or order.assignee_id in own


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list shows; None: whatever."""

    states: frozenset[str] = frozenset()
    kind: str | None = None
    cls: str | None = None
    urgency: str | None = None
    person: UUID | None = None
    target: UUID | None = None
    text: str | None = None
    need: str | None = None
    opened_from: int | None = None
    opened_to: int | None = None

    def where(self, now_ms: int) -> list[ColumnElement[bool]]:
        """Return the conditions beside the state."""
        found: list[ColumnElement[bool]] = []
        for column, value in (
            (WorkOrder.kind, self.kind),
            (WorkOrder.cls, self.cls),
            (WorkOrder.urgency, self.urgency),
            (WorkOrder.target_id, self.target),
        ):
            if value is not None:
                found.append(column == value)
        if self.person is not None:
            found.append(or_(WorkOrder.holder_id == self.person, WorkOrder.assignee_id == self.person))
        if self.opened_from is not None:
            found.append(WorkOrder.opened_ms >= self.opened_from)
        if self.opened_to is not None:
            found.append(WorkOrder.opened_ms < self.opened_to)
        if self.text:
            found.append(_holds(self.text))
        if self.need is not None:
            found.append(_need(self.need, now_ms))
        return found


def states_of(text: str | None) -> frozenset[str]:
    """Return the states that a query names; ``under_way`` stands for all that are."""
    found = {one for one in (text or "").split(",") if one in STATES}
    return frozenset(found | UNDER_WAY if "under_way" in (text or "") else found)


def _holds(text: str) -> ColumnElement[bool]:
    number = text.upper().removeprefix("W-")
    if number.isdecimal() and len(number) < 12:
        return WorkOrder.number == int(number)
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    # that a text is not less than none is always so: it has SQLite read the index of the texts alone
    return and_(WorkOrder.search >= "", WorkOrder.search.like(func.lower(like), escape="\\"))


def _need(need: str, now_ms: int) -> ColumnElement[bool]:
    under_way = WorkOrder.state.in_(UNDER_WAY)
    needs: dict[str, ColumnElement[bool]] = {
        "conflict": and_(CLASH),
        "missed": WorkOrder.next_due_ms < now_ms,
        "near": and_(WorkOrder.next_due_ms >= now_ms, WorkOrder.look_ms > WorkOrder.next_due_ms),
        "returned": and_(WorkOrder.state == "open", WorkOrder.returned.is_not(None)),
        "proposal": and_(under_way, WorkOrder.proposal == "asked"),
        "undispatched": and_(WorkOrder.state == "open", WorkOrder.urgency == "urgent"),
        "unheard": false(),
    }
    return needs.get(need, true())


def list_orders(
    session: Session, *, scope: Scope, wanted: Wanted, after: str | None, limit: int, now_ms: int
) -> dict[str, Any]:
    """Return a page of the list, the newest first, with how many there are in each state.

    :raises BadAfter: `after` was given by no page
    """
    where = [scope.where(), *wanted.where(now_ms)]
    counts = session.execute(
        select(WorkOrder.state, func.count()).where(*where).group_by(WorkOrder.state)
    ).all()
    query = select(WorkOrder.id).where(*where)
    if wanted.states:
        query = query.where(WorkOrder.state.in_(wanted.states))
    if after is not None:
        query = query.where(tuple_(WorkOrder.opened_ms, WorkOrder.id) < tuple_(*place_of(after)))
    newest = (WorkOrder.opened_ms.desc(), WorkOrder.id.desc())
    these = query.order_by(*newest).limit(limit + 1)  # an index alone says which
    found = session.scalars(select(WorkOrder).where(WorkOrder.id.in_(these)).order_by(*newest)).all()
    shown = found[:limit]
    return {
        "orders": rows_of(session, shown, now_ms=now_ms),
        "counts": dict(counts),
        "after": after_of(shown[-1].opened_ms, shown[-1].id) if len(found) > limit else None,
        "now_ms": now_ms,
    }


def board(session: Session, *, scope: Scope, now_ms: int) -> dict[str, Any]:
    """Return the board: each state's most pressing orders and their count; and what needs somebody."""
    counts = dict(
        session.execute(
            select(WorkOrder.state, func.count()).where(scope.where()).group_by(WorkOrder.state)
        ).all()
    )
    columns: dict[str, list[WorkOrder]] = {}
    for state in STATES:
        columns[state] = _pressing(session, state, scope) if counts.get(state) else []
    needing = _needing(session, scope, now_ms)
    every = [*needing, *(order for orders in columns.values() for order in orders)]
    rows = dict(zip((order.id for order in every), rows_of(session, every, now_ms=now_ms), strict=True))
    return {
        "columns": [
            {
                "state": state,
                "count": counts.get(state, 0),
                "orders": [rows[one.id] for one in columns[state]],
            }
            for state in STATES
        ],
        "needs": [rows[one.id] for one in needing],
        "now_ms": now_ms,
    }


def _needing(session: Session, scope: Scope, now_ms: int) -> list[WorkOrder]:
    """Return what needs somebody, the most pressing first; each part has an index of its own."""
    parts = (
        select(WorkOrder).where(CLASH).order_by(WorkOrder.id),
        select(WorkOrder)
        .where(
            WorkOrder.next_due_ms.is_not(None),
            or_(WorkOrder.next_due_ms < now_ms, WorkOrder.look_ms > WorkOrder.next_due_ms),
        )
        .order_by(WorkOrder.next_due_ms, WorkOrder.id),
        select(WorkOrder)
        .where(WorkOrder.state.in_(("open", "paused")), _anything(now_ms))
        .order_by(WorkOrder.id),
    )
    found = {
        order.id: order
        for part in parts
        for order in session.scalars(part.where(scope.where()).limit(NEEDING))
    }
    return sorted(found.values(), key=_urgent_first)[:NEEDING]


def _urgent_first(order: WorkOrder) -> tuple[bool, int, UUID]:
    return order.urgency != "urgent", order.next_due_ms or _NEVER, order.id


_NEVER: Final = 2**62


def _anything(now_ms: int) -> ColumnElement[bool]:
    return or_(*(_need(need, now_ms) for need in ("returned", "proposal", "undispatched")))


def _pressing(session: Session, state: str, scope: Scope) -> list[WorkOrder]:
    """Return a column's orders; what is due apart from what is not, each in the order of its index."""
    query = select(WorkOrder).where(scope.where(), WorkOrder.state == state)
    if state not in UNDER_WAY:
        newest = query.order_by(WorkOrder.opened_ms.desc(), WorkOrder.id.desc())
        return list(session.scalars(newest.limit(ON_THE_BOARD)))
    by_due = query.where(WorkOrder.next_due_ms.is_not(None)).order_by(WorkOrder.next_due_ms, WorkOrder.id)
    found = list(session.scalars(by_due.limit(ON_THE_BOARD)))
    if len(found) < ON_THE_BOARD:
        without = query.where(WorkOrder.next_due_ms.is_(None)).order_by(WorkOrder.id)
        found += session.scalars(without.limit(ON_THE_BOARD - len(found)))
    return found


def needs_of(order: WorkOrder, now_ms: int) -> list[str]:
    """Return why an order needs somebody."""
    states = {one["state"] for one in order.deadlines}
    near = any(
        one["state"] == "running" and one["due_ms"] - one["span_ms"] // 3 <= now_ms <= one["due_ms"]
        for one in order.deadlines
    )
    late = any(one["state"] == "running" and one["due_ms"] < now_ms for one in order.deadlines)
    found = {
        "conflict": order.conflicts > 0,
        "missed": "missed" in states or late,
        "unheard": "unheard" in states,
        "near": near,
        "returned": order.state == "open" and order.returned is not None,
        "proposal": order.state in UNDER_WAY and order.proposal == "asked",
        "undispatched": order.state == "open" and order.urgency == "urgent",
    }
    return [need for need, is_so in found.items() if is_so]


def rows_of(session: Session, orders: Sequence[WorkOrder], *, now_ms: int) -> list[dict[str, Any]]:
    """Return orders as lists show them."""
    names = named(session, orders)
    return [row_of(order, names, now_ms) for order in orders]


def row_of(order: WorkOrder, names: Named, now_ms: int) -> dict[str, Any]:
    """Return an order as lists show it."""
    return {
        "id": order.id,
        "version": order.version,
        "number": order.name,
        "kind": order.kind,
        "cls": order.cls,
        "urgency": order.urgency,
        "state": order.state,
        "title": order.title,
        "note": order.note,
        "place": order.place,
        "target": names.target(order),
        "source": {"kind": order.source_kind, "id": order.source_id, "name": order.source_name},
        "assignee": names.assignee(order),
        "holder": names.person(order.holder_id),
        "opened_ms": order.opened_ms,
        "done_ms": order.done_ms,
        "ended_ms": order.ended_ms,
        "due_ms": order.due_ms,
        "next_due_ms": order.next_due_ms,
        "deadlines": order.deadlines,
        "paused": order.paused,
        "done": order.done,
        "returned": order.returned,
        "proposal": order.proposal,
        "conflicts": order.conflicts,
        "reopened": order.reopened,
        "labour_min": order.labour_min,
        "asks_signature": order.asks_signature,
        "needs": needs_of(order, now_ms),
    }


def after_of(at_ms: int, order: UUID) -> str:
    """Return from where a list goes on, as the next page is asked for."""
    return urlsafe_b64encode(f"{at_ms}.{order}".encode()).decode().rstrip("=")


def place_of(after: str) -> tuple[int, UUID]:
    """Return moment and order after which a page goes on.

    :raises BadAfter: no page gave it
    """
    try:
        at_ms, order = urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode().split(".")
        return int(at_ms), UUID(order)
    except ValueError as error:
        raise BadAfter(str(error)) from None
