"""What becomes of the records that phones push."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from server.ledger.models import BlobClaim, Device, PrivatePart, Receipt, Record, Verdict
from server.ledger.service import first_altered
from sync.anchors import verify_anchor
from sync.receipts import verify_receipt
from sync.records import record_hash
from tests.api.field import Garden, Handset, data, verdicts
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


def test_a_photo_named_by_two_records_is_marked(garden: Garden) -> None:
    from sync.records import Blob

    phone, other = garden.handset(), garden.handset(actor="liu")
    blob = Blob("ab" * 32, 1_000, "image/jpeg", "photo")
    first, second = phone.record(blobs=[blob]), other.record(blobs=[blob])
    assert "marks" not in data(phone.push(first))["outcomes"][0]
    assert "duplicate_photo" in data(other.push(second))["outcomes"][0]["marks"]
    assert len(garden.all(select(BlobClaim.sha256))) == 2


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
