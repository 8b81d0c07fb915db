"""The long run of harness A: ``python -m tests.simulation --rounds 1000``.

Goes on with new seeds until so many rounds of phones were simulated, on SQLite and PostgreSQL in turn;
prints each seed before it is played and the conservation equation after it. A failure prints the
shortest story that still fails, line by line as rules of the machine; write it as a scenario into
`test_wrong_ideas.py` or, word for word, into `test_machine.py`.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import warnings
from contextlib import ExitStack
from pathlib import Path

from tests.postgres import cluster
from tests.simulation import machine

EXAMPLES, STEPS = 20, 40


def main() -> None:
    """Play until enough rounds were simulated."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=None, help="play this one seed and no other")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default=None)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    engines = [asked.engine] if asked.engine else ["sqlite", "postgres"]
    with ExitStack() as stack:
        running = None
        if "postgres" in engines:
            running = stack.enter_context(cluster())
            from tests.conftest import _migrated

            _migrated(Path(os.environ["XDG_RUNTIME_DIR"]).parent / "migrating", running.create("template"))
        servers = {
            engine: stack.enter_context(machine.furnishing(running if engine == "postgres" else None))
            for engine in engines
        }
        turn = 0
        while machine.totals["rounds"] < asked.rounds:
            engine = engines[turn % len(engines)]
            turn += 1
            number = secrets.randbelow(2**32) if asked.seed is None else asked.seed
            print(f"harness A on {engine}: seed {number}", flush=True)
            machine.servers.append(servers[engine])
            machine.run(examples=EXAMPLES, steps=STEPS, number=number)
            machine.servers.pop()
            print(f"  {machine.totals['rounds']} rounds; {machine.equation()}", flush=True)
            if asked.seed is not None:
                break
    print(f"harness A: {machine.totals['rounds']} rounds, {machine.equation()}", flush=True)


if __name__ == "__main__":
    main()
    sys.exit(0)
