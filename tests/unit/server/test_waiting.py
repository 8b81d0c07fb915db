"""Writers on SQLite are served in the order in which they came, and nobody keeps a turn that is over."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from server import waiting
from server.db import set_up_engine
from server.waiting import InLine, Line


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = create_engine(f"sqlite:///{tmp_path / 'line.db'}")
    set_up_engine(made)
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE came (who INTEGER PRIMARY KEY)"))
    return made


def _line(engine: Engine) -> Line:
    with engine.connect().execution_options(deferred=True) as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, InLine)
        assert raw.line is not None
        return raw.line


def _until(number: int, line: Line) -> None:
    deadline = time.monotonic() + 30
    while len(line._waiting) != number:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_writers_write_in_the_order_in_which_they_came(engine: Engine) -> None:
    line, order = _line(engine), []

    def write(who: int) -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO came VALUES (:who)"), {"who": who})
            order.append(who)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(6)]
    with engine.begin() as first:
        first.execute(text("INSERT INTO came VALUES (99)"))
        for number, writer in enumerate(writers, start=1):
            writer.start()
            _until(number, line)
    for writer in writers:
        writer.join()

    assert order == list(range(6))


def test_who_only_reads_waits_for_nobody(engine: Engine) -> None:
    with engine.begin() as writer:
        writer.execute(text("INSERT INTO came VALUES (1)"))
        with engine.connect().execution_options(deferred=True) as reader:
            assert reader.scalar(text("SELECT count(*) FROM came")) == 0


@pytest.mark.parametrize("end", ["rollback", "close", "invalidate"])
def test_a_transaction_that_ends_in_any_way_passes_the_turn(engine: Engine, end: str) -> None:
    connection = engine.connect()
    connection.execute(text("INSERT INTO came VALUES (1)"))
    getattr(connection, end)()

    with engine.begin() as next_one:
        next_one.execute(text("INSERT INTO came VALUES (1)"))


def test_a_commit_that_fails_keeps_the_turn_until_it_is_taken_back(tmp_path: Path) -> None:
    line = Line()
    raw = sqlite3.connect(tmp_path / "x.db", factory=InLine, isolation_level=None)
    raw.line = line
    raw.executescript("PRAGMA foreign_keys=ON; CREATE TABLE a (id INTEGER PRIMARY KEY);")
    raw.execute("CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
    raw.begin_to_write()
    raw.execute("INSERT INTO b VALUES (1)")

    with pytest.raises(sqlite3.IntegrityError):
        raw.commit()
    assert not line.enter(0.01)
    raw.rollback()
    assert line.enter(0.01)
    raw.close()


def test_patience_ends_and_the_line_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE_S", 0.05)
    line = _line(engine)
    with engine.begin() as first:
        first.execute(text("INSERT INTO came VALUES (1)"))
        with pytest.raises(OperationalError, match="locked"), engine.begin():
            pass
        assert not line._waiting
    with engine.begin() as next_one:
        next_one.execute(text("INSERT INTO came VALUES (2)"))


def test_who_cannot_begin_gives_the_turn_back(engine: Engine, tmp_path: Path) -> None:
    line = _line(engine)
    other = sqlite3.connect(tmp_path / "line.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with engine.connect().execution_options(deferred=True) as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, InLine)
        connection.rollback()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            raw.begin_to_write()
    assert line.enter(0.01)
    other.close()
