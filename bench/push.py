"""Prints the server's CPU per 1,000 records pushed, the first time and again, beside the reference.

One phone walks the demo estate and pushes scans and answers in batches of 100. Every push goes to
Roundsman and then, the same bytes, to the reference, both in this process: what else the machine
does meanwhile slows both down alike, so the ratio holds where the figures do not. On PostgreSQL the
CPU of the database's own processes is counted too, and printed apart.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import Client

from bench.reference import create_reference
from server import migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.demo import estate, forms, people, plans, readings
from server.demo.clock import DemoClock
from server.demo.setting_up import Made, set_up
from server.demo.walk import APP, CAPABILITIES, InProcess, PhoneClock
from server.feed import service as feed
from server.ledger.models import Verdict
from server.people import service as people_service
from server.rounds.models import Occurrence
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.store import Record, Store

URL = "http://localhost"
BEGIN_MS = 1_795_438_800_000
PLAN = "facilities"
PACE_MS = 40_000
WARM_UP = 400
"""So many records go first and are not counted: a server writes each statement once, and runs for weeks."""


class Measured:
    """The network of the phone: measures what each push costs Roundsman, and then the reference."""

    def __init__(self, app: Flask, reference: Flask) -> None:
        self._net = InProcess(app, public_url=URL)
        self._reference: Client = reference.test_client()
        self.database: int | None = None
        """The process of the PostgreSQL server, if there is one."""
        self.ours_s = self.database_s = self.reference_s = 0.0

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return the application's answer."""
        began, before_s = time.process_time(), postgres_s(self.database)
        answer = self._net.request(method, path, headers, body)
        took = time.process_time() - began
        if path.endswith("/sync/push") and answer[0] == 200:
            self.ours_s += took
            self.database_s += postgres_s(self.database) - before_s
            began = time.process_time()
            assert (
                self._reference.post("/api/v1/sync/push", data=body, headers=dict(headers)).status_code == 200
            )
            self.reference_s += time.process_time() - began
        return answer


def postgres_s(server: int | None, *, role: str | None = None) -> float:
    """Return the CPU seconds that the processes of a PostgreSQL server have used.

    :param role: only those that serve this role
    """
    if server is None:
        return 0.0
    ticks = 0
    children = map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())
    for process in (server, *children):
        if role is None or f": {role} " in Path(f"/proc/{process}/cmdline").read_text(errors="replace"):
            fields = _stat(process)
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def backends_parent() -> int:
    """Return the process of the PostgreSQL server on which the application in hand works."""
    parent = int(_stat(db.session().scalar(text("SELECT pg_backend_pid()")))[1])
    db.session.rollback()
    return parent


def _stat(process: int) -> list[str]:
    """Return what the system tells of a process, from its state on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=2_000)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    told = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="roundsman-bench-") as name,
        database(told.database, Path(name)) as url,
    ):
        measure(Path(name), url, told.records)


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """Lend an empty, durable database."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'ours.db'}"
        return
    from tests.postgres import cluster  # starts nothing unless it is asked for

    with cluster(durable=True) as running, running.database() as url:
        yield url


def measure(folder: Path, url: str, records: int) -> None:
    """Measure on a database and print what it cost."""
    clock = DemoClock(BEGIN_MS)
    settings = Settings(
        data_dir=folder,
        database_url=url,
        public_url=URL,
        pwa_dir=folder,
    )
    app = create_app(settings, now_ms=clock)
    net = Measured(app, create_reference(folder / "reference"))
    store, randomness = Store(), SeededRandomness("bench")
    ports = Ports(store, net, PhoneClock(clock), randomness, StoredKeys(store, randomness), OwnLocks())
    phone = Phone(ports, app=APP, tz=estate.TIME_ZONE)
    with app.app_context():
        migrate.upgrade(db.engine)
        if db.engine.dialect.name == "postgresql":
            net.database = backends_parent()
        made, rounds = join(app, phone)
        assert phone.sync().complete
        walk(phone, clock, made, rounds, range(WARM_UP))
        _push(phone, net)
        walk(phone, clock, made, rounds, range(WARM_UP, WARM_UP + records))
        told = {"first push": _push(phone, net), "the same again": _again(phone, store, net, records)}
        outcomes = set(db.session().scalars(select(Verdict.outcome).distinct()))
        assert outcomes == {"applied"}, outcomes
        db.session.remove()
        db.engine.dispose()
    engine = "PostgreSQL" if url.startswith("postgresql") else "SQLite"
    print(f"{records} records in batches of up to 100, {engine}, server CPU ms per 1,000 records")
    print(f"{'':16}{'Roundsman':>12}{'database':>12}{'reference':>12}{'ratio':>8}")
    for name, (ours, its_database, least) in told.items():
        each = [seconds * 1e6 / records for seconds in (ours, its_database, least)]
        print(f"{name:16}{each[0]:12.0f}{each[1]:12.0f}{each[2]:12.0f}{(ours + its_database) / least:8.1f}")
    first, again = told.values()
    print(f"again / first, Roundsman: {sum(again[:2]) / sum(first[:2]):.2f}")


