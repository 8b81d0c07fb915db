"""What a phone needs from the world: six ports. The engine itself has no other way out.

The first one, the store, has one implementation (SQLite, in memory or in a file) and is
its own description: `sync.phone.store.Store`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class NetError(OSError):
    """No answer came: no network, a time-out, a connection that broke."""


class Net(Protocol):
    """The network: one request, one answer."""

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body of the answer.

        :param path: path with query; the net knows the host
        :raises NetError: no answer came; the server may have acted all the same
        """


class Clock(Protocol):
    """The phone's clocks. Nobody promises that they are right."""

    def wall(self) -> int:
        """Return the clock on the wall, ms since 1970."""

    def mono(self) -> int:
        """Return whole ms since the page session began."""


class Randomness(Protocol):
    """A source of random bytes."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""


class Crypto(Protocol):
    """The phone's private keys, which nobody can read out."""

    def new_key(self) -> str:
        """Make a key for a new log and return the log's name."""

    def has_key(self, log: str) -> bool:
        """Tell whether the log's key is still there; browsers lose keys apart from the rest."""

    def public_key(self, log: str) -> str:
        """Return the log's public key."""

    def sign(self, log: str, message: bytes) -> str:
        """Return the log's ES256 signature of `message`."""

    def signer(self, log: str) -> Callable[[bytes], str]:
        """Return what signs with the log's key as long as the page lives, also when the store is emptied."""

    def mac(self, message: bytes) -> bytes:
        """Return a MAC of `message` by a key that never leaves this phone."""


class Locks(Protocol):
    """Locks over all tabs of the phone. Correctness does not depend on them; politeness does."""

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a lock while the context lasts; the value is False when somebody else has it."""
