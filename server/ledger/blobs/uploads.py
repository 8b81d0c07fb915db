"""Taking a photo piece by piece, until the whole is what a record named.

Order at the end: the part's bytes are durable, it is renamed, the folder is synced, the row is
committed, the answer goes out. Whatever a crash cuts off there is found by the next request for
the same photo, or by `keeping`.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from server.bulk import Bulk
from server.direct import Direct
from server.ledger.blobs import files, pictures
from server.ledger.blobs.files import Part
from server.ledger.blobs.pictures import Photo
from server.ledger.blobs.problems import (
    BadUpload,
    BlobOffset,
    BlobTooLarge,
    BlobType,
    WrongHash,
)
from server.ledger.models import Blob, BlobClaim, BlobGone
from server.problems import NotFound, Problem
from sync.encoding import sha256_hex

EXPIRES_MS = 48 * 3_600_000
"""An upload that nobody goes on with is forgotten after this."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a photo in a row, and their SHA-256 in hex."""

    file: IO[bytes]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A photo that a record of a log names."""

    organisation: UUID
    log: str
    sha256: str
    size: int
    stored: bool
    """Whether the organisation has it whole: a row says so and the file is there. Also when it was removed on
    purpose: then nobody needs to send it any more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an upload stands."""

    offset: int
    size: int
    new: Photo | None = None
    """Set when the file has just become whole: the caller notes it, commits, and then answers."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left to send."""
        return self.offset == self.size


_CLAIM = Direct(
    select(
        func.max(BlobClaim.size).label("size"),
        func.max(Blob.size).label("stored"),
        func.max(BlobGone.gone_ms).label("gone"),
    )
    .outerjoin(Blob, (Blob.organisation_id == BlobClaim.organisation_id) & (Blob.sha256 == BlobClaim.sha256))
    .outerjoin(
        BlobGone,
        (BlobGone.organisation_id == BlobClaim.organisation_id) & (BlobGone.sha256 == BlobClaim.sha256),
    )
    .where(
        BlobClaim.log == bindparam("log"),
        BlobClaim.sha256 == bindparam("sha256"),
        BlobClaim.organisation_id == bindparam("organisation"),
    )
)
_STORED = Direct(
    select(Blob.size).where(
        Blob.organisation_id == bindparam("organisation"), Blob.sha256 == bindparam("sha256")
    )
)
_BLOBS = Bulk(Blob)


def find_claimed(
    session: Session, *, data_dir: Path, organisation: UUID, log: str, sha256: str
) -> Claimed | None:
    """Return the photo as a record of the log names it; None when none does, or not in this organisation."""
    size, stored, gone = _CLAIM.row(session, {"log": log, "sha256": sha256, "organisation": organisation})
    if size is None:
        return None
    target = files.path(data_dir, organisation=organisation, sha256=sha256)
    there = stored is not None and files.size_of(target) == stored
    return Claimed(organisation, log, sha256, int(size), there or gone is not None)


def begin(claimed: Claimed, *, data_dir: Path, length: int, piece: Piece, now_ms: int) -> Progress:
    """Begin an upload with its first piece, which may be empty or all of it.

    One that was begun before goes on from where it stood, and the piece is not used.

    :raises BadUpload: the length is not that of the claim, or the piece is longer
    :raises WrongHash, BlobType, BlobTooLarge: all came, and it is not the photo named, or none
    :raises BlobBusy: another request writes to it
    :raises OSError: no room; nothing is left behind
    """
    if length != claimed.size:
        raise BadUpload("upload-length", f"the record names a photo of {claimed.size} bytes")
    if claimed.stored:
        return Progress(length, length)
    adopted = adopt(data_dir, organisation=claimed.organisation, sha256=claimed.sha256, size=length)
    if adopted is not None:
        return Progress(length, length, adopted)
    with files.opened(_part(claimed, data_dir), create=True) as part:
        assert part is not None  # noqa: S101  it was made
        known = None
        if part.offset == 0:
            try:
                known = _append(part, claimed, piece, now_ms=now_ms)
            except (Problem, OSError):
                part.remove()
                raise
        if part.offset == length:
            return _finish(part, claimed, known, data_dir=data_dir)
        part.name_durably()
        return Progress(part.offset, length)


