"""Each of these stories breaks one wrong idea of how a sync could work. They run in a second each.

Random search finds some of them every time and some never, so each stands here by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from server.ledger.models import Blob, Record, Verdict
from server.rounds.models import Visit
from sync.phone.store import Store
from tests import engines
from tests.simulation import machine, truths
from tests.simulation.installation import Installation
from tests.simulation.play import Play
from tests.simulation.reference import PIN

DAY = 24 * 3_600_000


@pytest.fixture(scope="module", params=engines.for_a_module())
def installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    cluster = None if request.param == "sqlite" else request.getfixturevalue("postgres")
    with machine.furnishing(cluster) as server:
        yield server


@pytest.fixture
def play(installation: Installation) -> Play:
    installation.begin_anew()
    return Play(installation)


def outcome_of(play: Play, record: str) -> tuple[str, str | None, list[str]]:
    """Return outcome, code and marks of a record."""
    with play.server.session() as session:
        row = session.execute(
            select(Verdict.outcome, Verdict.code, Verdict.marks).where(Verdict.hash == record)
        ).one()
        return row.outcome, row.code, row.marks


def on_server(play: Play, record: str) -> bool:
    """Tell whether the server has a record."""
    with play.server.session() as session:
        return record in truths.bodies(session)


def last(play: Play, who: int) -> str:
    """Return the hash of a phone's newest record."""
    return play.pocket(who).store.records()[-1].hash


def forked_and_set_back(play: Play, *, announced: bool) -> str:
    """Let a clone's record fork, and set the server back to before it; return its hash.

    The clone has a new log by then. Of that one the numbers agree again at once; the forked record
    stands in the old log, beside another one under the same number.
    """
    assert play.sync(0).complete
    play.clone(0)
    play.finding(0, 0)
    assert play.sync(0).complete
    play.back_up_server()
    play.finding(2, 0)
    fork = last(play, 2)
    assert play.sync(2).complete
    assert outcome_of(play, fork)[0] == "forked"
    play.set_server_back(0, announced=announced)
    assert not on_server(play, fork)
    return fork


def test_numbers_alone_do_not_show_that_a_forked_record_is_gone(play: Play) -> None:
    fork = forked_and_set_back(play, announced=True)

    assert play.sync(2).complete

    assert on_server(play, fork)
    play.end()


def test_nobody_has_to_say_that_the_server_was_set_back(play: Play) -> None:
    fork = forked_and_set_back(play, announced=False)

    assert play.sync(2).complete

    assert on_server(play, fork)
    play.end()


