"""A database that goes away costs a 503 with `Retry-After`, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.faults.pg_restarts import WAYS, locked, restarts
from tests.faults.serving import Zygote


def test_when_postgres_comes_back_every_phone_drains_unattended(starter: Zygote, folder: Path) -> None:
    assert "503 busy" in restarts(starter, folder / "pg", count=len(WAYS), seed=7, phones=2)


def test_a_sqlite_that_is_locked_for_long_makes_phones_come_again(starter: Zygote, folder: Path) -> None:
    assert "503 busy" in locked(starter, folder / "sqlite", for_s=12, seed=8, phones=2)
