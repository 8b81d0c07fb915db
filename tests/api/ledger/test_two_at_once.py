"""A record that waits for another log's record has its turn once, whoever is at work at the same moment.

Of pushes of one organisation only one judges at a time, and periodic work waits in the same line.
"""

from __future__ import annotations

import threading
import time

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from server.db import db
from server.ledger import logs
from server.ledger.models import Waiting
from server.rounds.models import Finding
from server.tenancy import enter_installation
from sync.records import record_hash
from tests.api.field import Garden, verdicts
from tests.conftest import FakeClock


def until_it_waits_or_is_done(garden: Garden, done: threading.Event) -> None:
    """Return when a push is over, or the database says that it waits for a lock; at once on SQLite."""
    if garden.session.get_bind().dialect.name == "sqlite":
        return
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with garden.session.get_bind().connect() as looking:  # type: ignore[union-attr]
        while not done.is_set() and not looking.scalar(waits):
            looking.rollback()
            time.sleep(0.02)


def test_periodic_work_and_a_push_do_not_miss_each_other(garden: Garden, clock: FakeClock) -> None:
    first, second = garden.handset(), garden.handset(actor="liu")
    first.record()  # it never comes
    needed = first.record()
    wanted = record_hash(needed["body"])
    assert first.outcomes(needed) == [("held", None)]
    clock.forward(hours=73)
    depends = second.record(deps=[wanted])
    done, told = threading.Event(), []

    def push() -> None:
        told.extend(second.outcomes(depends))
        done.set()

    garden.session.rollback()
    with garden.app.app_context():
        engine = db.engine
    with Session(engine) as working:
        enter_installation(working)
        key = garden.secrets.receipt.public_key
        assert logs.give_up_gaps(working, receipt_key=key, now_ms=clock.ms) == 1
        thread = threading.Thread(target=push)
        thread.start()
        until_it_waits_or_is_done(garden, done)
        working.commit()
    thread.join()

    assert told == [("applied", None)]
    assert garden.all(select(Waiting.ledger_pos)) == []
    assert garden.one(select(func.count()).select_from(Finding)) == 2
    assert {outcome for outcome, _ in verdicts(garden, first.log).values()} == {"applied"}
