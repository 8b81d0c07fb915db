"""A whole server that can be backed up, set back and started again, on SQLite or PostgreSQL.

It is furnished once per engine: a company, a garden with three checkpoints and a checklist, two
guards, two phones that have joined. Every example begins from a copy of that.
"""

from __future__ import annotations

import contextvars
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.db import db
from server.feed import service as feed
from server.feed.models import Epoch
from server.forms import service as forms
from server.ledger import clockwatch
from server.people import service as people
from server.rounds import service as rounds
from server.rounds.service import StopSpec
from server.sites import service as sites
from server.sites.models import Site, Tag
from sync.phone.store import Store
from tests.api.field import PIN
from tests.conftest import PUBLIC_URL, T0, FakeClock, _migrated, settings_for
from tests.postgres import Cluster
from tests.recurring import daily
from tests.simulation.network import Answer

PIN_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)
"""As quick as Argon2 can be: it is not what is tried here."""

FIELDS: list[dict[str, Any]] = [
    {
        "id": "pressure",
        "kind": "number",
        "label": {"zh": "压力", "en": "Pressure"},
        "required": True,
        "decimals": 2,
    },
    {"id": "leaks", "kind": "check", "label": {"zh": "漏水", "en": "Leaks"}, "required": False},
]


@dataclass(frozen=True)
class Backup:
    """A copy of everything that a server keeps."""

    database: str
    """A file, or the name of a PostgreSQL database."""
    photos: Path


class SqliteDatabase:
    """A database in a file, copied through SQLite's own backup."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "roundsman.db"
        self.url = f"sqlite:///{self._file}"

    def save(self, to: Path) -> str:
        """Copy the database, as it is at this moment."""
        with closing(sqlite3.connect(self._file)) as here, closing(sqlite3.connect(to)) as copy:
            here.backup(copy)
        return str(to)

    def load(self, copy: str) -> None:
        """Put a copy in the database's place; nobody may have it open."""
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copy(copy, self._file)

    def drop(self, copy: str | None = None) -> None:
        """Remove a copy; without one, nothing more is needed."""
        if copy is not None:
            Path(copy).unlink(missing_ok=True)


class PostgresDatabase:
    """A database of a running cluster, copied as a template."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._name = f"s{uuid4().hex}"
        self.url = cluster.url(self._name)

    def save(self, to: Path) -> str:
        """Copy the database; nobody may have it open."""
        name = f"b{uuid4().hex}"
        self._cluster.create(name, template=self._name)
        return name

    def load(self, copy: str) -> None:
        """Put a copy in the database's place."""
        self._cluster.drop(self._name)
        self._cluster.create(self._name, template=copy)

    def drop(self, copy: str | None = None) -> None:
        """Remove a copy, or the database itself."""
        self._cluster.drop(copy or self._name)


Database = SqliteDatabase | PostgresDatabase


@dataclass(frozen=True)
class Furnished:
    """What was there before an example begins; every example starts from a copy."""

    backup: Backup
    organisation: UUID
    site: UUID
    people: Mapping[str, UUID]
    places: tuple[UUID, ...]
    form: UUID
    phones: tuple[Store, ...]


@dataclass
class Installation:
    """A running server. Copies of it are made by `back_up` and brought back by `restore`."""

    folder: Path
    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    furnished: Furnished = field(init=False)
    pages: int = 0
    """How many pages of phones were opened; no two have the same random bytes."""
    _copies: list[Backup] = field(default_factory=list)

    def __post_init__(self) -> None:
        from server.app import create_app

        self.app: Flask = create_app(settings_for(self.folder / "var", self.database.url), now_ms=self.clock)
        self.client: FlaskClient = self.app.test_client(use_cookies=False)

    def let_go(self) -> None:
        """Let go of the database, so that it may be copied or replaced."""
        with self.app.app_context():
            db.engine.dispose()

    def begin_anew(self) -> None:
        """Go back to what was furnished, and forget every copy made since."""
        self.clock.ms = T0
        self.pages = 1_000
        self.restore(self.furnished.backup, announced=False)
        for copy in self._copies:
            self.database.drop(copy.database)
            shutil.rmtree(copy.photos, ignore_errors=True)
        self._copies.clear()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session of its own."""
        with self.app.app_context():
            engine = db.engine
        with Session(engine.execution_options(deferred=True)) as session:
            yield session

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request as it comes from outside."""
        response = contextvars.Context().run(
            self.client.open, path, method=method, base_url=PUBLIC_URL, headers=dict(headers), data=body
        )
        return response.status_code, dict(response.headers), response.get_data()

    def tick(self) -> None:
        """Do the periodic work once."""
        from server.jobs import JOBS

        with self.app.app_context(), self.session() as session:
            for job in JOBS.values():
                job(session, self.clock.ms)
                session.commit()

    def back_up(self) -> Backup:
        """Copy everything that the server keeps."""
        if isinstance(self.database, PostgresDatabase):
            self.let_go()
        name = uuid4().hex
        photos = self.folder / f"photos-{name}"
        if self._photos.exists():
            shutil.copytree(self._photos, photos)
        copy = Backup(self.database.save(self.folder / f"backup-{name}.db"), photos)
        self._copies.append(copy)
        return copy

    def restore(self, backup: Backup, *, announced: bool) -> None:
        """Set the server back to a copy; `announced` renames its history, as `roundsman restore` does."""
        self.let_go()
        clockwatch._stated.clear()  # a process that was started again
        self.database.load(backup.database)
        shutil.rmtree(self._photos, ignore_errors=True)
        if backup.photos.exists():
            shutil.copytree(backup.photos, self._photos)
        if announced:
            with self.session() as session:
                session.execute(update(Epoch).values(epoch=uuid4().hex[:16]))
                session.commit()

    @property
    def _photos(self) -> Path:
        return self.folder / "var" / "photos"

    # -- what the office does ----------------------------------------------------------

    def change(self, work: Callable[[Session, Site], None]) -> None:
        """Do something at the office and publish it."""
        with self.session() as session:
            work(session, session.get_one(Site, self.furnished.site))
            feed.commit(session, now_ms=self.clock.ms)

    def enrolment_code(self) -> str:
        """Return a code with which a phone may join the garden."""
        with self.session() as session:
            started = people.start_enrolment(
                session,
                organisation=self.furnished.organisation,
                site=self.furnished.site,
                name="",
                made_by=None,
                public_url=PUBLIC_URL,
                now_ms=self.clock.ms,
            )
            session.commit()
            return started.code

    def confirm(self, code: str) -> None:
        """Confirm the phone that used a code."""
        import hashlib

        from server.people.models import Enrolment

        with self.session() as session:
            row = session.scalars(
                select(Enrolment).where(Enrolment.code_hash == hashlib.sha256(code.encode()).hexdigest())
            ).one()
            people.confirm(
                session,
                site=self.furnished.site,
                enrolment=row.id,
                person=self.furnished.people["li"],
                receipt_key=self.app.extensions["roundsman.secrets"].receipt.public_key,
                now_ms=self.clock.ms,
            )
            feed.commit(session, now_ms=self.clock.ms)

    def tokens(self) -> dict[UUID, str]:
        """Return checkpoint → the token of its newest print."""
        with self.session() as session:
            tags = session.scalars(select(Tag).order_by(Tag.print_no))
            return {tag.target_id: tag.token for tag in tags}


