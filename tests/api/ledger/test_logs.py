"""Logs that are weak, new, continued, strange or of a revoked phone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.ledger.models import Device, Log, Record
from tests.api.field import Garden, Handset, data, slug, verdicts


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
