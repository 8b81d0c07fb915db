"""What becomes of the records that phones push."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from server.ledger import appliers
from server.ledger.models import BlobClaim, Device, Log, PrivatePart, Receipt, Record, Verdict
from server.ledger.service import first_altered
from sync.anchors import verify_anchor
from sync.receipts import verify_receipt
from sync.records import record_hash
from tests.api.field import FINDING, Garden, Handset, data, slug, verdicts
from tests.conftest import FakeClock


def test_a_batch_is_stored_byte_for_byte_and_applied(garden: Garden) -> None:
    phone = garden.handset(begun=False)
    batch = [phone.open(), phone.record(private={"note": "水管破了"}), phone.record()]
    answer = phone.push(*batch)
    told = data(answer)
    assert answer.status_code == 200
    assert [o["outcome"] for o in told["outcomes"]] == ["applied"] * 3
    assert [o["hash"] for o in told["outcomes"]] == [record_hash(r["body"]) for r in batch]
    assert told["count"] == 3
    assert garden.all(select(Record.body).order_by(Record.ledger_pos)) == [r["body"].encode() for r in batch]
    assert garden.all(select(Record.sig).order_by(Record.ledger_pos)) == [r["sig"] for r in batch]
    assert garden.one(select(PrivatePart.value)) == "水管破了"


def test_the_receipt_is_signed_and_says_what_was_received(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    clock.forward(minutes=3)
    told = data(phone.push(phone.record(), phone.record()))
    receipt = verify_receipt(
        garden.secrets.receipt.public_key, told["receipt"]["body"], told["receipt"]["sig"]
    )
    assert receipt is not None
    assert (receipt.log, receipt.from_seq, receipt.to_seq, receipt.count) == (phone.log, 2, 3, 2)
    assert receipt.head_hash == phone.head
    assert receipt.received_ms == clock.ms
    assert receipt.ledger_pos == 3
    assert garden.one(select(Record.chain).where(Record.ledger_pos == 3)) == receipt.ledger_chain
    assert garden.one(select(Receipt.body).where(Receipt.id == 3)) == told["receipt"]["body"]
    garden.session.rollback()
    assert first_altered(garden.session, organisation=garden.organisation) is None


def test_the_anchor_binds_the_servers_time_to_the_phones_clocks(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    phone.skew_ms = -90_000
    anchor = verify_anchor(
        garden.secrets.receipt.public_key, phone.log, data(phone.push(phone.record()))["anchor"]
    )
    assert anchor is not None
    assert (anchor.server_ms, anchor.wall) == (clock.ms, clock.ms - 90_000)


def test_the_same_batch_again_is_a_duplicate_and_changes_nothing(garden: Garden) -> None:
    phone = garden.handset()
    batch = [phone.record(), phone.record()]
    first = data(phone.push(*batch))
    before = garden.all(select(Record.ledger_pos))
    again = data(phone.push(*batch))
    assert [o["outcome"] for o in again["outcomes"]] == ["duplicate", "duplicate"]
    assert garden.all(select(Record.ledger_pos)) == before
    assert (
        json.loads(again["receipt"]["body"])["ledger_pos"]
        == json.loads(first["receipt"]["body"])["ledger_pos"]
    )
    assert len(garden.all(select(Receipt.id))) == 2


def test_a_record_twice_in_one_batch_counts_once(garden: Garden) -> None:
    phone = garden.handset()
    record = phone.record()
    assert phone.outcomes(record, record) == [("applied", None), ("duplicate", None)]
    assert len(garden.all(select(Record.hash))) == 2


def test_the_same_batch_sent_twice_at_once_is_stored_once(garden: Garden) -> None:
    phone = garden.handset()
    batch = [phone.record() for _ in range(20)]
    phone.nonce()
    barrier = threading.Barrier(2)
    found: list[list[tuple[str, str | None]]] = []

    def send() -> None:
        other = Handset(
            garden.app.test_client(), garden.clock, phone.site, key=phone.key, proof_nonce=phone.proof_nonce
        )
        other.booted_ms = phone.booted_ms
        barrier.wait()
        found.append(other.outcomes(*batch))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes[0][0] for outcomes in found) == ["applied", "duplicate"]
    assert garden.one(select(func.count()).select_from(Record)) == 21
    assert len(garden.all(select(Verdict.hash).distinct())) == 21


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


def test_a_bad_signature_is_kept_in_quarantine(garden: Garden) -> None:
    phone = garden.handset()
    record = phone.record()
    record["sig"] = phone.open()["sig"]
    assert phone.outcomes(record) == [("quarantined", "bad_signature")]
    assert garden.one(select(Record.sig).where(Record.hash == record_hash(record["body"]))) == record["sig"]


def test_one_good_signature_vouches_for_the_run_before_it(garden: Garden) -> None:
    phone = garden.handset()
    first, second, third = phone.record(), phone.record(), phone.record()
    first["sig"] = third["sig"]
    assert phone.outcomes(first, second, third) == [("applied", None)] * 3
    bad = phone.record()
    bad["sig"] = third["sig"]
    assert phone.outcomes(bad) == [("quarantined", "bad_signature")]
    assert phone.outcomes(phone.record()) == [("applied", None)]  # its successor vouches for it after all
    assert verdicts(garden, phone.log)[5] == ("applied", None)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda b: {**b, "surprise": 1}, "schema"),
        (lambda b: {**b, "p": {}}, "schema"),
        (lambda b: {**b, "type": "teleport"}, "unknown_type"),
        (lambda b: {**b, "v": 2}, "unknown_type"),
        (lambda b: {**b, "site": "6f1e5a3e-3333-4c1a-9d8e-0a0b0c0d0e03"}, "scope_denied"),
        (lambda b: {**b, "actor": "6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e02"}, "actor_denied"),
    ],
)
def test_what_cannot_be_judged_is_kept_and_stops_nobody(garden: Garden, damage: Any, code: str) -> None:
    from sync.records import sign_record

    phone = garden.handset()
    body = json.dumps(damage(json.loads(phone.record()["body"])), separators=(",", ":"))
    phone.head = record_hash(body)
    odd = {"body": body, "sig": sign_record(phone.key, body), "alg": "ES256"}
    assert phone.outcomes(odd, phone.record()) == [("quarantined", code), ("applied", None)]
    assert body.encode() in garden.all(select(Record.body))


def test_a_guard_of_the_site_next_door_is_not_taken(garden: Garden) -> None:
    phone = garden.handset()
    phone.actor = str(garden.people["zhao"])
    assert phone.outcomes(phone.record()) == [("quarantined", "actor_denied")]


def test_who_left_since_still_counts(garden: Garden, clock: FakeClock) -> None:
    from server.people.models import Person

    phone = garden.handset()
    record = phone.record()
    person = garden.session.get_one(Person, garden.people["wang"])
    person.left_ms = clock.ms
    garden.session.commit()
    assert phone.outcomes(record) == [("applied", None)]


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


def test_a_record_with_a_false_private_part_is_quarantined(garden: Garden) -> None:
    phone = garden.handset()
    record = phone.record(private={"note": "true"})
    record["private"]["note"]["value"] = "false"
    assert phone.outcomes(record) == [("quarantined", "schema")]


def test_a_missing_private_part_is_no_fault(garden: Garden) -> None:
    phone = garden.handset()
    record = phone.record(private={"note": "true"})
    del record["private"]
    assert phone.outcomes(record) == [("applied", None)]


def test_a_revoked_phones_records_are_kept_in_quarantine(garden: Garden) -> None:
    phone = garden.handset()
    device = garden.session.scalars(select(Device)).one()
    device.state = "revoked"
    garden.session.commit()
    record = phone.record()
    assert phone.outcomes(record) == [("quarantined", "scope_denied")]
    assert record["body"].encode() in garden.all(select(Record.body))
    refused = phone.hello()
    assert (refused.status_code, slug(refused)) == (403, "device-revoked")


def test_a_photo_named_by_two_records_is_marked(garden: Garden) -> None:
    from sync.records import Blob

    phone, other = garden.handset(), garden.handset(actor="liu")
    blob = Blob("ab" * 32, 1_000, "image/jpeg", "photo")
    first, second = phone.record(blobs=[blob]), other.record(blobs=[blob])
    assert "marks" not in data(phone.push(first))["outcomes"][0]
    assert "duplicate_photo" in data(other.push(second))["outcomes"][0]["marks"]
    assert len(garden.all(select(BlobClaim.sha256))) == 2


def test_a_weak_log_is_taken_and_every_record_says_so(garden: Garden) -> None:
    phone = garden.handset(begun=False)
    opening, record = phone.open(), phone.record()
    for each in (opening, record):
        each.update(sig="", alg="none")
    told = data(phone.push(opening, record))["outcomes"]
    assert [(o["outcome"], o["marks"]) for o in told] == [("applied", ["weak_key"])] * 2


def test_a_log_with_a_key_cannot_turn_weak(garden: Garden) -> None:
    phone = garden.handset()
    record = phone.record()
    record.update(sig="", alg="none")
    assert phone.outcomes(record) == [("quarantined", "bad_signature")]


def test_a_phone_is_heard_up_to_when_nothing_is_left(garden: Garden, clock: FakeClock) -> None:
    phone = garden.handset()
    before = clock.ms
    clock.forward(minutes=1)
    phone.outcomes(phone.record(), remaining=7)
    device = garden.one(select(Device))
    assert (device.heard_ms, device.clear_ms, device.unsent_records) == (clock.ms, before, 7)
    clock.forward(minutes=1)
    phone.outcomes(phone.record(), remaining=0)
    device = garden.one(select(Device))
    assert (device.heard_ms, device.clear_ms, device.unsent_records) == (clock.ms, clock.ms, 0)


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


def test_a_rotated_log_is_vouched_for_by_the_key_before(garden: Garden) -> None:
    from sync.records import sign_record

    phone = garden.handset()
    successor = Handset(phone.client, phone.clock, phone.site, device=phone.device, actor=phone.actor)
    opening = successor.open(previous_log=phone.log, previous_head=phone.head, reason="rotated")
    opening["sig_prev"] = sign_record(phone.key, opening["body"])
    assert successor.outcomes(opening, successor.record()) == [("applied", None)] * 2
    assert garden.one(select(Log.previous_log).where(Log.id == successor.log)) == phone.log
    # what the old log had not sent yet is sent by the new one
    assert successor.outcomes(phone.record()) == [("applied", None)]


def test_a_log_that_nobody_vouches_for_waits_in_quarantine(garden: Garden) -> None:
    phone = garden.handset()
    stranger = Handset(phone.client, phone.clock, phone.site, device=phone.device, actor=phone.actor)
    opening = stranger.open(previous_log=phone.log, previous_head=phone.head, reason="restored")
    assert stranger.outcomes(opening, stranger.record()) == [("quarantined", "unknown_log")] * 2
    assert stranger.outcomes(stranger.record()) == [("quarantined", "unknown_log")]
    joined = stranger.ask_to_join(garden.code())
    assert data(joined)["state"] == "waiting"
    assert data(joined)["device"]["id"] == phone.device
    li = garden.client("li")
    from server.people.models import Enrolment

    enrolment = garden.one(select(Enrolment.id).where(Enrolment.log == stranger.log))
    confirmed = li.post(
        f"/api/v1/sites/{garden.site}/enrolments/{enrolment}/confirm", headers={"Origin": "http://localhost"}
    )
    assert confirmed.status_code == 200
    assert verdicts(garden, stranger.log) == dict.fromkeys((1, 2, 3), ("applied", None))


def test_an_unconfirmed_log_is_kept_up_to_a_bound(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.ledger import push

    monkeypatch.setattr(push, "UNKNOWN_LOG_RECORDS", 2)
    phone = garden.handset()
    stranger = Handset(phone.client, phone.clock, phone.site, device=phone.device, actor=phone.actor)
    batch = [stranger.open(reason="restored"), stranger.record(), stranger.record()]
    assert [o for o, _ in stranger.outcomes(*batch)] == ["quarantined", "quarantined", "later"]
    assert len(garden.all(select(Record.hash).where(Record.log == stranger.log))) == 2


def test_a_log_of_a_phone_that_nobody_knows_is_refused(garden: Garden) -> None:
    stranger = Handset(
        garden.app.test_client(), garden.clock, str(garden.site), actor=str(garden.people["wang"])
    )
    stranger.device = "6f1e5a3e-1111-4c1a-9d8e-0a0b0c0d0e01"
    refused = stranger.push(stranger.open())
    assert (refused.status_code, slug(refused)) == (401, "unknown-log")
    assert garden.all(select(Record.hash)) == []


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
