"""When to try again: exponential back-off with full jitter."""

from __future__ import annotations

BASE_MS = 5_000
CAP_MS = 15 * 60_000
OUTAGE_SPREAD_MS = 120_000
"""After an outage all phones come back at once; the first delay spreads them."""


def retry_delay_ms(failures: int, chance: float, *, retry_after_s: int | None = None) -> int:
    """Return how long to wait before the next round, in ms.

    :param failures: rounds that failed since the last complete one; 0 waits not at all
    :param chance: a random number, 0 ≤ chance < 1
    :param retry_after_s: what the server asked for; honoured, but not beyond the cap
    """
    if failures == 0:
        return 0
    ceiling = min(CAP_MS, BASE_MS * 2 ** min(failures - 1, 20))
    delay = int(ceiling * chance)
    if retry_after_s is not None:
        delay = max(delay, min(max(retry_after_s, 0) * 1_000, CAP_MS))
    return delay


def first_delay_ms(chance: float) -> int:
    """Return how long to wait when the network is back after an outage, in ms."""
    return int(OUTAGE_SPREAD_MS * chance)
