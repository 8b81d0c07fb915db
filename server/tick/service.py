"""Periodic work: every job is safe to repeat, and one that fails does not stop the others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import db
from server.tenancy import enter_installation
from server.tick.models import Lease

log = logging.getLogger(__name__)

Job = Callable[[Session, int], None]
"""A piece of work; takes the session and the time in ms, and leaves the commit to the caller."""

EVERY_S = 60
LEASE_MS = 3 * EVERY_S * 1000


def take_lease(session: Session, *, name: str, holder: str, now_ms: int, for_ms: int = LEASE_MS) -> bool:
    """Take or prolong the lease `name`; tell whether `holder` has it until `now_ms + for_ms`."""
    lease = session.scalars(select(Lease).where(Lease.name == name).with_for_update()).one_or_none()
    if lease is None:
        session.add(Lease(name=name, holder=holder, until_ms=now_ms + for_ms))
        try:
            session.flush()
        except IntegrityError:  # another process was quicker
            session.rollback()
            return False
        return True
    if lease.holder != holder and lease.until_ms > now_ms:
        return False
    lease.holder = holder
    lease.until_ms = now_ms + for_ms
    return True


def tick(session: Session, *, jobs: Mapping[str, Job], holder: str, now_ms: int) -> list[str]:
    """Do every job once if the lease is free or ours; return the names of those that failed.

    Each job has a transaction of its own, and is for every organisation.
    """
    enter_installation(session)
    if not take_lease(session, name="tick", holder=holder, now_ms=now_ms):
        session.rollback()
        return []
    session.commit()
    failed = []
    for name, job in jobs.items():
        try:
            job(session, now_ms)
            session.commit()
        except Exception:  # the outermost loop of periodic work: one bad job must not stop the others
            log.exception("periodic job %s failed", name)
            session.rollback()
            failed.append(name)
    return failed


def run_in_background(
    app: Flask,
    *,
    jobs: Mapping[str, Job],
    holder: str,
    now_ms: Callable[[], int],
    every_s: float = EVERY_S,
) -> Callable[[], None]:
    """Start a thread that ticks every minute for as long as the process lives, whatever fails.

    :return: what ends it, after the tick in hand
    """
    end = threading.Event()

    def loop() -> None:
        while not end.is_set():
            with app.app_context():
                try:
                    tick(db.session(), jobs=jobs, holder=holder, now_ms=now_ms())
                except Exception:  # a database that is away for a minute must not end the thread for good
                    log.exception("no periodic work this time")
            end.wait(every_s)

    thread = threading.Thread(target=loop, name="tick", daemon=True)
    thread.start()

    def stop() -> None:
        end.set()
        thread.join()

    return stop
