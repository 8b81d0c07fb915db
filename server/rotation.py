"""Replaces one of the server's secrets, and keeps what is needed of the old one.

What a running server holds it holds until it is started anew, but for the key of second factors: that
is read for each use, and `server.people.factor_keys` replaces it together with what it encrypts.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from server.secrets import BEFORE, BYTES, CHANGES, FACTOR_NEXT, FOLDER, RECEIPT, Secrets, write_new
from sync.keys import SigningKey
from sync.succession import sign_change

Name = Literal["proof", "cursor", "session", "receipt"]
"""The secrets that stand in files alone."""

KEPT: dict[Name | Literal["factor"], str] = {
    "proof": "Nothing is kept: a phone whose proof nonce is no longer known repeats with a fresh one.",
    "cursor": "The old one still reads the cursors that phones hold; the one before it no longer does.",
    "session": "Nothing is kept: wrong tries that were counted under it are forgotten.",
    "receipt": "The old key vouches for the new one: phones learn it by hello, and old receipts verify.",
    "factor": "Nothing is kept: every second factor was encrypted anew.",
}
"""What becomes of the old secret, for whoever replaces it."""


def rotate(data_dir: Path, name: Name, *, now_ms: int) -> None:
    """Replace a secret. Killed in between it has replaced it or not, and can be done again.

    :raises SecretsError: the secrets as they are cannot be used
    """
    held, folder = Secrets.load(data_dir), data_dir / FOLDER
    with holding(data_dir, alone=True):
        _rotate(held, folder, name, now_ms)


def _rotate(held: Secrets, folder: Path, name: Name, now_ms: int) -> None:
    if name == "receipt":
        new = SigningKey.generate()
        changes = [*held.changes, sign_change(held.receipt, new.public_key, made_ms=now_ms)]
        # until the key follows the change counts as not made
        _replace(folder / CHANGES, msgspec.json.encode(changes))
        _replace(folder / RECEIPT, new.pkcs8())
        return
    if name == "cursor":
        _replace(folder / f"{name}{BEFORE}", held.cursor)
    _replace(folder / name, secrets.token_bytes(BYTES))


@contextmanager
def holding(data_dir: Path, *, alone: bool) -> Iterator[None]:
    """Wait until nobody replaces a secret, and let nobody begin to.

    :param alone: nor may anybody else hold them so, as a backup does while it copies rows and secrets
    """
    handle = os.open(data_dir / FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def begin_factor(data_dir: Path) -> None:
    """Put the next key of second factors beside the present one; one that lies there already stays.

    From now on everybody encrypts with it, and opens with either.
    """
    path = data_dir / FOLDER / FACTOR_NEXT
    if not path.exists():
        _replace(path, secrets.token_bytes(BYTES))


def finish_factor(data_dir: Path) -> None:
    """Let the next key of second factors take the place of the present one, which is gone then."""
    folder = data_dir / FOLDER
    (folder / FACTOR_NEXT).replace(folder / "factor")
    _sync(folder)


def keep_newer_receipt_key(aside: Path, folder: Path) -> None:
    """Keep the receipt key of `aside` where it replaced that of `folder`: phones may know it already.

    :param aside: the folder of secrets before a backup was put back
    :param folder: the backup's
    """
    before, now = Secrets.read(aside), Secrets.read(folder)
    if now.kid != before.kid and now.kid in before.receipt_keys:
        for name in (CHANGES, RECEIPT):
            _replace(folder / name, (aside / name).read_bytes())


def _replace(path: Path, value: bytes) -> None:
    """Put a new file in a file's place, durably."""
    new = path.with_name(f"{path.name}.new")
    if new.is_dir():
        shutil.rmtree(new)
    new.unlink(missing_ok=True)
    write_new(new, value)
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
