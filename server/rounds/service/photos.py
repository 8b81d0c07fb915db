"""Photos as the console gives them out: only whole ones, only of the site, thumbnails without EXIF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, or_, select, union_all
from sqlalchemy.orm import Session

from server.ledger import service as ledger
from server.ledger.blobs import drawing
from server.ledger.models import Blob, BlobClaim, BlobGone
from server.people.access import SiteRef
from server.problems import NotFound, Problem
from server.rounds.models import Finding, Visit
from server.rounds.service.shown import Within

UNREADABLE = "application/octet-stream"
"""As which bytes are given out that no picture can be drawn from: they are evidence, and no picture."""


class PhotoDamaged(Problem):
    """The stored bytes are no longer those that the record names: they are not shown as evidence."""

    slug, status, title = "photo-damaged", HTTPStatus.GONE, "The stored photo is damaged"


class PhotoUnreadable(Problem):
    """The bytes are those that the record names, and no picture can be drawn from them."""

    slug, status, title = (
        "photo-unreadable",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "No picture can be drawn from the photo",
    )


class PhotoRemoved(Problem):
    """The photo's time was over, or the person who took it had it erased."""

    slug, status, title = "photo-removed", HTTPStatus.GONE, "The photo was removed"


class Behind:
    """What else people may look behind who see only their own: features above this one register here."""

    records: ClassVar[list[Callable[[Session, SiteRef], Select[str]]]] = []
    """Each returns the hashes of such records that somebody may see at a site."""

    @classmethod
    def seen(cls, session: Session, here: SiteRef) -> list[Select[str]]:
        """Return the hashes that every feature says of somebody at a site."""
        return [records(session, here) for records in cls.records]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo's bytes and type, and the record that names it."""

    data: bytes
    mime: str
    record: str


def photo_of(
    session: Session,
    *,
    data_dir: Path,
    organisation: UUID,
    site_id: UUID,
    sha256: str,
    width: int | None,
    within: Within = None,
    also: Sequence[Select[str]] = (),
) -> Photo:
    """Return a photo that a record of the site names, whole or as a thumbnail.

    :param within: only of records of these people; None: of everybody's
    :param also: hashes of other records that are theirs to see, as `Behind.seen` says
    :raises NotFound: no such record of the site names it, or it has not come yet
    :raises PhotoRemoved: it is kept no longer
    :raises PhotoDamaged: the file is missing, or its bytes do not hash to its name
    :raises PhotoUnreadable: a thumbnail is wanted, and the picture's data are broken, or it is a voice note
    """
    claims = select(BlobClaim.hash).where(
        BlobClaim.organisation_id == organisation,
        BlobClaim.site_id == site_id,
        BlobClaim.sha256 == sha256,
    )
    if within is not None:
        theirs = (_records_of(organisation, within), *also)
        claims = claims.where(or_(*(BlobClaim.hash.in_(hashes) for hashes in theirs)))
    claimed = session.scalars(claims.order_by(BlobClaim.hash).limit(1)).first()
    if claimed is not None and session.get(BlobGone, (organisation, sha256)) is not None:
        raise PhotoRemoved
    blob = session.get(Blob, (organisation, sha256)) if claimed is not None else None
    if blob is None or claimed is None:
        raise NotFound
    data = _read(ledger.path(data_dir, organisation=organisation, sha256=sha256))
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise PhotoDamaged
    if width is None:
        return Photo(data, UNREADABLE if blob.unreadable else blob.mime, claimed)
    if blob.unreadable or not blob.mime.startswith("image/"):
        raise PhotoUnreadable
    return Photo(thumbnail(data, width), "image/jpeg", claimed)


def _records_of(organisation: UUID, people: AbstractSet[UUID]) -> CompoundSelect[Any]:
    """Return the hashes of the records behind what these people saw and did."""
    theirs = (Visit.organisation_id == organisation) & Visit.person_id.in_(people)
    found = (Finding.organisation_id == organisation) & Finding.person_id.in_(people)
    return union_all(
        select(Visit.id).where(theirs),
        select(Visit.answers_hash).where(theirs, Visit.answers_hash.is_not(None)),
        select(Finding.record_hash).where(found),
    )


def is_whole(data_dir: Path, *, organisation: UUID, sha256: str) -> bool:
    """Whether the stored file still hashes to its name."""
    data = _read(ledger.path(data_dir, organisation=organisation, sha256=sha256))
    return data is not None and hashlib.sha256(data).hexdigest() == sha256


def thumbnail(data: bytes, width: int) -> bytes:
    """Return a JPEG at most `width` pixels wide, drawn afresh, so that no EXIF and no comment comes along.

    :raises PhotoUnreadable: the picture's data are broken
    """
    try:
        return drawing.thumbnail(data, width)
    except drawing.Undrawable as error:
        raise PhotoUnreadable(str(error)) from None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
