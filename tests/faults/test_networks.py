"""The real phone engine, a bad network, a real server: nothing is lost or doubled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.engines import Engine
from tests.faults.proxy import Fault, mixed, only
from tests.faults.serving import Zygote
from tests.faults.station import Station, station

STEPS = ("sync/hello", "sync/push", "sync/pull", "/blobs/")
BUSY = ("", "0", "-5", "7", "999999999999", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "1e9", "3.5")

FAULTS = {
    "swallowed": Fault("blackhole"),
    "delayed": Fault("delay", 300),
    "reset in the middle of the request": Fault("reset_mid_request", 100),
    "reset after the request": Fault("reset_after_request"),
    "an answer cut in its head": Fault("cut", 40),
    "an answer cut in its body": Fault("cut", 700),
    "an answer cut and mended": Fault("cut_clean", 90),
    "delivered twice at once": Fault("twice"),
    "delivered after the next one": Fault("late"),
    "a log-in page": Fault("html200"),
    "a redirect": Fault("redirect"),
    "a gzip bomb": Fault("bomb"),
    "a bit of the request turned": Fault("flip_request", 1_234),
    "a bit of the answer turned": Fault("flip_answer", 777),
    "busy": Fault("status", 503, "7"),
    "broken": Fault("status", 502),
}


SERVER_SIDE = ("reset in the middle of the request", "reset after the request", "delivered twice at once")
"""Faults in which it matters which database the server has."""
ON_EITHER = [("sqlite", name) for name in FAULTS] + [("postgres", name) for name in SERVER_SIDE]


@pytest.fixture(scope="module")
def there(request: pytest.FixtureRequest, starter: Zygote) -> Iterator[Station]:
    """A station for the whole module, on each database in turn."""
    engine: Engine = request.param
    with TemporaryDirectory(prefix="rm-networks-", dir="/tmp") as made:
        Path(made).chmod(0o755)
        with station(starter, Path(made), engine) as lent:
            yield lent


ON_SQLITE = pytest.mark.parametrize("there", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def quiet_at_first(there: Station) -> None:
    there.proxy.quiet()


@pytest.mark.parametrize(("there", "name"), ON_EITHER, indirect=["there"])
def test_one_fault_at_any_step_costs_a_round_and_nothing_else(there: Station, name: str) -> None:
    fault = FAULTS[name]
    with there.phone() as phone:
        for number, step in enumerate(STEPS):
            phone.save(1, photos=1, seed=1_000 * number + list(FAULTS).index(name))
            there.proxy.choose = only(step, fault)
            phone.round()
            there.check(phone, done=False)
        there.proxy.quiet()
        phone.drain()
        there.check(phone, done=True)


@ON_SQLITE
def test_an_answer_to_a_push_cut_at_any_byte_settles_nothing(there: Station) -> None:
    dice = random.Random(7)
    with there.phone() as phone:
        phone.drain()
        for number in range(8):
            phone.save(1, seed=number)
            there.proxy.choose = only("sync/push", Fault("cut_clean", dice.randrange(1, 900)))
            phone.round()
            assert phone.counts()["unsent"] == number + 1
        there.proxy.quiet()
        phone.drain()
        there.check(phone, done=True)


@ON_SQLITE
def test_a_turned_bit_anywhere_in_an_answer_changes_nothing_on_the_phone(there: Station) -> None:
    dice = random.Random(8)
    with there.phone() as phone:
        phone.drain()
        before = phone.dump()
        for _ in range(8):
            step = dice.choice(("sync/hello", "sync/pull"))
            there.proxy.choose = only(step, Fault("flip_answer", dice.randrange(100_000)))
            assert phone.round()["full"] is False
        after = phone.dump()
        assert (after["rows"], after["cursor"], after["head"]) == (
            before["rows"],
            before["cursor"],
            before["head"],
        )


@ON_SQLITE
def test_whatever_stands_between_answers_and_asks_for_the_next_round_mends_it(there: Station) -> None:
    statuses = (503, 429, 500, 413, 400, 507, 504, 403, 404)
    with there.phone() as phone:
        for status, asked in zip(statuses, BUSY, strict=True):
            phone.save(1)
            there.proxy.choose = only("sync/push", Fault("status", status, asked))
            # a lone record that meets a passing fault may still go through within the round
            phone.round()
            there.check(phone, done=False)
            there.proxy.quiet()
        phone.drain()
        there.check(phone, done=True)


@ON_SQLITE
def test_on_a_slow_network_the_batches_shrink_until_they_get_through(there: Station) -> None:
    with there.phone(patience=0.03) as phone:
        phone.drain()
        phone.save(100)
        there.proxy.choose = lambda request: Fault("slow", 12_000) if "push" in request.path else None
        phone.drain(within_s=60)
        pushes = sum("push" in path and kind == "slow" for path, kind in there.proxy.seen)
        assert pushes > 3
        there.check(phone, done=True)


@ON_SQLITE
def test_a_phone_behind_a_wifi_log_in_knows_it(there: Station) -> None:
    with there.phone() as phone:
        phone.save(1)
        there.proxy.choose = lambda _request: Fault("html200")
        assert phone.round()["why"]["kind"] == "portal"
        there.proxy.choose = lambda _request: Fault("redirect")
        assert phone.round()["why"]["kind"] == "portal"
        there.proxy.quiet()
        phone.drain()
        there.check(phone, done=True)


@pytest.mark.parametrize(("there", "seed"), [("sqlite", 1), ("postgres", 2)], indirect=["there"])
def test_after_any_mix_of_faults_everything_is_there_once(there: Station, seed: int) -> None:
    walk(there, seed, rounds=8)


def walk(there: Station, seed: int | str, *, rounds: int) -> None:
    """Let two phones walk through bad networks; then let it be quiet and compare everything."""
    dice = random.Random(f"walk {seed}")
    with there.phone() as one, there.phone() as other:
        choose = mixed(f"mix {seed}", 0.35, list(FAULTS.values()))
        for number in range(rounds):
            phone = dice.choice((one, other))
            phone.save(
                dice.randrange(1, 6),
                photos=dice.randrange(2),
                size=dice.choice((900, 20_000)),
                seed=dice.randrange(1_000_000),
            )
            there.proxy.choose = choose
            phone.round()
            there.proxy.quiet()
            if number % 4 == 3:
                there.check(one, other, done=False)
        for phone in (one, other):
            phone.drain()
        there.check(one, other, done=True)
        assert isinstance(there.equation(), str)
