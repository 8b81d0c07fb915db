"""What a phone keeps, lets go, sets aside, and does when its key is gone or cannot be kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sync.phone.phone import Phone
from sync.phone.pulling import bookmark
from sync.phone.retention import KEEP_MS, prune
from sync.phone.saving import Picture
from sync.phone.store import Store
from sync.records import parse_body
from tests.corpus.bad import rows
from tests.simulation.conftest import ROUND, TOKENS, World
from tests.simulation.test_edges import edited, forked_record, refused

DAY = 24 * 3_600_000


def sent_and_kept(world: World) -> tuple[Phone, int]:
    """Return a phone with three stored records after `log.open`, and the last one's number."""
    phone = world.phone
    phone.finding("dirt", photos=[Picture(b"\xff\xd8\xff one")])
    phone.finding("dirt")
    assert phone.sync().complete
    return phone, phone.store.heads()[-1].seq


def test_a_stored_record_stays_for_ninety_days_of_the_servers_time(world: World) -> None:
    phone, _ = sent_and_kept(world)
    world.pass_time(KEEP_MS - DAY)
    phone.sync()
    assert len(phone.store.records()) == 4

    world.pass_time(2 * DAY)
    phone.sync()

    assert [record.type for record in phone.store.records()] == ["log.open"]
    assert phone.sync().complete


def test_a_phones_clock_that_jumps_a_year_ahead_drops_nothing(world: World) -> None:
    phone, _ = sent_and_kept(world)
    world.clock.skew_ms = 365 * DAY

    assert phone.sync().complete

    assert len(phone.store.records()) == 4


def test_what_a_verified_backup_covers_may_go_and_nothing_else(world: World) -> None:
    phone, last = sent_and_kept(world)
    unsent = phone.finding("hazard")
    world.network.always["hello"] = edited(lambda m: m["log"].update(archived_through=last - 1))
    world.network.fail("push", refused(503, "busy"))
    assert not phone.sync().complete
    prune(phone.store, log=phone.log, archived_through=last + 1)

    kept = {record.seq: record.hash for record in phone.store.records()}

    assert sorted(kept) == [1, last + 1]
    assert kept[last + 1] == unsent.hash
    assert phone.sync().complete
    world.assert_everything_arrived(phone)


def test_a_record_whose_photo_waits_stays(world: World) -> None:
    phone = world.phone
    phone.finding("dirt", photos=[Picture(b"\xff\xd8\xff one")])
    world.network.always["blobs"] = refused(507, "storage-full")
    phone.sync()

    prune(phone.store, log=phone.log, archived_through=99)

    assert [record.type for record in phone.store.records()] == ["log.open", "finding"]
    world.network.always.clear()
    assert phone.sync().complete
    assert world.server.photos


def test_a_fork_is_not_covered_by_the_number_that_another_record_has(world: World) -> None:
    phone, fork = forked_record(world)
    old = phone.store.heads()[0]

    prune(phone.store, log=old.log, archived_through=old.seq)

    assert phone.store.record(fork) is not None


def test_a_full_store_lets_stored_photos_go_and_never_a_record(world: World) -> None:
    small = Store(photo_bytes=100)
    world.phone.store._db.backup(small._db)
    phone = world.another_phone_on(small, "small")
    first, second, third = (bytes([i]) * 60 for i in range(3))
    phone.finding("dirt", photos=[Picture(first)])
    assert phone.sync().complete

    phone.finding("dirt", photos=[Picture(second)])
    lost = phone.finding("dirt", photos=[Picture(third)])

    blobs = parse_body(lost.wire.body).envelope.blobs
    assert [blob.lost for blob in blobs] == [True]
    assert phone.sync().complete
    assert len(world.server.photos) == 2
    assert len(world.server.records) == 5


def test_a_damaged_record_is_set_aside_and_the_rest_goes_on(world: World, tmp_path: Path) -> None:
    file = str(tmp_path / "phone.sqlite3")
    phone = world.another_phone_on(world.phone.store.copy(file), "in a file")
    broken = phone.finding("dirt")
    later = phone.finding("hazard")
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE record SET body = body || ' ' WHERE hash = ?", (broken.hash,))
        database.commit()

    assert phone.sync().complete

    assert phone.store.aside() == [(broken.hash, "hash")]
    assert broken.hash not in world.server.records
    assert later.hash in world.server.records


