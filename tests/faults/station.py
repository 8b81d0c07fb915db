"""A real server process, a bad network in front of it, and the app's own phone engine behind that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server import clock
from server.people import service as people
from sync.records import record_hash
from tests.faults.engines import Engine
from tests.faults.field import Founded, confirm_all, found
from tests.faults.journals import Journal
from tests.faults.node_phone import NodePhone
from tests.faults.postgres import postgres
from tests.faults.proxy import Proxy
from tests.faults.serving import Server, Zygote
from tests.faults.truth import equation, read, whole


@dataclass
class Station:
    """A garden with one guard, served by a process of its own, and the way there."""

    server: Server
    founded: Founded
    proxy: Proxy
    journal: Journal = field(default_factory=Journal)
    """What was captured on any phone, and what the server acknowledged to it."""

    @contextmanager
    def phone(self, *, patience: float = 0.1) -> Iterator[NodePhone]:
        """Lend a phone that has joined; the guard is signed in.

        :param patience: how long it waits for an answer, as a part of what a phone in the field waits
        """
        with NodePhone(self.proxy.url, actor=str(self.founded.worker)) as phone:
            phone.join(self._code())
            confirm_all(self.server.database_url)
            phone.confirm()
            phone.wait_only(patience)
            yield phone
            self._note(phone.dump(), done=False)

    def _code(self) -> str:
        engine = create_engine(self.server.database_url, poolclass=NullPool)
        with Session(engine) as session:
            started = people.start_enrolment(
                session,
                organisation=self.founded.organisation,
                site=self.founded.site,
                name="phone",
                made_by=None,
                public_url=self.server.url,
                now_ms=clock.system_ms(),
            )
            session.commit()
        return started.code

    def check(self, *phones: NodePhone, done: bool) -> None:
        """Compare what the phones believe with what the server has.

        :param done: everything must have been sent
        """
        for phone in phones:
            self._note(phone.dump(), done=done)
        held = read(database_url=self.server.database_url, data_dir=self.server.data_dir)
        assert self.journal.records <= held.records.keys(), "a record counts as stored and is not there"
        assert self.journal.photos <= held.photos, "a photo counts as sent and is not there"
        assert not held.wrong
        if done:
            assert whole(self.journal, held) == []

    def _note(self, dump: dict[str, Any], *, done: bool) -> None:
        for record in dump["records"]:
            assert record_hash(record["body"]) == record["hash"]
            self.journal.captured.add(record["hash"])
            if not record["unsent"]:
                self.journal.records.add(record["hash"])
        for photo in dump["photos"]:
            assert photo["state"] in ("saved", "sent")
            if photo["state"] == "sent":
                self.journal.photos.add(photo["sha256"])
        if done:
            assert not any(record["unsent"] for record in dump["records"])
            assert all(photo["state"] == "sent" for photo in dump["photos"])

    def equation(self) -> str:
        """Return the conservation equation; everything has been sent.

        :raises AssertionError: it does not hold
        """
        held = read(database_url=self.server.database_url, data_dir=self.server.data_dir)
        text, holds = equation(self.journal, held)
        assert holds, text
        return text


@contextmanager
def station(zygote: Zygote, folder: Path, engine: Engine) -> Iterator[Station]:
    """Lend a station whose data lie in `folder`."""
    data_dir = folder / "var"
    data_dir.mkdir(mode=0o700, parents=True)
    with ExitStack() as stack:
        database = stack.enter_context(postgres(folder)) if engine == "postgres" else None
        url = database.url if database else f"sqlite:///{data_dir / 'roundsman.db'}"
        server = Server(zygote, data_dir, url, folder / "server.log")
        founded = found(data_dir=data_dir, database_url=url, url=server.url, phones=0)
        server.start()
        stack.callback(server.kill)
        yield Station(server, founded, stack.enter_context(Proxy(server.port)))
