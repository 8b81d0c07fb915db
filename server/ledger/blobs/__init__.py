"""Photos: named by a record first, then taken piece by piece, stored by hash within the organisation.

`tus` reads requests, `uploads` takes the pieces, `pictures` looks at what came, `files` knows the
disk, `keeping` cleans up after crashes and finds what was damaged.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger.blobs.files import path
from server.ledger.blobs.keeping import Flaw, expire_parts, flaw, reconcile, scrub, set_aside
from server.ledger.blobs.pictures import PIXELS, TYPES, Photo
from server.ledger.blobs.uploads import note, write
from server.ledger.models import Blob

__all__ = [
    "PIXELS",
    "TYPES",
    "Flaw",
    "Photo",
    "expire_parts",
    "flaw",
    "note",
    "open_blob",
    "path",
    "reconcile",
    "scrub",
    "set_aside",
    "write",
]


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
