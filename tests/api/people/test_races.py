"""Many at the same moment: one phone gets the code, and a PIN is not guessed faster by more hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.db import db
from server.ledger.models import Device, Log
from server.people.models import Enrolment, Person
from sync.keys import SigningKey
from tests.api.field import PIN, Garden, Handset, data
from tests.conftest import settings_for

HANDS = 20
ResultT = TypeVar("ResultT")


def at_once(works: Sequence[Callable[[], ResultT]]) -> list[ResultT]:
    """Do all of these at the same moment, each in a thread of its own."""
    gate = Barrier(len(works))

    def one(work: Callable[[], ResultT]) -> ResultT:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_a_code_raced_by_twenty_phones_is_won_by_one(garden: Garden) -> None:
    code = garden.code()
    phones = [Handset(garden.app.test_client(), garden.clock, str(garden.site)) for _ in range(HANDS)]

    answers = at_once([partial(phone.ask_to_join, code) for phone in phones])

    # whoever meets a busy database is told to come again, and is then too late
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1, statuses
    assert set(statuses) <= {200, 410, 429, 503}
    (winner,) = (phone for phone, answer in zip(phones, answers, strict=True) if answer.status_code == 200)
    assert garden.all(select(Log.id)) == [winner.log]
    assert len(garden.all(select(Device.id))) == 1
    assert garden.one(select(Enrolment.log)) == winner.log
    assert data(winner.ask_to_join(code))["log"] == winner.log


def test_one_phone_that_asks_twenty_times_at_once_joins_once(garden: Garden) -> None:
    code, key = garden.code(), SigningKey.generate()
    phones = [Handset(garden.app.test_client(), garden.clock, str(garden.site), key) for _ in range(8)]
    answers = at_once([partial(phone.ask_to_join, code) for phone in phones])
    told = {data(answer)["device"]["id"] for answer in answers if answer.status_code == 200}
    assert len(told) == 1
    assert len(garden.all(select(Device.id))) == 1


@pytest.fixture
def processes(garden: Garden) -> Iterator[list[Flask]]:
    """Two applications on one database, which share nothing else, as two server processes do."""
    from server.app import create_app

    settings = garden.app.extensions["roundsman.settings"]
    second = create_app(
        settings_for(settings.data_dir, garden.app.config["SQLALCHEMY_DATABASE_URI"]), now_ms=garden.clock
    )
    yield [garden.app, second]
    with second.app_context():
        db.engine.dispose()


def test_a_pin_is_not_guessed_faster_through_two_processes(garden: Garden, processes: list[Flask]) -> None:
    """Guesses for one person, on six phones and in two processes: five are judged, whatever the hands."""
    phones = [garden.handset() for _ in range(6)]
    for number, phone in enumerate(phones):
        phone.client = processes[number % 2].test_client()
        phone.nonce()
    garden.clock.forward(s=1)

    def guess(phone: Handset, pin: str) -> tuple[bool, int | None, int]:
        answer = phone.post("sign-in", {"person": phone.actor, "pin": pin})
        if answer.status_code != 200:
            return False, None, -1
        told = data(answer)
        return told["ok"], told["tries_left"], told["wait_s"]

    works = [partial(guess, phone, f"{n:06d}") for n, phone in enumerate([*phones, *phones])]
    results = at_once(works)

    judged = [left for _, left, wait in results if left is not None]
    assert len(judged) <= 5, results
    person = garden.one(select(Person).where(Person.id == garden.people["wang"]))
    assert person.pin_failed == len(judged)
    # now the right one is not looked at either, in neither process, on a phone that never failed
    fresh = garden.handset()
    for app in processes:
        fresh.client = app.test_client()
        ok, left, wait = guess(fresh, PIN)
        assert (ok, left) == (False, None)
        assert wait > 0
    garden.session.execute(
        update(Person).where(Person.id == garden.people["wang"]).values(pin_wait_until_ms=0)
    )
    garden.session.commit()
    assert guess(fresh, PIN)[0]


def test_a_phone_that_guesses_at_everybody_is_slowed_in_every_process(
    garden: Garden, processes: list[Flask]
) -> None:
    phone = garden.handset()
    everybody = [garden.people["wang"], garden.people["liu"]]
    waits = []
    for n in range(8):
        phone.client = processes[n % 2].test_client()
        told = data(phone.post("sign-in", {"person": str(everybody[n % 2]), "pin": f"{n:06d}"}))
        waits.append(told["wait_s"])
    assert waits[:4] == [0] * 4
    assert all(wait > 0 for wait in waits[4:])
