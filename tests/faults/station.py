"""A real server process on data of its own, and what a test may look up behind its back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server import clock, migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.feed import service as feed
from server.ledger import blobs
from server.ledger.models import Blob, Device, Record, Verdict
from server.people import service as people
from server.sites import service as sites
from sync.encoding import sha256_hex
from tests.browser.served import Served
from tests.conftest import settings_for
from tests.faults.node_phone import NodePhone


@dataclass
class Station:
    """A garden with one guard, served by a process of its own."""

    served: Served
    settings: Settings
    organisation: UUID
    site: UUID
    guard: UUID
    _app: Flask

    @property
    def url(self) -> str:
        """Where the server listens."""
        return self.served.url

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session on the server's own database."""
        with self._app.app_context():
            engine = db.engine
        with Session(engine.execution_options(deferred=True)) as session:
            yield session

    def code(self) -> str:
        """Return an enrolment code."""
        with self.session() as session:
            started = people.start_enrolment(
                session,
                organisation=self.organisation,
                site=self.site,
                name="phone",
                made_by=None,
                public_url=self.settings.public_url,
                now_ms=clock.system_ms(),
            )
            session.commit()
            return started.code

    def confirm_all(self) -> None:
        """Confirm every phone that waits."""
        with self.session() as session:
            for device in session.execute(select(Device).where(Device.state == "waiting")).scalars():
                device.state = "active"
            session.commit()

    def join(self, phone: NodePhone) -> NodePhone:
        """Let a phone join and sign the guard in on it."""
        phone.join(self.code())
        self.confirm_all()
        phone.confirm()
        phone.actor = str(self.guard)
        return phone

    # -- what the server has

    def bodies(self) -> dict[str, str]:
        """Return what the ledger holds: hash → body."""
        with self.session() as session:
            rows = session.execute(select(Record.hash, Record.body)).all()
        found = {sha: bytes(body).decode() for sha, body in rows}
        assert len(found) == len(rows)
        return found

    def outcomes(self) -> dict[str, int]:
        """Return how many records the server keeps under each outcome."""
        with self.session() as session:
            rows = session.execute(select(Verdict.outcome, func.count()).group_by(Verdict.outcome)).all()
        return {str(outcome): int(count) for outcome, count in rows}

    def photos(self) -> dict[str, bytes]:
        """Return the photos whose bytes are in place: hash → bytes."""
        with self.session() as session:
            known = list(session.execute(select(Blob.sha256)).scalars())
        folder = self.settings.data_dir
        return {
            sha: blobs.path(folder, organisation=self.organisation, sha256=sha).read_bytes() for sha in known
        }

    # -- what must hold

    def assert_nothing_false(self, *dumps: dict[str, Any]) -> None:
        """What a phone holds as stored, the server has, byte for byte."""
        bodies, photos = self.bodies(), self.photos()
        for dump in dumps:
            for record in dump["records"]:
                if not record["unsent"]:
                    assert bodies.get(record["hash"]) == record["body"], record
            for photo in dump["photos"]:
                if photo["state"] == "sent":
                    assert sha256_hex(photos[photo["sha256"]]) == photo["sha256"]

    def assert_whole(self, *phones: NodePhone) -> str:
        """Everything arrived, byte for byte and once; return the conservation equation."""
        dumps = [phone.dump() for phone in phones]
        self.assert_nothing_false(*dumps)
        captured = {record["hash"] for dump in dumps for record in dump["records"]}
        pending = sum(record["unsent"] for dump in dumps for record in dump["records"])
        assert pending == 0
        assert set(self.bodies()) == captured
        assert {photo["sha256"] for dump in dumps for photo in dump["photos"]} == set(self.photos())
        kept = {
            outcome: self.outcomes().get(outcome, 0)
            for outcome in ("applied", "held", "forked", "quarantined")
        }
        assert sum(kept.values()) + pending == len(captured)
        terms = " + ".join(f"{count} {outcome}" for outcome, count in kept.items())
        return f"{len(captured)} captured = {terms} + {pending} pending on the phone"


def make_station(
    folder: Path, *, database_url: str | None = None, env: dict[str, str] | None = None
) -> Station:
    """Make a garden with its data in `folder`; its server is not started yet.

    :param database_url: an empty database; SQLite in the folder without it
    :param env: more settings for the server's process
    """
    data = folder / "var"
    url = database_url or f"sqlite:///{data / 'roundsman.db'}"
    settings = settings_for(data, url)
    app = create_app(settings)
    now = clock.system_ms()
    with app.app_context():
        migrate.upgrade(db.engine)
        session = db.session()
        company = people.make_organisation(session, name="Green Estates", now_ms=now)
        site = sites.make_site(
            session,
            organisation_id=company.id,
            name={"zh": "花园", "en": "Garden"},
            time_zone="Asia/Shanghai",
        )
        guard = people.make_person(
            session,
            organisation=company.id,
            name="Wang",
            number="07",
            trade="guard",
            administrator=False,
            login=None,
            now_ms=now,
        )
        session.flush()
        people.join(session, person=guard, site=site.id, role="worker")
        ids = company.id, site.id, guard.id
        feed.commit(session, now_ms=now)
        db.session.remove()
    served = Served(folder, env={"ROUNDSMAN_DATABASE_URL": url, **(env or {})})
    return Station(served, settings, *ids, app)
