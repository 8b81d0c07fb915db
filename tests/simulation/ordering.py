"""Work orders in harness A: phones and the office act on them at random, and all must agree in the end.

A phone acts on what it knows: an order that came down, or one that it opened itself a moment ago.
"""

from __future__ import annotations

import contextlib
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders import service as orders
from server.orders.models import OrderEvent, WorkOrder
from server.orders.service.folding import said_to
from server.sites.models import Site
from sync import orders as fold_of
from sync.orders import Start
from sync.phone.phone import NotReady
from sync.phone.store import Record
from tests.simulation.installation import Installation
from tests.simulation.pocket import Pocket

WORDS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("accept", {}),
    ("return", {"reason": "busy"}),
    ("pass", {"to": None}),
    ("arrive", {}),
    ("leave", {}),
    ("pause", {"reason": "parts", "until_ms": None}),
    ("resume", {}),
    ("note", {}),
    ("labour", {"minutes": 15, "people": 2}),
    ("complete", {"result": "fixed"}),
    ("sign", {"by": "customer"}),
    ("verify", {"ok": True}),
    ("verify", {"ok": False}),
    ("follow", {"satisfied": True}),
    ("follow", {"satisfied": False}),
    ("set", {"field": "class", "from": "other", "to": "leak"}),
    ("set", {"field": "place", "from": None, "to": "B1"}),
)
"""What a phone may say; whether it makes sense is not asked."""

ACTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("dispatch", {"to": None}),
    ("recall", {}),
    ("cancel", {"why": "no more"}),
    ("reopen", {"why": "again"}),
    ("change", {"class": "door", "place": "gate"}),
    ("verify", {"ok": True}),
    ("follow", {"satisfied": False}),
    ("pause", {"reason": "approval", "until_ms": None}),
    ("resume", {}),
)
"""What the office may do."""


def known(pocket: Pocket) -> list[str]:
    """Return the orders that a phone knows: those that came down, and those that it opened."""
    down = [row.id for row in pocket.phone.rows("order")]
    own = [_order_of(record) for record in pocket.store.records() if record.type == "order.open"]
    return sorted({*down, *own})


def named(number: int) -> UUID:
    """Return the id that the story gives to its nth order or act: a seed foretells all of it."""
    return uuid5(NAMESPACE_OID, f"order {number}")


def opened(pocket: Pocket, number: int, *, mine: bool) -> Record | None:
    """Open an order on a phone; None when nobody is signed in."""
    try:
        order = pocket.phone.open_order("other", mine=mine, note="seen", order=str(named(number)))
    except NotReady:
        return None
    made = [r for r in pocket.store.records() if r.type == "order.open" and _order_of(r) == order]
    return made[-1]


def said(pocket: Pocket, which: int, word: int, colleague: UUID) -> Record | None:
    """Say something to one of the orders that a phone knows; None when there is none, or nobody."""
    found = known(pocket)
    if not found:
        return None
    kind, p = WORDS[word % len(WORDS)]
    members = {**p, "to": str(colleague)} if kind == "pass" else dict(p)
    try:
        return pocket.phone.say(found[which % len(found)], kind, **members)
    except NotReady:
        return None


def office(server: Installation, which: int, act: int, colleague: UUID, by: UUID, *, number: int) -> None:
    """Do something to one of the orders at the desk; without any, open one."""

    def work(session: Session, site: Site) -> None:
        now = server.clock.ms
        ids = session.scalars(
            select(WorkOrder.id).where(WorkOrder.site_id == site.id).order_by(WorkOrder.number)
        ).all()
        if not ids or act % (len(ACTS) + 1) == len(ACTS):
            orders.open_order(
                session,
                organisation_id=site.organisation_id,
                site_id=site.id,
                kind="repair",
                cls="other",
                urgency="normal",
                title=None,
                target=None,
                source={"kind": "office", "id": str(by)},
                assignee={"kind": "person", "id": str(colleague)},
                by=by,
                now_ms=now,
                order_id=named(number),
            )
            return
        kind, p = ACTS[act % (len(ACTS) + 1)]
        members = {"to": {"kind": "person", "id": str(colleague)}} if kind == "dispatch" else dict(p)
        orders.act(
            session,
            site_id=site.id,
            order_id=ids[which % len(ids)],
            kind=kind,
            p=members,
            by=by,
            now_ms=now,
            act_id=named(number),
        )

    server.change(work)


def assert_all(server: Installation, pockets: list[Pocket]) -> None:
    """Assert what must be true of orders when all is quiet."""
    with server.session() as session:
        assert_counted(session)
        assert_agree(session, server, [one for one in pockets if not (one.revoked or one.draining)])


def assert_agree(session: Session, server: Installation, pockets: list[Pocket]) -> None:
    """Every order is what the fold says of all that was said to it, on the server and on each phone."""
    found = list(session.scalars(select(WorkOrder).where(WorkOrder.site_id == server.furnished.site)))
    told = said_to(session, [order.id for order in found])
    for order in found:
        events = told[order.id].events
        start = msgspec.convert(order.start, Start)
        state = fold_of.fold(start, events)
        assert state == fold_of.fold(start, events[::-1]), "an order depends on which record came first"
        now = (order.state, order.assignee, _text(order.holder_id), order.cls, order.place)
        assert now == (state.state, _who(state.assignee), state.holder, state.cls, state.place), order.name
        assert order.conflicts == state.unsettled
    for pocket in pockets:
        _is_shown(found, pocket)


def _is_shown(found: list[WorkOrder], pocket: Pocket) -> None:
    """A phone with nothing unsent shows the server's state; with nothing more said, the fold changes none."""
    rows = {row.id: row.body for row in pocket.phone.rows("order")}
    fed = {str(order.id): order for order in found if order.fed}
    assert rows.keys() == fed.keys(), (pocket.name, rows.keys() ^ fed.keys())
    for order_id, body in rows.items():
        assert body["state"] == fed[order_id].state
        start = msgspec.convert({name: body[name] for name in Start.__struct_encode_fields__}, Start)
        assert fold_of.fold(start, []).state == body["state"]


def assert_counted(session: Session) -> None:
    """I2: a record that was applied stands in its order's course once, and no other does."""
    hashes = list(session.scalars(select(OrderEvent.hash)))
    assert len(hashes) == len(set(hashes)), "I2: a record counts twice"


def _order_of(record: Record) -> str:
    with contextlib.suppress(msgspec.DecodeError):
        return str(msgspec.json.decode(record.wire.body)["p"]["order"])
    return ""


def _who(who: Any) -> Any:
    return None if who is None else {name: who[name] for name in ("kind", "id")}


def _text(thing: UUID | None) -> str | None:
    return None if thing is None else str(thing)
