"""Under load the server sheds pull before push."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from server.config import ConfigError, Settings
from server.ledger.valve import AFTER_S, Shed, Valve
from tests.api.field import Garden, data, slug


@contextmanager
def full(garden: Garden) -> Iterator[Valve]:
    """Let as many phones pull as may do so at once."""
    valve: Valve = garden.app.extensions["roundsman.valve"]
    with ExitStack() as pulling:
        while not valve.is_full:
            pulling.enter_context(valve.room())
        yield valve


def test_a_pull_too_many_is_turned_away_and_a_push_never_is(garden: Garden) -> None:
    phone = garden.handset()
    whole: dict[str, Any] = {"scope": str(garden.site), "cursor": None, "scopes": [], "resume": None}
    snapshot = {**whole, "limit": 10}
    with full(garden):
        for answer in (
            phone.post("pull", {"cursor": None, "scopes": [], "limit": 10}),
            phone.post("snapshot", snapshot),
        ):
            assert (answer.status_code, slug(answer)) == (503, "later")
            soonest, latest = AFTER_S
            assert soonest <= int(answer.headers["Retry-After"]) <= latest
        assert phone.outcomes(phone.record()) == [("applied", None)]
        told = data(phone.hello())
        assert told["advice"]["pull"] is False
    assert data(phone.hello())["advice"]["pull"] is True
    assert phone.post("snapshot", snapshot).status_code == 200


def test_who_is_turned_away_costs_the_database_nothing(garden: Garden) -> None:
    from sqlalchemy import event

    phone = garden.handset()
    phone.nonce()
    asked: list[str] = []
    engine = garden.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, words, *_: asked.append(words))
    with full(garden):
        assert phone.post("pull", {"cursor": None, "limit": 10}).status_code == 503
    assert asked == []


def test_a_place_is_given_back_however_a_pull_ends(garden: Garden) -> None:
    phone = garden.handset()
    for _ in range(20):
        assert phone.post("pull", {"cursor": "nonsense", "limit": 10}).status_code == 409
        assert phone.post("pull", {"cursor": None, "limit": 0}).status_code == 400
    assert phone.post("pull", {"cursor": None, "limit": 10}).status_code == 200


def test_no_more_than_the_places_are_ever_inside_and_nobody_waits() -> None:
    valve, inside, most, shed = Valve(3), 0, 0, 0
    lock, begin = threading.Lock(), threading.Barrier(12)

    def pull() -> None:
        nonlocal inside, most, shed
        begin.wait()
        for _ in range(50):
            try:
                with valve.room():
                    with lock:
                        inside += 1
                        most = max(most, inside)
                    threading.Event().wait(0.0005)
                    with lock:
                        inside -= 1
            except Shed:
                with lock:
                    shed += 1

    phones = [threading.Thread(target=pull) for _ in range(12)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert most <= 3
    assert shed > 0
    assert not valve.is_full


def test_phones_that_are_turned_away_come_back_at_different_times() -> None:
    soonest, latest = AFTER_S
    waits = []
    for share in (0.0, 0.5, 0.999_999):
        valve = Valve(0, chance=lambda share=share: share)  # type: ignore[misc]
        with pytest.raises(Shed) as refusal, valve.room():
            pass
        waits.append(int(refusal.value.headers["Retry-After"]))
    assert waits[0] == soonest
    assert waits[-1] == latest
    assert waits == sorted(set(waits))


@pytest.mark.parametrize("name", ["ROUNDSMAN_FEED_DAYS", "ROUNDSMAN_PULLS_AT_ONCE"])
@pytest.mark.parametrize("text", ["0", "-1", "x", "", "1e3", "100000"])
def test_a_count_that_cannot_be_meant_is_refused_at_the_start(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Settings.from_env({name: text})
    assert Settings.from_env({name: "7"})
