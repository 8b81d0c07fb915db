"""What a server may say besides yes: later, revoked, waiting, a receipt that does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sync.anchors import Anchor, make_anchor
from sync.encoding import sha256_hex
from sync.keys import SigningKey
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.saving import Picture
from sync.phone.store import LogHead, Store
from sync.receipts import sign_receipt
from tests.simulation import network as faults
from tests.simulation.conftest import GUARD, ROUND, T0, TOKENS, World
from tests.simulation.network import Answer, Fault, Send
from tests.simulation.reference import KEY, PIN

HOUR = 3_600_000


def edited(edit: Callable[[dict[str, Any]], None]) -> Fault:
    """Return a fault that changes what a 200 says."""

    def fault(send: Send, method: str, path: str, headers: Any, body: bytes) -> Answer:
        status, answered, content = send(method, path, headers, body)
        if status == 200:
            message = json.loads(content)
            edit(message)
            content = json.dumps(message).encode()
        return status, answered, content

    return fault


def refused(status: int, slug: str) -> Fault:
    """Return a fault that answers with a problem."""

    def fault(_send: Send, *_request: object) -> Answer:
        problem = json.dumps({"type": f"/problems/{slug}", "status": status}).encode()
        return status, {"Content-Type": "application/problem+json", "Retry-After": "30"}, problem

    return fault


def put_off(message: dict[str, Any]) -> None:
    message["outcomes"][0]["outcome"] = "later"
    receipt = json.loads(message["receipt"]["body"])
    body = json.dumps({**receipt, "count": receipt["count"] - 1})
    message["receipt"] |= {"body": body, "sig": sign_receipt(KEY, body)}


def test_later_means_not_stored(world: World) -> None:
    world.network.fail("push", edited(put_off))

    report = world.phone.sync()

    assert (report.complete, report.reason) == (False, "later")
    assert world.phone.store.count_unsent() == 1
    assert world.phone.sync().complete


def test_outcomes_of_other_records_are_no_answer(world: World) -> None:
    world.network.fail("push", edited(lambda m: m["outcomes"][0].update(hash="0" * 64)))

    assert not world.phone.sync().complete

    assert world.phone.store.count_unsent() == 1


def test_an_answer_of_another_media_type_is_none(world: World) -> None:
    def as_text(send: Send, method: str, path: str, headers: Any, body: bytes) -> Answer:
        status, answered, content = send(method, path, headers, body)
        return status, {**answered, "Content-Type": "application/json"}, content

    world.network.fail("push", as_text)

    assert not world.phone.sync().complete
    assert world.phone.store.count_unsent() == 1


def change_receipt(message: dict[str, Any]) -> None:
    message["receipt"]["body"] = message["receipt"]["body"].replace('"count":1', '"count":2')


def receipt_of_another_log(message: dict[str, Any]) -> None:
    receipt = json.loads(message["receipt"]["body"])
    body = json.dumps({**receipt, "log": "a" * 26})
    message["receipt"] |= {"body": body, "sig": sign_receipt(KEY, body)}


def receipt_of_another_head(message: dict[str, Any]) -> None:
    receipt = json.loads(message["receipt"]["body"])
    body = json.dumps({**receipt, "head_hash": "0" * 64})
    message["receipt"] |= {"body": body, "sig": sign_receipt(KEY, body)}


def receipt_by_another_key(message: dict[str, Any]) -> None:
    message["receipt"]["sig"] = sign_receipt(SigningKey.from_number(5), message["receipt"]["body"])


@pytest.mark.parametrize(
    "edit", [change_receipt, receipt_of_another_log, receipt_of_another_head, receipt_by_another_key]
)
def test_an_answer_whose_receipt_does_not_fit_is_no_answer(
    world: World, edit: Callable[[dict[str, Any]], None]
) -> None:
    before = world.phone.store.receipts()
    waiting = world.phone.store.count_unsent()
    world.network.fail("push", edited(edit))

    assert not world.phone.sync().complete

    assert world.phone.store.receipts() == before
    assert world.phone.store.count_unsent() == waiting > 0
    assert world.phone.sync().complete


def test_an_anchor_that_the_server_did_not_sign_for_these_clocks_is_not_named(world: World) -> None:
    log = world.phone.log
    before = world.phone.store.meta(f"anchor:{log}")
    world.pass_time(1_000)
    forged = "1.2.3.b7c1d2e3." + "A" * 86
    of_other_clocks = make_anchor(KEY, log, Anchor(T0 + 1_000, T0, 0, "b7c1d2e3"))
    world.network.fail("hello", edited(lambda m: m.update(anchor=forged)))
    world.network.fail("push", edited(lambda m: m.update(anchor=of_other_clocks)))

    world.phone.sync()

    assert world.phone.store.meta(f"anchor:{log}") == before


def test_a_revoked_phone_still_says_what_it_has_to_say(world: World) -> None:
    world.network.fail("hello", refused(403, "device-revoked"))
    world.phone.scan(TOKENS[0], occurrence=ROUND)

    report = world.phone.sync()

    assert (report.complete, report.reason) == (False, "device-revoked")
    assert world.phone.store.count_unsent() == 0


def test_a_phone_that_is_not_confirmed_pulls_nothing(world: World) -> None:
    world.server.state = "waiting"
    world.server.publish("team", GUARD, 1, {"id": GUARD, "name": "早班"})

    report = world.phone.sync()

    assert (report.complete, report.reason) == (False, "device-waiting")
    assert world.phone.rows("team") == []


def test_what_the_server_asks_a_phone_to_wait_is_reported(world: World) -> None:
    world.network.fail("hello", refused(503, "busy"))

    report = world.phone.sync()

    assert (report.status, report.retry_after_s) == (503, 30)


def test_a_server_that_takes_no_more_raw_bytes_ends_the_round_and_the_bytes_stay(world: World) -> None:
    world.network.always["hello"] = edited(lambda m: m["limits"].update(body_bytes=1_000))
    world.phone.finding("other", photos=[Picture(bytes([i])) for i in range(8)])
    world.network.fail("raw", refused(429, "too-much"))

    report = world.phone.sync()

    assert (report.status, report.retry_after_s, report.complete) == (429, 30, False)
    assert world.phone.store.count_unsent() > 0
    assert not world.server.raw
    world.phone.sync()
    assert len(world.server.raw) == 1
    assert world.phone.store.count_unsent() == 0


def test_a_record_that_is_too_long_goes_as_raw_bytes_and_the_rest_goes_on(world: World) -> None:
    edit = edited(lambda m: m["limits"].update(body_bytes=1_000))
    world.network.always["hello"] = edit
    world.phone.finding("other", photos=[Picture(bytes([i])) for i in range(8)])
    world.phone.scan(TOKENS[0], occurrence=ROUND)

    world.phone.sync()

    assert len(world.server.raw) == 1
    assert world.phone.store.count_unsent() == 0
    assert world.phone.store.records()[-1].outcome == "applied"
    sent = len(world.network.sent)
    world.phone.sync()
    assert not any("raw" in path or "push" in path for path in world.network.sent[sent:])


def test_once_a_day_the_phone_asks_whether_the_server_still_has_everything(world: World) -> None:
    world.phone.sync()
    lost = world.phone.store.records()[1]
    del world.server.records[lost.hash]

    world.pass_time(23 * HOUR)
    world.phone.sync()
    assert lost.hash not in world.server.records

    world.pass_time(2 * HOUR)
    world.phone.sync()
    assert world.server.records[lost.hash].body == lost.wire.body


def forked_record(world: World) -> tuple[Phone, str]:
    """Return a phone with a record that the server keeps beside the one that has its number."""
    backup = world.phone.store.copy()
    world.phone.scan(TOKENS[0], occurrence=ROUND)
    assert world.phone.sync().complete
    restored = world.another_phone_on(backup, "restored")
    record = restored.scan(TOKENS[1], occurrence=ROUND)
    assert restored.sync().complete
    found = restored.store.record(record.hash)
    assert found is not None
    assert found.outcome == "forked"
    return restored, record.hash


def test_a_new_history_of_the_server_is_asked_for_every_record(world: World) -> None:
    """A fork has no number of its own, so only its hash can show that it is gone."""
    phone, lost = forked_record(world)
    del world.server.records[lost]
    assert phone.sync().complete
    assert lost not in world.server.records

    world.server.epoch = "e2"
    assert phone.sync().complete
    assert lost in world.server.records


def test_the_question_for_every_record_stays_until_it_was_answered(world: World) -> None:
    phone, lost = forked_record(world)
    del world.server.records[lost]
    world.server.epoch = "e2"
    world.network.fail("have", faults.lost_answer)
    assert not phone.sync().complete
    assert lost not in world.server.records

    assert phone.sync().complete
    assert lost in world.server.records


def test_a_server_that_lost_one_record_is_asked_for_every_other(world: World) -> None:
    phone, lost = forked_record(world)
    last = phone.store.records()[-1]
    for gone in (lost, last.hash):
        del world.server.records[gone]
    del world.server.places[last.log, last.seq]

    assert phone.sync().complete

    assert {lost, last.hash} <= set(world.server.records)


def test_a_batch_that_is_too_large_is_halved_until_it_fits(world: World) -> None:
    for _ in range(12):
        world.phone.scan(TOKENS[0], occurrence=ROUND)
    limit = 4_000

    def small(send: Send, method: str, path: str, headers: Any, body: bytes) -> Answer:
        too_large = refused(413, "too-large")
        return (
            too_large(send, method, path, headers, body)
            if len(body) > limit
            else send(method, path, headers, body)
        )

    world.network.always["push"] = small

    assert world.phone.sync().complete
    world.assert_everything_arrived(world.phone)


def test_a_push_holds_at_most_100_records_and_all_go_in_one_round(world: World) -> None:
    for _ in range(230):
        world.phone.scan(TOKENS[0], occurrence=ROUND)
    before = len(world.network.sent)

    report = world.phone.sync()

    assert (report.complete, report.pushed) == (True, 231)
    pushes = [path for path in world.network.sent[before:] if path.endswith("push")]
    assert len(pushes) == 3


def test_a_batch_that_was_halved_grows_again(world: World) -> None:
    world.network.fail("push", refused(500, "internal"), times=2)
    for _ in range(15):
        world.phone.scan(TOKENS[0], occurrence=ROUND)
    assert world.phone.sync().complete
    for _ in range(32):
        world.phone.scan(TOKENS[0], occurrence=ROUND)
    before = len(world.network.sent)

    world.phone.sync()

    pushes = [path for path in world.network.sent[before:] if path.endswith("push")]
    assert len(pushes) <= 2


def test_two_rounds_at_once_are_one(world: World) -> None:
    reports = []

    def again(send: Send, method: str, path: str, headers: Any, body: bytes) -> Answer:
        reports.append(world.phone.sync())
        return send(method, path, headers, body)

    world.network.fail("hello", again)

    assert world.phone.sync().complete
    assert [report.reason for report in reports] == ["busy"]


def test_of_two_saves_at_once_the_later_one_begins_again(world: World) -> None:
    """The head moves between reading and writing, as when two tabs save at once."""
    store, phone = world.phone.store, world.phone
    heads = store.heads
    raced: list[LogHead] = []

    def stale_once() -> list[LogHead]:
        found = heads()
        if not raced:
            raced.extend(found)
            phone.scan(TOKENS[0], occurrence=ROUND)
        return found

    store.heads = stale_once  # type: ignore[method-assign]
    record = phone.scan(TOKENS[1], occurrence=ROUND)

    assert [r.seq for r in store.records()] == list(range(1, record.seq + 1))
    assert record.seq == raced[-1].seq + 2


def test_a_half_surrogate_in_a_note_does_no_harm(world: World) -> None:
    record = world.phone.finding("other", note="half \ud83d and nul \0")

    assert record.wire.private["note"].value == "half \ufffd and nul \ufffd"
    assert world.phone.sync().complete


def test_a_code_that_is_used_lets_no_second_phone_in(world: World) -> None:
    from sync.phone.api import NoAnswer

    code = world.server.enrolment_code()
    store = Store()
    randomness = SeededRandomness("another phone")
    ports = Ports(store, world.network, world.clock, randomness, StoredKeys(store, randomness), OwnLocks())
    phone = Phone(ports, app="0.1.0")
    phone.enrol(code)

    with pytest.raises(NoAnswer) as refusal:
        Phone(ports, app="0.1.0").enrol(code)

    assert (refusal.value.status, refusal.value.slug) == (410, "enrolment-over")
    assert len(store.heads()) == 1


def test_a_wrong_pin_online_is_counted(world: World) -> None:
    world.phone.sign_out()
    wrong = world.phone.sign_in(GUARD, "111111")
    right = world.phone.sign_in(GUARD, PIN)

    assert (wrong.ok, wrong.online, wrong.tries_left) == (False, True, 4)
    assert (right.ok, right.failed_tries) == (True, 1)


def test_the_same_photo_in_two_records_is_sent_once(world: World) -> None:
    for _ in range(2):
        world.phone.finding("dirt", photos=[Picture(b"the same")])

    assert world.phone.sync().photos == 1
    assert sha256_hex(b"the same") in world.server.photos


def test_a_full_disk_on_the_server_acknowledges_no_photo(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(b"one"), Picture(b"two")])
    world.network.always["blobs"] = refused(507, "storage-full")

    assert not world.phone.sync().complete
    assert world.phone.store.uploads(state="done") == []
    assert len([path for path in world.network.sent if path.startswith("POST /api/v1/blobs")]) == 1
    world.network.always.clear()

    assert world.phone.sync().complete


def test_a_strangers_created_is_no_upload(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(b"one")])

    def stranger(_send: Send, *_request: object) -> Answer:
        return 201, {}, b""

    world.network.fail("blobs", stranger)

    assert not world.phone.sync().complete
    assert world.phone.store.uploads(state="done") == []


def test_a_network_that_dies_in_mid_round_says_so(world: World) -> None:
    world.network.fail("pull", faults.lost_request)

    report = world.phone.sync()

    assert (report.complete, report.reason, report.status) == (False, "network", None)
