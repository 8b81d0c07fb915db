"""Photos of requests: whatever comes is drawn afresh, so that no EXIF and nothing hidden comes along."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.ledger.blobs import drawing
from server.problems import NotFound
from server.requests.models import Request, RequestPhoto

MOST_AT_ONCE = 3
MOST = 12
"""So many photos a request has at most, with those of later notes."""
BYTES = 12 * 1024 * 1024
WIDTH = 1_600


class NoPhoto(Exception):
    """One of the files is no JPEG, PNG or WebP that can be drawn. The page says so in its own words."""


class TooManyPhotos(Exception):
    """More photos than a request takes. The page says so in its own words."""


def draw(files: Sequence[bytes]) -> list[bytes]:
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
        return [drawing.thumbnail(data, WIDTH) for data in files]
    except drawing.Undrawable as error:
        raise NoPhoto(str(error)) from None


def keep_photos(session: Session, *, request: Request, event_id: UUID, drawn: Sequence[bytes]) -> None:
    """Keep photos that came with an event.

    :raises TooManyPhotos: the request holds no more
    """
    if not drawn:
        return
    query = select(func.count()).where(RequestPhoto.request_id == request.id)
    before = session.scalar(query) or 0
    if before + len(drawn) > MOST:
        raise TooManyPhotos(f"at most {MOST}")
    for number, data in enumerate(drawn, before + 1):
        session.add(
            RequestPhoto(
                id=uuid4(),
                organisation_id=request.organisation_id,
                site_id=request.site_id,
                request_id=request.id,
                event_id=event_id,
                number=number,
                data=data,
            )
        )
    session.flush()


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
