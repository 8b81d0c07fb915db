"""Replaces one of the server's secrets, and keeps what is needed of the old one.

What a running server holds it holds until it is started anew.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Literal

import msgspec

from server.secrets import BEFORE, BYTES, CHANGES, FOLDER, RECEIPT, Secrets, write_new
from sync.keys import SigningKey
from sync.succession import sign_change

Name = Literal["proof", "cursor", "session", "receipt"]

KEPT: dict[Name, str] = {
    "proof": "Nothing is kept: a phone whose proof nonce is no longer known repeats with a fresh one.",
    "cursor": "The old one still reads the cursors that phones hold; the one before it no longer does.",
    "session": "Nothing is kept: wrong tries that were counted under it are forgotten.",
    "receipt": "The old key vouches for the new one: phones learn it by hello, and old receipts verify.",
}
"""What becomes of the old secret, for whoever replaces it."""


def rotate(data_dir: Path, name: Name, *, now_ms: int) -> None:
    """Replace a secret. Killed in between it has replaced it or not, and can be done again.

    :raises SecretsError: the secrets as they are cannot be used
    """
    held, folder = Secrets.load(data_dir), data_dir / FOLDER
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
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
