"""Prints what push, the same again, pull and photos cost the server, beside the bare reference.

Both servers run as processes of their own, as they are deployed, and every batch goes to one and then to
the other: what else the machine does slows both down alike, so ratios hold where figures do not. Records
are sealed before anything is measured.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.sync import photos, pulls
from bench.sync.databases import database
from bench.sync.measures import BATCH, Cost, pushed_side_by_side
from bench.sync.processes import Process, both
from bench.sync.walkers import Walker, settings_in, walk
from server.clock import system_ms

DAY_MS = 86_400_000
PHONES = (1, 16)
"""With so many phones at once pushes are measured."""
LEAST_RECORDS = 2 * BATCH * max(PHONES)
"""Each phone sends one batch to warm up, and one at least that is measured."""


def main() -> None:
    """Measure what was asked for and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked.add_argument("--records", type=int, default=5_000, help="of all phones together, for each push")
    asked.add_argument("--photos", type=int, default=40)
    asked.add_argument("--rows", type=int, default=2_000_000, help="of the big feed")
    asked.add_argument("--only", choices=("push", "pull", "photos"), default=None)
    told = asked.parse_args()
    if told.only in (None, "push") and told.records < LEAST_RECORDS:
        asked.error(
            f"--records must be {LEAST_RECORDS} at least: two batches for each of {max(PHONES)} phones"
        )
    for engine in told.database or ("sqlite", "postgresql"):
        if told.only in (None, "push"):
            for phones in PHONES:
                _push(engine, phones=phones, records=told.records)
        if told.only in (None, "pull"):
            pulls.measure(engine, rows=told.rows)
        if told.only in (None, "photos"):
            photos.measure(engine, count=told.photos)


def _push(engine: str, *, phones: int, records: int) -> None:
    with tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name, database(engine, Path(name)) as url:
        folder = Path(name)
        settings = settings_in(folder, database_url=url, public_url="http://localhost")
        walkers, _, _ = walk(
            settings=settings, begin_ms=system_ms() - DAY_MS, phones=phones, records=records // phones
        )
        with both(folder, url) as (ours, reference):
            _warm(ours, reference, walkers)
            first = pushed_side_by_side(ours, reference, walkers)
            again = pushed_side_by_side(ours, reference, walkers)
            peak = ours.peak_mb()
    batches = len(first[0].took_s)
    print(f"\npush, {engine}, {phones} phone(s), {batches} batches of 100; CPU in ms per 1,000 records")
    print(f"{'':16}{'Roundsman':>10}{'reference':>10}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}{'p99/p50':>9}")
    for title, (mine, least) in (("first push", first), ("the same again", again)):
        print(
            f"{title:16}{mine.cpu_ms_per_1000:10.0f}{least.cpu_ms_per_1000:10.0f}{_ratio(mine, least):7.1f}"
            f"{mine.median_ms:9.1f}{mine.quantile(0.99):9.1f}{mine.quantile(0.99) / mine.median_ms:9.1f}"
        )
    print(f"again / first {again[0].cpu_s / first[0].cpu_s:.2f}   biggest process {peak:.0f} MB", flush=True)


def _warm(ours: Process, reference: Process, walkers: list[Walker]) -> None:
    """Let both servers import what they need: the first batch of each phone goes in unmeasured."""
    first = [Walker(w.key, w.records[:BATCH], ()) for w in walkers]
    pushed_side_by_side(ours, reference, first)
    for number, walker in enumerate(walkers):
        walkers[number] = Walker(walker.key, walker.records[BATCH:], walker.photos)


def _ratio(mine: Cost, least: Cost) -> float:
    return mine.cpu_s / least.cpu_s


if __name__ == "__main__":
    main()
