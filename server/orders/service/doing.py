"""What a person of the office does to an order through the console: checked, then done."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy.orm import Session

from server.orders.models import WorkOrder
from server.orders.service.acting import act
from server.orders.service.dispatching import check_assignee
from server.orders.service.doubling import check_alone
from server.orders.service.folding import locked, state_of
from server.orders.service.showing import may_do
from server.problems import Invalid, NotFound, Problem
from sync.orders import KEEP


class OrderChanged(Problem):
    """Somebody else, or a phone, said something to the order since the page was drawn."""

    slug, status, title = "order-changed", HTTPStatus.CONFLICT, "The order has changed meanwhile. Look again"
    carries: ClassVar = {"version": {"type": "integer", "description": "The version that it has now."}}


class NotNow(Problem):
    """The order is in a state in which this cannot be done."""

    slug, status, title = "order-not-now", HTTPStatus.CONFLICT, "This cannot be done as the order stands"


TAKES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "dispatch": (("to",), ("text",)),
    "recall": ((), ("why",)),
    "cancel": (("why",), ()),
    "reopen": (("why",), ()),
    "change": ((), ("urgency", "cls", "place", "title", "due_ms")),
    "pause": (("reason",), ("until_ms", "why")),
    "resume": ((), ()),
    "propose": (("text", "amount"), ()),
    "approve": ((), ("why",)),
    "decline": (("why",), ()),
    "verify": (("ok",), ("why",)),
    "follow": (("satisfied",), ("text",)),
    "settle": (("conflict", "keep", "why"), ()),
    "note": (("text",), ()),
    "cost": (("amount", "what"), ()),
}
"""Act → the members that it must have, and those that it may have."""


def do(
    session: Session,
    *,
    site_id: UUID,
    order_id: UUID,
    body: dict[str, Any],
    may: Collection[str],
    within: AbstractSet[UUID] | None,
    by: UUID,
    now_ms: int,
) -> WorkOrder:
    """Do what `body` says; the caller commits.

    :param within: the people to whom the asker may give an order; None: everybody
    :raises NotFound: there is no such order
    :raises OrderChanged: the page showed an older version; notes and costs are taken all the same
    :raises NotNow: it cannot be done as the order stands
    :raises OrderReplaced: it would open the order again, and another took its place
    :raises Invalid: something that belongs to the act is missing, or does not belong to it
    """
    kind = body["act"]
    p = _members(kind, body)
    found = [order for order in locked(session, [order_id]) if order.site_id == site_id]
    if not found:
        raise NotFound
    order = found[0]
    if order.version != body["version"] and kind not in ("note", "cost"):
        raise OrderChanged(f"version {order.version}", version=order.version)
    state = state_of(session, order)
    if kind not in may_do(state, may):
        raise NotNow(f"{kind} of an order that is {state.state}")
    check_alone(session, order, kind=kind, p=p, now_ms=now_ms)
    if kind == "dispatch":
        p["to"] = check_assignee(session, site_id=site_id, to=p["to"], within=within)
    if kind == "settle":
        conflict = next((one for one in state.conflicts if one.id == p["conflict"]), None)
        if conflict is None or conflict.settled is not None:
            raise NotNow("no such conflict waits")
        if p["keep"] not in KEEP[conflict.kind]:
            raise Invalid(errors={"json": {"keep": [f"One of {', '.join(KEEP[conflict.kind])}"]}})
    done, _ = act(session, site_id=site_id, order_id=order_id, kind=kind, p=p, by=by, now_ms=now_ms)
    return done


def _members(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    must, can = TAKES[kind]
    given = {name: value for name, value in body.items() if name not in ("act", "version")}
    errors = {name: ["Missing"] for name in must if given.get(name) in (None, "")}
    errors |= {name: [f"Does not belong to {kind}"] for name in given if name not in (*must, *can)}
    if kind == "change" and not given:
        errors["act"] = ["Nothing to change"]
    if kind == "verify" and given.get("ok") is False and not given.get("why"):
        errors["why"] = ["Say what is not right"]
    if errors:
        raise Invalid(errors={"json": errors})
    return {"class" if name == "cls" else name: value for name, value in given.items()}
