"""Kill -9 at named points and at random moments, over and over, under load.

    python -m tests.faults.killing --kills 500 [--seed 1] [--engine sqlite]

After every kill nobody sends until the data have been compared with the phones' journals; then the
server starts again on what is there. At the end every phone drains and the whole is compared.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from server.faults import POINTS
from tests.faults import processes
from tests.faults.engines import ENGINES, Engine, Failed, World, world
from tests.faults.serving import ServerEnded, Zygote, zygote

PHONES = 4
WITHOUT_LOAD = ("enrol.before_commit", "enrol.after_commit")
"""Points that phones pass only when they join; `test_killing` kills there."""

UNDER_LOAD = tuple(point for point in POINTS if point not in WITHOUT_LOAD)


def kill_at(made: World, point: str, passing: int, *, within_s: float = 60) -> bool:
    """Let the running server's successor kill itself at a point; tell whether it did in time."""
    server = made.server
    server.launch(fault=f"{point}:{passing}")
    try:
        server.wait()
    except ServerEnded:
        return True  # so soon that it never said that it works
    workers = server.workers
    if not workers:
        return True  # it answered, and was dead before it was looked for
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if processes.alive(workers) != workers:
            return True
        time.sleep(0.01)
    return False


def round_of_kill(made: World, dice: random.Random, points: Sequence[str]) -> str:
    """Let the server run, kill it somehow, compare; return how it was killed."""
    server, field = made.server, made.field
    if points and dice.random() < 0.7:
        how = dice.choice(points)
        fired = kill_at(made, how, dice.randint(1, 6))
        how = how if fired else f"{how} (not passed)"
    else:
        server.launch()
        server.wait()
        time.sleep(dice.uniform(0, 0.8))
        how = "at random"
        if made.database and dice.random() < 0.5:
            how = _kill_database(made, dice)
    field.gate.close()
    server.kill()
    field.wait_until_all_wait()
    if made.database:
        if how == "the postmaster":
            made.database.start()
        made.database.wait()  # it restarts itself when a backend was killed
    made.check_acknowledged(how)
    field.gate.open()
    return how


def _kill_database(made: World, dice: random.Random) -> str:
    assert made.database is not None
    if dice.random() < 0.5 and (backends := made.database.backends()):
        processes.send([dice.choice(backends)], signal.SIGKILL)
        time.sleep(dice.uniform(0, 0.3))
        return "a backend of PostgreSQL"
    made.database.stop(signal.SIGKILL)
    time.sleep(dice.uniform(0, 0.2))
    return "the postmaster"


def run(
    starter: Zygote,
    folder: Path,
    engine: Engine,
    *,
    kills: int,
    seed: int,
    phones: int = PHONES,
    broken: Sequence[str] = (),
    points: Sequence[str] = UNDER_LOAD,
    say: bool = False,
) -> tuple[str, Counter[str]]:
    """Kill so many times; return the conservation equation and how often which way of killing came.

    :raises Failed: something acknowledged was lost, or not everything arrived
    """
    dice = random.Random(seed)
    ways: Counter[str] = Counter()
    with world(starter, folder, engine, phones=phones, seed=seed, broken=broken) as made:
        made.begin()
        made.field.gate.close()
        made.server.kill()
        made.field.gate.open()
        for count in range(kills):
            ways[round_of_kill(made, dice, points)] += 1
            if say and (count + 1) % 25 == 0:
                print(f"  {engine}: {count + 1} kills", flush=True)
        made.server.start()
        return made.finish(), ways


def main() -> None:
    """Kill and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=100, help="of all engines together")
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--engine", choices=ENGINES, action="append")
    told = asked.parse_args()
    engines: Sequence[Engine] = told.engine or ENGINES
    print(f"kill: seed {told.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="rm-kill-", dir="/tmp") as folder, zygote() as starter:
        Path(folder).chmod(0o755)
        for engine in engines:
            try:
                text, ways = run(
                    starter,
                    Path(folder) / engine,
                    engine,
                    kills=-(-told.kills // len(engines)),
                    seed=told.seed,
                    say=True,
                )
            except Failed as failed:
                sys.exit(f"kill, {engine}, seed {told.seed}: FAILED: {failed}")
            for way, count in sorted(ways.items()):
                print(f"  {count:5} {way}")
            print(f"kill, {engine}, {sum(ways.values())} kills, seed {told.seed}: {text}", flush=True)


if __name__ == "__main__":
    main()
