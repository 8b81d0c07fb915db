"""Whose batch comes first is stored first, on PostgreSQL too, where a row written anew keeps no line."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text

from server.ledger.store import wait_in_line
from tests.api.field import Garden, data

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.mark.parametrize("database_engine", ["postgres"], indirect=True)
def test_a_push_waits_in_the_line_for_its_place_in_the_ledger(garden: Garden) -> None:
    phone, answers = garden.handset(), []
    batch = [phone.record()]
    wait_in_line(garden.session, garden.organisation)
    pushing = threading.Thread(target=lambda: answers.append(phone.push(*batch)))
    pushing.start()
    deadline = time.monotonic() + 30
    while garden.session.scalar(WAITING) != 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not answers

    garden.session.rollback()
    pushing.join()
    assert [o["outcome"] for o in data(answers[0])["outcomes"]] == ["applied"]
