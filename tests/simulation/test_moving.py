"""The Python phone and its sites: whole before they are shown, another one after a move."""

from __future__ import annotations

from sync.phone.phone import Phone
from sync.phone.pulling import bookmark
from sync.records import parse_body
from tests.simulation import network as faults
from tests.simulation.conftest import GUARD, World
from tests.simulation.network import Fault

NORTH = "6f1e5a3e-9999-4c1a-9d8e-0a0b0c0d0e09"
TEAM = "6f1e5a3e-bbbb-4c1a-9d8e-0000000000{:02}"


def page_is_lost(number: int) -> Fault:
    """Lose the answer of the n-th request, and no other."""
    count = 0

    def fault(send: faults.Send, method: str, path: str, headers: object, body: bytes) -> faults.Answer:
        nonlocal count
        count += 1
        if count == number:
            return faults.lost_answer(send, method, path, headers, body)  # type: ignore[arg-type]
        return send(method, path, headers, body)  # type: ignore[arg-type]

    return fault


def give_to_north(world: World) -> None:
    for number in range(7):
        entity = TEAM.format(number)
        world.server.publish("team", entity, 1, {"id": entity, "name": f"队 {number}"}, scope=NORTH)
    world.server.site = NORTH


def test_a_moved_phone_locks_and_shows_the_new_site_and_sends_what_it_has(world: World) -> None:
    phone = world.phone
    phone.finding("hazard")
    assert phone.rows("checkpoint")
    give_to_north(world)

    assert phone.sync().complete

    assert phone.person is None
    assert {row.scope for row in phone.store.all_rows().values()} == {NORTH}
    last = parse_body(phone.store.records()[-1].wire.body).envelope
    assert (last.type, last.p, last.actor) == ("shift.end", {"reason": "moved"}, GUARD)
    assert last.site != NORTH
    world.assert_everything_arrived(phone)


def test_wherever_the_snapshot_is_cut_half_a_site_is_never_shown(world: World) -> None:
    phone = world.phone
    give_to_north(world)
    for page in (1, 2):
        world.network.always["snapshot"] = page_is_lost(page)
        assert not phone.sync().complete
        assert phone.store.all_rows() == {}
        assert bookmark(phone.store).coming == NORTH
    world.network.always.clear()

    assert phone.sync().complete

    assert len(phone.rows("team")) == 7


def test_a_snapshot_goes_on_where_it_was_after_the_phone_was_killed(world: World) -> None:
    give_to_north(world)
    world.network.always["snapshot"] = page_is_lost(2)
    world.phone.sync()
    world.network.always.clear()
    resume = bookmark(world.phone.store).resume
    assert resume is not None
    before = len(world.network.sent)

    again: Phone = world.another_phone_on(world.phone.store, "restarted")
    assert again.sync().complete

    pages = sum("snapshot" in path for path in world.network.sent[before:])
    assert pages == 2  # of three: the first one came before the kill
    assert len(again.rows("team")) == 7


def test_a_snapshot_that_another_history_cuts_begins_anew_without_a_zombie(world: World) -> None:
    phone = world.phone
    give_to_north(world)
    world.network.always["snapshot"] = page_is_lost(2)
    phone.sync()
    world.network.always.clear()
    gone = TEAM.format(0)
    assert phone.store.all_rows() == {}
    world.server.epoch = "e2"
    world.server.feed = [row for row in world.server.feed if gone.encode() not in row]

    report = phone.sync()

    assert (report.complete, report.resets) == (True, 1)
    assert len(phone.rows("team")) == 6
    assert phone.store.entity("team", gone) is None
