"""When to try again: exponential back-off with full jitter, and a spread after a long outage."""

from __future__ import annotations

from sync.phone.rig import RoundReport

BASE_MS = 5_000
CAP_MS = 15 * 60_000
LEAST_RETRY_AFTER_S = 5
MOST_RETRY_AFTER_S = 30 * 60
LONG_OUTAGE_MS = 10 * 60_000
"""After this long without a complete round an outage is long."""

OUTAGE_SPREAD_MS = 120_000
"""After a long outage all phones come back at once; the first delay spreads them."""


def retry_delay_ms(failures: int, chance: float, *, retry_after_s: int | None = None) -> int:
    """Return how long to wait before the next round, in ms.

    :param failures: rounds that failed since the last complete one; 0 waits not at all
    :param chance: a random number, 0 ≤ chance < 1
    :param retry_after_s: what the server asked for: kept within bounds, and the jitter on top of it
    """
    if failures == 0:
        return 0
    own = int(min(CAP_MS, BASE_MS * 2 ** min(failures - 1, 20)) * chance)
    if retry_after_s is None:
        return own
    return own + min(max(retry_after_s, LEAST_RETRY_AFTER_S), MOST_RETRY_AFTER_S) * 1_000


class Pacer:
    """Says when the next round may begin; moments are of the page's clock (`mono`), in ms."""

    def __init__(self) -> None:
        self._failures = 0
        self._failing_since: int | None = None
        self._not_before = 0
        self._server_is_ill = False

    def ended(self, report: RoundReport, *, now: int, chance: float) -> None:
        """Take in how a round ended; only a complete one forgets the failures before it."""
        if report.complete:
            self._failures, self._failing_since, self._not_before = 0, None, 0
            return
        self._failures += 1
        self._failing_since = now if self._failing_since is None else self._failing_since
        self._server_is_ill = report.status is not None
        self._not_before = now + retry_delay_ms(self._failures, chance, retry_after_s=report.retry_after_s)

    def wait_ms(self, *, now: int, chance: float, network_is_back: bool = False) -> int:
        """Return how long a round has to wait that no person asked for.

        :param network_is_back: the phone sees a network again, or somebody opened the app. A server
            that is not well is not asked sooner for that
        """
        left = max(0, self._not_before - now)
        if left == 0 or not network_is_back or self._server_is_ill:
            return left
        since = now if self._failing_since is None else self._failing_since
        return min(left, int(OUTAGE_SPREAD_MS * chance)) if now - since > LONG_OUTAGE_MS else 0
