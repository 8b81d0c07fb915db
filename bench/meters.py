"""Prints what the chart of a meter costs over a million readings, beside a bare statement over the same rows.

One meter is read every minute for about two years; each request is asked of the application in this
process, log-in and policy included. READINGS=100000 makes a smaller one.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from math import sin
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.sync.databases import database
from server import clock, migrate
from server.app import create_app
from server.bulk import Bulk
from server.config import Settings
from server.db import db
from server.feed import service as feed
from server.meters import service as meters
from server.meters.models import Meter, MeterReading
from server.meters.service.taking import Taken, reckon_hours, row_of
from server.people import service as people
from server.people.access import COOKIE
from server.sites import service as sites
from server.tenancy import enter_installation
from tests.logins import begin_session

URL = "http://localhost"
NOW_MS = 1_796_083_200_000
MINUTE_MS, DAY_MS = 60_000, 86_400_000
TIMES = 15
PIECE = 50_000
BARE = """SELECT estimate_ms / :width, min(micro), max(micro) FROM meter_reading
    WHERE meter_id = :meter GROUP BY 1"""
LIMITS = {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"}


def main() -> None:
    """Make the readings on each engine, ask, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked.add_argument("--readings", type=int, default=int(os.environ.get("READINGS", "1000000")))
    told = asked.parse_args()
    for engine in told.database or ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name,
            database(engine, Path(name)) as url,
        ):
            _measure(engine, Path(name), url, told.readings)


def _measure(engine: str, folder: Path, url: str, count: int) -> None:
    settings = Settings(data_dir=folder / "var", database_url=url, public_url=URL, pwa_dir=folder)
    app = create_app(settings, now_ms=lambda: NOW_MS)
    clock.init_app(app, lambda: NOW_MS)
    began = time.monotonic()
    with app.app_context():
        migrate.upgrade(db.engine)
        enter_installation(db.session())
        site, asset, meter, token = _make(db.session(), count)
    print(f"\n{engine}: {count:,} readings of one meter, made in {time.monotonic() - began:.0f} s")
    print(f"{'':44}{'wall ms':>10}{'CPU ms':>10}{'KiB':>8}")
    ask = _asker(app, token)
    root = f"/api/v1/sites/{site}"
    bare, _, _ = _print("bare SQL: min and max over all of them", *_timed(lambda: _bare(app, meter), times=3))
    whole, _, _ = _print("the asset's meters", *_timed(lambda: ask(f"{root}/meters?asset={asset}")))
    spent = whole
    for word, days in (
        ("all of it", count * MINUTE_MS // DAY_MS + 1),
        ("a year", 365),
        ("30 days", 30),
        ("a day", 1),
    ):
        path = f"{root}/meters/{meter}/chart?from_ms={NOW_MS - days * DAY_MS}&to_ms={NOW_MS}"
        wall, _, _ = _print(f"chart: {word}", *_timed(lambda path=path: ask(path)))  # type: ignore[misc]
        spent = max(spent, whole + wall)
    _print("page of readings", *_timed(lambda: ask(f"{root}/meters/{meter}/readings")))
    _print("month's ledger", *_timed(lambda: ask(f"{root}/ledger?medium=power&month=2026-11")))
    _print("one more reading", *_timed(lambda: _one_more(app, meter), times=5))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"slowest chart with its meters {spent:.0f} ms, {spent / bare:.3f} of the bare statement")
    print(f"{peak} MiB of memory at most")


def _make(session: Session, count: int) -> tuple[UUID, UUID, UUID, str]:
    company = people.make_organisation(session, name="Bench", now_ms=NOW_MS)
    name = {"zh": "泵", "en": "Pump"}
    site = sites.make_site(session, organisation_id=company.id, name=name, time_zone="Asia/Shanghai")
    session.flush()
    asset = sites.make_place(session, "asset", site=site, number="E1", name=name, now_ms=NOW_MS)
    meter = meters.make_meter(
        session,
        site=site,
        asset_id=asset.id,
        key="pressure",
        name=name,
        unit="MPa",
        decimals=2,
        kind="gauge",
        limits=LIMITS,
        since_ms=0,
        now_ms=NOW_MS,
    )
    person = people.make_person(
        session, organisation=company.id, name="Li", number="1", login="li", administrator=True, now_ms=NOW_MS
    )
    feed.commit(session, now_ms=NOW_MS)
    rows = Bulk(MeterReading)
    for piece in _pieces(meter, count):
        rows.insert(session, piece)
        session.commit()
    reckon_hours(session, meter, None)
    token = begin_session(session, person.id, now_ms=NOW_MS)
    session.commit()
    return site.id, asset.id, meter.id, token


def _pieces(meter: Meter, count: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows piece by piece; every ten-thousandth is an alarm that no thinning may lose."""
    made = []
    for n in range(count):
        value = "0.70" if n % 10_000 == 5_000 else f"{0.45 + sin(n / 700) * 0.05:.2f}"
        taken = Taken(
            organisation_id=meter.organisation_id,
            site_id=meter.site_id,
            id=f"{n:x}.pressure",
            meter_id=meter.id,
            edition=1,
            value=value,
            estimate_ms=NOW_MS - (count - n) * MINUTE_MS,
            received_ms=NOW_MS,
            visit_id=f"{n:x}",
        )
        made.append(row_of(taken, meter.definition, None, "Asia/Shanghai"))
        if len(made) == PIECE:
            yield made
            made = []
    yield made


def _asker(app: Flask, token: str) -> Callable[[str], int]:
    client = app.test_client(use_cookies=False)

    def ask(path: str) -> int:
        answer = client.get(path, headers={"Cookie": f"{COOKIE}={token}"})
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.get_data(as_text=True)[:200]}")
        return len(answer.data)

    return ask


def _bare(app: Flask, meter: UUID) -> int:
    with app.app_context():
        session = db.session()
        enter_installation(session)
        key = meter.hex if session.get_bind().dialect.name == "sqlite" else meter
        return len(session.execute(text(BARE), {"meter": key, "width": DAY_MS}).all())


def _one_more(app: Flask, meter_id: UUID) -> int:
    """Take one reading in the middle of the series, and undo it."""
    with app.app_context():
        session = db.session()
        enter_installation(session)
        meter = session.get_one(Meter, meter_id)
        meters.take_readings(
            session,
            [
                Taken(
                    meter.organisation_id, meter.site_id, str(uuid4()), meter.id, 1, "0.50",
                    NOW_MS - 300 * DAY_MS + 17, NOW_MS,
                )
            ],
        )  # fmt: skip
        session.rollback()
    return 0


def _timed(act: Callable[[], int], times: int = TIMES) -> tuple[float, float, int]:
    """Return the median of wall and CPU time, ms, and how much came back."""
    walls, cpus, size = [], [], act()
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        size = act()
        walls.append((time.perf_counter() - wall) * 1_000)
        cpus.append((time.process_time() - cpu) * 1_000)
    return median(walls), median(cpus), size


def _print(word: str, wall: float, cpu: float, size: int) -> tuple[float, float, int]:
    print(f"{word:44}{wall:>10.1f}{cpu:>10.1f}{size / 1024:>8.0f}", flush=True)
    return wall, cpu, size


if __name__ == "__main__":
    main()
