"""Erasing what names or shows who asked: at the desk, on orders, and through them on phones."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.orders import service as orders
from server.requests.models import Request, RequestContact, RequestPhoto, RequestText
from server.requests.service.links import retire_links
from server.requests.service.photos import show_on_orders
from server.requests.service.work import title_of
from server.requests.service.writing import write


def erase(session: Session, *, request: Request, by: UUID | None, now_ms: int) -> None:
    """Erase what names or shows who asked: number, words, photos, the place in words, and the links.

    Its orders lose title, note, place and photos with it; those of a request as which it goes on keep
    their own words and lose its photos.
    """
    for model in (RequestContact, RequestText, RequestPhoto):
        session.execute(delete(model).where(model.request_id == request.id))
    retire_links(session, request_id=request.id, now_ms=now_ms)
    request.place = ""
    write(session, request=request, kind="erased", by=by, now_ms=now_ms)
    made = orders.orders_from(
        session, site_id=request.site_id, source_kind="request", source_ids=[str(request.id)]
    )
    for order in made.get(str(request.id), []):
        orders.forget_words(session, order.id, title=title_of(request, ""), now_ms=now_ms)
    show_on_orders(session, request=request)
