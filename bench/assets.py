"""Prints what the asset register costs: an import, a page of the list, completeness, the export.

One site on SQLite in a temporary folder, in this process. ``ASSETS`` says how many rows (default 5,000; the
figures that we promise are of 50,000), of which 300 are bad. CPU seconds are this process's own.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from server import migrate
from server.app import create_app
from server.assets.service import exports, gaps, imports, register
from server.config import Settings
from server.db import db
from server.feed import service as feed
from server.people import organisations
from server.sites import service as sites

ROWS = int(os.environ.get("ASSETS", "5000"))
BAD = min(300, ROWS // 10)
NOW = 1_795_438_800_000


def table() -> bytes:
    """Return a table of assets, some of whose rows are bad."""
    lines = ["编号,名称,类别,所属设备编号,厂家,型号,出厂编号,投用,重要性,特种设备"]
    for n in range(ROWS):
        day = "2014-13" if n % (ROWS // BAD) == 0 else f"20{n % 25:02}-0{n % 9 + 1}"
        parent = f"N{n - n % 10 + 1}" if n % 10 > 1 else ""
        lines.append(
            f"N{n},设备 {n},类别 {n % 40},{parent},厂家 {n % 90},M-{n % 300},S{n},{day},{'ABC'[n % 3]},否"
        )
    return "\n".join(lines).encode()


def measured(name: str, act: Callable[[], Any], *, per: int | None = None) -> Any:
    """Run something and print what it cost."""
    begin, cpu = time.perf_counter(), time.process_time()
    found = act()
    took, used = time.perf_counter() - begin, time.process_time() - cpu
    each = f"  {used / per * 1_000:8.3f} s CPU per 1,000" if per else ""
    print(f"{name:34} {took:8.3f} s  {used:8.3f} s CPU{each}")
    return found


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        data.chmod(0o700)
        settings = Settings.from_env({"ROUNDSMAN_DATA_DIR": folder})
        with migrate.as_owner(settings) as engine:
            migrate.upgrade(engine)
        with create_app(settings).app_context():
            run()


def run() -> None:
    """Measure in an application's context."""
    session = db.session()
    company = organisations.make_organisation(session, name="Bench", now_ms=NOW)
    name = {"zh": "基准", "en": "Bench"}
    site = sites.make_site(session, organisation_id=company.id, name=name, time_zone="Asia/Shanghai")
    feed.commit(session, now_ms=NOW)
    file = table()
    print(f"{ROWS:,} rows, {BAD} bad, {len(file):,} bytes")
    judged = measured("judge the file", lambda: imports.judge(session, site=site, data=file), per=ROWS)
    print(f"  new {judged.new:,}, bad {len(judged.bad):,}")
    kept = imports.keep(session, site=site, judged=judged, file_name="t.csv", by=uuid4(), now_ms=NOW)
    feed.commit(session, now_ms=NOW)

    def take() -> None:
        while kept.state != "done":
            imports.take_part(session, site=site, found=kept, number=kept.taken, now_ms=NOW)
            feed.commit(session, now_ms=NOW)
            session.expunge_all()
            session.add_all([kept, site])

    measured("take it over", take, per=ROWS)
    today = date(2026, 11, 30)
    needs = gaps.needs_of(session, site_id=site.id)

    def page(**asked: Any) -> int:
        where = register.condition(session, site, register.Asked(**asked), needs=needs, today=today)
        rows, total = register.page(session, where, offset=0, limit=50)
        gaps.gaps_of(session, asset_ids=[one.id for one in rows], needs=needs)
        return total

    measured("a page of the list", page)
    measured("a page, searched", lambda: page(text="设备 12"))
    measured("the figures of its head", lambda: register.head(session, site=site, needs=needs, today=today))
    measured("completeness by category", lambda: gaps.completeness(session, site_id=site.id, needs=needs))
    measured("export CSV", lambda: sum(map(len, exports.as_csv(session, site=site, language="zh"))), per=ROWS)
    measured("export XLSX", lambda: len(exports.as_workbook(session, site=site, language="zh")), per=ROWS)
    again = measured(
        "judge it again: nothing changes", lambda: imports.judge(session, site=site, data=file), per=ROWS
    )
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  same {again.same:,}; most memory {most:,.0f} MiB")


if __name__ == "__main__":
    main()
