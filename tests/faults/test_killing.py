"""Whenever the server is killed, what it acknowledged is there, and everything arrives once."""

from __future__ import annotations

import contextlib
import re
import signal
import time
from pathlib import Path

import pytest

from server import faults
from sync.phone.api import NoAnswer
from tests.faults import processes
from tests.faults.engines import ENGINES, Engine, Failed, world
from tests.faults.field import confirm_all
from tests.faults.killing import UNDER_LOAD, WITHOUT_LOAD, kill_at, run
from tests.faults.serving import Zygote


@pytest.mark.parametrize("engine", ENGINES)
def test_killed_at_every_point_and_at_random_it_loses_nothing(
    starter: Zygote, folder: Path, engine: Engine
) -> None:
    with world(starter, folder / "data", engine, phones=2, seed=3) as made:
        made.begin()
        made.field.gate.close()
        made.server.kill()
        made.field.gate.open()
        for point in UNDER_LOAD:
            assert kill_at(made, point, 1), f"nobody passes {point}"
            made.field.gate.close()
            made.server.kill()
            made.field.wait_until_all_wait()
            made.check_acknowledged(point)
            made.field.gate.open()
        made.server.start()
        made.finish()


@pytest.mark.parametrize("engine", ENGINES)
def test_killed_at_random_moments_with_its_database_it_loses_nothing(
    starter: Zygote, folder: Path, engine: Engine
) -> None:
    text, ways = run(starter, folder / "data", engine, kills=3, seed=4, phones=2, points=[])

    assert sum(ways.values()) == 3
    assert text


@pytest.mark.parametrize("point", WITHOUT_LOAD)
def test_a_phone_whose_joining_was_cut_off_joins_with_the_same_code(
    starter: Zygote, folder: Path, point: str
) -> None:
    with world(starter, folder / "data", "sqlite", phones=1, seed=5) as made:
        made.server.start(fault=point)
        [walker] = made.field.walkers
        phone = walker.make_phone()
        with contextlib.suppress(NoAnswer):
            phone.enrol(made.field.founded.codes[0])
        made.server.kill()

        made.server.start()
        phone.enrol(made.field.founded.codes[0])
        confirm_all(made.server.database_url)

        assert phone.confirm() == "active"
        assert phone.sync().complete
        walker.wire.close()


def test_a_worker_that_was_killed_is_replaced_without_a_human_hand(starter: Zygote, folder: Path) -> None:
    with world(starter, folder / "data", "sqlite", phones=1, seed=6) as made:
        made.server.start()
        time.sleep(6)  # a worker that dies sooner is a fault of the server itself, and ends it
        before = made.server.workers
        processes.send(before, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while set(made.server.workers) <= set(before):
            assert time.monotonic() < deadline, "nobody took the place of the worker"
            time.sleep(0.05)

        made.server.wait()


def test_a_server_that_forgets_what_it_acknowledged_is_found_out(starter: Zygote, folder: Path) -> None:
    told = []
    for seed in range(6, 12):  # whether a forgotten commit lies just before a kill is a matter of luck
        data = folder / f"data{seed}"
        try:
            run(starter, data, "sqlite", kills=3, seed=seed, phones=2, broken=["forgetful"], points=[])
        except Failed as failed:
            told.append(str(failed))
        if any(re.search(r"lost: [1-9]", text) for text in told):
            return
    pytest.fail(f"six runs, and nobody noticed: {told}")


def test_a_fault_that_nobody_knows_ends_the_start() -> None:
    for text in ("push.nowhere", "push.after_store:0", "push.after_store:x"):
        with pytest.raises(faults.UnknownFault):
            faults.arm(text)
    faults.arm(None)
    for point in faults.POINTS:
        faults.at(point)
