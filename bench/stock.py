"""Stock over many moves: what summing anew costs, and whether what is kept beside the parts is right.

    make bench-stock            (ROUNDSMAN_BENCH_MOVES=1000000 for the figure of the issue)

SQLite in a file of its own. Prints CPU milliseconds, and how each grows when the moves are ten times as many.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from server import migrate
from server.app import create_app
from server.bulk import Bulk
from server.config import Settings
from server.db import db
from server.feed import service as feed
from server.people import organisations
from server.sites import service as sites
from server.stock import service as stock
from server.stock.models import Part, StockMove

PARTS = 500
MOVES = int(os.environ.get("ROUNDSMAN_BENCH_MOVES", "100000"))
NOW = 1_795_438_800_000
_BATCH = 20_000


def main() -> None:
    """Measure a tenth of the moves, then all of them."""
    told: dict[str, list[float]] = {}
    for moves in (MOVES // 10, MOVES):
        with tempfile.TemporaryDirectory() as folder:
            for name, ms in _measure(Path(folder), moves).items():
                told.setdefault(name, []).append(ms)
    print(f"{'':34}{MOVES // 10:>12,}{MOVES:>12,}  moves, {PARTS} parts, CPU ms")
    for name, (few, many) in told.items():
        print(f"{name:34}{few:12.1f}{many:12.1f}  × {many / max(few, 0.001):.1f}")


def _measure(folder: Path, moves: int) -> dict[str, float]:
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'bench.db'}",
        public_url="http://localhost",
        pwa_dir=folder,
        testing=True,
    )
    app = create_app(settings, now_ms=lambda: NOW)
    with app.app_context():
        migrate.upgrade(db.engine)
        session: Any = db.session()
        organisation, parts = _fill(session, moves)
        one = parts[0]
        found = {
            "one more move of a part": _cpu(lambda: _move(session, one)),
            "a page of a part's history": _cpu(lambda: stock.history(session, part=one, before=None)),
            "the list of parts": _cpu(lambda: stock.parts_of(session, site_id=one.site_id)),
            "every part summed anew, compared": _cpu(lambda: _prove(session, organisation)),
        }
        db.session.remove()
        db.engine.dispose()
    return found


def _fill(session: Session, moves: int) -> tuple[UUID, list[Part]]:
    company = organisations.make_organisation(session, name="Bench", now_ms=NOW)
    site = sites.make_site(
        session, organisation_id=company.id, name={"zh": "测", "en": "Bench"}, time_zone="Asia/Shanghai"
    )
    session.flush()
    parts = [
        stock.make_part(
            session, site=site, number=f"P-{n:04}", name={"zh": "件", "en": ""}, unit="个", now_ms=NOW
        )
        for n in range(PARTS)
    ]
    feed.commit(session, now_ms=NOW)
    device = uuid4()
    bulk = Bulk(StockMove)
    for begin in range(0, moves, _BATCH):
        rows = range(begin, min(begin + _BATCH, moves))
        bulk.insert(session, (_row(n, company.id, site.id, parts[n % PARTS].id, device) for n in rows))
    stock.settle(session, [part.id for part in parts])
    feed.commit(session, now_ms=NOW)
    return company.id, parts


def _row(n: int, company: UUID, site: UUID, part: UUID, device: UUID) -> dict[str, Any]:
    return {
        "organisation_id": company,
        "hash": f"{n:064x}",
        "site_id": site,
        "device_id": device,
        "person_id": None,
        "part_id": part,
        "why": "used",
        "milli": -1000 if n % 3 else 2000,
        "order_id": None,
        "asset_id": None,
        "lower_ms": None,
        "estimate_ms": NOW - n,
        "upper_ms": NOW,
        "quality": "A",
        "received_ms": NOW,
        "marks": [],
    }


def _move(session: Session, part: Part) -> None:
    stock.enter(session, part=part, why="received", milli=1000, by=None, now_ms=NOW)
    feed.commit(session, now_ms=NOW)


def _prove(session: Session, organisation: UUID) -> None:
    wrong = stock.wrong(session, organisation_id=organisation)
    if wrong:
        raise SystemExit(f"{len(wrong)} parts are not what their moves come to")


def _cpu(act: Callable[[], object]) -> float:
    """Return the least CPU time of five tries, ms."""
    found = []
    for _ in range(5):
        begin = time.process_time()
        act()
        found.append((time.process_time() - begin) * 1000)
    return min(found)


if __name__ == "__main__":
    main()
