"""Named points at which tests kill the server, to see that nothing acknowledged is lost there.

`ROUNDSMAN_FAULT=<point>[:<n>]` makes the process kill itself (SIGKILL: no handler, no flush) when
it passes the point for the n-th time. Unset, as it is outside of tests, a point costs one look at
a module variable.
"""

from __future__ import annotations

import os
import signal
import threading

POINTS = (
    "push.after_store",
    "push.after_judge",
    "push.before_commit",
    "push.after_commit",
    "feed.before_counter",
    "feed.after_counter",
    "feed.before_commit",
    "blob.mid_file",
    "blob.after_rename",
    "blob.after_commit",
    "enrol.before_commit",
    "enrol.after_commit",
)
"""Where a process may be told to die, in the order in which a message passes them."""

_armed: str | None = None
_left = 0
_lock = threading.Lock()


class UnknownFault(ValueError):
    """`ROUNDSMAN_FAULT` does not name a point, or its count is none."""


def arm(text: str | None) -> None:
    """Choose the point at which this process dies; None chooses none.

    :param text: `<point>` or `<point>:<n>`, n ≥ 1
    :raises UnknownFault: it is neither
    """
    global _armed, _left
    point, _, count = (text or "").partition(":")
    if text and (point not in POINTS or not (count or "1").isdigit() or int(count or 1) < 1):
        raise UnknownFault(f"ROUNDSMAN_FAULT={text!r}: not one of {', '.join(POINTS)}, with :<n> if need be")
    _armed, _left = (point or None), int(count or 1)


def at(point: str) -> None:
    """Pass a point: nothing happens unless this process was told to die here."""
    if _armed == point:
        _pass()


def _pass() -> None:
    global _left  # noqa: PLW0603
    with _lock:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("ROUNDSMAN_FAULT"))
