"""Photos of requests: whatever comes is drawn afresh, so that no EXIF and nothing hidden comes along."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.ledger.blobs import drawing
from server.orders import service as orders
from server.problems import NotFound
from server.requests.models import Request, RequestPhoto
from server.sites.service import pictures
from sync.encoding import sha256_hex
from sync.messages import PICTURE_BYTES

MOST_AT_ONCE = 3
MOST = 12
"""So many photos a request has at most, with those of later notes."""
BYTES = 12 * 1024 * 1024
WIDTHS: Final = (1_600, 1_200, 800)
"""Pixels, tried one after the other until the photo is small enough for phones."""
THUMB: Final = 320


class NoPhoto(Exception):
    """One of the files is no JPEG, PNG or WebP that can be drawn. The page says so in its own words."""


class TooManyPhotos(Exception):
    """More photos than a request takes. The page says so in its own words."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A photo drawn afresh, and the same small."""

    data: bytes
    width: int
    height: int
    thumb: bytes


def draw(files: Sequence[bytes]) -> list[Drawn]:
    """Return photos drawn afresh.

    :raises TooManyPhotos: there are more than come at once
    :raises NoPhoto: one of them cannot be drawn
    :raises OSError: the machine cannot just now
    """
    if len(files) > MOST_AT_ONCE:
        raise TooManyPhotos(f"at most {MOST_AT_ONCE}")
    if any(len(data) > BYTES for data in files):
        raise NoPhoto(f"at most {BYTES} bytes")
    try:
        return [_draw(data) for data in files]
    except drawing.Undrawable as error:
        raise NoPhoto(str(error)) from None


def _draw(file: bytes) -> Drawn:
    for width in WIDTHS:
        data = drawing.thumbnail(file, width)
        if len(data) <= PICTURE_BYTES:
            break
    with Image.open(io.BytesIO(data)) as made:
        wide, high = made.size
    return Drawn(data, wide, high, drawing.thumbnail(data, THUMB))


def keep_photos(session: Session, *, request: Request, event_id: UUID, drawn: Sequence[Drawn]) -> None:
    """Keep photos that came with an event.

    :raises TooManyPhotos: the request holds no more
    """
    if not drawn:
        return
    query = select(func.count()).where(RequestPhoto.request_id == request.id)
    before = session.scalar(query) or 0
    if before + len(drawn) > MOST:
        raise TooManyPhotos(f"at most {MOST}")
    for number, photo in enumerate(drawn, before + 1):
        session.add(
            RequestPhoto(
                id=uuid4(),
                organisation_id=request.organisation_id,
                site_id=request.site_id,
                request_id=request.id,
                event_id=event_id,
                number=number,
                data=photo.data,
                sha256=sha256_hex(photo.data),
                width=photo.width,
                height=photo.height,
                thumb=photo.thumb,
                thumb_sha256=sha256_hex(photo.thumb),
            )
        )
    session.flush()
    show_on_orders(session, request=request)


def photo_number(text: str) -> int:
    """Return the number in an address.

    :raises NotFound: it is none that a photo could have
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise NotFound
    return int(text)


def photo_of(session: Session, *, request_id: UUID, number: int) -> bytes:
    """Return a photo of a request.

    :raises NotFound: it has none of this number
    """
    query = select(RequestPhoto.data).where(
        RequestPhoto.request_id == request_id, RequestPhoto.number == number
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def photos_of(session: Session, *, request_id: UUID) -> dict[UUID, list[int]]:
    """Return event → numbers of its photos."""
    query = select(RequestPhoto.event_id, RequestPhoto.number).where(RequestPhoto.request_id == request_id)
    found: dict[UUID, list[int]] = {}
    for event, number in session.execute(query.order_by(RequestPhoto.number)):
        found.setdefault(event, []).append(number)
    return found


def travelling(session: Session, *, request_id: UUID) -> list[dict[str, Any]]:
    """Return the photos of a request, and of those that go on as it, as its orders show them."""
    query = (
        select(RequestPhoto.sha256, RequestPhoto.width, RequestPhoto.height, RequestPhoto.thumb_sha256)
        .join(Request, Request.id == RequestPhoto.request_id)
        .where(RequestPhoto.request_id.in_(_family(session, request_id)))
        .where(RequestPhoto.thumb_sha256.is_not(None), func.length(RequestPhoto.data) <= PICTURE_BYTES)
        .order_by(Request.number, RequestPhoto.number)
    )
    found = {
        sha256: {"sha256": sha256, "width": width, "height": height, "thumb": thumb}
        for sha256, width, height, thumb in session.execute(query)
    }
    return list(found.values())


def show_on_orders(session: Session, *, request: Request) -> None:
    """Have the orders of a request, and of that as which it goes on, show the photos that there are now."""
    ids = _goes_on_as(session, request)
    found = orders.orders_from(
        session, site_id=request.site_id, source_kind="request", source_ids=[str(one) for one in ids]
    )
    for request_id in ids:
        if str(request_id) in found:
            shown = travelling(session, request_id=request_id)
            for order in found[str(request_id)]:
                orders.show_photos(session, order.id, shown)


def for_phone(session: Session, site_ids: Collection[UUID], sha256: str) -> bytes | None:
    """Return a photo or a small one by its hash, if an order shows it that phones of these sites have."""
    query = select(RequestPhoto).where(
        RequestPhoto.site_id.in_(site_ids),
        or_(RequestPhoto.sha256 == sha256, RequestPhoto.thumb_sha256 == sha256),
    )
    for photo in session.scalars(query):
        asked = [str(one) for one in _goes_on_as(session, session.get_one(Request, photo.request_id))]
        if orders.is_shown(session, site_id=photo.site_id, source_ids=asked, sha256=sha256):
            return photo.thumb if photo.thumb_sha256 == sha256 else photo.data
    return None


def _goes_on_as(session: Session, request: Request) -> list[UUID]:
    """Return a request with that into which it was merged, and so on."""
    ids = [request.id]
    while request.merged_into_id is not None and request.merged_into_id not in ids:
        ids.append(request.merged_into_id)
        request = session.get_one(Request, request.merged_into_id)
    return ids


def _family(session: Session, request_id: UUID) -> list[UUID]:
    """Return a request with all that were merged into it, one after the other."""
    found = [request_id]
    for one in found:
        merged = select(Request.id).where(Request.merged_into_id == one)
        found += [other for other in session.scalars(merged) if other not in found]
    return found


pictures.Sources.asked.append(for_phone)
