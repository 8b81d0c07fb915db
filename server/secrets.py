"""The server's own secrets: made at the first start, kept in files that nobody else may read.

`proof`, `cursor`, `session` and `factor` are 32 random bytes each, for one purpose each; `receipt` is
the P-256 key that signs receipts and anchors.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sync.keys import SigningKey

FOLDER = "secrets"
BYTES = 32
_PLAIN = ("proof", "cursor", "session", "factor")
_LATER = ("factor",)
"""Came with a later release: an installation that is older than it gets it at its next start."""
_RECEIPT = "receipt"


class SecretsError(RuntimeError):
    """A secret is missing, too short, too simple or readable by others; the server does not start."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everything the server must not tell."""

    proof: bytes
    """MAC key of proof nonces."""
    cursor: bytes
    """MAC key of pull cursors."""
    session: bytes
    """MAC key of the names under which wrong log-ins are counted."""
    factor: bytes
    """Encrypts the secrets of second factors."""
    receipt: SigningKey
    """Signs receipts and anchors."""

    @property
    def kid(self) -> str:
        """The name of the receipt key, as receipts carry it."""
        return self.receipt.log

    @classmethod
    def load(cls, data_dir: Path) -> Secrets:
        """Return the secrets of an installation, making them when there is no folder of them yet.

        A folder that lacks a file is an accident, not a first start: new secrets would break every
        receipt that was given.

        :raises SecretsError: the folder is there and a secret in it cannot be used
        """
        folder = data_dir / FOLDER
        if not folder.exists():
            _make(folder)
        for name in _LATER:
            if not (folder / name).exists():
                _add(folder, name)
        plain = {name: _read(folder / name) for name in _PLAIN}
        for name, value in plain.items():
            if len(value) != BYTES or len(set(value)) < BYTES // 4:
                raise SecretsError(f"{folder / name} does not hold {BYTES} random bytes")
        if len(set(plain.values())) != len(_PLAIN):
            raise SecretsError(f"{folder} holds the same secret twice")
        try:
            receipt = SigningKey.from_pkcs8(_read(folder / _RECEIPT))
        except ValueError as error:
            raise SecretsError(f"{folder / _RECEIPT} is no key of P-256") from error
        return cls(**plain, receipt=receipt)


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        value = path.read_bytes()
    except OSError as error:
        raise SecretsError(f"{path} cannot be read") from error
    if mode & 0o077:
        raise SecretsError(f"{path} can be read by others: chmod 600 it")
    return value


def _make(folder: Path) -> None:
    """Fill a folder of another name, then rename it: of two processes that start at once one wins."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = folder.with_name(f"{folder.name}.{secrets.token_hex(8)}")
    ours.mkdir(mode=0o700)
    try:
        for name in _PLAIN:
            _write(ours / name, secrets.token_bytes(BYTES))
        _write(ours / _RECEIPT, SigningKey.generate().pkcs8())
        ours.rename(folder)
    except OSError:
        shutil.rmtree(ours, ignore_errors=True)
        if not folder.exists():
            raise


def _add(folder: Path, name: str) -> None:
    """Make one secret more; of two processes that start at once one wins."""
    ours = folder / f"{name}.{secrets.token_hex(8)}"
    try:
        _write(ours, secrets.token_bytes(BYTES))
        with suppress(FileExistsError):
            os.link(ours, folder / name)
    finally:
        ours.unlink(missing_ok=True)


def _write(path: Path, value: bytes) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
