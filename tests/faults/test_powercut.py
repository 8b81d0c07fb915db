"""What was acknowledged is on the disk when the power goes; and the harness would see it if it were not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disks import why_no_mounts
from tests.faults.engines import ENGINES, Engine
from tests.faults.powercut import losses_of_one_cut, run
from tests.faults.serving import Zygote

pytestmark = pytest.mark.skipif(
    why_no_mounts() is not None, reason=f"no power can be cut here: {why_no_mounts()}"
)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_acknowledged_survives_power_cuts(starter: Zygote, folder: Path, engine: Engine) -> None:
    assert run(starter, folder, engine, cuts=2, seed=11, phones=2)


def test_without_an_fsync_per_commit_a_power_cut_takes_acknowledged_records(
    starter: Zygote, folder: Path
) -> None:
    # a cut just after SQLite moved its journal into the database finds everything there: cut again then
    for number in range(6):
        lost, acknowledged = losses_of_one_cut(
            starter,
            folder / str(number),
            "sqlite",
            broken=["synchronous-normal", "no-fsync-of-files"],
            load_s=0.7 + number * 0.3,
        )
        assert acknowledged
        if lost.records:
            return
    pytest.fail("six cuts took nothing")


def test_without_fsync_postgres_loses_acknowledged_records(starter: Zygote, folder: Path) -> None:
    lost, acknowledged = losses_of_one_cut(
        starter, folder, "postgres", broken=["unchecked", "no-fsync-of-files"], settings=["fsync=off"]
    )

    assert acknowledged
    assert lost.records


def test_a_photo_that_is_not_fsynced_is_lost_although_its_row_is_there(starter: Zygote, folder: Path) -> None:
    lost, acknowledged = losses_of_one_cut(starter, folder, "sqlite", broken=["no-fsync-of-files"])

    assert acknowledged
    assert not lost.records
    assert lost.photos
