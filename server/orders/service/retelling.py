"""What an order holds of the words and photos of whoever asked: shown anew, or forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders.models import WorkOrder
from server.orders.service.folding import feed, locked, said_to, write


def show_photos(session: Session, order_id: UUID, photos: Sequence[dict[str, Any]]) -> None:
    """Have an order show these photos of whoever asked; phones are told if they are others than before.

    :param photos: ``{"sha256","width","height","thumb"}``: the hashes of the photo and of a small one
    """
    for order in locked(session, [order_id]):
        if order.photos != list(photos):
            order.photos = list(photos)
            order.version += 1
            feed(session, order)


def forget_words(session: Session, order_id: UUID, *, title: dict[str, str], now_ms: int) -> None:
    """Take out of an order what whoever asked said and showed: title, note, place in words, photos.

    What people of the house said to it since stays: it is theirs. The caller commits.

    :param title: what it is called from now on
    """
    [order] = locked(session, [order_id])
    said = said_to(session, [order_id])[order_id]
    with session.no_autoflush:  # the row goes with its new version, which `write` gives it
        order.note, order.photos = None, []
        order.start = {**order.start, "title": title, "place": None}
        write(session, order, said, now_ms=now_ms, force=True)


def is_shown(session: Session, *, site_id: UUID, source_ids: Collection[str], sha256: str) -> bool:
    """Whether an order that phones have, and that came of one of these requests, shows this photo."""
    query = select(WorkOrder.photos).where(
        WorkOrder.site_id == site_id,
        WorkOrder.source_kind == "request",
        WorkOrder.source_id.in_(source_ids),
        WorkOrder.fed,
    )
    return any(
        sha256 in (photo["sha256"], photo["thumb"]) for photos in session.scalars(query) for photo in photos
    )
