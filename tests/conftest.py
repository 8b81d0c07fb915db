"""What every test may ask for: an app on either database, its session, a client, a clock that obeys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server import migrate
from server.config import Settings
from server.db import db, set_up_engine
from tests import audited, engines, laid_out
from tests.cheap import hash_cheaply, in_memory, share_statements
from tests.described import HeldToIt
from tests.order import longest_first
from tests.postgres import ROLE, Cluster, as_role, as_superuser, cluster
from tests.routes import compile_once

compile_once()
hash_cheaply()
in_memory()

PUBLIC_URL = "http://localhost"
T0 = 1_795_438_800_000
"""The moment at which tests begin: 2026-11-23 13:00 UTC, 21:00 in Shanghai."""


@dataclass
class FakeClock:
    """The server's time in ms; a test moves it."""

    ms: int = T0

    def __call__(self) -> int:
        return self.ms

    def forward(self, *, s: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass."""
        self.ms += int((s + 60 * minutes + 3600 * hours) * 1000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    engines.choose(metafunc)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def settings_for(folder: Path, url: str) -> Settings:
    """Return settings for a test's own folder and database."""
    return Settings(
        data_dir=folder,
        database_url=url,
        public_url=PUBLIC_URL,
        pwa_dir=Path(__file__).resolve().parent.parent / "pwa" / "dist",
        testing=True,
    )


def _migrated(folder: Path, url: str) -> None:
    from server.app import create_app

    app = create_app(settings_for(folder, url))
    with app.app_context():
        migrate.upgrade(db.engine)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to be copied."""
    folder = tmp_path_factory.mktemp("sqlite")
    _migrated(folder, f"sqlite:///{folder / 'template.db'}")
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running PostgreSQL with a migrated database `template` to be cloned."""
    with cluster() as running:
        url = running.create("template")
        _migrated(tmp_path_factory.mktemp("pg"), url)
        migrate.grant(create_engine(url, poolclass=NullPool), role=ROLE)
        yield running


@pytest.fixture
def database_engine(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgres``: both in turn, or one of them (`tests.engines`)."""
    return str(request.param)


@pytest.fixture
def database_url(database_engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of this test's own.

    It is empty, or holds the grounds that the test asks for (`tests.laid_out`).
    """
    copy = laid_out.copy_of(database_engine, request.fixturenames)
    if database_engine == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(copy or request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        running: Cluster = request.getfixturevalue("postgres")
        with running.database(copy or "template") as url:
            yield as_role(url)


@pytest.fixture(scope="session", autouse=True)
def _audit() -> Iterator[None]:
    yield from audited.listening()


AppMaker = Callable[[], Flask]
LayOut = Callable[[str, Callable[[], Any]], Any]


@pytest.fixture
def laid(request: pytest.FixtureRequest, app: Flask, session: Session, clock: FakeClock) -> LayOut:
    """Return what lays out grounds by the name of their fixture, or finds them laid out already."""

    def lay(name: str, lay_out: Callable[[], Any]) -> Any:
        assert clock.ms == T0, "grounds are laid out at the moment at which tests begin"
        return laid_out.grounds(
            name,
            app=app,
            session=session,
            running=lambda: request.getfixturevalue("postgres"),
            lay_out=lay_out,
        )

    return lay


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[Flask]:
    """The application on a database of its own.

    No context is pushed: each request of a client has its own session, as in real life.
    """
    from server.app import create_app

    made = create_app(settings_for(tmp_path / "var", database_url), now_ms=clock)
    made.test_client_class = HeldToIt  # every answer of every test is held to the description
    audited.watch(made)
    with made.app_context():
        share_statements(db.engine)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own, apart from those of requests.

    What a request committed is seen after `commit()` or `rollback()`; what the test did is seen by
    requests after `commit()`. On PostgreSQL it may see and do everything, as the application may not.
    """
    engine = create_engine(as_superuser(app.config["SQLALCHEMY_DATABASE_URI"]), poolclass=NullPool)
    set_up_engine(engine)
    share_statements(engine)
    with Session(engine.execution_options(deferred=True)) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
