"""A colleague carries the records of a phone that cannot send them."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text

from server.ledger.models import BlobClaim, Countersignature, Device, Log, PrivatePart, Record, Verdict
from sync.receipts import verify_receipt
from sync.records import Blob, sign_record
from tests.api.field import Garden, Handset, data, verdicts
from tests.conftest import FakeClock


def contact(garden: Garden, phone: Handset) -> tuple[int | None, int | None]:
    """Return when a phone was heard, and when it was clear."""
    garden.session.rollback()
    heard, clear = garden.session.execute(
        select(Device.heard_ms, Device.clear_ms).where(Device.id == UUID(phone.device))
    ).one()
    garden.session.rollback()
    return heard, clear


def test_a_colleague_brings_a_phones_records_and_they_are_that_phones(
    garden: Garden, clock: FakeClock
) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    before = contact(garden, author)
    records = [author.record(), author.record()]
    clock.forward(hours=2)
    answer = data(bringer.push(*records))
    assert [o["outcome"] for o in answer["outcomes"]] == ["applied", "applied"]
    assert verdicts(garden, author.log) == dict.fromkeys((1, 2, 3), ("applied", None))
    stored = garden.all(select(Record).where(Record.log == author.log, Record.seq > 1))
    assert {str(record.device_id) for record in stored} == {author.device}
    assert {record.sent_by for record in stored} == {bringer.log}
    assert contact(garden, author) == before
    assert contact(garden, bringer) == (clock.ms, clock.ms)
    receipt = verify_receipt(
        garden.secrets.receipt.public_key, answer["receipt"]["body"], answer["receipt"]["sig"]
    )
    assert receipt is not None
    assert (receipt.log, receipt.from_seq, receipt.to_seq, receipt.count) == (author.log, 2, 3, 2)


def test_the_bringers_clock_says_nothing_about_when_it_was(garden: Garden, clock: FakeClock) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    author.skew_ms = 0
    record = author.record()
    made = clock.ms
    clock.forward(hours=1)
    bringer.skew_ms = 30 * 60_000  # half an hour fast: would shift the estimate if it counted
    bringer.push(record)
    verdict = garden.one(select(Verdict).where(Verdict.log == author.log, Verdict.seq == 2))
    assert (verdict.lower_ms, verdict.estimate_ms, verdict.upper_ms) == (None, made, clock.ms)
    assert verdict.quality == "D"
    assert garden.one(select(Record.clock_wall).where(Record.ledger_pos == verdict.ledger_pos)) is None


def test_what_a_colleague_brought_is_a_duplicate_when_the_phone_comes_itself(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    records = [author.record(), author.record()]
    bringer.push(*records)
    assert author.outcomes(*records, author.record()) == [
        ("duplicate", None),
        ("duplicate", None),
        ("applied", None),
    ]
    assert len(garden.all(select(Record.hash).where(Record.log == author.log))) == 4


def test_a_colleague_may_bring_what_comes_before_and_after_what_is_there(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    one, two, three = author.record(), author.record(), author.record()
    assert bringer.outcomes(three) == [("held", None)]
    assert author.outcomes(two) == [("held", None)]
    assert bringer.outcomes(one) == [("applied", None)]
    assert {outcome for outcome, _ in verdicts(garden, author.log).values()} == {"applied"}


def test_a_forged_record_in_anothers_name_is_kept_aside_and_the_true_one_has_its_turn(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    record = author.record()
    forged = {**record, "sig": sign_record(bringer.key, record["body"])}
    assert bringer.outcomes(forged) == [("quarantined", "bad_signature")]
    assert verdicts(garden, author.log)[1] == ("applied", None)

    assert author.outcomes(record) == [("applied", None)]
    assert author.outcomes(record, author.record()) == [("duplicate", None), ("applied", None)]
    assert garden.one(select(Countersignature.sig)) == record["sig"]
    from server.ledger import service
    from sync.records import record_hash

    view = service.record_view(garden.session, garden.organisation, record_hash(record["body"]))
    assert view is not None
    assert (view.signature, view.sig, view.outcome) == ("verified", record["sig"], "applied")


def test_a_good_copy_heals_whoever_brings_it(garden: Garden) -> None:
    author, forger, friend = garden.handset(), garden.handset(actor="liu"), garden.handset(actor="liu")
    record = author.record()
    forger.push({**record, "sig": "A" * 86})
    assert friend.outcomes(record) == [("applied", None)]


def test_another_organisations_phone_is_nobody_here(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    record = author.record()
    garden.session.execute(
        text("UPDATE log SET organisation_id = :other WHERE id = :log"),
        {
            "other": garden.site.hex if garden.session.get_bind().dialect.name == "sqlite" else garden.site,
            "log": author.log,
        },
    )
    garden.session.commit()
    assert bringer.outcomes(record) == [("quarantined", "unknown_log")]
    assert garden.one(select(Verdict.log).where(Verdict.code == "unknown_log")) == bringer.log


def test_a_weak_logs_records_are_taken_from_their_own_phone_only(garden: Garden) -> None:
    author = garden.handset(begun=False)
    bringer = garden.handset(actor="liu")
    weak = [{"body": author.open()["body"], "sig": "", "alg": "none"}]
    weak.append({"body": author.record()["body"], "sig": "", "alg": "none"})
    assert bringer.outcomes(*weak) == [("quarantined", "unknown_log")] * 2
    assert garden.one(select(Log.alg).where(Log.id == author.log)) == "ES256"
    assert author.outcomes(*weak) == [("applied", None)] * 2
    assert verdicts(garden, author.log) == dict.fromkeys((1, 2), ("applied", None))
    weak.append({"body": author.record()["body"], "sig": "", "alg": "none"})
    assert bringer.outcomes(weak[2]) == [("quarantined", "unknown_log")]


def test_what_came_before_anybody_knew_the_log_has_its_turn_when_the_log_is_known(garden: Garden) -> None:
    phone, bringer = garden.handset(), garden.handset(actor="liu")
    successor = Handset(phone.client, phone.clock, phone.site, device=phone.device, actor=phone.actor)
    opening = successor.open(previous_log=phone.log, previous_head=phone.head, reason="restored")
    opening["sig_prev"] = sign_record(phone.key, opening["body"])
    records = [successor.record(private={"note": "rust"}), successor.record()]
    assert bringer.outcomes(*records) == [("quarantined", "unknown_log")] * 2
    lacking = bringer.post("have", {"log": bringer.log, "hashes": hashes(*records)})
    assert data(lacking)["missing"] == []

    assert successor.outcomes(opening) == [("applied", None)]
    assert verdicts(garden, successor.log) == dict.fromkeys((1, 2, 3), ("applied", None))
    assert successor.outcomes(*records) == [("duplicate", None)] * 2


def test_a_colleague_may_bring_a_new_log_that_the_old_key_vouches_for(garden: Garden) -> None:
    phone, bringer = garden.handset(), garden.handset(actor="liu")
    successor = Handset(phone.client, phone.clock, phone.site, device=phone.device, actor=phone.actor)
    opening = successor.open(previous_log=phone.log, previous_head=phone.head, reason="rotated")
    opening["sig_prev"] = sign_record(phone.key, opening["body"])
    batch = [opening, successor.record()]
    assert bringer.outcomes(*batch) == [("applied", None)] * 2
    assert str(garden.one(select(Log.device_id).where(Log.id == successor.log))) == phone.device
    assert successor.outcomes(*batch, successor.record())[-1] == ("applied", None)


def test_a_supervisors_word_lets_in_what_somebody_else_brought(garden: Garden) -> None:
    bringer = garden.handset(actor="liu")
    phone = garden.handset(begun=False)
    device = garden.session.get_one(Device, UUID(phone.device))
    device.state = "waiting"
    garden.session.commit()
    batch = [phone.open(), phone.record()]
    assert bringer.outcomes(*batch) == [("quarantined", "unknown_log")] * 2

    from server.people.models import Enrolment

    enrolment = garden.one(select(Enrolment.id).where(Enrolment.log == phone.log))
    confirmed = garden.client("li").post(
        f"/api/v1/sites/{garden.site}/enrolments/{enrolment}/confirm", headers={"Origin": "http://localhost"}
    )
    assert confirmed.status_code == 200
    assert verdicts(garden, phone.log) == dict.fromkeys((1, 2), ("applied", None))


def test_raw_bytes_take_no_place_in_anothers_log(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    record = author.record()
    told = bringer.send("raw", record["body"].encode(), content_type="application/octet-stream")
    assert (data(told)["outcome"], data(told)["code"]) == ("quarantined", "unknown_log")
    lacking = author.post("have", {"log": author.log, "hashes": hashes(record)})
    assert data(lacking)["missing"] == hashes(record)
    assert author.outcomes(record) == [("applied", None)]


def test_unreadable_bytes_that_a_colleague_brought_get_their_place_from_their_successor(
    garden: Garden,
) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    broken = b'{"v":1, "nobody can read this'
    author.seq += 1
    author.head = __import__("hashlib").sha256(broken).hexdigest()
    assert data(bringer.send("raw", broken, content_type="application/octet-stream"))["code"] == "schema"
    assert author.outcomes(author.record()) == [("applied", None)]
    assert verdicts(garden, author.log)[2] == ("quarantined", "schema")


def test_a_revoked_phones_records_stay_in_quarantine_whoever_brings_them(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    garden.session.get_one(Device, UUID(author.device)).state = "revoked"
    garden.session.commit()
    assert bringer.outcomes(author.record()) == [("quarantined", "scope_denied")]


def test_who_carries_a_record_cannot_spoil_its_private_parts(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    spoilt = author.record(private={"note": "true"})
    told = {**spoilt, "private": {"note": {**spoilt["private"]["note"], "value": "false"}}}
    assert bringer.outcomes(told) == [("applied", None)]
    assert garden.all(select(PrivatePart.value)) == []
    assert author.outcomes(spoilt) == [("duplicate", None)]
    assert garden.all(select(PrivatePart.value)) == ["true"]


def test_the_photos_of_a_carried_record_belong_to_its_author(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    blob = Blob("ab" * 32, 1_000, "image/jpeg", "photo")
    bringer.push(author.record(blobs=[blob]))
    claim = garden.one(select(BlobClaim))
    assert (claim.log, str(claim.device_id)) == (author.log, author.device)


def test_what_waited_for_a_record_goes_on_when_a_colleague_brings_that(garden: Garden) -> None:
    author, bringer = garden.handset(), garden.handset(actor="liu")
    needed = author.record()
    waits = bringer.record(deps=hashes(needed))
    assert bringer.outcomes(waits) == [("held", None)]
    assert bringer.outcomes(needed) == [("applied", None)]
    assert verdicts(garden, bringer.log)[2] == ("applied", None)


@pytest.mark.parametrize("who", ["author", "bringer"])
def test_have_answers_the_phone_whose_record_it_is_and_the_one_that_brought_it(
    garden: Garden, who: str
) -> None:
    author, bringer, stranger = garden.handset(), garden.handset(actor="liu"), garden.handset(actor="liu")
    record = author.record()
    bringer.push(record)
    asked = author if who == "author" else bringer
    lacking = asked.post("have", {"log": asked.log, "hashes": hashes(record)})
    assert data(lacking)["missing"] == []
    told = stranger.post("have", {"log": stranger.log, "hashes": hashes(record)})
    assert data(told)["missing"] == hashes(record)


def hashes(*records: dict[str, str]) -> list[str]:
    from sync.records import record_hash

    return [record_hash(record["body"]) for record in records]
