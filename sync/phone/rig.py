"""What every step of a round works with, and what a round reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sync import messages
from sync.anchors import verify_anchor
from sync.messages import Clock
from sync.phone import ports
from sync.phone.api import Api
from sync.phone.logs import prover
from sync.phone.saving import Saver
from sync.phone.store import Store
from sync.succession import SignedChange, newest

DEFAULT_LIMITS = messages.Limits(messages.PUSH_RECORDS, messages.PUSH_BYTES, 262_144, messages.BLOB_BYTES)


@dataclass(slots=True)
class RoundReport:
    """What a round did. `complete` rounds only make "all sent" true and reset the back-off."""

    complete: bool = False
    reason: str | None = None
    status: int | None = None
    retry_after_s: int | None = None
    device_state: str | None = None
    pushed: int = 0
    rows: int = 0
    photos: int = 0
    resets: int = 0
    rotated: bool = False
    wiped: bool = False
    again: int = 0
    """Records that the server had confirmed and has no more: they are new again."""


@dataclass(slots=True)
class Rig:
    """A phone's parts. `limits` are those of the last `hello`."""

    store: Store
    api: Api
    clock: ports.Clock
    crypto: ports.Crypto
    saver: Saver
    app: str
    limits: messages.Limits = DEFAULT_LIMITS
    resets: list[int] = field(default_factory=list)
    """When the server reset the pull, by the page's clock (`mono`), within the last hour."""

    def request_clock(self) -> Clock:
        """Return the phone's clocks as a request states them."""
        return Clock(self.clock.wall(), self.clock.mono(), self.saver.boot, self.saver.tz)

    def prover(self, log: str) -> str:
        """Return the log that proves a request about `log`: itself, or the current one if its key is gone."""
        return prover(self.store, self.crypto, log)

    def follow_key(self, changes: Iterable[SignedChange]) -> None:
        """Believe the server's newer key, when the one that is known vouches for it."""
        known = self.store.meta("server_key")
        if known is not None and (new := newest(known, changes)) != known:
            self.store.set_meta("server_key", new)

    def keep_anchor(self, log: str, token: str | None, clock: Clock) -> None:
        """Keep an anchor that the server's key signed for this log and these very clocks."""
        anchor = verify_anchor(self.store.meta("server_key") or "", log, token)
        if (
            token is not None
            and anchor is not None
            and (anchor.wall, anchor.mono, anchor.boot)
            == (
                clock.wall,
                clock.mono,
                clock.boot,
            )
        ):
            self.store.set_meta(f"anchor:{log}", token)
            self.store.set_meta("server_ms", str(anchor.server_ms))

    def ask_about_all(self) -> None:
        """Have the next `have` ask about every kept record, whatever happens in between."""
        self.store.set_meta("have_wall", None)
