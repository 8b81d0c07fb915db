"""Takes the database away under load, over and over: PostgreSQL stopped, killed or frozen, SQLite locked.

    python -m tests.faults.pg_restarts --restarts 40 [--seed 1] [--locked 30]

The server keeps running. While its database is away it answers 503 with `Retry-After` and nothing
else that is no answer; afterwards every phone drains without a human hand.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.faults import processes
from tests.faults.engines import Failed, World, world
from tests.faults.serving import Zygote, zygote

WAYS = ("stopped", "ended at once", "killed", "frozen", "backends killed")


def take_away(made: World, way: str, away_s: float) -> None:
    """Take PostgreSQL away for a while."""
    database = made.database
    assert database is not None
    if way == "frozen":
        pids = database.pids
        processes.send(pids, signal.SIGSTOP)
        time.sleep(away_s)
        processes.send(pids, signal.SIGCONT)
    elif way == "backends killed":  # PostgreSQL then restarts itself
        processes.send(database.backends(), signal.SIGKILL)
        time.sleep(away_s)
        database.wait()
    else:
        database.stop(
            {"stopped": signal.SIGINT, "ended at once": signal.SIGQUIT, "killed": signal.SIGKILL}[way]
        )
        time.sleep(away_s)
        database.start()


def restarts(
    starter: Zygote, folder: Path, *, count: int, seed: int, phones: int = 4, say: bool = False
) -> str:
    """Take PostgreSQL away so many times; return the conservation equation and what was answered.

    :raises Failed: something was lost, or another answer was given than 503 with `Retry-After`
    """
    dice = random.Random(seed)
    with world(starter, folder, "postgres", phones=phones, seed=seed) as made:
        made.begin()
        for number in range(count):
            take_away(made, WAYS[number % len(WAYS)], dice.uniform(0.2, 1.5))
            time.sleep(dice.uniform(0.3, 1.5))
            if say and (number + 1) % 10 == 0:
                print(f"  postgres: {number + 1} restarts", flush=True)
        return _end(made)


def locked(starter: Zygote, folder: Path, *, for_s: float, seed: int, phones: int = 4) -> str:
    """Lock SQLite against writers for a while; return the conservation equation and what was answered.

    :raises Failed: something was lost, or another answer was given than 503 with `Retry-After`
    """
    with world(starter, folder, "sqlite", phones=phones, seed=seed) as made:
        made.begin()
        time.sleep(0.5)
        with closing(
            sqlite3.connect(made.data_dir / "roundsman.db", isolation_level=None, timeout=30)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(for_s)
            other.execute("ROLLBACK")
        return _end(made)


def _end(made: World) -> str:
    text = made.finish()
    statuses = made.field.journal.statuses
    if not statuses["503 busy"]:
        raise Failed(f"the database was never away: {statuses}")
    return f"{text}; answers {dict(sorted(statuses.items()))}"


def main() -> None:
    """Take away and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--restarts", type=int, default=40)
    asked.add_argument("--locked", type=float, default=30, help="how long SQLite is locked, seconds")
    asked.add_argument("--seed", type=int, default=int(time.time()))
    told = asked.parse_args()
    print(f"pg-restarts: seed {told.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rm-away-", dir="/tmp") as root, zygote() as starter:
        Path(root).chmod(0o755)
        try:
            text = restarts(starter, Path(root) / "pg", count=told.restarts, seed=told.seed, say=True)
            print(f"pg-restarts, postgres, {told.restarts} restarts, seed {told.seed}: {text}", flush=True)
            text = locked(starter, Path(root) / "sqlite", for_s=told.locked, seed=told.seed)
            print(f"pg-restarts, sqlite locked for {told.locked:.0f} s, seed {told.seed}: {text}", flush=True)
        except Failed as failed:
            sys.exit(f"pg-restarts, seed {told.seed}: FAILED: {failed}")


if __name__ == "__main__":
    main()
