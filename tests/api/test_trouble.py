"""Trouble of the database and the machine leaves the API as a 503 or 507 that says when to come again."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from server.problems import trouble_of


def _sqlite(code: int) -> DBAPIError:
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = code
    return OperationalError("COMMIT", {}, error)


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (_sqlite(sqlite3.SQLITE_FULL), "disk-full"),
        (_sqlite(sqlite3.SQLITE_IOERR_FSYNC), "busy"),
        (_sqlite(sqlite3.SQLITE_BUSY), "busy"),
        (OperationalError("COMMIT", {}, psycopg.errors.DiskFull("no")), "disk-full"),
        (OperationalError("COMMIT", {}, psycopg.errors.AdminShutdown("no")), "busy"),
        (DBAPIError("COMMIT", {}, Exception("gone"), connection_invalidated=True), "busy"),
        (PoolTimeout("no connection"), "busy"),
        (MemoryError(), "busy"),
        (OSError(errno.ENOSPC, "no"), "disk-full"),
        (OSError(errno.EMFILE, "no"), "busy"),
        (OSError(errno.EIO, "no"), "busy"),
        (OSError(errno.EPERM, "no"), None),
        (DBAPIError("SELECT", {}, Exception("a bug")), None),
        (ValueError("a bug"), None),
    ],
)
def test_what_may_pass_is_told_from_a_bug(error: Exception, slug: str | None) -> None:
    trouble = trouble_of(error)

    assert (trouble.slug if trouble else None) == slug


@pytest.mark.parametrize(("error", "status"), [(OSError(errno.ENOSPC, "no"), 507), (PoolTimeout("no"), 503)])
def test_trouble_says_when_to_come_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setitem(app.view_functions, "pages.health", fail)

    answer = app.test_client().get("/healthz")

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json()["retryable"] is True


def test_a_database_that_goes_away_after_the_answer_takes_no_answer_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    right: Callable[[Session], None] = Session.close
    failed: list[int] = []

    def close(session: Session) -> None:
        right(session)
        if not failed:
            failed.append(1)
            raise OperationalError("ROLLBACK", {}, Exception("the connection is lost"))

    monkeypatch.setattr(Session, "close", close)

    assert client.get("/healthz").status_code == 200
    assert failed
    assert client.get("/healthz").status_code == 200
