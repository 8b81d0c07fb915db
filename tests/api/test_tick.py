"""Periodic work: one process at a time, every job on its own."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.tick.service import LEASE_MS, run_in_background, take_lease, tick
from tests.conftest import FakeClock


def test_a_second_process_waits_until_the_lease_is_over(session: Session, clock: FakeClock) -> None:
    assert take_lease(session, name="tick", holder="a", now_ms=clock.ms)
    assert not take_lease(session, name="tick", holder="b", now_ms=clock.ms + LEASE_MS - 1)
    assert take_lease(session, name="tick", holder="b", now_ms=clock.ms + LEASE_MS)
    assert not take_lease(session, name="tick", holder="a", now_ms=clock.ms + LEASE_MS)


def test_the_holder_prolongs_its_own_lease(session: Session, clock: FakeClock) -> None:
    assert take_lease(session, name="tick", holder="a", now_ms=clock.ms)
    assert take_lease(session, name="tick", holder="a", now_ms=clock.ms + 60_000)
    assert not take_lease(session, name="tick", holder="b", now_ms=clock.ms + LEASE_MS + 59_999)


def test_a_job_that_fails_stops_no_other(session: Session, clock: FakeClock) -> None:
    done = []

    def bad(session: Session, now_ms: int) -> None:
        raise RuntimeError("a bug")

    def good(session: Session, now_ms: int) -> None:
        done.append(now_ms)

    failed = tick(session, jobs={"bad": bad, "good": good}, holder="a", now_ms=clock.ms)

    assert failed == ["bad"]
    assert done == [clock.ms]


def test_nothing_is_done_while_another_process_is_at_it(session: Session, clock: FakeClock) -> None:
    take_lease(session, name="tick", holder="other", now_ms=clock.ms)
    session.commit()
    done = []

    tick(session, jobs={"job": lambda session, now_ms: done.append(now_ms)}, holder="a", now_ms=clock.ms)

    assert done == []


def test_a_database_that_was_away_for_a_minute_does_not_end_the_periodic_work(
    app: Flask, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    asked, worked = [], threading.Event()

    def now_ms() -> int:
        asked.append(1)
        if len(asked) == 1:
            raise OperationalError("SELECT 1", {}, Exception("the database system is starting up"))
        return clock.ms

    def job(session: Session, now_ms: int) -> None:
        worked.set()

    stop = run_in_background(app, jobs={"job": job}, holder="a", now_ms=now_ms, every_s=0.01)

    assert worked.wait(60)
    stop()
    assert "no periodic work this time" in caplog.text
