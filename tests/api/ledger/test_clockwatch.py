"""A server whose clock steps back says so, and promises nothing about time until it is sure again."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from server.ledger import clockwatch
from server.ledger.models import Verdict
from tests.api.field import Garden, data
from tests.conftest import FakeClock


def behind(garden: Garden) -> Any:
    garden.session.rollback()
    return json.loads(garden.client("li").get("/api/v1/session").get_data())["clock_behind_ms"]


def test_no_anchor_is_given_while_the_clock_is_behind_what_was_stated(
    garden: Garden, clock: FakeClock
) -> None:
    phone = garden.handset()
    phone.booted_ms -= 86_400_000  # its own clock goes back with the server's here
    assert data(phone.hello())["anchor"] is not None
    clock.forward(hours=-3)
    phone.proof_nonce = None
    told = data(phone.push(phone.record()))
    assert told["anchor"] is None
    assert told["receipt"] is not None  # evidence is taken all the same
    assert [o["outcome"] for o in told["outcomes"]] == ["applied"]
    assert data(phone.hello())["anchor"] is None
    assert behind(garden) == 3 * 3_600_000
    verdict = garden.one(select(Verdict).where(Verdict.log == phone.log, Verdict.seq == 2))
    assert verdict.lower_ms is None or verdict.lower_ms <= verdict.estimate_ms <= verdict.upper_ms

    clock.forward(hours=3, s=1)
    phone.proof_nonce = None
    assert data(phone.hello())["anchor"] is not None
    assert behind(garden) == 0


def test_a_server_that_starts_with_a_clock_behind_its_newest_receipt_knows_it(
    garden: Garden, clock: FakeClock
) -> None:
    phone = garden.handset()
    phone.booted_ms -= 86_400_000  # its own clock goes back with the server's here
    phone.push(phone.record())
    clockwatch._stated.clear()  # another process
    clock.forward(minutes=-5)
    phone.proof_nonce = None
    assert data(phone.hello())["anchor"] is None
    clockwatch._stated.clear()
    assert data(phone.push(phone.record()))["anchor"] is None  # not by its own new receipt


def test_a_small_correction_is_no_doubt(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.booted_ms -= 86_400_000  # its own clock goes back with the server's here
    phone.push(phone.record())
    clock.forward(s=-30)
    phone.proof_nonce = None
    assert data(phone.hello())["anchor"] is not None
