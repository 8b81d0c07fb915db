"""Photos: named by a record first, then stored by hash within the organisation.

Order: write and fsync the file, rename it, fsync the folder, commit the row, answer. A crash in
between leaves a file without a row, which the next upload of the same photo replaces.
"""

from __future__ import annotations

import errno
import io
import os
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from PIL import Image, UnidentifiedImageError
from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from server.ledger.models import Blob, BlobClaim
from server.problems import Problem
from sync.encoding import sha256_hex

PIXELS = 40_000_000
"""The most pixels of a photo, checked before anything is decoded."""

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""The formats that are read, and the types under which they are given out."""


class BlobType(Problem):
    """Not a photo by its content."""

    slug, status, title = (
        "blob-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "This is not a JPEG, PNG or WebP photo",
    )


class BlobTooLarge(Problem):
    """More pixels or bytes than a photo may have."""

    slug, status, title = "blob-too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The photo is too large"


class BlobUnknown(Problem):
    """No record of this log names the photo (yet): records first, photos after."""

    slug, status, title = "blob-unknown", HTTPStatus.CONFLICT, "No record of this log names the photo"


class WrongHash(Problem):
    """The bytes are not the photo that the address names; nothing was kept."""

    slug, status, title = "wrong-hash", 460, "The bytes are not those that the address names"


class DiskFull(Problem):
    """There is no room for the photo; nothing was acknowledged."""

    slug, status, title = "disk-full", HTTPStatus.INSUFFICIENT_STORAGE, "The server has no room"


@dataclass(frozen=True, slots=True)
class Photo:
    """What a photo's header says."""

    mime: str
    width: int
    height: int


_CLAIM = (
    select(BlobClaim.number)
    .where(
        BlobClaim.log == bindparam("log"),
        BlobClaim.sha256 == bindparam("sha256"),
        BlobClaim.device_id == bindparam("device"),
    )
    .limit(1)
)
_STORED = select(Blob.size).where(
    Blob.organisation_id == bindparam("organisation"), Blob.sha256 == bindparam("sha256")
)


def is_claimed(session: Session, *, device: UUID, log: str, sha256: str) -> bool:
    """Tell whether a record of the phone, in this log, names the photo."""
    return session.scalar(_CLAIM, {"log": log, "sha256": sha256, "device": device}) is not None


def is_stored(session: Session, *, organisation: UUID, sha256: str) -> bool:
    """Tell whether the organisation has the photo whole."""
    return session.scalar(_STORED, {"organisation": organisation, "sha256": sha256}) is not None


def examine(data: bytes) -> Photo:
    """Return what kind of photo the bytes are, by their content and without decoding the picture.

    :raises BlobType: none that is taken, or a broken one
    :raises BlobTooLarge: more than 40 megapixels
    """
    try:
        with Image.open(io.BytesIO(data), formats=list(TYPES)) as image:
            width, height = image.size
            kind = image.format or ""
            if width * height <= PIXELS:
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BlobTooLarge(f"at most {PIXELS} pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise BlobType(type(error).__name__) from None
    if width * height > PIXELS:
        raise BlobTooLarge(f"{width} × {height} pixels, at most {PIXELS}")
    return Photo(TYPES[kind], width, height)


def write(*, data_dir: Path, organisation: UUID, sha256: str, data: bytes) -> Photo:
    """Put a photo's file in its place, durably. No row says yet that it is there.

    :raises WrongHash, BlobType, BlobTooLarge: it is not the photo named, or none
    :raises DiskFull: no room; nothing is left behind
    """
    if sha256_hex(data) != sha256:
        raise WrongHash()
    photo = examine(data)
    target = path(data_dir, organisation=organisation, sha256=sha256)
    try:
        _write(target, data)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull() from error
        raise
    return photo


def note(session: Session, *, organisation: UUID, sha256: str, size: int, photo: Photo, now_ms: int) -> bool:
    """Note that a written photo is stored; tell whether it is new. The caller commits and then answers."""
    if is_stored(session, organisation=organisation, sha256=sha256):
        return False
    session.execute(
        insert(Blob),
        [
            {
                "organisation_id": organisation,
                "sha256": sha256,
                "size": size,
                "mime": photo.mime,
                "width": photo.width,
                "height": photo.height,
                "received_ms": now_ms,
            }
        ],
    )
    return True


def path(data_dir: Path, *, organisation: UUID, sha256: str) -> Path:
    """Return where a photo lies: outside of everything that is served."""
    return data_dir / "photos" / str(organisation) / sha256[:2] / sha256


def open_blob(
    session: Session, *, data_dir: Path, organisation: UUID, sha256: str
) -> tuple[BinaryIO, str] | None:
    """Return an open file with the photo's bytes and its type, or None when it is not stored."""
    blob = session.get(Blob, (organisation, sha256))
    if blob is None:
        return None
    try:
        return path(data_dir, organisation=organisation, sha256=sha256).open("rb"), blob.mime
    except FileNotFoundError:
        return None


def _write(target: Path, data: bytes) -> None:
    _make_folders(target.parent)
    part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _make_folders(folder: Path) -> None:
    """Make the folder and make its name durable as well."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