@contextmanager
def installed(folder: Path, *, postgres: Cluster | None) -> Iterator[Installation]:
    """Lend a furnished server; `begin_anew` brings it back to this state."""
    database: Database
    if postgres is None:
        database = SqliteDatabase(folder)
        _migrated(folder / "var", database.url)
    else:
        database = PostgresDatabase(postgres)
        database.load("template")
    server = Installation(folder, database)
    _furnish(server)
    try:
        yield server
    finally:
        server.begin_anew()
        server.let_go()
        database.drop(server.furnished.backup.database)
        database.drop()


def _furnish(server: Installation) -> None:
    with server.session() as session:
        company = people.make_organisation(session, name="Green Estates", now_ms=T0)
        site = sites.make_site(
            session,
            organisation_id=company.id,
            name={"zh": "花园", "en": "Garden"},
            time_zone="Asia/Shanghai",
        )
        session.flush()
        cast: dict[str, UUID] = {}
        for number, (name, role) in enumerate(
            (("li", "supervisor"), ("wang", "worker"), ("liu", "worker")), start=1
        ):
            person = people.make_person(
                session,
                organisation=company.id,
                name=name,
                number=str(number),
                trade="guard" if role == "worker" else None,
                administrator=False,
                login=None,
                now_ms=T0,
            )
            person.pin_hash = PIN_HASH
            session.flush()
            people.join(session, person=person, site=site.id, role=role)
            cast[name] = person.id
        places = [
            sites.make_place(
                session,
                "checkpoint",
                site=site,
                number=f"0{n}",
                name={"zh": f"点位 {n}", "en": f"Point {n}"},
                now_ms=T0,
            )
            for n in (1, 2, 3)
        ]
        session.flush()
        form = forms.make_form(
            session,
            organisation_id=company.id,
            site_id=site.id,
            name={"zh": "泵房", "en": "Pump room"},
            fields=FIELDS,
            now_ms=T0,
        )
        session.flush()
        route = rounds.make_route(
            session,
            site=site,
            name={"zh": "夜巡", "en": "Night"},
            order="free",
            stops=[
                StopSpec("checkpoint", place.id, UUID(form["id"]) if n == 1 else None)
                for n, place in enumerate(places)
            ],
            now_ms=T0,
        )
        from datetime import date

        rounds.make_plan(
            session,
            site=site,
            route=route.id,
            name={"zh": "夜巡", "en": "Night"},
            recurrence=daily(("00:00", "08:00"), ("20:00", "24:00")),
            starts_on=date(2026, 11, 22),
            grace_min=60,
            now_ms=T0,
        )
        feed.commit(session, now_ms=T0)
        organisation, site_id, place_ids = company.id, site.id, tuple(place.id for place in places)
    server.furnished = Furnished(
        Backup("", server.folder), organisation, site_id, cast, place_ids, UUID(form["id"]), ()
    )
    phones = tuple(_joined_phone(server, f"phone {n}", guard) for n, guard in enumerate(("wang", "liu")))
    server.furnished = replace(server.furnished, backup=server.back_up(), phones=phones)
    server._copies.clear()


def _joined_phone(server: Installation, name: str, guard: str) -> Store:
    from tests.simulation.pocket import Pocket

    pocket = Pocket(name, server, Store())
    pocket.join()
    assert pocket.phone.sync().complete
    assert pocket.phone.sign_in(str(server.furnished.people[guard]), PIN).ok
    return pocket.phone.store
