"""Records that take another way than their own phone's, and a damaged one's photo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation import carrying, machine, truths
from tests.simulation.installation import Installation
from tests.simulation.play import Play


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with machine.furnishing(None) as server:
        yield server


@pytest.fixture
def play(installation: Installation) -> Play:
    installation.begin_anew()
    return Play(installation)


def on_server(play: Play) -> set[str]:
    with play.server.session() as session:
        return set(truths.bodies(session))


def test_what_only_a_file_holds_is_not_lost(play: Play) -> None:
    play.finding(0, 1)
    kept = play.pocket(0).held().keys() - on_server(play)
    play.export(0, carrying.SIXTHS)
    play.wipe(0)
    play.assert_nothing_vanished()
    assert kept
    assert not kept & on_server(play)

    assert not play.end()["destroyed"]
    assert kept <= on_server(play)


def test_a_cut_file_saves_what_stands_before_the_cut(play: Play) -> None:
    for _ in range(6):
        play.finding(0, 0)
    kept = play.pocket(0).held().keys()
    play.export(0, 3)
    play.wipe(0)

    found = play.end()

    assert 0 < found["destroyed"] < len(kept)


def test_a_colleague_carries_and_the_phone_itself_sends_the_same(play: Play) -> None:
    play.finding(0, 0)
    mine = play.pocket(0).held().keys() - on_server(play)
    play.sync(1)
    play.carry(0, 1)
    assert mine
    assert mine <= on_server(play)

    assert play.sync(0).complete
    assert not play.end()["destroyed"]


def test_the_photo_of_a_damaged_record_stays_with_it_and_the_phone_comes_to_rest(play: Play) -> None:
    play.finding(0, 1)
    newest = len([record for record in play.pocket(0).store.records() if record.seq > 1]) - 1
    play.damage(0, newest)

    assert play.end()["destroyed"] == 1

    store = play.pocket(0).store
    assert len(store.aside()) == 1
    assert len(store.uploads(state="waiting")) == 1
