"""What the pace of scans in one log says: nobody reads codes on five walls within half a minute.

The rules are ``docs/protocol/time.md``, the cases ``tests/vectors/time.json``. A mark asks, it does
not accuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

TOO_FAST_MS = 5_000
"""Two different codes within this time hang side by side, or were not read on two walls."""

BURST_SCANS = 5
BURST_MS = 30_000
"""So many scans of as many places within this time, and somebody reads a sheet of codes."""


class Scan(Protocol):
    """A scan of a place, at the estimate of its time in ms."""

    @property
    def target_id(self) -> UUID | str | None:
        """The place; None for a scan of none."""

    @property
    def estimate_ms(self) -> int:
        """When."""


def too_fast(scan: Scan, before: Scan | None, *, least_ms: int = TOO_FAST_MS) -> bool:
    """Whether a scan followed the one before in its log, of another place, too soon.

    :param least_ms: the least time that the way takes: 5 s, or what the route says
    """
    return (
        before is not None
        and scan.target_id is not None
        and before.target_id != scan.target_id
        and abs(scan.estimate_ms - before.estimate_ms) < least_ms
    )


def burst(scans: Sequence[Scan]) -> bool:
    """Whether the last of `scans` is the fifth of five different places in a row within 30 s.

    :param scans: scans of places in the order of their log, the four before included where there are
    """
    last = scans[-BURST_SCANS:]
    times = [scan.estimate_ms for scan in last]
    return max(times) - min(times) <= BURST_MS and len({scan.target_id for scan in last}) == BURST_SCANS
