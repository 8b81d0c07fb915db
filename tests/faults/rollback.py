"""Puts an old backup in the place of the data, and lets the phones heal the server.

    python -m tests.faults.rollback --records 1000 [--seed 1] [--engine sqlite]

Everybody sends so many records, the data are copied, everybody sends as many again, the old copy is
put back, and everybody goes on. Nobody says that a backup was restored; `--announced` says so, as
`roundsman restore` does. In the end everything is there once, photos too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.engines import ENGINES, Engine, Failed, World, world
from tests.faults.serving import Zygote, zygote
from tests.faults.truth import losses

PHONES = 4
PATIENCE_S = 300


def stop(made: World) -> None:
    """Stop everything in order, so that the files may be copied."""
    made.field.gate.close()
    made.server.stop()
    made.field.wait_until_all_wait()
    if made.database:
        made.database.stop()


def go_on(made: World) -> None:
    """Start everything again."""
    if made.database:
        made.database.start()
    made.server.start()
    made.field.gate.open()


def send(made: World, records: int) -> None:
    """Let everybody work until so many records more are acknowledged."""
    aim = len(made.field.journal.records) + records
    deadline = time.monotonic() + PATIENCE_S
    while len(made.field.journal.records) < aim:
        assert time.monotonic() < deadline, f"only {len(made.field.journal.records)} of {aim} came"
        time.sleep(0.1)


def run(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    records: int,
    seed: int,
    phones: int = PHONES,
    rollbacks: int = 1,
) -> str:
    """Roll back; return the conservation equation.

    :raises Failed: something is lost or doubled
    """
    text = ""
    with world(starter, folder / "data", engine, phones=phones, seed=seed) as made:
        made.begin()
        for _ in range(rollbacks):
            send(made, records)
            stop(made)
            shutil.rmtree(folder / "backup", ignore_errors=True)
            _copy(folder / "data", folder / "backup")
            go_on(made)
            send(made, records)
            stop(made)
            shutil.rmtree(folder / "data")
            _copy(folder / "backup", folder / "data")
            if made.database:
                made.database.start()
            lost = losses(made.field.journal, made.held())
            if not lost.records or not lost.photos:
                raise Failed("the old backup has everything: nothing was rolled back")
            # what the office made since then is gone with the server: nobody else has it
            made.field.office.journal.places -= lost.places
            text = f"rolled back: {lost}; "
            made.server.start()
            made.field.gate.open()
        return text + made.finish()


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with owners and modes: PostgreSQL insists on both."""
    import subprocess

    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def main() -> None:
    """Roll back and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--records", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--engine", choices=ENGINES, action="append")
    told = asked.parse_args()
    engines: Sequence[Engine] = told.engine or ENGINES
    print(f"rollback: seed {told.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rm-back-", dir="/tmp") as root, zygote() as starter:
        Path(root).chmod(0o755)
        for engine in engines:
            folder = Path(root) / engine
            folder.mkdir()
            try:
                text = run(starter, folder, engine, records=told.records, seed=told.seed)
            except Failed as failed:
                sys.exit(f"rollback, {engine}, seed {told.seed}: FAILED: {failed}")
            print(
                f"rollback, {engine}, {told.records} + {told.records} records, seed {told.seed}: {text}",
                flush=True,
            )


if __name__ == "__main__":
    main()
