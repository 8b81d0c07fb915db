"""A phone's shifts are the same in whatever order its records and its logs come."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.keeping.rebuild import differences
from server.ledger import logs
from server.people.models import Shift
from sync.records import sign_record
from tests.api.field import Garden, Handset
from tests.conftest import FakeClock

START = {"method": "pin", "online": True, "failed_tries": 0}


def successor_of(phone: Handset) -> tuple[Handset, dict[str, Any]]:
    """Return the phone with its next log, and that log's opening."""
    successor = Handset(phone.client, phone.clock, phone.site, device=phone.device, actor=phone.actor)
    opening = successor.open(previous_log=phone.log, previous_head=phone.head, reason="restored")
    opening["sig_prev"] = sign_record(phone.key, opening["body"])
    return successor, opening


def shifts(garden: Garden, phone: Handset) -> list[tuple[int, int | None]]:
    """Return when each shift began and ended, in hours since the first one began, as it is and as rebuilt."""
    assert differences(garden.session, garden.organisation) == []
    garden.session.rollback()
    rows = garden.session.execute(select(Shift.started_ms, Shift.ended_ms).order_by(Shift.started_ms)).all()
    garden.session.rollback()
    first = rows[0].started_ms
    hour = 3_600_000
    return [((start - first) // hour, None if end is None else (end - first) // hour) for start, end in rows]


@pytest.mark.parametrize("first", ["the earlier log", "the later log", "both in one push"])
def test_two_logs_of_a_phone_give_the_same_shifts_in_whatever_order_they_come(
    garden: Garden, clock: FakeClock, first: str
) -> None:
    phone, bringer = garden.handset(), garden.handset(actor="liu")
    earlier = [phone.record("shift.start", START)]
    clock.forward(hours=1)
    successor, opening = successor_of(phone)  # in the middle of the shift
    clock.forward(hours=1)
    later = [opening, successor.record("shift.end", {"reason": "person"})]
    clock.forward(hours=1)
    later.append(successor.record("shift.start", START))
    batches = {
        "the earlier log": [earlier, later],
        "the later log": [later, earlier],
        "both in one push": [[*later, *earlier]],
    }[first]
    for batch in batches:
        assert {outcome for outcome, _ in bringer.outcomes(*batch)} == {"applied"}
    assert shifts(garden, phone) == [(0, 2), (3, None)]


def test_a_shift_that_no_log_ends_ends_when_the_next_log_starts_one(garden: Garden, clock: FakeClock) -> None:
    phone, bringer = garden.handset(), garden.handset(actor="liu")
    earlier = [phone.record("shift.start", START)]
    clock.forward(hours=5)
    successor, opening = successor_of(phone)
    bringer.push(opening, successor.record("shift.start", START))
    assert shifts(garden, phone) == [(0, None)]
    bringer.push(*earlier)
    assert shifts(garden, phone) == [(0, 5), (5, None)]


@pytest.mark.parametrize("order", ["0123", "1032", "2301", "3021", "3210"])
def test_shifts_whose_records_were_given_up_are_as_if_they_had_come_in_order(
    garden: Garden, clock: FakeClock, order: str
) -> None:
    phone = garden.handset()
    records = []
    for number in range(4):
        kind, payload = ("shift.end", {"reason": "person"}) if number % 2 else ("shift.start", START)
        records.append(phone.record(kind, payload))
        clock.forward(hours=1)
    key = garden.secrets.receipt.public_key
    for number in map(int, order):
        phone.push(records[number])
        clock.forward(hours=73)
        logs.give_up_gaps(garden.session, receipt_key=key, now_ms=clock.ms)
        garden.session.commit()
    assert shifts(garden, phone) == [(0, 1), (2, 3)]
