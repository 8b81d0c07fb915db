"""Where photos lie on the disk, whole and in parts, and in which order they become durable."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import UUID

from server import faults
from server.ledger.blobs.problems import BlobBusy
from server.problems import NO_ROOM

BLOCK = 262_144
"""How much of a file is in memory at once, bytes."""


def folder(data_dir: Path, *, organisation: UUID) -> Path:
    """Return where an organisation's photos lie: outside of everything that is served."""
    return data_dir / "photos" / str(organisation)


def path(data_dir: Path, *, organisation: UUID, sha256: str) -> Path:
    """Return where a whole photo lies."""
    return folder(data_dir, organisation=organisation) / sha256[:2] / sha256


def part_path(data_dir: Path, *, organisation: UUID, log: str, sha256: str) -> Path:
    """Return where a photo lies while it is not whole: each log has its own, so that none sees another's."""
    return folder(data_dir, organisation=organisation) / "parts" / f"{log}.{sha256}"


class Part:
    """The beginning of a photo. While it is open, no other request and no other process writes to it.

    Its length is the upload's offset: there is no second place that could say something else.
    """

    def __init__(self, handle: int, path: Path) -> None:
        self._handle = handle
        self.path = path

    @property
    def offset(self) -> int:
        """How many bytes have come."""
        return os.fstat(self._handle).st_size

    def append(self, source: IO[bytes], *, now_ms: int) -> None:
        """Add the bytes of `source`, durably, or none of them.

        :raises OSError: the disk has no room for them, or fails
        """
        start = at = self.offset
        try:
            while block := source.read(BLOCK):
                left = memoryview(block)
                while left:
                    written = os.pwrite(self._handle, left, at)
                    at, left = at + written, left[written:]
                if at > start:
                    faults.at("blob.mid_file")
            self.touch(now_ms)
            os.fsync(self._handle)
        except OSError as error:
            if error.errno in NO_ROOM:
                os.ftruncate(self._handle, start)
            else:
                # after a failed fsync nobody knows what the disk holds: nothing of it can be built upon
                self.remove()
            raise

    def touch(self, now_ms: int) -> None:
        """Note when it was last written to; what is not touched for long expires."""
        os.utime(self._handle, ns=(now_ms * 1_000_000, now_ms * 1_000_000))

    def sha256(self) -> str:
        """Return the hash of what lies on the disk."""
        return hash_of(self.path)

    def empty(self) -> None:
        """Begin again."""
        os.ftruncate(self._handle, 0)

    def name_durably(self) -> None:
        """Have its name survive a power cut, as its bytes do."""
        sync_folder(self.path.parent)

    def remove(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)

    def move_to(self, target: Path) -> None:
        """Give the whole photo its place; its bytes are durable already, now its name is too."""
        make_folder(target.parent)
        self.path.replace(target)
        faults.at("blob.after_rename")
        sync_folder(target.parent)


@contextmanager
def opened(part: Path, *, create: bool = False) -> Iterator[Part | None]:
    """Open a part for this request alone; None when there is none.

    :raises BlobBusy: another request has it
    :raises OSError: there is no room for a new one
    """
    handle = _lock(part, create=create)
    try:
        yield None if handle is None else Part(handle, part)
    finally:
        if handle is not None:
            os.close(handle)


def _lock(part: Path, *, create: bool) -> int | None:
    """Return the locked file's handle. The lock ends with the handle, also with a killed process."""
    while True:
        try:
            handle = os.open(part, os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
        except FileNotFoundError:
            if not create:
                return None
            make_folder(part.parent)
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # between opening and locking it may have become whole or expired: then this is no longer it
            if os.path.samestat(part.stat(), os.fstat(handle)):
                return handle
        except BlockingIOError:
            os.close(handle)
            raise BlobBusy() from None
        except FileNotFoundError:
            pass
        os.close(handle)


def remove(data_dir: Path, *, organisation: UUID, sha256: str) -> bool:
    """Remove a photo and whatever came of it so far, durably; tell whether there was anything."""
    target = path(data_dir, organisation=organisation, sha256=sha256)
    parts = folder(data_dir, organisation=organisation) / "parts"
    found = [target, target.with_name(f"{sha256}.damaged"), *parts.glob(f"*.{sha256}")]
    gone = [file for file in found if file.exists()]
    for file in gone:
        file.unlink(missing_ok=True)
    for place in {file.parent for file in gone}:
        sync_folder(place)
    return bool(gone)


def hash_of(file: Path) -> str:
    """Return the SHA-256 of a file, block by block."""
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as opened_file:
        while block := opened_file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def size_of(file: Path) -> int | None:
    """Return a file's size in bytes, or None when there is none."""
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return None


def make_folder(wanted: Path) -> None:
    """Make a folder and make its name durable as well."""
    if wanted.is_dir():
        return
    make_folder(wanted.parent)
    wanted.mkdir(mode=0o700, exist_ok=True)
    sync_folder(wanted.parent)


def sync_folder(wanted: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(wanted, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
