"""Prints how long a month's report of one site among a hundred takes, and the board, at a million records.

Each request is asked of the application in this process, log-in and policy included, and stands beside a
bare SQL statement that counts the visits of the same month: what else the machine does slows down both.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import delete, text

from bench.report.estates import Estates, make
from bench.sync.databases import database
from server import migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.people.access import COOKIE
from server.reports.models import Tally
from server.reports.service.tally import facts_of
from server.rounds.rules import Window
from server.sites.models import Site
from server.tenancy import enter_installation
from tests.logins import begin_session

URL = "http://localhost"
TIMES = 15

BARE = """SELECT occurrence_id, count(*), max(estimate_ms) FROM visit
    WHERE site_id = :site AND estimate_ms >= :a AND estimate_ms < :b GROUP BY occurrence_id"""


def main() -> None:
    """Make the estates on each engine, ask, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked.add_argument("--sites", type=int, default=100)
    told = asked.parse_args()
    for engine in told.database or ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name,
            database(engine, Path(name)) as url,
        ):
            _measure(engine, Path(name), url, told.sites)


def _measure(engine: str, folder: Path, url: str, count: int) -> None:
    settings = Settings(data_dir=folder / "var", database_url=url, public_url=URL, pwa_dir=folder)
    began = time.monotonic()
    app = create_app(settings)
    with app.app_context():
        migrate.upgrade(db.engine)
    made = make(app, copies=count - 1)
    from server import clock

    clock.init_app(app, lambda: made.now_ms)
    print(
        f"\n{engine}: {count} sites, {made.visits:,} visits of a month, "
        f"made in {time.monotonic() - began:.0f} s"
    )
    print(f"{'':44}{'wall ms':>10}{'CPU ms':>10}")
    ask = _asker(app, made)
    month = f"/api/v1/sites/{made.site}/report?period=2026-11"
    _print("bare SQL: visits of the month by round", *_timed(lambda: _bare(app, made)))
    _print("month's report, nothing kept", *_timed(lambda: ask(month), times=5))
    _keep(app, made)
    _print("month's report", *_timed(lambda: ask(month)))
    _print("beside the month before", *_timed(lambda: ask(f"{month}&against=2026-10")))
    _print(
        "rounds behind a figure",
        *_timed(lambda: ask(f"/api/v1/sites/{made.site}/report/rounds?period=2026-11&state=missed")),
    )
    _print("twelve months", *_timed(lambda: ask(f"/api/v1/sites/{made.site}/report/trend?months=12")))
    _print("places not scanned for 7 days", *_timed(lambda: ask(f"/api/v1/sites/{made.site}/report/places")))
    _print("today's board", *_timed(lambda: ask(f"/api/v1/sites/{made.site}/board")))
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _asker(app: Flask, made: Estates) -> Callable[[str], None]:
    with app.app_context():
        token = begin_session(db.session(), made.supervisor, now_ms=made.now_ms)
        db.session.commit()
        db.session.remove()
    client = app.test_client(use_cookies=False)

    def ask(path: str) -> None:
        answer = client.get(path, headers={"Cookie": f"{COOKIE}={token}"})
        assert answer.status_code == 200, answer.text

    return ask


def _keep(app: Flask, made: Estates) -> None:
    with app.app_context():
        session = db.session()
        enter_installation(session)
        session.execute(delete(Tally))
        site = session.get_one(Site, made.site)
        span = Window(made.now_ms - 40 * 86_400_000, made.now_ms)
        facts_of(session, site=site, span=span, now_ms=made.now_ms, keep=True)
        session.commit()
        db.session.remove()


def _bare(app: Flask, made: Estates) -> None:
    with app.app_context():
        session = db.session()
        enter_installation(session)
        home = made.site.hex if session.get_bind().dialect.name == "sqlite" else str(made.site)
        session.execute(
            text(BARE), {"site": home, "a": made.now_ms - 32 * 86_400_000, "b": made.now_ms}
        ).all()
        db.session.remove()


def _timed(what: Callable[[], None], *, times: int = TIMES) -> tuple[float, float]:
    """Return the median of wall and CPU time, ms; the first time is not counted."""
    what()
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        what()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return median(walls), median(cpus)


def _print(what: str, wall: float, cpu: float) -> None:
    print(f"{what:44}{wall:10.1f}{cpu:10.1f}", flush=True)


if __name__ == "__main__":
    main()
