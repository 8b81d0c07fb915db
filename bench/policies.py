"""Prints what PostgreSQL's row policies cost a push: batches by turns where they hold and where they do not.

One phone walks the demo estate. Every other batch goes to a Roundsman whose role of the database the
policies bind, the rest to one whose role passes them (`BYPASSRLS`); both are in this process, on one
database, and both roles have the same rights. What else the machine does slows both down alike, so the
ratio holds where the figures do not.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.pool import NullPool

from bench.push import BEGIN_MS, URL, backends_parent, join, postgres_s, walk
from server import migrate
from server.app import create_app
from server.config import Settings
from server.db import db, passes_row_security
from server.demo import estate
from server.demo.clock import DemoClock
from server.demo.walk import APP, InProcess, PhoneClock
from server.ledger.models import Verdict
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.store import Store

BYPASS = "bench_bypass"
WARM_UP = 2_400
"""So many records go first: either side runs each statement often enough for the driver to prepare it."""


@dataclass
class Side:
    """One of the two, and what its pushes cost."""

    name: str
    role: str
    """As which it speaks to the database."""
    net: InProcess
    batches: int = 0
    ours_s: float = 0.0
    database_s: float = 0.0

    def forget(self) -> None:
        """Begin to count."""
        self.batches, self.ours_s, self.database_s = 0, 0.0, 0.0


class ByTurns:
    """The network of the phone: every other push goes to the other side."""

    def __init__(self, sides: tuple[Side, Side]) -> None:
        self.sides = sides
        self.database: int | None = None
        """The process of the PostgreSQL server."""
        self._pushes = 0

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return the answer of the side whose turn it is."""
        if not path.endswith("/sync/push"):
            return self.sides[0].net.request(method, path, headers, body)
        side = self.sides[self._pushes % 2]
        self._pushes += 1
        began, before_s = time.process_time(), self._database_s(side)
        answer = side.net.request(method, path, headers, body)
        assert answer[0] == 200, answer
        side.ours_s += time.process_time() - began
        side.database_s += self._database_s(side) - before_s
        side.batches += 1
        return answer

    def _database_s(self, side: Side) -> float:
        """Return the CPU of the processes that serve this side alone; others clean up behind both."""
        return postgres_s(self.database, role=side.role)


def main() -> None:
    """Measure and print."""
    from tests.postgres import ROLE, cluster  # starts nothing unless it is asked for

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=6_000)
    told = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name,
        cluster(durable=True) as running,
        running.database() as url,
    ):
        engine = create_engine(url, poolclass=NullPool)
        migrate.upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {BYPASS} LOGIN NOSUPERUSER BYPASSRLS"))
        for role in (ROLE, BYPASS):
            migrate.grant(engine, role=role)
        roles = {role: make_url(url).set(username=role).render_as_string() for role in (ROLE, BYPASS)}
        measure(Path(name), held=roles[ROLE], passed=roles[BYPASS], records=told.records)


def measure(folder: Path, *, held: str, passed: str, records: int) -> None:
    """Measure on one database and print what it cost.

    :param held: its URL for the role that the policies bind; `passed`: for the one that passes them
    """
    clock = DemoClock(BEGIN_MS)
    settings = Settings(data_dir=folder, database_url=held, public_url=URL, pwa_dir=folder)
    bound = create_app(settings, now_ms=clock)
    free = create_app(replace(settings, database_url=passed), now_ms=clock)
    assert [_passes(app) for app in (bound, free)] == [False, True]
    sides = tuple(
        Side(name, make_url(url).username or "", InProcess(app, public_url=URL))
        for name, url, app in (("on", held, bound), ("off", passed, free))
    )
    net = ByTurns((sides[0], sides[1]))
    store, randomness = Store(), SeededRandomness("bench")
    ports = Ports(store, net, PhoneClock(clock), randomness, StoredKeys(store, randomness), OwnLocks())
    phone = Phone(ports, app=APP, tz=estate.TIME_ZONE)
    with bound.app_context():
        net.database = backends_parent()
        made, rounds = join(bound, phone)
        for numbers in (range(WARM_UP), range(WARM_UP, WARM_UP + records)):
            walk(phone, clock, made, rounds, numbers)
            for side in sides:
                side.forget()
            gc.collect()
            gc.freeze()  # the phone's memory is none of the server's
            report = phone.sync()
            assert report.complete, report
        outcomes = set(db.session().scalars(select(Verdict.outcome).distinct()))
        db.session.remove()
    for app in (bound, free):
        with app.app_context():
            db.engine.dispose()
    _print(sides, records, outcomes)


def _passes(app: Flask) -> bool:
    with app.app_context():
        return passes_row_security(db.engine)


def _print(sides: tuple[Side, ...], records: int, outcomes: set[str]) -> None:
    print(f"{records} records, PostgreSQL, row policies by turns; CPU in ms per batch; outcomes {outcomes}")
    print(f"{'policies':10}{'batches':>9}{'Roundsman':>11}{'database':>10}{'both':>8}")
    for side in sides:
        ours, its = (1_000 * s / side.batches for s in (side.ours_s, side.database_s))
        print(f"{side.name:10}{side.batches:9}{ours:11.1f}{its:10.1f}{ours + its:8.1f}")
    on, off = sides
    whole = [(side.ours_s + side.database_s) / side.batches for side in (on, off)]
    alone = [side.database_s / side.batches for side in (on, off)]
    print(f"on / off: {whole[0] / whole[1]:.2f} of both, {alone[0] / alone[1]:.2f} of the database alone")


if __name__ == "__main__":
    main()
