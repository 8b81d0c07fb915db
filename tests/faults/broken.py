"""Deliberate breakages of a server that a harness starts: each must be noticed by that harness.

A harness that never saw a loss proves nothing; so each runs once against one of these.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session


def _replace(name: str, right: object, wrong: object) -> None:
    """Put `wrong` in the place of `right` in every module of the server that has it."""
    for module in list(sys.modules.values()):
        if module.__name__.startswith("server") and getattr(module, name, None) is right:
            setattr(module, name, wrong)


def unchecked() -> None:
    """Start on any database, whatever it may forget."""
    from server.db import check_durability

    _replace("check_durability", check_durability, lambda _engine: None)


def synchronous_normal() -> None:
    """SQLite's WAL without an fsync per commit."""
    from server.db import set_up_engine as right

    unchecked()

    def set_up(engine: Engine) -> None:
        right(engine)
        event.listen(
            engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL").close()
        )

    _replace("set_up_engine", right, set_up)


def no_fsync_of_files() -> None:
    """Photos are written and renamed, and left to the kernel."""
    os.fsync = lambda fd: None


def forgetful() -> None:
    """Every fifth commit of a message is acknowledged and not made."""
    from server.feed import service

    right = service.commit
    count = itertools.count(1)

    def commit(session: Session, *, now_ms: int) -> None:
        if next(count) % 5:
            right(session, now_ms=now_ms)
        else:
            session.rollback()

    service.commit = commit


def sure_of_itself() -> None:
    """A commit that the disk has no room for is acknowledged all the same."""
    from server.feed import service

    right = service.commit

    def commit(session: Session, *, now_ms: int) -> None:
        try:
            right(session, now_ms=now_ms)
        except OperationalError:
            session.rollback()

    service.commit = commit


BREAKAGES: dict[str, Callable[[], None]] = {
    "unchecked": unchecked,
    "synchronous-normal": synchronous_normal,
    "no-fsync-of-files": no_fsync_of_files,
    "forgetful": forgetful,
    "sure-of-itself": sure_of_itself,
}
