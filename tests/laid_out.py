"""Grounds that many tests begin on are laid out once per process and engine, and then copied.

A fixture that lays out grounds (`garden`, `estate`) is the name of a copy. The first test that asks for
it lays them out and keeps a copy of its database; `database_url` gives later tests that copy, and
the fixture then only looks the rows up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from server.db import db
from server.people.models import Organisation
from tests.postgres import Cluster

Ids = TypeVar("Ids")

GROUNDS = ("estate", "garden")
"""The fixtures that lay out grounds, each in an empty database."""

_kept: dict[tuple[str, str], tuple[str, Any]] = {}
"""(engine, fixture) → the copy's path or name, and what the fixture needs to find its rows again."""


def copy_of(engine: str, fixtures: Iterable[str]) -> str | None:
    """Return the copy with which a test of `fixtures` may begin: a path, or the name of a database."""
    wanted = [name for name in GROUNDS if name in fixtures]
    found = _kept.get((engine, wanted[0])) if len(wanted) == 1 else None
    return found[0] if found else None


def grounds(
    name: str, *, app: Flask, session: Session, running: Callable[[], Cluster], lay_out: Callable[[], Ids]
) -> Ids:
    """Return the ids of grounds: of the copy that the test began with, or of those laid out now.

    :param running: gives the PostgreSQL of this process
    :param lay_out: lays them out, commits, and returns their ids
    """
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    engine = "sqlite" if url.get_backend_name() == "sqlite" else "postgres"
    kept = _kept.get((engine, name))
    begun = session.scalar(select(func.count()).select_from(Organisation))
    session.rollback()  # what a request commits meanwhile would be no part of this transaction
    if begun:
        assert kept is not None, f"somebody laid out something before {name}"
        found: Ids = deepcopy(kept[1])  # a test adds people of its own to its list
        return found
    ids = lay_out()
    if kept is not None:  # the test has a database of its own making
        return ids
    session.close()
    with app.app_context():
        db.engine.dispose()
    assert url.database is not None
    if engine == "sqlite":
        copy = str(Path(url.database).parent.parent / f"{name}-{id(_kept)}.db")
        with sqlite3.connect(url.database) as source:
            source.execute("VACUUM INTO ?", (copy,))
        source.close()
    else:
        copy = name
        running().create(copy, template=url.database)
    _kept[engine, name] = copy, deepcopy(ids)
    return ids
