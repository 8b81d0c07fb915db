"""One app and one database for the whole matrix; what a request changes is undone with a copy of the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from server.app import create_app
from server.db import db
from tests import audited
from tests.access.world import World, build
from tests.api.field import garden
from tests.conftest import FakeClock, settings_for

__all__ = ["garden"]


@pytest.fixture(scope="session")
def world_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the world's database lies; nothing is in it yet."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(sqlite_template, folder / "world.db")
    return folder / "world.db"


@pytest.fixture(scope="session")
def world(world_file: Path) -> Iterator[World]:
    """The world on SQLite."""
    clock = FakeClock()
    settings = settings_for(world_file.parent / "var", f"sqlite:///{world_file}")
    pages = world_file.parent / "dist"
    for name in ("app/index.html", "app/icon-192.png", "console/index.html"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text("a page")
    app = create_app(replace(settings, pwa_dir=pages), now_ms=clock)
    audited.watch(app)
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        made = build(app, session, clock)
    engine.dispose()
    shutil.copy(world_file, world_file.with_suffix(".kept"))
    yield made
    engine.dispose()


@pytest.fixture
def undo(world: World, world_file: Path) -> Callable[[], None]:
    """Return what puts the world back as it was."""

    def put_back() -> None:
        world.engine().dispose()
        for name in (world_file, world_file.with_name("world.db-wal"), world_file.with_name("world.db-shm")):
            name.unlink(missing_ok=True)
        shutil.copy(world_file.with_suffix(".kept"), world_file)

    return put_back
