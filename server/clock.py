"""The only reader of the wall clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, current_app

NowMs = Callable[[], int]
"""Returns the server's time in ms since 1970-01-01 UTC."""

_KEY = "roundsman.clock"


def system_ms() -> int:
    """Return this machine's time in ms."""
    return time.time_ns() // 1_000_000


def init_app(app: Flask, clock: NowMs = system_ms) -> None:
    """Give `app` its clock: the machine's, or that of the demo and of tests."""
    app.extensions[_KEY] = clock


def now_ms() -> int:
    """Return the app's time in ms. Views call it once and pass it down."""
    clock: NowMs = current_app.extensions[_KEY]
    return clock()


def moment(ms: int) -> datetime:
    """Return `ms` as an aware UTC datetime."""
    return datetime.fromtimestamp(ms / 1000, UTC)