def test_every_damaged_body_of_the_corpus_is_set_aside_and_the_rest_goes_on(
    world: World, tmp_path: Path
) -> None:
    file = str(tmp_path / "phone.sqlite3")
    phone = world.another_phone_on(world.phone.store.copy(file), "in a file")
    cases = [case for case in rows.cases() if case.member == "body" and isinstance(case.of("{}"), str)]
    broken = [phone.finding("dirt") for _ in cases]
    later = phone.finding("hazard")
    with closing(sqlite3.connect(file)) as database:
        for case, record in zip(cases, broken, strict=True):
            wrong = case.of(record.wire.body)
            database.execute("UPDATE record SET body = ? WHERE hash = ?", (wrong, record.hash))
        database.commit()

    assert phone.sync().complete

    assert sorted(phone.store.aside()) == sorted((record.hash, "hash") for record in broken)
    assert not {record.hash for record in broken} & set(world.server.records)
    assert later.hash in world.server.records
    assert len(cases) > 15


def test_a_phone_whose_key_is_gone_opens_a_new_log_and_carries_the_old_records(world: World) -> None:
    phone = world.phone
    phone.finding("dirt")
    old = phone.log
    phone.store.set_secret(f"key:{old}", None)
    again = world.another_phone_on(phone.store, "after the key was lost")
    made = again.finding("hazard")
    assert made.log != old

    opening = again.store.records(made.log)[0]
    assert opening.wire.sig_prev is None
    assert parse_body(opening.wire.body).envelope.p["previous_log"] == old
    world.server.trusts_anybody = True
    assert again.sync().complete

    world.assert_everything_arrived(again)
    assert {record.outcome for record in again.store.records(old)} == {"applied"}


def test_a_phone_that_cannot_keep_a_key_says_so_in_every_record(world: World) -> None:
    store = Store()
    phone = world.another_phone_on(store, "weak")
    world.server.state = "active"
    phone.enrol(world.server.enrolment_code(), weak=True)
    phone.confirm()

    [opening] = store.records()

    assert (opening.wire.alg, opening.wire.sig) == ("none", "")


def test_a_server_that_always_resets_is_left_alone_and_records_go_up(world: World) -> None:
    phone = world.phone
    phone.finding("dirt")
    world.network.always["pull"] = refused(409, "reset")

    first = phone.sync()
    before = len(world.network.sent)
    phone.finding("hazard")
    second = phone.sync()

    assert (first.complete, first.reason, first.resets) == (False, "reset", 3)
    assert (second.complete, second.resets) == (False, 0)
    assert sum("pull" in path for path in world.network.sent[before:]) == 1
    assert phone.store.count_unsent() == 0
    world.network.always.clear()
    world.pass_time(3_700_000)
    assert phone.sync().complete


def test_a_page_that_leads_nowhere_is_no_answer(world: World) -> None:
    cursor = bookmark(world.phone.store).cursor
    world.network.fail("pull", edited(lambda m: m.update(more=True, cursor=cursor)))

    report = world.phone.sync()

    assert (report.complete, report.reason) == (False, "cursor-stands-still")


def test_a_record_that_fails_alone_holds_nobody_back_while_it_is_tried(world: World) -> None:
    world.server.poison.add("finding")
    world.phone.finding("hazard")
    scan = world.phone.scan(TOKENS[0], occurrence=ROUND)

    report = world.phone.sync()

    assert not report.complete
    assert scan.hash in world.server.records


def test_a_server_that_fails_every_record_is_not_asked_for_each(world: World) -> None:
    world.server.poison |= {"finding", "scan", "shift.start"}
    for _ in range(20):
        world.phone.finding("hazard")
    before = len(world.network.sent)

    world.phone.sync()

    assert sum("push" in path for path in world.network.sent[before:]) < 10


def test_a_server_under_load_is_pushed_to_and_not_pulled_from(world: World) -> None:
    world.network.always["hello"] = edited(lambda m: m["advice"].update(pull=False))
    world.phone.finding("dirt")
    before = len(world.network.sent)

    report = world.phone.sync()

    assert (report.complete, report.reason) == (False, "later")
    assert world.phone.store.count_unsent() == 0
    assert not any("pull" in path for path in world.network.sent[before:])
