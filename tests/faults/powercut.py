"""Cuts the power under load, over and over, and compares what the disk holds with what was acknowledged.

    python -m tests.faults.powercut --cuts 50 [--seed 1] [--engine sqlite]

Everything that the server keeps lies on an ext4 image. All its processes (PostgreSQL's too) are
stopped where they stand, the image is copied without sync or unmount, and everybody is killed. The
copy is mounted, which replays the file system's journal; the database recovers on it, the data are
compared with the phones' journals, and the server goes on from there: the phones never learn of it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tests.faults.disks import Image, image, why_no_mounts
from tests.faults.engines import ENGINES, Engine, Failed, World, world
from tests.faults.serving import Zygote, zygote
from tests.faults.truth import Held, Losses, losses

PHONES = 4
IMAGE_MIB = 384
PHOTO_KIB = 60


@dataclass
class Cut:
    """A world whose data lie on a disk that loses its power."""

    made: World
    disk: Image
    folder: Path
    count: int = 0

    def cut(self) -> Losses:
        """Cut the power, and have everything recover on what the disk holds; return what it lacks.

        The server does not run afterwards, and everybody waits before the gate.

        :raises Failed: something is damaged
        """
        self._go_dark()
        if self.made.database:
            self.made.database.start()
        held = self.made.held()
        if held.wrong:
            raise Failed(f"damaged by a power cut: {held.wrong}")
        return losses(self.made.field.journal, held)

    def losses_of_one(self) -> Losses:
        """Cut the power once for all; where not even the database comes up, everything is lost."""
        self._go_dark()
        self.made.field.abandon()
        try:
            if self.made.database:
                self.made.database.start()
            held = self.made.held()
        except (AssertionError, DBAPIError):
            held = Held()
        return losses(self.made.field.journal, held)

    def _go_dark(self) -> None:
        made = self.made
        made.server.freeze()
        if made.database:
            made.database.freeze()
        left = self.disk.cut(self.folder / f"cut{self.count}.img")
        made.field.gate.close()
        made.server.kill()
        if made.database:
            made.database.kill()
        made.field.wait_until_all_wait()
        self.disk.unmount()
        self.disk.file.unlink()
        self.disk, self.count = left, self.count + 1
        left.mount()


@contextmanager
def cuttable(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    seed: int,
    phones: int = PHONES,
    broken: Sequence[str] = (),
    settings: Sequence[str] = (),
) -> Iterator[Cut]:
    """Lend a world on an image in `folder`; nothing stays mounted."""
    with image(folder, mib=IMAGE_MIB) as disk:
        data = disk.at / "data"
        lent = world(
            starter,
            data,
            engine,
            phones=phones,
            seed=seed,
            broken=broken,
            settings=settings,
            log=folder / "log",
        )
        with lent as made:
            held = Cut(made, disk, folder)
            try:
                made.begin()
                yield held
            finally:
                made.close()
                held.disk.unmount()


def run(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    cuts: int,
    seed: int,
    phones: int = PHONES,
    say: bool = False,
) -> str:
    """Cut so many times; return the conservation equation.

    :raises Failed: something acknowledged was lost, or something is damaged
    """
    dice = random.Random(seed)
    with cuttable(starter, folder, engine, seed=seed, phones=phones) as power:
        for _ in range(cuts):
            time.sleep(dice.uniform(0.3, 1.5))
            if lost := power.cut():
                raise Failed(f"cut {power.count}: {lost}")
            power.made.server.start()
            power.made.field.gate.open()
            if say and power.count % 10 == 0:
                print(f"  {engine}: {power.count} cuts", flush=True)
        text = power.made.finish()
    power.disk.check()
    return text


def losses_of_one_cut(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    broken: Sequence[str] = (),
    settings: Sequence[str] = (),
    load_s: float = 2.0,
) -> tuple[Losses, int]:
    """Return what one cut costs a server that is broken as told, and how much it had acknowledged."""
    with cuttable(starter, folder, engine, seed=1, phones=2, broken=broken, settings=settings) as power:
        time.sleep(load_s)
        lost = power.losses_of_one()
        journal = power.made.field.journal
        return lost, len(journal.records) + len(journal.photos)


def main() -> None:
    """Cut and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--cuts", type=int, default=50, help="of all engines together")
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--engine", choices=ENGINES, action="append")
    told = asked.parse_args()
    if why := why_no_mounts():
        print(f"powercut: not done here: {why}")
        return
    engines: Sequence[Engine] = told.engine or ENGINES
    print(f"powercut: seed {told.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rm-cut-", dir="/tmp") as root, zygote() as starter:
        Path(root).chmod(0o755)
        for engine in engines:
            cuts = -(-told.cuts // len(engines))
            try:
                text = run(starter, Path(root) / engine, engine, cuts=cuts, seed=told.seed, say=True)
            except Failed as failed:
                sys.exit(f"powercut, {engine}, seed {told.seed}: FAILED: {failed}")
            print(f"powercut, {engine}, {cuts} cuts, seed {told.seed}: {text}", flush=True)


if __name__ == "__main__":
    main()
