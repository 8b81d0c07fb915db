"""Prints how long the board and the list of work orders take over a hundred thousand orders of one site.

Each request is asked of the application in this process, log-in and policy included, and stands beside a
bare SQL statement that counts the orders by state: what else the machine does slows down both.
Set ORDERS for another size.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from bench.sync.databases import database
from server import clock, migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.feed import service as feed
from server.feed.models import FeedHead, FeedRow
from server.ledger.models import PrivatePart
from server.orders.models import OrderAct, OrderDue, OrderEvent, WorkOrder
from server.orders.service.figures import lines_of
from server.people import memberships, organisations
from server.people.access import COOKIE
from server.sites import service as sites
from server.stock import service as stock
from server.stock.models import Part, StockMove
from server.tenancy import enter_installation
from sync.order_payloads import CLASSES
from sync.orders.events import STATES
from tests.logins import begin_session

URL = "http://localhost"
NOW = 1_796_050_000_000
TIMES = 15
MINUTE = 60_000
COMMON = ("organisation_id", "site_id", "order_id", "person_id")
UNDER_WAY_SHARE = 0.02
"""Of a hundred thousand orders of some years about two thousand are under way."""


def main() -> None:
    """Make the orders on each engine, ask, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    told = asked.parse_args()
    count = int(os.environ.get("ORDERS", "100000"))
    for engine in told.database or ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name,
            database(engine, Path(name)) as url,
        ):
            _measure(engine, Path(name), url, count)


def _measure(engine: str, folder: Path, url: str, count: int) -> None:
    settings = Settings(data_dir=folder / "var", database_url=url, public_url=URL, pwa_dir=folder)
    app = create_app(settings, now_ms=lambda: NOW)
    with app.app_context():
        migrate.upgrade(db.engine)
        site, token = _make(count)
    clock.init_app(app, lambda: NOW)
    print(f"\n{engine}: {count:,} orders of one site")
    print(f"{'':44}{'wall ms':>10}{'CPU ms':>10}")

    def ask(path: str) -> Callable[[], None]:
        client = app.test_client(use_cookies=False)

        def once() -> None:
            answer = client.get(f"/api/v1/sites/{site}/{path}", headers={"Cookie": f"{COOKIE}={token}"})
            assert answer.status_code == 200, answer.text
            assert answer.data, "a file is made while it is read"

        return once

    _print("bare SQL: count by state", lambda: _bare(app, site))
    _print("board", ask("orders/board"))
    _print("list, newest fifty", ask("orders"))
    _print("list, under way and urgent", ask("orders?state=under_way&urgency=urgent"))
    _print("list, a number", ask("orders?text=9999"))
    _print("list, words in the title", ask("orders?text=灯不亮"))
    month = f"from={NOW - 30 * 86_400_000}&to={NOW}"
    _print("maintenance log of a month", ask(f"orders/log?{month}"))
    _print("maintenance log as CSV, all there is", ask("orders/log/csv"), times=1)
    _print("maintenance log as XLSX, all there is", ask("orders/log/xlsx"), times=1)
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _make(count: int) -> tuple[UUID, str]:
    session = db.session()
    enter_installation(session)
    company = organisations.make_organisation(session, name="Bench", now_ms=NOW)
    site = sites.make_site(
        session, organisation_id=company.id, name={"zh": "园", "en": "Court"}, time_zone="Asia/Shanghai"
    )
    session.flush()
    person = organisations.make_person(
        session, organisation=company.id, name="Li", number="1", login="li", now_ms=NOW
    )
    memberships.join(session, person=person, site=site.id, role="supervisor")
    feed.commit(session, now_ms=NOW)
    parts = [
        stock.make_part(
            session, site=site, number=f"P-{n}", name=site.name, unit="个", price=100 + n, now_ms=NOW
        )
        for n in range(50)
    ]
    feed.commit(session, now_ms=NOW)
    random = Random(7)
    head = session.get_one(FeedHead, company.id).pos
    for first in range(0, count, 5_000):
        rows = [_row(n, company.id, site.id, random, count) for n in range(first, min(first + 5_000, count))]
        fed = [
            {
                "organisation_id": company.id,
                "pos": head + n + 1,
                "site_id": site.id,
                "kind": "order",
                "entity": row["id"],
                "version": 1,
                "op": "upsert",
                "row": b"{}",
                "chain": "0" * 64,
                "made_ms": NOW,
            }
            for n, row in enumerate(rows)
        ]
        head += len(rows)
        session.execute(insert(FeedRow), fed)
        session.execute(insert(WorkOrder), rows)
        session.execute(insert(OrderDue), [line for row in rows for line in lines_of(WorkOrder(**row))])
        _belongings(session, rows, parts, random)
    session.execute(update(FeedHead).where(FeedHead.organisation_id == company.id).values(pos=head))
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM work_order"))  # as autovacuum does by itself, some time later
    token = begin_session(session, person.id, now_ms=NOW)
    site_id = site.id
    session.commit()
    db.session.remove()
    return site_id, token


