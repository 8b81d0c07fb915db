"""Plain implementations of the ports, for the demo and the simulation."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sync.keys import SigningKey
from sync.phone.ports import Randomness
from sync.phone.store import Store

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the curve P-256: private numbers are 1 … order − 1."""


class ManualClock:
    """A clock that moves when it is told to; `skew_ms` is how far the phone's is off."""

    def __init__(self, now_ms: int, *, skew_ms: int = 0) -> None:
        self.now_ms = now_ms
        self.skew_ms = skew_ms
        self._began_ms = now_ms

    def wall(self) -> int:
        """Return the phone's clock, ms."""
        return self.now_ms + self.skew_ms

    def mono(self) -> int:
        """Return ms since this clock began."""
        return self.now_ms - self._began_ms

    def advance(self, ms: int) -> None:
        """Let time pass."""
        self.now_ms += ms


class SeededRandomness:
    """Random bytes that a seed determines: SHA-256 over seed and a counter."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        data = b""
        while len(data) < count:
            self._count += 1
            data += hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
        return data[:count]


class StoredKeys:
    """Private keys kept in the phone's store, as a browser keeps them in its database."""

    def __init__(self, store: Store, randomness: Randomness) -> None:
        self._store = store
        self._randomness = randomness
        self._keys: dict[str, SigningKey] = {}

    def new_key(self) -> str:
        """Make a key for a new log and return the log's name."""
        number = int.from_bytes(self._randomness.bytes(40), "big") % (_ORDER - 1) + 1
        key = SigningKey.from_number(number)
        self._store.set_secret(f"key:{key.log}", key.pkcs8())
        return key.log

    def has_key(self, log: str) -> bool:
        """Tell whether the log's key is still there."""
        return self._store.secret(f"key:{log}") is not None

    def public_key(self, log: str) -> str:
        """Return the log's public key."""
        return self._key(log).public_key

    def sign(self, log: str, message: bytes) -> str:
        """Return the log's signature of `message`."""
        return self._key(log).sign(message)

    def signer(self, log: str) -> Callable[[bytes], str]:
        """Return what signs with the log's key, also when the store is emptied."""
        return self._key(log).sign

    def mac(self, message: bytes) -> bytes:
        """Return a MAC by the phone's own key, which is made on first use."""
        secret = self._store.secret("mac")
        if secret is None:
            secret = self._randomness.bytes(32)
            self._store.set_secret("mac", secret)
        return hmac.new(secret, message, hashlib.sha256).digest()

    def _key(self, log: str) -> SigningKey:
        if log not in self._keys:
            secret = self._store.secret(f"key:{log}")
            if secret is None:
                raise LookupError(f"no key of log {log}")
            self._keys[log] = SigningKey.from_pkcs8(secret)
        return self._keys[log]


class OwnLocks:
    """Locks within one process."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """Hold a lock while the context lasts; False when it is held already."""
        if name in self._held:
            yield False
            return
        self._held.add(name)
        try:
            yield True
        finally:
            self._held.discard(name)