def join(app: Flask, phone: Phone) -> tuple[Made, list[UUID]]:
    """Make the estate, let the phone join, sign somebody in; return it and the rounds to walk."""
    session = db.session()
    organisation = people_service.make_organisation(session, name="bench", demo=True, now_ms=BEGIN_MS).id
    made = set_up(session, organisation_id=organisation, public_url=URL, until_ms=BEGIN_MS, now_ms=BEGIN_MS)
    site = made.site.id
    worker = people_service.make_person(
        session,
        organisation=organisation,
        name="王强",
        number="G01",
        trade="guard",
        pin=people.PIN,
        now_ms=BEGIN_MS,
    )
    people_service.join(session, person=worker, site=site, role="worker")
    feed.commit(session, now_ms=BEGIN_MS)
    person = worker.id
    started = people_service.start_enrolment(
        session,
        organisation=organisation,
        site=site,
        name="bench",
        made_by=None,
        public_url=URL,
        now_ms=BEGIN_MS,
    )
    session.commit()
    phone.enrol(started.code, capabilities=CAPABILITIES)
    people_service.confirm(
        session,
        site=site,
        enrolment=started.id,
        person=person,
        receipt_key=app.extensions["roundsman.secrets"].receipt.public_key,
        now_ms=BEGIN_MS,
    )
    feed.commit(session, now_ms=BEGIN_MS)
    assert phone.confirm() == "active"
    rounds = list(
        session.scalars(
            select(Occurrence.id).where(Occurrence.plan_id == made.plans[PLAN]).order_by(Occurrence.from_ms)
        )
    )
    session.rollback()
    assert phone.sync().complete
    assert phone.sign_in(str(person), people.PIN).ok
    return made, rounds


def walk(phone: Phone, clock: DemoClock, made: Made, rounds: list[UUID], numbers: Iterable[int]) -> None:
    """Let the phone read code after code, and fill the form of every second stop."""
    route = next(route for route in plans.ROUTES if route.key == PLAN)
    by_key = {form.key: form for form in forms.FORMS}
    random = Random(1)
    scan: Record | None = None
    for number in numbers:
        clock.set(clock() + PACE_MS)
        step, fills = divmod(number, 3)
        stop = route.stops[(2 * step + min(fills, 1)) % len(route.stops)]
        if fills == 2 and stop[1] is not None and scan is not None:
            filled = readings.fill(
                by_key[stop[1]],
                changed={},
                note=None,
                signed=("王强", "王强"),
                random=random,
                at_ms=clock(),
            )
            phone.answers(scan, filled.values, texts=filled.texts, note=filled.note, photos=[])
        else:
            occurrence = rounds[step // len(route.stops) % len(rounds)]
            scan = phone.scan(made.tags[stop[0]], occurrence=str(occurrence))


def _push(phone: Phone, net: Measured) -> tuple[float, float, float]:
    net.ours_s = net.database_s = net.reference_s = 0.0
    gc.collect()
    gc.freeze()  # the phone's memory is none of the server's
    report = phone.sync()
    assert report.complete, report
    return net.ours_s, net.database_s, net.reference_s


def _again(phone: Phone, store: Store, net: Measured, records: int) -> tuple[float, float, float]:
    """Push everything once more, as a phone does that never got the answer."""
    store.mark_unsent([record.hash for record in store.records()[-records:]])
    return _push(phone, net)


if __name__ == "__main__":
    main()
