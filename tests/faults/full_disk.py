"""Lets the server run out of room, inodes and file descriptors, and lets its disk fail, under load.

    python -m tests.faults.full_disk [--seconds 10] [--seed 1]

While there is no room the server answers 507 or 503 with `Retry-After`; nothing that it acknowledged
is missing and nothing is damaged. When there is room again it works on without a restart. Mounts a
small tmpfs (root on Linux); the failing disk needs strace.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.faults.disks import tmpfs, why_no_mounts
from tests.faults.engines import Engine, Failed, World, world
from tests.faults.serving import Zygote, zygote
from tests.faults.truth import losses

ROOM = "48m"
POSTGRES_ROOM = "160m"
PHOTO_KIB = 120
PATIENCE_S = 60

Trouble = Callable[[World], contextlib.AbstractContextManager[None]]


@contextmanager
def no_room(made: World, *, left: int = 0) -> Iterator[None]:
    """Fill the disk to `left` bytes, and keep it full."""
    filler = made.folder / "filler"
    fill(filler, left)
    try:
        yield
    finally:
        filler.unlink()


def fill(filler: Path, left: int) -> None:
    """Write until there is no room, then give `left` bytes back."""
    with filler.open("ab", buffering=0) as file:
        for block in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * block)
        if left:
            file.truncate(max(0, file.tell() - left))


@contextmanager
def no_room_for_photos(made: World) -> Iterator[None]:
    """Leave room for records and none for photos."""
    with no_room(made, left=PHOTO_KIB * 1024 // 2):
        yield


@contextmanager
def no_inodes(made: World) -> Iterator[None]:
    """Use up every inode of the disk."""
    folder = made.folder / "inodes"
    folder.mkdir()
    try:
        with contextlib.suppress(OSError):
            for number in range(10_000_000):
                (folder / str(number)).touch()
        yield
    finally:
        shutil.rmtree(folder)


@contextmanager
def no_descriptors(made: World) -> Iterator[None]:
    """Let no process of the server open another file."""
    before = {}
    for pid in made.server.workers:
        before[pid] = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        open_now = len(os.listdir(f"/proc/{pid}/fd"))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now, before[pid][1]))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


def _failing(
    calls: str, error: str, every: int
) -> Callable[[World], contextlib.AbstractContextManager[None]]:
    @contextmanager
    def failing(made: World) -> Iterator[None]:
        command = ["strace", "-f", "-q", "-o", os.devnull, "-e", f"trace={calls}"]
        command += ["-e", f"inject={calls}:error={error}:when={every}+{every}"]
        for pid in made.server.workers:
            command += ["-p", str(pid)]
        tracing = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            tracing.terminate()
            tracing.wait(20)

    return failing


TROUBLES: dict[str, Trouble] = {
    "no room": no_room,
    "no room for photos": no_room_for_photos,
    "no inodes": no_inodes,
    "no file descriptors": no_descriptors,
}

FAILING: dict[str, Trouble] = {
    "fsync says EIO": _failing("fsync,fdatasync", "EIO", 3),
    "writing says ENOSPC": _failing("pwrite64", "ENOSPC", 4),
}
"""A disk that fails, made by strace."""


def go_through(made: World, name: str, trouble: Trouble, *, seconds: float) -> str:
    """Let the server be in trouble for a while; return what it answered meanwhile.

    :raises Failed: something acknowledged is missing, or something is damaged
    """
    before = made.field.journal.statuses
    with trouble(made):
        time.sleep(seconds)
        made.field.gate.close()
        made.field.wait_until_all_wait()
        journal = made.field.journal
        if not made.database:  # a PostgreSQL without room may not even let itself be read
            check(made, name)
        made.field.gate.open()
    if made.database and not made.database.is_up:  # without room it may end itself: somebody starts it
        made.database.stop()
        made.database.start()
    answers = journal.statuses - before
    wait_for_progress(made, name)
    if made.database:
        with made.field.held_back():
            made.field.wait_until_all_wait()
            check(made, name)
    return f"{name}: {dict(sorted(answers.items()))}"


def check(made: World, name: str) -> None:
    """Compare with the journals while nobody sends."""
    held = made.held()
    lost = losses(made.field.journal, held)
    if lost or held.wrong:
        raise Failed(f"{name}: {lost}; {held.wrong}")


def wait_for_progress(made: World, name: str) -> None:
    """Wait until records and photos are acknowledged again."""
    records, photos = len(made.field.journal.records), len(made.field.journal.photos)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        journal = made.field.journal
        if len(journal.records) > records and len(journal.photos) > photos:
            return
        if time.monotonic() > deadline:
            raise Failed(f"after {name} nothing comes any more: {journal.statuses}")
        time.sleep(0.1)


def run(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    troubles: dict[str, Trouble],
    seconds: float,
    seed: int,
    phones: int = 3,
    broken: Sequence[str] = (),
    say: bool = False,
) -> str:
    """Go through every trouble; return the conservation equation and what was answered.

    :raises Failed: something was lost or damaged, or an answer was none that a phone can use
    """
    room = POSTGRES_ROOM if engine == "postgres" else ROOM
    told = []
    with (
        tmpfs(folder / "disk", size=room, inodes=3_000) as disk,
        world(
            starter,
            disk / "data",
            engine,
            phones=phones,
            seed=seed,
            broken=broken,
            photo_kib=PHOTO_KIB,
            log=folder / "log",
        ) as made,
    ):
        made.begin()
        for name, trouble in troubles.items():
            told.append(go_through(made, name, trouble, seconds=seconds))
            if say:
                print(f"  {engine}: {told[-1]}", flush=True)
        return f"{made.finish()}; {'; '.join(told)}"


def why_no_strace() -> str | None:
    """Return why no disk can be made to fail here, or None."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-o", os.devnull, "-e", "inject=fsync:error=EIO", "true"], check=False, capture_output=True
    )
    return None if tried.returncode == 0 else "strace may not trace"


def main() -> None:
    """Fill and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=8, help="how long each trouble lasts")
    asked.add_argument("--seed", type=int, default=int(time.time()))
    told = asked.parse_args()
    if why := why_no_mounts():
        print(f"full-disk: not done here: {why}")
        return
    print(f"full-disk: seed {told.seed}", flush=True)
    plan: list[tuple[Engine, dict[str, Trouble]]] = [
        ("sqlite", TROUBLES),
        ("postgres", {"no room": no_room, "no file descriptors": no_descriptors}),
    ]
    if why := why_no_strace():
        print(f"full-disk, failing disk: not done here: {why}")
    else:
        plan.append(("sqlite", FAILING))
    with tempfile.TemporaryDirectory(prefix="rm-full-", dir="/tmp") as root, zygote() as starter:
        Path(root).chmod(0o755)
        for number, (engine, troubles) in enumerate(plan):
            folder = Path(root) / str(number)
            folder.mkdir()
            try:
                text = run(
                    starter, folder, engine, troubles=troubles, seconds=told.seconds, seed=told.seed, say=True
                )
            except Failed as failed:
                sys.exit(f"full-disk, {engine}, seed {told.seed}: FAILED: {failed}")
            print(f"full-disk, {engine}, seed {told.seed}: {text}", flush=True)


if __name__ == "__main__":
    main()
