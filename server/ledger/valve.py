"""The valve of what comes down: under load the server sheds pull before push.

A push takes evidence off a phone, a pull can wait. So only a few pulls and snapshots are answered
at once in a process; the others are told to come again, each at another time, before anything of
them is read. A greeting at such a moment advises not to pull at all.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from server.problems import Problem

AFTER_S = (5, 60)
"""A phone that is turned away comes again after a time between these, seconds."""


class Shed(Problem):
    """The server has too much to do; what goes up is still taken."""

    slug, status, title = "later", HTTPStatus.SERVICE_UNAVAILABLE, "Come again later for what comes down"


class Valve:
    """Lets at most `places` through at once, and never makes anybody wait."""

    def __init__(self, places: int, *, chance: Callable[[], float] = random.random) -> None:
        self._places = places
        self._used = 0
        self._lock = threading.Lock()
        self._chance = chance

    @property
    def is_full(self) -> bool:
        """Whether the next one would be turned away."""
        return self._used >= self._places

    @contextmanager
    def room(self) -> Iterator[None]:
        """Take a place for as long as the context lasts.

        :raises Shed: there is none
        """
        with self._lock:
            if self._used >= self._places:
                raise Shed(headers={"Retry-After": str(self._after_s())})
            self._used += 1
        try:
            yield
        finally:
            with self._lock:
                self._used -= 1

    def _after_s(self) -> int:
        soonest, latest = AFTER_S
        return soonest + int(self._chance() * (latest - soonest + 1))
