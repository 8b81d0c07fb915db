"""What periodic work and `verify` ask of the photos on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.ledger.blobs import files, uploads
from server.ledger.blobs.problems import BlobBusy
from server.ledger.models import Blob, BlobClaim, BlobGone
from sync.encoding import is_hash

ORPHANS_MS = 90 * 86_400_000
"""A file that no record came to name is kept so long: the record may still be on its way."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A photo that is stored by its row, and what is wrong with its file."""

    sha256: str
    why: Literal["missing", "damaged"]


def scrub(session: Session, *, data_dir: Path, organisation: UUID) -> Iterator[Flaw]:
    """Read every stored photo of an organisation and yield those that are no longer what they were."""
    hashes = session.scalars(
        select(Blob.sha256)
        .where(Blob.organisation_id == organisation, Blob.sha256.not_in(gone(organisation)))
        .order_by(Blob.sha256)
    )
    for sha256 in hashes:
        why = flaw(data_dir, organisation=organisation, sha256=sha256)
        if why is not None:
            yield Flaw(sha256, why)


def gone(organisation: UUID) -> Select[str]:
    """Return the query of the photos whose bytes were removed on purpose."""
    return select(BlobGone.sha256).where(BlobGone.organisation_id == organisation)


def flaw(
    data_dir: Path, *, organisation: UUID, sha256: str, size: int | None = None
) -> Literal["missing", "damaged"] | None:
    """Read a photo's file and return what is wrong with it, None when it is what it was.

    :param size: its bytes, where the row says so
    """
    path = files.path(data_dir, organisation=organisation, sha256=sha256)
    try:
        if size is not None and path.stat().st_size != size:
            return "damaged"
        found = files.hash_of(path)
    except FileNotFoundError:
        return "missing"
    except OSError:  # the disk cannot read it
        found = ""
    return None if found == sha256 else "damaged"


def set_aside(*, data_dir: Path, organisation: UUID, sha256: str) -> None:
    """Put a damaged file out of the way as `<hash>.damaged`, so that a phone may bring the photo again."""
    target = files.path(data_dir, organisation=organisation, sha256=sha256)
    target.replace(target.with_name(f"{sha256}.damaged"))
    files.sync_folder(target.parent)


def expire_parts(data_dir: Path, *, now_ms: int) -> int:
    """Forget uploads that nobody went on with for 48 hours; return how many."""
    gone = 0
    for part in sorted((data_dir / "photos").glob("*/parts/*")):
        try:
            with files.opened(part) as locked:
                if locked is not None and _age_ms(part, now_ms) > uploads.EXPIRES_MS:
                    locked.remove()
                    gone += 1
        except BlobBusy:
            continue
    return gone


def reconcile(session: Session, *, data_dir: Path, now_ms: int) -> int:
    """Bring files and rows together; return how many files got their row. What is gone goes.

    A file without a row is what a crash between rename and commit leaves: where a record names it
    and its bytes are right it is stored after all, else it goes when it is 90 days old. The caller
    commits.
    """
    adopted = 0
    for organisation, file in _whole_files(data_dir):
        known = session.scalar(
            select(Blob.size).where(Blob.organisation_id == organisation, Blob.sha256 == file.name)
        )
        if session.get(BlobGone, (organisation, file.name)) is not None:
            file.unlink(missing_ok=True)  # an upload that was under way came to its end after all
            continue
        if known is not None:
            continue
        if _adopt(session, file, data_dir=data_dir, organisation=organisation, now_ms=now_ms):
            adopted += 1
        elif _age_ms(file, now_ms) > ORPHANS_MS:
            file.unlink(missing_ok=True)
    return adopted


def _adopt(session: Session, file: Path, *, data_dir: Path, organisation: UUID, now_ms: int) -> bool:
    size = session.scalar(
        select(func.max(BlobClaim.size)).where(
            BlobClaim.organisation_id == organisation, BlobClaim.sha256 == file.name
        )
    )
    if size is None:
        return False
    photo = uploads.adopt(data_dir, organisation=organisation, sha256=file.name, size=int(size))
    if photo is None:
        return False
    try:
        with session.begin_nested():
            return uploads.note(
                session,
                organisation=organisation,
                sha256=file.name,
                size=int(size),
                photo=photo,
                now_ms=now_ms,
            )
    except IntegrityError:  # a phone brought it in this moment
        return False


def _whole_files(data_dir: Path) -> Iterator[tuple[UUID, Path]]:
    """Yield what lies in photos' places, with the organisation whose folder it is."""
    for organisation in sorted((data_dir / "photos").glob("*-*")):
        for bucket in sorted(organisation.glob("[0-9a-f][0-9a-f]")):
            with os.scandir(bucket) as entries:
                found = sorted(Path(entry) for entry in entries if is_hash(entry.name))
            for file in found:
                yield UUID(organisation.name), file


def _age_ms(file: Path, now_ms: int) -> float:
    try:
        return now_ms - file.stat().st_mtime_ns / 1_000_000
    except FileNotFoundError:
        return 0.0
