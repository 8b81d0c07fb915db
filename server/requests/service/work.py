"""Work orders that requests lead to, and what is heard of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders import service as orders
from server.requests.kinds import brief, number_words
from server.requests.models import Request
from server.requests.service.acting import NotNow
from server.requests.service.following import texts_of
from server.requests.service.photos import travelling
from server.requests.service.writing import events_of, state_of, tell, write
from server.requests.words import WORDS
from server.sites.models import Site
from server.sites.service.announced import Announced
from sync.orders import FINISHED, UNDER_WAY, OrderState


def order(
    session: Session,
    *,
    request: Request,
    assignee: dict[str, str] | None,
    note: str,
    by: UUID,
    now_ms: int,
) -> orders.WorkOrder:
    """Open a work order for a request: with its place and its words.

    :param note: for who does it; empty: the words of who asked
    :raises NotNow: the request has ended
    """
    if request.state in ("closed", "withdrawn", "merged"):
        raise NotNow
    words = _first_words(session, request)
    target = None
    if request.target_kind is not None and request.target_id is not None:
        target = {"kind": request.target_kind, "id": str(request.target_id)}
    made = orders.open_order(
        session,
        organisation_id=request.organisation_id,
        site_id=request.site_id,
        kind="request",
        cls=request.class_,
        urgency="normal" if request.urgency == "normal" else "urgent",
        title=title_of(request, words),
        target=target,
        source={"kind": "request", "id": str(request.id)},
        source_name=number_words(request.number),
        photos=travelling(session, request_id=request.id),
        assignee=assignee,
        place=request.place or None,
        note=note or words or None,
        by=by,
        now_ms=now_ms,
    )
    write(
        session,
        request=request,
        kind="ordered",
        by=by,
        now_ms=now_ms,
        detail={"order": str(made.id), "number": made.number},
    )
    return made


def hear(session: Session, made: orders.WorkOrder, state: OrderState, now_ms: int) -> None:
    """Note in a request what became of its work order: somebody came, it is done, or it is not after all."""
    if made.source_kind != "request":
        return
    request = session.get(Request, UUID(made.source_id), with_for_update=True, populate_existing=True)
    if request is None or request.site_id != made.site_id:
        return
    known = state_of(session, request_id=request.id)
    before = known.orders.get(str(made.id))
    if before is None:
        return  # it is being opened
    detail: dict[str, Any] = {"order": str(made.id), "number": made.number}

    def note(kind: str, **more: Any) -> None:
        write(session, request=request, kind=kind, now_ms=now_ms, detail={**detail, **more})

    if state.arrivals and known.arrived_ms is None and not known.ended and before == "open":
        note("arrived")
    if state.state in FINISHED and before != "done":
        note("worked")
    elif state.state == "cancelled" and before != "stopped":
        note("stopped", how="stopped")
    elif state.state in UNDER_WAY and before != "open":
        note("stopped", how="open")
    else:
        tell(session, request=request, now_ms=now_ms)


def say_to_orders(
    session: Session, *, request: Request, satisfied: bool, by: UUID | None, now_ms: int
) -> None:
    """Say to finished orders whether who asked is satisfied: it closes them, or opens them again."""
    found = orders.orders_from(
        session, site_id=request.site_id, source_kind="request", source_ids=[str(request.id)]
    )
    for made in found.get(str(request.id), []):
        if made.state in ("done", "verified") or (made.state == "closed" and not satisfied):
            orders.act(
                session,
                site_id=request.site_id,
                order_id=made.id,
                kind="follow",
                p={"satisfied": satisfied},
                by=by,
                now_ms=now_ms,
            )


def title_of(request: Request, words: str) -> dict[str, str]:
    """Return what an order is called: what was asked and where; without words its kind, in both languages."""
    if words:
        said = brief(words)
        zh, en = said, said if request.language == "en" else ""
    else:
        zh, en = WORDS[f"kind.{request.kind}"]
    where = f" · {request.place}" if request.place else ""
    return {"zh": f"{zh}{where}", "en": f"{en}{where}" if en else ""}


def register_all() -> None:
    """Have work orders tell what becomes of them, and sites that days count otherwise."""
    if hear not in orders.Changed.listeners:
        orders.Changed.listeners.append(hear)
    if _reckon_anew not in Announced.listeners:
        Announced.listeners.append(_reckon_anew)


def _reckon_anew(session: Session, site: Site, now_ms: int) -> None:
    """Judge by other working days what is still due of a site's requests."""
    due = select(Request).where(Request.site_id == site.id, Request.next_due_ms.is_not(None))
    for request in session.scalars(due.order_by(Request.id).with_for_update()).all():
        tell(session, request=request, now_ms=now_ms)


def _first_words(session: Session, request: Request) -> str:
    texts = texts_of(session, request_id=request.id)
    opened = next((event for event in events_of(session, request_id=request.id)), None)
    return texts.get(opened.id, "") if opened else ""
