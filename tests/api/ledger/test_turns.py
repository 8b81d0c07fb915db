"""In whose turn the records of a log have their effect, and at what time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from server.ledger import appliers
from server.ledger.models import Device, Record, Verdict
from sync.records import record_hash
from tests.api.field import FINDING, Garden, data, verdicts
from tests.conftest import FakeClock


def test_a_record_whose_predecessor_is_missing_is_held_until_it_comes(garden: Garden) -> None:
    phone = garden.handset()
    lost, later, last = phone.record(), phone.record(), phone.record()
    assert phone.outcomes(later, last) == [("held", None), ("held", None)]
    told = data(phone.hello())
    assert told["log"]["max_seq"] == 4
    assert told["log"]["missing"] == [[2, 2]]
    assert phone.outcomes(lost) == [("applied", None)]
    assert verdicts(garden, phone.log) == dict.fromkeys(range(1, 5), ("applied", None))
    assert data(phone.hello())["log"]["missing"] == []


def test_effects_follow_the_numbers_whatever_order_they_come_in(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def note(session: Any, arrivals: Sequence[appliers.Arrival]) -> list[list[str]]:
        seen.extend(arrival.seq for arrival in arrivals)
        return [[]] * len(arrivals)

    monkeypatch.setitem(appliers._appliers, ("finding", 1), note)
    phone = garden.handset()
    records = [phone.record() for _ in range(6)]
    for number in (5, 1, 3, 4, 0, 2):
        phone.push(records[number])
    assert seen == [2, 3, 4, 5, 6, 7]


def test_a_log_waits_for_its_first_record(garden: Garden) -> None:
    phone = garden.handset(begun=False)
    opening, second = phone.open(), phone.record()
    assert phone.outcomes(second) == [("held", None)]
    assert phone.outcomes(opening) == [("applied", None)]
    assert verdicts(garden, phone.log)[2] == ("applied", None)


def test_a_dependency_in_another_order_holds_only_who_names_it(garden: Garden) -> None:
    phone = garden.handset()
    first = garden.handset(actor="liu")
    needed = first.record()
    answers = phone.record(deps=[record_hash(needed["body"])])
    other = phone.record()
    assert phone.outcomes(answers, other) == [("held", None), ("applied", None)]
    assert first.outcomes(needed) == [("applied", None)]
    assert verdicts(garden, phone.log)[2] == ("applied", None)


def test_a_second_record_under_one_number_is_forked(garden: Garden) -> None:
    phone = garden.handset()
    seq, head = phone.seq, phone.head
    phone.outcomes(phone.record())
    phone.seq, phone.head = seq, head  # restored from a backup: it writes the number again
    other, child = phone.record(p={**FINDING, "kind": "dirt"}), phone.record()
    told = data(phone.push(other, child))["outcomes"]
    assert [o["outcome"] for o in told] == ["forked", "forked"]
    assert told[0]["marks"] == ["fork"]
    assert len(garden.all(select(Record.hash))) == 4


def test_a_held_record_that_does_not_follow_the_chain_loses_its_place(garden: Garden) -> None:
    phone = garden.handset()
    true_second = phone.record()
    true_third = phone.record()
    stray = phone.record(seq=3, prev="ab" * 32)
    assert phone.outcomes(stray) == [("held", None)]
    assert phone.outcomes(true_second) == [("applied", None)]
    assert verdicts(garden, phone.log)[3] == ("forked", None)
    assert phone.outcomes(true_third) == [("applied", None)]


def test_a_projection_that_breaks_stops_no_other_record(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(session: Any, arrivals: Sequence[appliers.Arrival]) -> list[list[str]]:
        session.execute(Device.__table__.update().values(name="half done"))  # type: ignore[attr-defined]
        raise RuntimeError("a bug")

    monkeypatch.setitem(appliers._appliers, ("finding", 1), break_down)
    phone = garden.handset()
    start = phone.record("shift.start", {"method": "pin", "online": True, "failed_tries": 0})
    assert phone.outcomes(phone.record(), start) == [("quarantined", "server_error"), ("applied", None)]
    assert garden.one(select(Device.name)) == "1 号手机"
    assert "a bug" in caplog.text


def test_the_records_around_one_that_breaks_are_projected_once(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = garden.handset()
    batch = [phone.record() for _ in range(5)]

    def rename(session: Any, arrivals: Sequence[appliers.Arrival]) -> list[list[str]]:
        device = Device.__table__
        for arrival in arrivals:
            session.execute(device.update().values(name=device.c.name + f" {arrival.seq}"))  # type: ignore[attr-defined]
            if arrival.hash == record_hash(batch[2]["body"]):
                raise RuntimeError("a bug")
        return [[f"renamed_{arrival.seq}"] for arrival in arrivals]

    monkeypatch.setitem(appliers._appliers, ("finding", 1), rename)
    before = garden.one(select(Device.name))
    outcomes = phone.outcomes(*batch)
    assert outcomes == [("applied", None)] * 2 + [("quarantined", "server_error")] + [("applied", None)] * 2
    first = phone.seq - 4
    kept = [seq for seq in range(first, first + 5) if seq != first + 2]
    assert garden.one(select(Device.name)) == before + "".join(f" {seq}" for seq in kept)
    marks = garden.session.scalars(
        select(Verdict.marks).where(Verdict.log == phone.log, Verdict.seq >= first).order_by(Verdict.seq)
    ).all()
    mine = [[mark for mark in found if mark.startswith("renamed")] for found in marks]
    assert mine == [[f"renamed_{seq}"] if seq in kept else [] for seq in range(first, first + 5)]


def test_time_is_an_interval_between_anchor_and_receipt(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.anchor = data(phone.hello())["anchor"]
    anchored = clock.ms
    clock.forward(minutes=10)
    made = clock.ms
    record = phone.record()
    phone.anchor = None  # forgotten: the floor comes from the record before
    follower = phone.record()
    clock.forward(hours=2)
    phone.outcomes(record, follower)
    for seq in (2, 3):
        verdict = garden.one(select(Verdict).where(Verdict.seq == seq))
        assert verdict.lower_ms == anchored
        assert verdict.upper_ms == clock.ms
        assert verdict.estimate_ms == made
    assert garden.one(select(Verdict.quality).where(Verdict.seq == 2)) == "A"


def test_a_record_is_not_younger_than_its_successor_that_came_first(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    lost, later = phone.record(), phone.record()
    phone.outcomes(later)
    heard = clock.ms
    clock.forward(hours=5)
    phone.outcomes(lost)
    assert garden.one(select(Verdict.upper_ms).where(Verdict.seq == 2)) == heard
    assert garden.one(select(Verdict.upper_ms).where(Verdict.seq == 3)) == heard


def test_a_clock_set_back_is_marked(garden: Garden) -> None:
    phone = garden.handset()
    first = phone.record()
    phone.skew_ms = -3_600_000
    told = data(phone.push(first, phone.record()))["outcomes"]
    assert "clock_back" in told[1]["marks"]


def test_what_waits_for_a_record_in_quarantine_does_not_wait_for_ever(garden: Garden) -> None:
    phone, other = garden.handset(), garden.handset(actor="liu")
    needed = other.record()
    needed["sig"] = other.open()["sig"]
    answers = phone.record(deps=[record_hash(needed["body"])])
    assert phone.outcomes(answers) == [("held", None)]
    assert other.outcomes(needed) == [("quarantined", "bad_signature")]
    assert verdicts(garden, phone.log)[2] == ("applied", None)


def test_of_two_held_records_under_one_number_the_chain_decides(garden: Garden) -> None:
    phone = garden.handset()
    second, third = phone.record(), phone.record()
    stray = phone.record(seq=3, prev="ab" * 32)
    assert phone.outcomes(stray) == [("held", None)]
    assert phone.outcomes(third) == [("forked", None)]
    assert phone.outcomes(second) == [("applied", None)]
    rows = garden.all(select(Verdict.outcome).where(Verdict.seq == 3).order_by(Verdict.ledger_pos))
    assert rows == ["forked", "applied"]
    told = data(phone.hello())["log"]
    assert (told["max_seq"], told["missing"]) == (3, [])
    assert told["head_hash"] == record_hash(third["body"])
    assert phone.outcomes(phone.record(seq=4, prev=record_hash(third["body"]))) == [("applied", None)]


def test_a_stray_record_at_the_end_leaves_the_head_where_the_chain_is(garden: Garden) -> None:
    phone = garden.handset()
    second = phone.record()
    head = phone.head
    assert phone.outcomes(phone.record(seq=3, prev="ab" * 32)) == [("held", None)]
    assert phone.outcomes(second) == [("applied", None)]
    told = data(phone.hello())["log"]
    assert (told["max_seq"], told["head_hash"], told["missing"]) == (2, head, [])
