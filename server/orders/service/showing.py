"""An order in full: its course with what stands behind each step, conflicts, and who has received it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.feed.models import FeedRow
from server.ledger.models import Blob, BlobClaim, BlobGone, Device, PrivatePart
from server.orders.models import OrderAct, OrderEvent, WorkOrder
from server.orders.service.costs import costs_of
from server.orders.service.folding import said_to, start_of
from server.orders.service.listing import Scope, row_of
from server.orders.service.naming import Named, named
from server.orders.service.policies import policy_of
from server.orders.service.used import labour_of, parts_used
from server.people.models import Shift
from server.rounds.models import Visit
from server.stock.service import cost_of_moves, moves_of_order
from sync.orders import FINISHED, KEEP, UNDER_WAY, OrderState, fold

_PEOPLE: Final = ("to",)


def order_view(
    session: Session,
    order: WorkOrder,
    *,
    may_photos: bool,
    may: Collection[str],
    within: Scope,
    now_ms: int,
) -> dict[str, Any]:
    """Return an order in full.

    :param may_photos: whether photos may be seen
    :param may: what the person may do at the site
    :param within: which orders they may see
    """
    records = session.scalars(
        select(OrderEvent).where(
            OrderEvent.order_id == order.id,
            OrderEvent.site_id == order.site_id,
            OrderEvent.organisation_id == order.organisation_id,
        )
    ).all()
    acts = session.scalars(select(OrderAct).where(OrderAct.order_id == order.id)).all()
    said = said_to(session, [order.id])[order.id]
    state = fold(start_of(order), said.events)
    mentioned = [one.person_id for one in records] + [one.person_id for one in acts]
    mentioned += [UUID(one.p["to"]) for one in records if one.kind == "pass"]
    moves = moves_of_order(session, site_id=order.site_id, order_id=order.id)
    mentioned += [move.person_id for move in moves]
    policy = policy_of(session, site_id=order.site_id)
    names = named(session, [order], people=mentioned)
    assigned = _assigned(session, acts)
    entries = [
        *_records(session, order, records, state, names, may_photos),
        *_acts(acts, state, names, assigned),
    ]
    return row_of(order, names, now_ms) | {
        "opened_by": names.person(order.opened_by),
        "entries": sorted(entries, key=lambda one: (one["estimate_ms"], not one["office"], one["id"])),
        "found": [
            {
                "id": one.id,
                "kind": one.kind,
                "event": one.event,
                "against": one.against,
                "field": one.field,
                "phone": one.phone,
                "office": one.office,
                "settled": one.settled,
                "keep": list(KEEP[one.kind]),
            }
            for one in state.conflicts
        ],
        "received": _received(session, order),
        "costs": costs_of(order, acts, policy, cost_of_moves(session, moves)),
        "parts": parts_used(session, moves, names),
        "labour": labour_of(records, policy, names),
        "replaced_by": _replaced_by(session, order, acts, state, within),
        "may": may_do(state, may),
        "now_ms": now_ms,
    }


def may_do(state: OrderState, may: Collection[str]) -> list[str]:
    """Return what somebody may do to an order as it stands."""
    if "dispatch" not in may:
        return []
    found = ["note", "cost", "change"]
    if state.state in UNDER_WAY:
        found += ["dispatch", "cancel", "propose"]
        found += ["recall"] if state.assignee or state.holder else []
        found += ["resume"] if state.state == "paused" else ["pause"]
        if state.proposal and state.proposal["state"] == "asked":
            found = [*(one for one in found if one != "propose"), "approve", "decline"]
    else:
        found.append("reopen")
    if state.state == "done":
        found.append("verify")
    if state.state in FINISHED and state.state != "closed":
        found.append("follow")
    if state.unsettled:
        found.append("settle")
    return found


def _records(
    session: Session,
    order: WorkOrder,
    records: Sequence[OrderEvent],
    state: OrderState,
    names: Named,
    may_photos: bool,
) -> list[dict[str, Any]]:
    hashes = [one.hash for one in records]
    organisation = order.organisation_id
    private: dict[str, dict[str, str]] = {}
    for part in session.scalars(
        select(PrivatePart).where(PrivatePart.organisation_id == organisation, PrivatePart.hash.in_(hashes))
    ):
        private.setdefault(part.hash, {})[part.name] = part.value
    photos = _photos(session, organisation, hashes) if may_photos else {}
    phones = {
        one.id: one.name
        for one in session.scalars(select(Device).where(Device.id.in_({one.device_id for one in records})))
    }
    scans = _scans(session, order, records)
    return [
        {
            "id": one.hash,
            "kind": one.kind,
            "office": False,
            "by": names.person(one.person_id),
            "device": {"id": one.device_id, "name": phones.get(one.device_id, "")},
            "lower_ms": one.lower_ms,
            "estimate_ms": one.estimate_ms,
            "upper_ms": one.upper_ms,
            "quality": one.quality,
            "received_ms": one.received_ms,
            "marks": one.marks,
            "p": _with_names(one.p, names),
            "note": private.get(one.hash, {}).get("note"),
            "name": private.get(one.hash, {}).get("name"),
            "photos": photos.get(one.hash, []),
            "scan": scans.get(one.hash) if one.kind in ("arrive", "leave") else None,
            "kept": one.hash in state.kept,
        }
        for one in records
    ]


def _with_names(p: Mapping[str, Any], names: Named) -> dict[str, Any]:
    found = dict(p)
    if isinstance(found.get("to"), str) and found.keys() == {"to"}:  # a colleague's id
        found["to"] = {"kind": "person", "id": found["to"], "name": names.people.get(UUID(found["to"]), "")}
    return found


def _scans(session: Session, order: WorkOrder, records: Sequence[OrderEvent]) -> dict[str, str]:
    """Return record → whether its scan proves that the order's own place was there."""
    wanted = {one.hash: one.p.get("scan") for one in records if one.kind in ("arrive", "leave")}
    visits = {
        visit.id: visit
        for visit in session.scalars(
            select(Visit).where(
                Visit.organisation_id == order.organisation_id,
                Visit.id.in_([scan for scan in wanted.values() if scan]),
            )
        )
    }
    found = {}
    for record, scan in wanted.items():
        visit = visits.get(scan) if scan else None
        if visit is None:
            found[record] = "none"
        else:
            is_here = order.target_id in (None, visit.target_id)
            found[record] = "proven" if is_here and visit.tag_proof == "proven" else "other"
    return found