def go_on(claimed: Claimed, *, data_dir: Path, offset: int, piece: Piece, now_ms: int) -> Progress:
    """Add a piece to an upload.

    :raises NotFound: it was never begun, has expired, or was begun again
    :raises BlobOffset: the piece belongs to another place
    :raises BadUpload: the piece is longer than what is left
    :raises WrongHash, BlobType, BlobTooLarge: all came, and it is not the photo named, or none
    :raises BlobBusy: another request writes to it
    :raises OSError: no room; the upload stands where it stood
    """
    if claimed.stored:
        if offset != claimed.size:
            raise BlobOffset(claimed.size, stored=claimed.sha256)
        return Progress(claimed.size, claimed.size)
    with files.opened(_part(claimed, data_dir)) as part:
        if part is None:
            raise NotFound()
        if offset != part.offset:
            raise BlobOffset(part.offset)
        known = _append(part, claimed, piece, now_ms=now_ms)
        if part.offset == claimed.size:
            return _finish(part, claimed, known, data_dir=data_dir)
        return Progress(part.offset, claimed.size)


def standing(claimed: Claimed, *, data_dir: Path) -> Progress | None:
    """Return where an upload stands, or None when there is none.

    Bytes that all came and were not looked at, because the server died then, are no photo yet:
    to begin again finds them.
    """
    if claimed.stored:
        return Progress(claimed.size, claimed.size)
    offset = files.size_of(_part(claimed, data_dir))
    return None if offset is None or offset >= claimed.size else Progress(offset, claimed.size)


def adopt(data_dir: Path, *, organisation: UUID, sha256: str, size: int) -> Photo | None:
    """Return what a file is that lies in a photo's place, of its size and hash; None when there is none.

    That is what a crash between rename and commit leaves.
    """
    target = files.path(data_dir, organisation=organisation, sha256=sha256)
    if files.size_of(target) != size or files.hash_of(target) != sha256:
        return None
    try:
        return pictures.examine(target)
    except (BlobType, BlobTooLarge):
        return None


def write(*, data_dir: Path, organisation: UUID, sha256: str, data: bytes, now_ms: int) -> Photo:
    """Put a photo that came whole, by another way than piece by piece, in its place, durably.

    No row says yet that it is there: see `note`.

    :raises WrongHash, BlobType, BlobTooLarge: it is not the photo named, or none
    :raises OSError: no room; nothing is left behind
    """
    claimed = Claimed(organisation, "whole", sha256, len(data), stored=False)
    with files.opened(_part(claimed, data_dir), create=True) as part:
        assert part is not None  # noqa: S101  it was made
        part.empty()
        piece = Piece(BytesIO(data), len(data), sha256_hex(data))
        try:
            known = _append(part, claimed, piece, now_ms=now_ms)
        except OSError:
            part.remove()
            raise
        photo = _finish(part, claimed, known, data_dir=data_dir).new
    assert photo is not None  # noqa: S101  it has just become whole
    return photo


def note(session: Session, *, organisation: UUID, sha256: str, size: int, photo: Photo, now_ms: int) -> bool:
    """Note that a written photo is stored; tell whether it is new. The caller commits and then answers."""
    if _STORED.row(session, {"organisation": organisation, "sha256": sha256}) is not None:
        return False
    _BLOBS.insert(
        session,
        [
            {
                "organisation_id": organisation,
                "sha256": sha256,
                "size": size,
                "mime": photo.mime,
                "width": photo.width,
                "height": photo.height,
                "unreadable": photo.unreadable,
                "received_ms": now_ms,
            }
        ],
    )
    return True


def _part(claimed: Claimed, data_dir: Path) -> Path:
    return files.part_path(
        data_dir, organisation=claimed.organisation, log=claimed.log, sha256=claimed.sha256
    )


def _append(part: Part, claimed: Claimed, piece: Piece, *, now_ms: int) -> str | None:
    """Add a piece, durably. Return the hash of all bytes where the piece is all of them."""
    start = part.offset
    if piece.size > claimed.size - start:
        raise BadUpload("length", f"{claimed.size - start} bytes are left, {piece.size} came")
    piece.file.seek(0)
    part.append(piece.file, now_ms=now_ms)
    return piece.sha256 if start == 0 and piece.size == claimed.size else None


def _finish(part: Part, claimed: Claimed, known: str | None, *, data_dir: Path) -> Progress:
    """Look at the whole: it takes its place, or is forgotten.

    :param known: its hash where that is known, else it is read again
    """
    try:
        photo = _look_at(part, claimed, known)
    except (WrongHash, BlobType, BlobTooLarge):
        part.remove()
        raise
    part.move_to(files.path(data_dir, organisation=claimed.organisation, sha256=claimed.sha256))
    return Progress(claimed.size, claimed.size, photo)


def _look_at(part: Part, claimed: Claimed, known: str | None) -> Photo:
    if (known or part.sha256()) != claimed.sha256:
        raise WrongHash()
    return pictures.examine(part.path)
