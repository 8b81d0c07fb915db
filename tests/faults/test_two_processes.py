"""What is counted once whoever counts it: real server processes on one PostgreSQL, asked at the same moment.

Two servers with two workers each, on one database and one data folder. Every phone asks the one server
and the next phone the other, so that no luck with sockets brings all of them to one process.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from server import clock
from server.ledger.models import Device
from sync.keys import SigningKey
from tests.api.field import Handset, data, slug
from tests.conftest import FakeClock
from tests.faults.field import PIN, Founded, confirm_all, found
from tests.faults.serving import Server, Zygote
from tests.postgres import Cluster, as_role

AT_ONCE = 20
T = TypeVar("T")


class Caller:
    """Asks one server over a connection of each request's own; a client for handsets."""

    def __init__(self, port: int) -> None:
        self._port = port

    def open(
        self,
        path: str,
        *,
        method: str = "GET",
        data: str | bytes = b"",
        content_type: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Send a request and return the answer."""
        sent = {**(headers or {}), **({"Content-Type": content_type} if content_type else {})}
        connection = http.client.HTTPConnection("localhost", self._port, timeout=60)
        try:
            connection.request(method, path, body=data, headers=sent)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        return TestResponse([body], str(answer.status), answer.getheaders(), Request({}))  # type: ignore[arg-type]

    def post(self, path: str, **over: Any) -> TestResponse:
        """Send a POST and return the answer."""
        return self.open(path, method="POST", **over)


@dataclass
class Now(FakeClock):
    """The machine's own time, for what is signed and seals."""

    ms: int = field(default_factory=clock.system_ms)


@dataclass
class Pair:
    """Two servers on one database, and the site that they serve."""

    servers: Sequence[Server]
    founded: Founded
    url: str

    def phone(self, number: int) -> Handset:
        """Return a phone that asks one of the servers by turns."""
        server = self.servers[number % len(self.servers)]
        return Handset(
            Caller(server.port),  # type: ignore[arg-type]
            Now(),
            str(self.founded.site),
            SigningKey.generate(),
            actor=str(self.founded.worker),
        )

    def count(self, *conditions: Any) -> int:
        """Count the phones in the database."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            found: int = connection.scalar(select(func.count()).select_from(Device).where(*conditions)) or 0
        return found


@pytest.fixture
def pair(starter: Zygote, folder: Path, postgres: Cluster) -> Iterator[Pair]:
    data_dir = folder / "var"
    data_dir.mkdir(mode=0o700)
    with postgres.database("template") as url:
        # that PostgreSQL lies in memory, which a server would refuse
        servers = [
            Server(starter, data_dir, as_role(url), folder / f"{n}.log", ("unchecked",)) for n in range(2)
        ]
        founded = found(data_dir=data_dir, database_url=url, url=servers[0].url, phones=3)
        try:
            for server in servers:
                server.launch()
            for server in servers:
                server.wait()
            assert len({pid for server in servers for pid in server.workers}) >= 4
            yield Pair(servers, founded, url)
        finally:
            for server in servers:
                server.kill()


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Run tasks, all of which begin at the same moment."""
    together = threading.Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        together.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_codes_are_used_once_and_pins_are_counted_together_by_all_processes(pair: Pair) -> None:
    raced, *codes = pair.founded.codes
    phones = [pair.phone(number) for number in range(AT_ONCE)]

    answers = at_once([lambda phone=phone: phone.ask_to_join(raced) for phone in phones])  # type: ignore[misc]

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * (AT_ONCE - 1)
    assert {slug(answer) for answer in answers if answer.status_code == 410} == {"enrolment-over"}
    assert pair.count() == 1

    guards = [pair.phone(number) for number in range(2)]
    for phone, code in zip(guards, codes, strict=True):
        joined = phone.ask_to_join(code)
        assert joined.status_code == 200, joined.get_data(as_text=True)
        phone.device = data(joined)["device"]["id"]
    confirm_all(pair.url)
    for phone in guards:
        assert phone.outcomes(phone.open()) == [("applied", None)]
        phone.nonce()

    told = [data(answer) for answer in at_once([_try(guards[n % 2], f"{n:06}") for n in range(AT_ONCE)])]

    judged = sorted(one["tries_left"] for one in told if one["tries_left"] is not None)
    assert judged == [0, 1, 2, 3, 4], "five are judged, whichever phone and process they came by"
    assert not any(one["ok"] for one in told)
    assert all(one["wait_s"] > 0 for one in told if one["tries_left"] is None)
    for phone in guards:
        right = data(_try(phone, PIN)())
        assert (right["ok"], right["tries_left"], right["wait_s"] > 0) == (False, None, True)


def _try(phone: Handset, pin: str) -> Callable[[], TestResponse]:
    return lambda: phone.post("sign-in", {"person": phone.actor, "pin": pin})
