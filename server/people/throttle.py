"""Counts wrong tries in the database, so that every process and every restart knows them.

A try is counted before it is judged, and taken back when it was right: tries made at the same
moment cannot slip through between looking and counting.
"""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.people.models import Throttle
from server.people.passwords import LONGEST_WAIT_MS, wait_after
from server.problems import Problem


class SlowDown(Problem):
    """Too many wrong tries; wait as long as Retry-After says."""

    slug, status, title = "slow-down", HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong tries; wait a while"


def slow_down(wait_ms: int) -> SlowDown:
    """Return the refusal that names the wait."""
    return SlowDown(headers={"Retry-After": str(-(-wait_ms // 1000))})


def name_of(kind: str, whose: str, *, key: bytes) -> str:
    """Return the name under which somebody's tries are counted; it does not tell who it is."""
    return f"{kind}:{hmac.new(key, whose.encode(), hashlib.sha256).hexdigest()}"


def count_try(session: Session, *, name: str, free: int, now_ms: int) -> None:
    """Count a try under `name`; the caller commits before the try is judged.

    :param free: so many wrong tries in a row cost no wait
    :raises SlowDown: the wait after earlier tries is not over
    """
    row = _row(session, name, now_ms)
    if row.wait_until_ms > now_ms:
        raise slow_down(row.wait_until_ms - now_ms)
    row.failed += 1
    row.tried_ms = now_ms
    row.wait_until_ms = now_ms + wait_after(row.failed, free=free)


def forgive(session: Session, *, name: str) -> None:
    """Forget the tries under `name`: the last one was right."""
    session.execute(
        update(Throttle)
        .where(Throttle.key == name)
        .values(failed=0, wait_until_ms=0)
        .execution_options(synchronize_session=False)
    )


def clean(session: Session, *, now_ms: int) -> None:
    """Drop the names under which nobody tried for a day."""
    session.execute(
        delete(Throttle).where(
            Throttle.tried_ms < now_ms - 24 * LONGEST_WAIT_MS, Throttle.wait_until_ms < now_ms
        )
    )


def _row(session: Session, name: str, now_ms: int) -> Throttle:
    query = select(Throttle).where(Throttle.key == name).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        try:
            with session.begin_nested():
                row = Throttle(key=name, failed=0, wait_until_ms=0, tried_ms=now_ms)
                session.add(row)
        except IntegrityError:  # somebody else counted first
            row = session.scalars(query).one()
    return row