def _belongings(session: Session, rows: list[dict[str, Any]], parts: list[Part], random: Random) -> None:
    """Give finished orders what the log reads of them: an arrival, a note, costs, and parts."""
    arrivals, notes, acts, moves = [], [], [], []
    for row in rows:
        if row["done"] is None:
            continue
        event, company = row["done"]["event"], row["organisation_id"]
        common = {"organisation_id": company, "site_id": row["site_id"], "device_id": row["id"]}
        common |= {"person_id": None, "lower_ms": None, "estimate_ms": row["opened_ms"], "quality": "A"}
        common |= {"upper_ms": NOW, "received_ms": NOW, "marks": [], "order_id": row["id"]}
        arrive = {"hash": event[::-1], "log": "x", "seq": 1, "kind": "arrive", "p": {}, "saw": 1}
        arrivals.append(common | arrive)
        note = {"hash": event, "name": "note", "salt": "", "value": "换了灯管"}
        notes.append({"organisation_id": company, "site_id": row["site_id"]} | note)
        if random.random() < 0.2:
            act = {"id": uuid4(), "kind": "cost", "at_ms": NOW, "version": 2, "p": {"amount": "12.50"}}
            acts.append({name: common[name] for name in COMMON} | act)
        for _ in range(random.randrange(3)):
            taken = {"hash": uuid4().hex * 2, "part_id": random.choice(parts).id, "why": "used"}
            moves.append(common | taken | {"milli": -1000, "asset_id": None})
    for model, some in ((OrderEvent, arrivals), (OrderAct, acts), (StockMove, moves), (PrivatePart, notes)):
        session.execute(insert(model), some)


def _row(number: int, company: UUID, site: UUID, random: Random, count: int) -> dict[str, Any]:
    is_open = random.random() < UNDER_WAY_SHARE
    state = (
        random.choice(STATES[:5]) if is_open else random.choice(("closed", "closed", "closed", "cancelled"))
    )
    opened = NOW - (count - number) * 15 * MINUTE
    due = opened + random.randrange(5 * 1440) * MINUTE
    deadline = {
        "key": "repair-other",
        "clause": "P1-13",
        "what": "repair",
        "due_ms": due,
        "span_ms": due - opened,
        "state": "running" if is_open else "met",
        "came_ms": None if is_open else due,
        "corrected": False,
    }
    return {
        "id": uuid4(),
        "organisation_id": company,
        "site_id": site,
        "number": number + 1,
        "kind": "repair",
        "cls": random.choice(CLASSES),
        "urgency": "urgent" if random.random() < 0.1 else "normal",
        "state": state,
        "title_zh": f"第 {number} 号楼道灯不亮",
        "title_en": f"Lamp {number}",
        "place": "3-9",
        "source_kind": "office",
        "source_id": "x",
        "asks_signature": False,
        "opened_ms": opened,
        "start": {"opened_ms": opened, "class": "other"},
        "deadlines": [deadline],
        "next_due_ms": due if is_open else None,
        "look_ms": None,
        "conflicts": 0,
        "reopened": 0,
        "labour_min": 30,
        "done": None if is_open else {"event": uuid4().hex * 2, "by": None, "at_ms": due, "result": "fixed"},
        "done_ms": None if is_open else due,
        "ended_ms": None if is_open else due,
        "fed": is_open,
        "version": 1,
        "feed_kind": "order",
    }


def _bare(app: Flask, site: UUID) -> None:
    with app.app_context():
        session = db.session()
        enter_installation(session)
        home = site.hex if session.get_bind().dialect.name == "sqlite" else str(site)
        query = text("SELECT state, count(*) FROM work_order WHERE site_id = :site GROUP BY state")
        session.execute(query, {"site": home}).all()
        db.session.remove()


def _print(what: str, act: Callable[[], None], *, times: int = TIMES) -> None:
    walls, cpus = [], []
    act()
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(f"{what:44}{median(walls) * 1000:10.1f}{median(cpus) * 1000:10.1f}")


if __name__ == "__main__":
    main()
