"""`make race`: the feed race at length, on SQLite and PostgreSQL, with its negative controls.

Prints what was run with its seed; ends with 1 when the feed skipped a row, or when a scheme that
must skip rows skipped none.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from server import (
    migrate,
    models,  # noqa: F401  every table
)
from server.db import set_up_engine
from server.feed import service as feed
from tests.api.feed import race
from tests.postgres import cluster

ORGANISATIONS = [UUID(int=number) for number in range(1, 4)]
SITE = UUID(int=9)


def main() -> int:
    """Run the race on both engines and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=250, help="transactions of each of the 12 writers")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, cluster() as postgres, postgres.database() as url:
        urls = {"sqlite": f"sqlite:///{Path(folder) / 'race.db'}", "postgresql": url}
        good = [_race(name, found, each=options.each, seed=options.seed) for name, found in urls.items()]
    return 0 if all(good) else 1


def _race(name: str, url: str, *, each: int, seed: int) -> bool:
    setting_up = create_engine(url)
    set_up_engine(setting_up)
    migrate.upgrade(setting_up)
    setting_up.dispose()
    with race.engine_for(url) as engine:
        it = race.Race(ORGANISATIONS, SITE, each, seed)
        finish = race.run(engine, it, "counter")
        with Session(engine) as session:
            whole = all(race.positions_are_whole(session, one) for one in ORGANISATIONS)
            whole &= all(feed.first_altered(session, organisation=one) is None for one in ORGANISATIONS)
        good = finish.skipped == 0 and whole
        _say(name, "counter", seed, finish, "good" if good else "ROWS WERE SKIPPED, OR THE CHAIN BROKE")
        for scheme in race.WRONG[name]:
            control = race.run(engine, race.Race(ORGANISATIONS[:1], SITE, max(8, each // 5), seed), scheme)
            good &= control.skipped > 0
            _say(name, scheme, seed, control, "noticed" if control.skipped else "NOT NOTICED")
    return good


def _say(engine: str, scheme: str, seed: int, finish: race.Finish, verdict: str) -> None:
    print(
        f"race {engine:10} {scheme:9} seed {seed}: {finish.transactions} transactions, "
        f"{finish.written} rows, {finish.skipped} skipped: {verdict}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