def test_once_a_day_what_no_number_shows_is_found_missing(play: Play) -> None:
    """The server is set back to a copy that knows the clone's new log but lost the fork alone."""
    assert play.sync(0).complete
    play.clone(0)
    play.finding(0, 0)
    assert play.sync(0).complete
    play.finding(2, 0)
    fork = last(play, 2)
    assert play.sync(2).complete
    pocket = play.pocket(2)
    pocket.store.mark_stored("0" * 64, outcome="forked", code=None, marks=(), at_ms=0)
    before = len(pocket.network.sent)
    play.pass_time(DAY // 2)
    assert play.sync(2).complete
    assert not any(sent.endswith("have") for sent in pocket.network.sent[before:])
    play.pass_time(DAY)
    assert play.sync(2).complete
    assert any(sent.endswith("have") for sent in pocket.network.sent[before:])
    assert on_server(play, fork)


def test_a_position_without_its_chain_takes_another_history_for_its_own(play: Play) -> None:
    play.back_up_server()
    play.relocate(0)
    assert play.sync(0).complete
    play.set_server_back(0, announced=False)
    play.relocate(1)

    report = play.sync(0)

    assert report.resets == 1
    with play.server.session() as session:
        truths.assert_rows(session, play.server, play.pocket(0))


def test_a_row_of_a_history_that_is_no_more_is_swept(play: Play) -> None:
    """Higher versions of a lost history must not outlive it."""
    play.back_up_server()
    for _ in range(3):
        play.new_edition()
    assert play.sync(0).complete
    play.set_server_back(0, announced=False)
    play.new_edition()

    assert play.sync(0).complete

    with play.server.session() as session:
        truths.assert_rows(session, play.server, play.pocket(0))


def test_a_restored_phone_must_not_use_its_numbers_again(play: Play) -> None:
    play.back_up_phone(0)
    old = play.pocket(0).phone.log
    play.finding(0, 0)
    first = last(play, 0)
    assert play.sync(0).complete
    play.set_phone_back(0, 0)
    play.finding(0, 0)
    second = last(play, 0)

    report = play.sync(0)

    assert report.rotated
    assert play.pocket(0).phone.log != old
    assert outcome_of(play, first)[0] == "applied"
    assert outcome_of(play, second) == ("forked", None, ["fork"])
    play.end()


def test_of_two_clones_both_stories_are_kept(play: Play) -> None:
    assert play.sync(0).complete
    play.clone(0)
    for who in (0, 2):
        play.finding(who, 1)
    hashes = [last(play, who) for who in (0, 2)]
    for who in (0, 2, 0, 2):
        play.sync(who)

    assert sorted(outcome_of(play, found)[0] for found in hashes) == ["applied", "forked"]
    assert play.pocket(0).phone.log != play.pocket(2).phone.log
    play.end()


@pytest.mark.parametrize("fault", ["lost_ack", "dup", "truncated"])
def test_the_same_batch_twice_has_one_effect(play: Play, fault: str) -> None:
    play.scan(0, 0, fill=False)
    play.sync(0, [("push", fault)])
    assert play.sync(0).complete

    with play.server.session() as session:
        assert len(session.scalars(select(Visit.id)).all()) == 1
    play.end()


@pytest.mark.parametrize("fault", ["html200", "liar", "lost_req", "cut"])
def test_a_status_alone_marks_nothing_as_stored(play: Play, fault: str) -> None:
    play.finding(0, 1)
    play.sync(0, [("push", fault)])

    assert play.pocket(0).store.count_unsent() > 0
    play.end()


def test_a_server_set_back_gets_the_photos_again(play: Play) -> None:
    play.back_up_server()
    play.finding(0, 2)
    assert play.sync(0).complete
    play.set_server_back(0, announced=False)

    assert play.sync(0).complete

    with play.server.session() as session:
        assert len(session.scalars(select(Blob.sha256)).all()) == 2
        assert truths.pending_photos(session) == set()
    play.end()


def test_a_record_that_vanished_from_the_middle_leaves_a_gap_that_is_shown_and_passed(play: Play) -> None:
    assert play.sync(0).complete
    for _ in range(3):
        play.finding(0, 0)
    store = play.pocket(0).store
    first, middle, final = store.records()[-3:]
    with play.destroying():
        store._db.execute("DELETE FROM record WHERE hash = ?", (middle.hash,))
    play.sync(0)
    assert outcome_of(play, final.hash)[0] == "held"

    play.pass_time(73 * 3_600_000)

    assert outcome_of(play, first.hash)[0] == "applied"
    outcome, _, marks = outcome_of(play, final.hash)
    assert (outcome, "seq_gap" in marks) == ("applied", True)
    with play.server.session() as session:
        numbers = session.scalars(
            select(Verdict.seq).where(Verdict.log == first.log, Verdict.trunk).order_by(Verdict.seq)
        ).all()
    assert middle.seq not in numbers
    play.end()


def test_a_gap_that_comes_after_all_is_taken_with_the_mark(play: Play) -> None:
    """The middle of the log was on a copy of the phone, which comes back after 72 hours."""
    assert play.sync(0).complete
    for _ in range(3):
        play.finding(0, 0)
    play.clone(0)
    store = play.pocket(0).store
    middle, final = store.records()[-2:]
    store._db.execute("DELETE FROM record WHERE hash = ?", (middle.hash,))
    play.sync(0)
    play.pass_time(73 * 3_600_000)
    assert outcome_of(play, final.hash)[0] == "applied"

    play.sync(2)

    outcome, _, marks = outcome_of(play, middle.hash)
    assert (outcome, "seq_gap" in marks) == ("applied", True)
    play.end()


def test_a_wiped_phone_is_seen_as_a_log_that_stopped_and_a_new_phone(play: Play) -> None:
    assert play.sync(0).complete
    play.finding(0, 0)
    unsent = last(play, 0)
    play.wipe(0)

    assert unsent in play.destroyed
    equation = play.end()
    assert equation["destroyed"] == 1


def test_what_a_wiped_phone_had_sent_is_not_lost(play: Play) -> None:
    play.finding(0, 1)
    assert play.sync(0).complete
    play.wipe(0)

    assert play.end()["destroyed"] == 0


def test_a_revoked_phone_hands_over_what_it_has_and_it_is_quarantined(play: Play) -> None:
    play.finding(0, 1)
    record = last(play, 0)
    play.revoke(0)

    report = play.sync(0)

    assert report.reason == "device-revoked"
    assert outcome_of(play, record)[:2] == ("quarantined", "scope_denied")
    with play.server.session() as session:
        assert truths.pending_photos(session) == set()
    play.end()


def test_a_guard_who_has_left_is_believed_for_the_time_before(play: Play) -> None:
    play.scan(0, 1, fill=False)
    play.leave("wang", left=True)

    assert play.sync(0).complete

    assert outcome_of(play, last(play, 0))[0] == "applied"
    play.end()


def test_a_tag_that_was_replaced_while_the_guard_was_offline_is_marked_and_not_refused(play: Play) -> None:
    pocket = play.pocket(0)
    token = play.server.tokens()[play.server.furnished.places[1]]
    assert play.sync(0).complete
    play.pass_time(3_600_000)
    play.relocate(1)
    play.pass_time(3_600_000)
    scan = pocket.scan(token, None)
    assert scan is not None
    play.captured.update(pocket.held())
    assert play.sync(0).complete

    outcome, _, marks = outcome_of(play, scan.hash)
    assert outcome == "applied"
    assert {"retired_tag", "stale_tag"} & set(marks)
    play.end()


def test_a_phone_whose_key_is_gone_loses_nothing_and_waits_for_a_supervisor(play: Play) -> None:
    play.finding(0, 1)
    before = last(play, 0)
    play.lose_key(0)
    play.finding(0, 0)
    after = last(play, 0)
    play.sync(0)

    assert outcome_of(play, before)[0] == "applied"
    assert outcome_of(play, after)[:2] == ("quarantined", "unknown_log")

    play.pocket(0).join()

    assert outcome_of(play, after)[0] == "applied"
    play.end()


def test_a_phone_whose_key_is_gone_signs_in_whom_it_knows_and_asks_for_the_network_for_others(
    play: Play,
) -> None:
    assert play.sync(0).complete
    play.lose_key(0)
    phone = play.pocket(0).phone
    people = play.server.furnished.people

    assert phone.sign_in(str(people["liu"]), PIN).needs_network
    play.shift(0, "wang")

    assert phone.person == str(people["wang"])
    play.end()


def test_a_server_set_back_to_before_the_phone_joined_takes_everything_once_it_joins_again(
    play: Play,
) -> None:
    assert play.sync(0).complete
    play.back_up_server()
    play.wipe(0)
    play.finding(0, 1)
    assert play.sync(0).complete
    play.set_server_back(0, announced=True)
    assert play.sync(0).reason == "unknown-log"

    assert play.end()["destroyed"] == 0


def test_order_is_the_number_and_neither_the_clock_nor_the_id(play: Play) -> None:
    """The clock runs backwards from record to record, and with it the ids, which come from it."""
    for hours in (3, 2, 1, 0):
        play.set_clock(0, hours * 3_600_000, "Asia/Shanghai")
        play.finding(0, 0)
    assert play.sync(0).complete

    with play.server.session() as session:
        rows = session.execute(
            select(Verdict.seq, Verdict.outcome, Record.body)
            .join(Record, Record.hash == Verdict.hash)
            .where(Record.type == "finding")
            .order_by(Verdict.ledger_pos)
        ).all()
    ids = [row.body.split(b'"id":"')[1][:36] for row in rows]
    assert ids == sorted(ids, reverse=True)
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)
    assert {row.outcome for row in rows} == {"applied"}
    play.end()


def test_one_phone_with_two_stores_is_two_phones(play: Play) -> None:
    """A browser that was cleared begins a new log; the old one simply stops."""
    old = play.pocket(0).phone.log
    assert play.sync(0).complete
    play.wipe(0)

    assert play.pocket(0).phone.log != old
    assert isinstance(play.pocket(0).store, Store)
    play.end()
