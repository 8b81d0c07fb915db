"""Counts tries, and what is used up, in the database, so that every process and every restart knows them.

A try is counted before it is judged, and taken back when it was right: tries made at the same
moment cannot slip through between looking and counting. What is used up comes back with the time.
"""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus

from sqlalchemy import String, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base
from server.problems import Problem

FREE_TRIES = 5
FIRST_WAIT_MS = 60_000
LONGEST_WAIT_MS = 3_600_000


class Throttle(Base):
    """What was tried or used up under one name: of a log-in, an address, a phone. Of no organisation."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """What is guarded and the hash of whose tries they are."""
    failed: Mapped[int]
    """Wrong tries in a row; of what is used up it says nothing."""
    wait_until_ms: Mapped[int]
    """No try before; of what is used up: when all of it will have come back."""
    tried_ms: Mapped[int]


class SlowDown(Problem):
    """Too many wrong tries; wait as long as Retry-After says."""

    slug, status, title = "slow-down", HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong tries; wait a while"


class TooMuch(Problem):
    """This phone used up what it may do at once; a part of it has come back by Retry-After."""

    slug, status, title = "too-much", HTTPStatus.TOO_MANY_REQUESTS, "Too much at once; wait a while"


def slow_down(wait_ms: int) -> SlowDown:
    """Return the refusal that names the wait."""
    return SlowDown(headers=_after(wait_ms))


def _after(wait_ms: int) -> dict[str, str]:
    return {"Retry-After": str(-(-wait_ms // 1000))}


def wait_after(failed: int, *, free: int = FREE_TRIES) -> int:
    """Return the wait in ms after `failed` wrong tries in a row: none, then a minute, doubling to an hour."""
    if failed < free:
        return 0
    return int(min(FIRST_WAIT_MS * 2 ** min(failed - free, 10), LONGEST_WAIT_MS))


def name_of(kind: str, whose: str, *, key: bytes) -> str:
    """Return the name under which somebody's tries are counted; it does not tell who it is."""
    return f"{kind}:{hmac.new(key, whose.encode(), hashlib.sha256).hexdigest()}"


def wait_until(now_ms: int, failed: int, *, free: int = FREE_TRIES) -> int:
    """Return the moment until which one waits after `failed` wrong tries in a row; 0: not at all.

    Where nobody has to wait it names no moment, not even this one: who asked a little earlier and stood
    in line for the row would be turned away by it.
    """
    wait_ms = wait_after(failed, free=free)
    return now_ms + wait_ms if wait_ms else 0


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
    row.wait_until_ms = wait_until(now_ms, row.failed, free=free)


def forgive(session: Session, *, name: str) -> None:
    """Forget the tries under `name`: the last one was right."""
    session.execute(
        update(Throttle)
        .where(Throttle.key == name)
        .values(failed=0, wait_until_ms=0)
        .execution_options(synchronize_session=False)
    )


def use(session: Session, *, name: str, at_once: int, every_ms: int, now_ms: int) -> None:
    """Use one of what somebody may use; counted where the caller's transaction is committed.

    :param at_once: so many may be used without a pause
    :param every_ms: after so long one of them has come back
    :raises TooMuch: none is left
    """
    row = _row(session, name, now_ms)
    whole_ms = max(row.wait_until_ms, now_ms) + every_ms
    if whole_ms - now_ms > at_once * every_ms:
        raise TooMuch(headers=_after(whole_ms - now_ms - at_once * every_ms))
    row.wait_until_ms, row.tried_ms = whole_ms, now_ms


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
