"""The server's own secrets: made at the first start, kept in files that nobody else may read.

`proof`, `cursor`, `session` and `factor` are 32 random bytes each, for one purpose each; `receipt` is
the P-256 key that signs receipts and anchors.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec

from sync.keys import SigningKey, log_of
from sync.messages import SignedReceipt
from sync.succession import SignedChange, read_change

log = logging.getLogger(__name__)

FOLDER = "secrets"
BYTES = 32
PLAIN = ("proof", "cursor", "session", "factor")
_LATER = ("factor",)
"""Came with a later release: an installation that is older than it gets it at its next start."""
RECEIPT = "receipt"
CHANGES = "receipt.changes"
"""How the receipt key was replaced, as phones are told it."""
BEFORE = ".before"
"""Ends the name of the secret that the present one replaced."""
FACTOR_NEXT = "factor.next"
"""Lies beside `factor` while what was encrypted with that is encrypted anew."""

KNOWN_KEYS = frozenset(
    {"6mnmk5lvjihnwb5dj5b43mgjl4", "mlfjazkecvdmbhfdsaqgsvyk4a", "3l6eddvqqludy5ver4gfe37ely"}
)
"""Receipt keys that anybody can read in this repository."""


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
    cursor_before: bytes | None = None
    """MAC key of the cursors that were given before it was replaced."""
    changes: tuple[SignedChange, ...] = ()
    """How the receipt key came to be the one it is, the oldest change first."""

    @property
    def receipt_keys(self) -> dict[str, str]:
        """Return name → public key of everything that ever signed receipts here, the present one last."""
        said = [read_change(change) for change in self.changes]
        keys = [*(change.old for change in said if change is not None), self.receipt.public_key]
        return {log_of(key) or "": key for key in keys}

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
        return cls.read(folder)

    @classmethod
    def read(cls, folder: Path) -> Secrets:
        """Return the secrets in a folder.

        :raises SecretsError: one of them is missing or cannot be used
        """
        plain = {name: _strong(folder / name) for name in PLAIN}
        factor_keys(folder)
        if len(set(plain.values())) != len(PLAIN):
            raise SecretsError(f"{folder} holds the same secret twice")
        try:
            receipt = SigningKey.from_pkcs8(_read(folder / RECEIPT))
        except ValueError as error:
            raise SecretsError(f"{folder / RECEIPT} is no key of P-256") from error
        if receipt.log in KNOWN_KEYS:
            raise SecretsError(f"{folder / RECEIPT} is a key that everybody knows")
        before = folder / f"cursor{BEFORE}"
        return cls(
            **plain,
            receipt=receipt,
            cursor_before=_read(before) if before.exists() else None,
            changes=_changes(folder / CHANGES, receipt),
        )


def make_private(data_dir: Path) -> None:
    """Make the data folder, or close one that others may enter: database and photos lie in it.

    It is closed and not refused, for a volume that was just mounted is open to everybody.

    :raises SecretsError: it is open, and somebody else's to close
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = data_dir.stat().st_mode & 0o777
    if mode & 0o077:
        try:
            data_dir.chmod(0o700)
        except OSError as error:
            raise SecretsError(f"{data_dir} can be entered by others ({mode:o}): chmod 700 it") from error
        log.warning("%s could be entered by others (%o); now it cannot", data_dir, mode)


def factor_keys(folder: Path) -> tuple[bytes, ...]:
    """Return the keys that may open a second factor as they lie there now; the first encrypts.

    There are two while a replacement is under way. It is read for each use: a running server must
    follow at once, for what it encrypts with a key that is gone nobody opens again.

    :raises SecretsError: one of them cannot be used
    """
    following: tuple[bytes, ...] = ()
    try:
        following = (_strong(folder / FACTOR_NEXT),)
    except SecretsError:
        if (folder / FACTOR_NEXT).exists():
            raise
    return (*following, _strong(folder / "factor"))


def is_weak(value: bytes) -> bool:
    """Tell whether a secret is not 32 random bytes: too short, repeated, counted up, or somebody's text."""
    steps = {(after - one) % 256 for one, after in pairwise(value)}
    return (
        len(value) != BYTES
        or len(set(value)) < BYTES // 4
        or len(steps) == 1
        or any(value == value[:n] * (BYTES // n) for n in (8, 16))
        or value.strip(b"\0").isascii()
    )


def _changes(path: Path, receipt: SigningKey) -> tuple[SignedChange, ...]:
    """Return how the receipt key was replaced. A change that was begun and not finished is none.

    :raises SecretsError: the changes do not lead to the key
    """
    if not path.exists():
        return ()
    try:
        found = msgspec.json.decode(_read(path), type=list[SignedReceipt])
    except msgspec.MsgspecError as error:
        raise SecretsError(f"{path} does not say how the key was replaced") from error
    said = [read_change(change) for change in found]
    if said and said[-1] is not None and said[-1].old == receipt.public_key:
        found, said = found[:-1], said[:-1]
    leads = all(one is not None and two is not None and one.new == two.old for one, two in pairwise(said))
    if not leads or (said and (said[-1] is None or said[-1].new != receipt.public_key)):
        raise SecretsError(f"{path} does not lead to {path.with_name(RECEIPT)}")
    return tuple(found)


def _strong(path: Path) -> bytes:
    value = _read(path)
    if is_weak(value):
        raise SecretsError(f"{path} does not hold {BYTES} random bytes")
    return value


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        value = path.read_bytes()
    except OSError as error:
        raise SecretsError(f"{path} cannot be read") from error
    if mode & 0o077:
        raise SecretsError(f"{path} can be read by others: chmod 600 it")
    if path.parent.stat().st_mode & 0o077:
        raise SecretsError(f"{path.parent} can be read by others: chmod 700 it")
    return value


def _make(folder: Path) -> None:
    """Fill a folder of another name, then rename it: of two processes that start at once one wins."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = folder.with_name(f"{folder.name}.{secrets.token_hex(8)}")
    ours.mkdir(mode=0o700)
    try:
        for name in PLAIN:
            write_new(ours / name, secrets.token_bytes(BYTES))
        write_new(ours / RECEIPT, SigningKey.generate().pkcs8())
        ours.rename(folder)
    except OSError:
        shutil.rmtree(ours, ignore_errors=True)
        if not folder.exists():
            raise


def _add(folder: Path, name: str) -> None:
    """Make one secret more; of two processes that start at once one wins."""
    ours = folder / f"{name}.{secrets.token_hex(8)}"
    try:
        write_new(ours, secrets.token_bytes(BYTES))
        with suppress(FileExistsError):
            os.link(ours, folder / name)
    finally:
        ours.unlink(missing_ok=True)


def write_new(path: Path, value: bytes) -> None:
    """Write a file that nobody else may read, durably."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
