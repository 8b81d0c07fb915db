"""A server that was put back to an old backup is healed by its phones, although nobody said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.engines import ENGINES, Engine
from tests.faults.rollback import run
from tests.faults.serving import Zygote


@pytest.mark.parametrize("engine", ENGINES)
def test_phones_send_again_what_an_old_backup_lacks(starter: Zygote, folder: Path, engine: Engine) -> None:
    assert run(starter, folder, engine, records=40, seed=9, phones=2)


@pytest.mark.parametrize("engine", ENGINES)
def test_phones_send_again_what_was_not_in_the_backup_that_was_restored(
    starter: Zygote, folder: Path, engine: Engine
) -> None:
    assert run(starter, folder, engine, records=40, seed=10, phones=2, announced=True)
