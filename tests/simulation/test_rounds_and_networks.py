"""Whatever the network does: nothing is lost, nothing doubled, nothing believed too early."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sync.anchors import verify_anchor
from sync.geo import Geo
from sync.phone.engine import ALONE_TRIES
from sync.phone.phone import NotReady
from sync.phone.saving import Picture
from sync.receipts import parse_receipt
from sync.records import parse_body
from tests.simulation import network as faults
from tests.simulation.conftest import GUARD, ROUND, STOPS, T0, TOKENS, World
from tests.simulation.network import Fault
from tests.simulation.reference import KEY, PIN

JPEG = b"\xff\xd8\xff a photo"


def walk(world: World) -> None:
    """Walk the round: two scans that walk on, one with a form and a photo."""
    phone = world.phone
    world.pass_time(60_000)
    phone.scan(TOKENS[0], occurrence=ROUND, geo=Geo(lat=251_234_567, lon=1_027_654_321, accuracy=8))
    world.pass_time(60_000)
    visit = phone.scan(f"HTTPS://XJ.EXAMPLE/T/{TOKENS[1]}", occurrence=ROUND, frame=JPEG + b" frame")
    photo = Picture(JPEG)
    phone.answers(visit, {"pressure": "0.45"}, texts={"remark": "地面潮湿"}, note="再看", photos=[photo])
    world.pass_time(60_000)
    phone.scan(TOKENS[2], occurrence=ROUND)


def test_a_round_walked_offline_arrives_whole(world: World) -> None:
    walk(world)
    phone = world.phone
    assert phone.store.count_unsent() == 5

    report = phone.sync()

    assert report.complete
    assert (report.pushed, report.photos) == (5, 2)
    world.assert_everything_arrived(phone)
    scans = [parse_body(r.wire.body).envelope.p for r in phone.store.records() if r.type == "scan"]
    assert [scan["stop"] for scan in scans] == STOPS
    assert [scan["walk_on"] for scan in scans] == [True, False, True]
    assert {scan["result"] for scan in scans} == {"known"}


def test_every_record_after_the_first_hello_names_an_anchor_of_its_log(world: World) -> None:
    walk(world)

    for record in world.phone.store.records()[1:]:
        body = parse_body(record.wire.body)
        anchor = verify_anchor(KEY.public_key, record.log, body.envelope.t.anchor)
        assert anchor is not None
        assert anchor.server_ms <= body.envelope.t.wall


def test_a_receipt_covers_what_was_sent(world: World) -> None:
    walk(world)
    world.phone.sync()

    last = parse_receipt(world.phone.store.receipts()[-1])

    assert last is not None
    head = world.phone.store.heads()[-1]
    assert (last.log, last.to_seq, last.head_hash) == (head.log, head.seq, head.hash)


EVERY_FAULT = {
    "lost request": faults.lost_request,
    "lost answer": faults.lost_answer,
    "doubled request": faults.doubled,
    "cut answer": faults.cut_answer,
    "cut request": faults.cut_request,
    "captive portal": faults.captive_portal,
    "an answer without the nonce": faults.liar,
    "server error": faults.server_error,
}
EVERY_STEP = ["hello", "push", "pull", "blobs"]


@pytest.mark.parametrize("step", EVERY_STEP)
@pytest.mark.parametrize("fault", EVERY_FAULT.values(), ids=EVERY_FAULT.keys())
def test_one_fault_anywhere_costs_a_round_and_nothing_else(world: World, step: str, fault: Fault) -> None:
    world.server.publish("team", GUARD, 1, {"id": GUARD, "name": "早班"})
    walk(world)
    world.network.fail(step, fault)

    world.phone.sync()

    for record in world.phone.store.records():
        assert not record.stored or world.server.records[record.hash].body == record.wire.body
    for _log, sha256 in world.phone.store.uploads(state="done"):
        assert sha256 in world.server.photos

    assert world.phone.sync().complete
    world.assert_everything_arrived(world.phone)
    assert len(world.server.records) == len(world.phone.store.records())
    assert world.phone.store.entity("team", GUARD) is not None


@pytest.mark.parametrize("path", ["/sync/", "blobs"])
def test_a_captive_portal_all_day_marks_nothing(world: World, path: str) -> None:
    walk(world)
    world.network.always[path] = faults.captive_portal

    for _ in range(20):
        assert not world.phone.sync().complete
        world.pass_time(300_000)

    assert world.phone.store.uploads(state="done") == []
    if path == "/sync/":
        assert world.phone.store.count_unsent() == 5
    world.network.always.clear()
    assert world.phone.sync().complete
    world.assert_everything_arrived(world.phone)


def test_an_answer_from_a_cache_is_none(world: World) -> None:
    world.network.always["push"] = faults.replayed_answer()
    world.phone.sync()
    assert world.phone.store.count_unsent() == 0
    walk(world)

    assert not world.phone.sync().complete

    assert world.phone.store.count_unsent() == 4


def test_a_record_on_which_the_server_breaks_stops_nobody(world: World) -> None:
    world.server.poison.add("finding")
    world.phone.finding("hazard", note="松动的井盖")
    walk(world)

    rounds = 0
    while not world.phone.all_sent():
        world.phone.sync()
        rounds += 1
        assert rounds <= ALONE_TRIES + 2

    finding = next(r for r in world.phone.store.records() if r.type == "finding")
    assert world.server.raw[finding.hash].decode() == finding.wire.body
    assert (finding.outcome, finding.code) == ("quarantined", "schema")
    assert len(world.server.records) == len(world.phone.store.records()) - 1


def test_a_stale_proof_is_repeated_at_once(world: World) -> None:
    walk(world)
    world.pass_time(3_600_000)
    before = len(world.network.sent)

    assert world.phone.sync().complete

    assert [sent.rsplit("/", 1)[1] for sent in world.network.sent[before : before + 2]] == ["hello", "hello"]


def test_the_server_lost_records_and_gets_them_again(world: World) -> None:
    walk(world)
    world.phone.sync()
    lost = world.phone.store.records()[2:4]
    for record in lost:
        del world.server.records[record.hash]
        del world.server.places[(record.log, record.seq)]

    assert world.phone.sync().complete

    world.assert_everything_arrived(world.phone)


def test_a_server_restored_from_a_backup_gets_everything_again(world: World) -> None:
    walk(world)
    world.phone.sync()
    kept = world.phone.store.records()[0]
    world.server.epoch = "e2"
    world.server.records = {kept.hash: world.server.records[kept.hash]}
    world.server.places = {(kept.log, 1): kept.hash}
    world.server.photos.clear()

    world.phone.sync()
    world.phone.sync()

    world.assert_everything_arrived(world.phone)
    assert world.server.photos


def test_a_feed_that_begins_anew_is_pulled_as_a_new_generation(world: World) -> None:
    phone = world.phone
    phone.sync()
    own = len(phone.store.records())
    gone = phone.rows("checkpoint")[0]
    world.server.epoch = "e2"
    world.server.feed = [row for row in world.server.feed if gone.id.encode() not in row]

    report = phone.sync()

    assert report.complete
    assert report.resets == 1
    assert phone.store.entity("checkpoint", gone.id) is None
    assert len(phone.rows("checkpoint")) == 2
    assert len(phone.store.records()) == own


def test_the_old_rows_stay_until_the_new_generation_is_whole(world: World) -> None:
    phone = world.phone
    phone.sync()
    rows = len(phone.store.all_rows())
    world.server.epoch = "e2"
    world.network.always["pull"] = _second_page_is_lost()

    assert not phone.sync().complete
    assert len(phone.store.all_rows()) == rows

    world.network.always.clear()
    assert phone.sync().complete
    assert len(phone.store.all_rows()) == rows


def _second_page_is_lost() -> Fault:
    pulls: list[str] = []

    def fault(send: faults.Send, method: str, path: str, headers: object, body: bytes) -> faults.Answer:
        pulls.append(path)
        if len(pulls) == 3:
            return faults.lost_request(send)
        return send(method, path, headers, body)  # type: ignore[arg-type]

    return fault


def test_a_row_that_leaves_is_gone_and_an_older_one_changes_nothing(world: World) -> None:
    phone = world.phone
    checkpoint = phone.rows("checkpoint")[0]
    world.server.publish("checkpoint", checkpoint.id, 1, {**checkpoint.body, "number": "99"})
    phone.sync()
    assert phone.rows("checkpoint")[0].body == checkpoint.body

    world.server.publish("checkpoint", checkpoint.id, 2, None)
    phone.sync()

    assert phone.store.entity("checkpoint", checkpoint.id) is None


def test_a_photo_that_the_server_never_takes_does_not_stop_the_others(world: World) -> None:
    phone = world.phone
    phone.finding("dirt", photos=[Picture(b"GIF89a"), Picture(JPEG)])

    assert phone.sync().complete

    assert len(phone.store.uploads(state="blob-type")) == 1
    assert len(phone.store.uploads(state="done")) == 1


def test_a_photo_damaged_in_the_store_is_said_to_be_so(world: World, tmp_path: Path) -> None:
    file = str(tmp_path / "phone.sqlite3")
    phone = world.another_phone_on(world.phone.store.copy(file), "in a file")
    phone.finding("dirt", photos=[Picture(JPEG)])
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE photo SET data = ?", (b"rotten",))
        database.commit()

    phone.sync()

    last = phone.store.records()[-1]
    assert last.type == "photo.corrupt"
    assert world.server.photos == {}
    assert phone.sync().complete


def test_what_is_read_is_kept_as_what_it_was(world: World) -> None:
    phone = world.phone
    results = []
    for text in ("WIFI:S:guest;;", "https://x/t/0000000000000000", TOKENS[0]):
        record = phone.scan(text, occurrence=ROUND)
        body = parse_body(record.wire.body)
        results.append((body.envelope.p["result"], sorted(record.wire.private)))
    world.server.publish("route", "6f1e5a3e-9999-4c1a-9d8e-0a0b0c0d0e09", 2, {"stops": []})
    phone.sync()
    elsewhere = parse_body(phone.scan(TOKENS[0], occurrence=ROUND).wire.body).envelope.p["result"]

    assert results == [("no_tag", ["raw"]), ("unknown", ["raw"]), ("known", [])]
    assert elsewhere == "not_here"


def test_a_form_without_its_required_answer_is_not_saved(world: World) -> None:
    phone = world.phone
    visit = phone.scan(TOKENS[1], occurrence=ROUND)
    before = len(phone.store.records())

    for values in ({}, {"pressure": "high"}, {"pressure": "0.455"}):
        with pytest.raises(NotReady):
            phone.answers(visit, values)

    assert len(phone.store.records()) == before


def test_a_guard_signs_in_offline_with_the_verifier_of_this_phone(world: World) -> None:
    phone = world.phone
    phone.sign_out()
    world.network.always["/"] = faults.lost_request

    wrong = phone.sign_in(GUARD, "000000")
    right = phone.sign_in(GUARD, PIN)

    assert (wrong.ok, wrong.tries_left) == (False, 7)
    assert (right.ok, right.online, right.failed_tries) == (True, False, 1)
    started = parse_body(phone.store.records()[-1].wire.body).envelope.p
    assert started == {"method": "pin", "online": False, "failed_tries": 1}


def test_after_eight_wrong_tries_offline_the_network_is_needed(world: World) -> None:
    phone = world.phone
    phone.sign_out()
    world.network.always["/"] = faults.lost_request
    for _ in range(8):
        assert not phone.sign_in(GUARD, "000000").ok

    assert phone.sign_in(GUARD, PIN).needs_network

    world.network.always.clear()
    assert phone.sign_in(GUARD, PIN).ok


def test_nobody_saves_anything_without_being_signed_in(world: World) -> None:
    world.phone.sign_out()

    with pytest.raises(NotReady):
        world.phone.scan(TOKENS[0], occurrence=ROUND)
    assert world.clock.wall() == T0
