"""Puts an old backup in the place of the data, and lets the phones heal the server.

    python -m tests.faults.rollback --records 1000 [--seed 1] [--engine sqlite]

Everybody sends so many records, the data are copied, everybody sends as many again, the old copy is
put back, and everybody goes on: once with nobody saying that a backup was restored, once by
`roundsman backup` under load and `roundsman restore`. In the end everything is there once, photos too.
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
    announced: bool = False,
) -> str:
    """Roll back; return the conservation equation.

    :raises Failed: something is lost or doubled
    """
    backup = folder / "backup"
    with world(starter, folder / "data", engine, phones=phones, seed=seed) as made:
        made.begin()
        send(made, records)
        if announced:
            made.server.command("backup", str(backup))  # while everybody goes on sending
        else:
            stop(made)
            _copy(folder / "data", backup)
            go_on(made)
        send(made, records)
        stop(made)
        if announced:
            if made.database:
                made.database.start()
            shutil.rmtree(made.data_dir / "photos")
            made.server.command("restore", str(backup), "--replace")
        else:
            shutil.rmtree(folder / "data")
            _copy(backup, folder / "data")
            if made.database:
                made.database.start()
        lost = losses(made.field.journal, made.held())
        if not lost.records or not lost.photos:
            raise Failed("the old backup has everything: nothing was rolled back")
        # what the office made since then is gone with the server: nobody else has it
        made.field.office.journal.places -= lost.places
        made.server.start()
        made.field.gate.open()
        text = f"rolled back: {lost}; {made.finish()}"
        if announced:
            made.server.command("verify")
        return text


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
            for announced in (False, True):
                name = f"rollback, {engine}, {'announced' if announced else 'not announced'}"
                folder = Path(root) / f"{engine}-{announced}"
                folder.mkdir()
                try:
                    text = run(
                        starter, folder, engine, records=told.records, seed=told.seed, announced=announced
                    )
                except Failed as failed:
                    sys.exit(f"{name}, seed {told.seed}: FAILED: {failed}")
                print(
                    f"{name}, {told.records} + {told.records} records, seed {told.seed}: {text}", flush=True
                )


if __name__ == "__main__":
    main()