def _photos(session: Session, organisation: UUID, hashes: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    query = (
        select(
            BlobClaim.hash,
            BlobClaim.sha256,
            BlobClaim.role,
            BlobClaim.of_sha256,
            Blob.sha256,
            BlobGone.sha256,
        )
        .outerjoin(
            Blob, (Blob.organisation_id == BlobClaim.organisation_id) & (Blob.sha256 == BlobClaim.sha256)
        )
        .outerjoin(
            BlobGone,
            (BlobGone.organisation_id == BlobClaim.organisation_id) & (BlobGone.sha256 == BlobClaim.sha256),
        )
        .where(BlobClaim.organisation_id == organisation, BlobClaim.hash.in_(hashes))
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for record, sha256, role, of, stored, gone in session.execute(
        query.order_by(BlobClaim.hash, BlobClaim.sha256)
    ):
        state = "removed" if gone else "there" if stored else "pending"
        found.setdefault(record, []).append({"sha256": sha256, "role": role, "of": of, "state": state})
    return found


def _acts(acts: Sequence[OrderAct], state: OrderState, names: Named, assigned: Named) -> list[dict[str, Any]]:
    found = []
    for one in acts:
        p = dict(one.p)
        if isinstance(p.get("to"), dict):
            p["to"] = assigned.who(p["to"]["kind"], UUID(p["to"]["id"]))
        found.append(
            {
                "id": str(one.id),
                "kind": one.kind,
                "office": True,
                "by": names.person(one.person_id),
                "device": None,
                "lower_ms": one.at_ms,
                "estimate_ms": one.at_ms,
                "upper_ms": one.at_ms,
                "quality": "A",
                "received_ms": None,
                "marks": [],
                "p": p,
                "note": None,
                "name": None,
                "photos": [],
                "scan": None,
                "kept": str(one.id) in state.kept,
            }
        )
    return found


def _replaced_by(
    session: Session, order: WorkOrder, acts: Sequence[OrderAct], state: OrderState, within: Scope
) -> dict[str, Any] | None:
    """Return the order that took the place of this one and made it needless.

    Its `id` is None for whoever may not see it.
    """
    if order.state != "cancelled" or state.cancelled is None:
        return None
    by_id = {str(one.id): one for one in acts}
    ending = by_id[state.cancelled["event"]]
    if ending.kind == "settle":  # of a double, which says what the other one is
        ending = by_id.get(ending.p["conflict"].partition(":")[2], ending)
    into = ending.p.get("into")
    if into is None:
        return None
    number = int(into.removeprefix("W-"))
    other = session.scalars(
        select(WorkOrder).where(WorkOrder.site_id == order.site_id, WorkOrder.number == number)
    ).one_or_none()
    return {"id": other.id if other is not None and within.has(other) else None, "number": into}


def _assigned(session: Session, acts: Sequence[OrderAct]) -> Named:
    """Return the names of those to whom an order was ever given."""
    given = [act.p["to"] for act in acts if isinstance(act.p.get("to"), dict)]
    as_orders = [WorkOrder(assignee_kind=to["kind"], assignee_id=UUID(to["id"])) for to in given]
    return named(session, as_orders)


def _received(session: Session, order: WorkOrder) -> list[dict[str, Any]]:
    """Return the phones of whoever has the order, and whether they were in contact since it is as it is."""
    who = order.holder_id or (order.assignee_id if order.assignee_kind == "person" else None)
    if who is None:
        return []
    fed_ms = session.scalar(
        select(FeedRow.made_ms).where(
            FeedRow.site_id == order.site_id,
            FeedRow.kind == "order",
            FeedRow.entity == order.id,
            FeedRow.version == order.version,
        )
    )
    carried = select(Shift.device_id).where(
        Shift.organisation_id == order.organisation_id, Shift.person_id == who
    )
    phones = session.scalars(
        select(Device)
        .where(Device.id.in_(carried), Device.state == "active", Device.site_id == order.site_id)
        .order_by(Device.heard_ms.desc())
        .limit(3)
    )
    return [
        {
            "device": {"id": one.id, "name": one.name},
            "heard_ms": one.heard_ms,
            "has": fed_ms is not None and one.heard_ms is not None and one.heard_ms >= fed_ms,
        }
        for one in phones
    ]
