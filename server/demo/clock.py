"""A clock that the demo sets, and that runs with the machine's once the demo has caught up."""

from __future__ import annotations

from server import clock


class DemoClock:
    """The server's time in ms: what was set last, or the machine's after `release`."""

    def __init__(self, ms: int | None = None) -> None:
        self._ms = ms

    def __call__(self) -> int:
        """Return the time in ms since 1970-01-01 UTC."""
        return clock.system_ms() if self._ms is None else self._ms

    def set(self, ms: int) -> None:
        """Stop the clock at `ms`."""
        self._ms = ms

    def release(self) -> None:
        """Let the clock run with the machine's."""
        self._ms = None
