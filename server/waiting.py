"""Whoever writes to SQLite waits in a line: first come, first served.

SQLite has one writer at a time, and keeps no queue: who finds the file locked sleeps and asks again,
for up to a tenth of a second, while others walk past. Under sixteen phones some wait several turns,
and the disk is idle meanwhile. All threads of the server share one process on SQLite, so a line of
theirs is enough; other processes (`roundsman backup`, for one) still meet the file's own lock.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from threading import Lock

PATIENCE_S = 10.0
"""How long a writer waits in the line, and then for the file's own lock."""


class Line:
    """A line in which threads wait for their turn to write."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def enter(self, patience_s: float) -> bool:
        """Wait for the turn; tell whether it came within so many seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=patience_s):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # the turn came in the moment in which the patience ended

    def leave(self) -> None:
        """Pass the turn to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class InLine(sqlite3.Connection):
    """A connection that enters the line before it writes, and leaves it when its transaction is over."""

    line: Line | None = None
    _has_turn = False

    def begin_to_write(self) -> None:
        """Begin a transaction that may write.

        :raises sqlite3.OperationalError: others wrote all the time
        """
        if self.line is not None:
            if not self.line.enter(PATIENCE_S):
                raise sqlite3.OperationalError("database is locked")
            self._has_turn = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        """Commit, and let the next one write; where it cannot be committed, it is still one's turn."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        """Take the transaction back, and let the next one write."""
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        """Close, whatever was open, and let the next one write."""
        try:
            super().close()
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._has_turn and self.line is not None:
            self._has_turn = False
            self.line.leave()
