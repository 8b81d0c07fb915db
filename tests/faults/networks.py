"""The long run of bad networks: `make faults` (SECONDS=120 SEED=…), on SQLite and PostgreSQL in turn."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.engines import ENGINES
from tests.faults.serving import zygote
from tests.faults.station import station
from tests.faults.test_networks import walk

ROUNDS = 20
"""So many rounds two phones walk before everything is compared."""


def main() -> int:
    """Walk until the time is over; return the exit status."""
    seconds = float(os.environ.get("SECONDS", "120"))
    seed = os.environ.get("SEED", str(int(time.time())))
    for engine in ENGINES:
        with TemporaryDirectory(prefix="rm-networks-", dir="/tmp") as made, zygote() as starter:
            Path(made).chmod(0o755)
            with station(starter, Path(made), engine) as there:
                walks, end = 0, time.monotonic() + seconds / len(ENGINES)
                while time.monotonic() < end:
                    try:
                        walk(there, f"{seed}.{walks}", rounds=ROUNDS)
                    except AssertionError:
                        print(f"{engine}: SEED={seed} fails in walk {walks}", flush=True)
                        raise
                    walks += 1
                faults = sum(kind is not None for _path, kind in there.proxy.seen)
                requests = f"{len(there.proxy.seen)} requests, {faults} of them with a fault"
                print(f"{engine}: {walks * ROUNDS} rounds, {requests}, seed {seed}")
                print(f"{engine}: {there.equation()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
