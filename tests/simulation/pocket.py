"""A phone in somebody's pocket: its clocks, its network, the lives of its store."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

from sync.phone.phone import NotReady, Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.saving import Picture
from sync.phone.store import Record, Store
from sync.records import record_hash
from tests.conftest import FakeClock
from tests.simulation.network import Network

if TYPE_CHECKING:
    from tests.simulation.installation import Installation


@dataclass
class PocketClock:
    """A phone's clocks: they follow the true time with an error, and begin anew with each page."""

    true: FakeClock
    skew_ms: int = 0
    began_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self.began_ms = self.true.ms

    def wall(self) -> int:
        return self.true.ms + self.skew_ms

    def mono(self) -> int:
        return max(0, self.true.ms - self.began_ms)


@cache
def photo(number: int) -> Picture:
    """Return a small JPEG, another one for each number."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, 9)).save(data, "JPEG")
    return Picture(data.getvalue())


class Pocket:
    """One phone. `phone` is a new object after each restart, on the same store."""

    def __init__(self, name: str, server: Installation, store: Store) -> None:
        self.name = name
        self.server = server
        self.network = Network(server.answer)
        self.clock = PocketClock(server.clock)
        self.revoked = False
        self.draining = False
        self.phone = self._on(store)

    @property
    def store(self) -> Store:
        return self.phone.store

    def restart(self, store: Store | None = None, *, tz: str = "Asia/Shanghai") -> None:
        """Begin a new page, on the same store or on another one."""
        self.phone = self._on(store or self.phone.store, tz)

    def _on(self, store: Store, tz: str = "Asia/Shanghai") -> Phone:
        self.server.pages += 1
        skew = self.clock.skew_ms
        self.clock = PocketClock(self.server.clock, skew)
        randomness = SeededRandomness(f"{self.name} {self.server.pages}")
        keys = StoredKeys(store, randomness)
        ports = Ports(store, self.network, self.clock, randomness, keys, OwnLocks())
        return Phone(ports, app="0.1.0", tz=tz)

    def join(self) -> None:
        """Join the garden, for the first time or again; a supervisor confirms."""
        code = self.server.enrolment_code()
        self.phone.enrol(code)
        self.server.confirm(code)
        assert self.phone.confirm() == "active"

    # -- what a guard does -------------------------------------------------------------

    def scan(self, token: str, occurrence: str | None) -> Record | None:
        """Read a code; None when nobody is signed in."""
        try:
            return self.phone.scan(token, occurrence=occurrence)
        except NotReady:
            return None

    def answers(self, scan: Record, number: int) -> Record | None:
        """Fill the form of the stop, where it has one."""
        try:
            values = {"pressure": f"0.{number % 90 + 10}"}
            return self.phone.answers(scan, values, photos=[photo(number)], note=f"note {number}")
        except NotReady:
            return None

    def finding(self, number: int, *, pictures: int = 1) -> Record | None:
        """Report something."""
        try:
            photos = [photo(number + i) for i in range(pictures)]
            return self.phone.finding("dirt", note=f"note {number}", photos=photos)
        except NotReady:
            return None

    # -- what it holds -----------------------------------------------------------------

    def held(self) -> dict[str, str]:
        """Return hash → body of the records that the store holds undamaged."""
        return {
            record.hash: record.wire.body
            for record in self.store.records()
            if record_hash(record.wire.body) == record.hash
        }

    def kept_back(self) -> list[str]:
        """Return the photos that wait because their record is damaged, and may not go without it."""
        going = set(self.store.uploads(state="waiting", ready=True))
        return [sha256 for log, sha256 in self.store.uploads(state="waiting") if (log, sha256) not in going]
