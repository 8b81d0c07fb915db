"""A phone that was restarted goes on; one that was restored or cloned opens a new log."""

from __future__ import annotations

from pathlib import Path

from sync.chain import Link, bad_signatures, first_break
from sync.phone.store import Store
from sync.records import parse_body, verify_record
from tests.simulation import network as faults
from tests.simulation.conftest import GUARD, ROUND, TOKENS, World


def test_a_phone_that_was_killed_goes_on_where_it_was(world: World, tmp_path: Path) -> None:
    file = str(tmp_path / "phone.sqlite3")
    store = world.phone.store.copy(file)
    phone = world.another_phone_on(store, "first life")
    phone.scan(TOKENS[0], occurrence=ROUND)
    head = store.heads()[-1]
    store.close()

    again = world.another_phone_on(Store(file), "second life")

    assert again.store.heads()[-1] == head
    assert again.person == GUARD
    assert again.sync().complete
    world.assert_everything_arrived(again)
    assert again.saver.boot != phone.saver.boot


def test_a_chain_holds_from_its_first_record(world: World) -> None:
    phone = world.phone
    for token in TOKENS:
        phone.scan(token, occurrence=ROUND)
    key = parse_body(phone.store.records()[0].wire.body).envelope.p["public_key"]

    links = [
        Link(r.seq, parse_body(r.wire.body).envelope.prev, r.hash, r.wire.body, r.wire.sig)
        for r in phone.store.records()
    ]

    assert first_break(links) is None
    assert bad_signatures(links, str(key)) == set()
    assert all(verify_record(str(key), link.body, link.sig) for link in links)


def test_a_phone_restored_from_a_backup_opens_a_new_log_and_sends_what_the_server_lacks(world: World) -> None:
    backup = world.phone.store.copy()
    world.phone.scan(TOKENS[0], occurrence=ROUND)
    world.phone.sync()
    old = world.phone.log
    arrived = dict(world.server.records)

    restored = world.another_phone_on(backup, "restored")
    restored.scan(TOKENS[1], occurrence=ROUND)
    first = restored.sync()
    second = restored.sync()

    assert first.rotated
    assert first.complete
    assert [sent for sent in world.network.sent if sent.endswith("have")], "all kept records are compared"
    assert second.complete
    assert restored.log != old
    world.assert_everything_arrived(restored)
    assert arrived.items() <= world.server.records.items()
    opening = parse_body(restored.store.records(restored.log)[0].wire.body).envelope.p
    assert (opening["previous_log"], opening["reason"]) == (old, "restored")
    forked = [r for r in restored.store.records(old) if r.outcome == "forked"]
    assert [r.type for r in forked] == ["scan"]
    assert {r.outcome for r in restored.store.records(old)} == {"applied", "duplicate", "forked"}


def test_of_two_clones_each_ends_with_a_log_of_its_own(world: World) -> None:
    clone = world.another_phone_on(world.phone.store.copy(), "clone")
    world.phone.scan(TOKENS[0], occurrence=ROUND)
    clone.scan(TOKENS[1], occurrence=ROUND)
    clone.scan(TOKENS[2], occurrence=ROUND)

    for _ in range(3):
        world.phone.sync()
        clone.sync()

    assert world.phone.log != clone.log
    for phone in (world.phone, clone):
        phone.scan(TOKENS[0], occurrence=ROUND)
        assert phone.sync().complete
        world.assert_everything_arrived(phone)
        assert phone.store.records(phone.log)[-1].outcome == "applied"


def test_a_rotation_whose_first_push_is_lost_is_made_up_for(world: World) -> None:
    backup = world.phone.store.copy()
    world.phone.scan(TOKENS[0], occurrence=ROUND)
    world.phone.sync()
    restored = world.another_phone_on(backup, "restored")
    restored.scan(TOKENS[1], occurrence=ROUND)
    world.network.fail("push", faults.lost_request, times=1)

    assert not restored.sync().complete
    for _ in range(3):
        report = restored.sync()

    assert report.complete
    assert len(restored.store.heads()) == 2
    world.assert_everything_arrived(restored)


def test_an_anchor_of_the_old_log_is_not_named_in_the_new_one(world: World) -> None:
    backup = world.phone.store.copy()
    world.phone.scan(TOKENS[0], occurrence=ROUND)
    world.phone.sync()

    restored = world.another_phone_on(backup, "restored")
    restored.sync()

    opening = parse_body(restored.store.records(restored.log)[0].wire.body)
    assert opening.envelope.t.anchor is None
