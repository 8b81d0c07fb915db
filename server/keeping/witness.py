"""What the server remembers outside of its database, so that it notices when that is older than it was.

After each change, at most once a second, the heads of ledger and feed are written to a file in the
data folder. At the next start they must still be in the database; if they are not, a backup was put
in its place and nobody said so, and the history gets another name. On PostgreSQL the system
identifier and the timeline are compared as well: another cluster, or a replica that was promoted.

The chain hash in each phone's cursor remains the net below: it also finds what was restored together
with this file.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, Response, request
from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.config import Settings
from server.db import db
from server.feed import epochs
from server.feed.models import Epoch, FeedHead, FeedRow
from server.ledger.models import LedgerHead, Record
from server.tenancy import enter_installation, open_to_all

FILE = "witness.json"
EVERY_S = 1.0

log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Have `app` write the witness after requests that change something, at most once a second."""
    written = [time.monotonic() - EVERY_S]

    @app.after_request
    def witness(response: Response) -> Response:
        now = time.monotonic()
        if request.method not in ("GET", "HEAD", "OPTIONS") and now - written[0] >= EVERY_S:
            written[0] = now
            try:
                write(db.engine, settings.data_dir)
            except (OSError, SQLAlchemyError) as error:  # the change itself is safe; the next one tries again
                log.warning("the witness of the database could not be written: %s", error)
        return response


def write(engine: Engine, data_dir: Path) -> None:
    """Write the present heads to the witness file."""
    with engine.execution_options(deferred=True).connect() as connection:
        open_to_all(connection)
        heads = _heads(connection)
    with _locked(data_dir):
        _replace(data_dir / FILE, heads)


def check(session: Session, data_dir: Path, *, now_ms: int) -> list[UUID]:
    """Compare the database with the witness and begin another history where it is older. Commits.

    :return: the organisations whose history has another name now
    """
    enter_installation(session)
    with _locked(data_dir):
        remembered = _read(data_dir / FILE)
        cluster = _cluster(session)
        rotated = []
        for organisation, known_cluster in session.execute(
            select(Epoch.organisation_id, Epoch.cluster).order_by(Epoch.organisation_id)
        ).all():
            why: epochs.Why | None = None
            if str(organisation) in remembered and not _holds(
                session, organisation, remembered[str(organisation)]
            ):
                why = "older"
            elif None not in (cluster, known_cluster) and cluster != known_cluster:
                why = "cluster"
            if why is not None:
                begin_anew(session, organisation=organisation, why=why, now_ms=now_ms)
                rotated.append(organisation)
        session.execute(update(Epoch).values(cluster=cluster).execution_options(synchronize_session=False))
        session.commit()
        _replace(data_dir / FILE, _heads(session.connection()))
        session.rollback()
    return rotated


def begin_anew(session: Session, *, organisation: UUID, why: epochs.Why, now_ms: int) -> None:
    """Give an organisation's history another name, and note that in the audit log. The caller commits."""
    name = epochs.rotate(session, organisation=organisation, why=why, now_ms=now_ms)
    audit.write(
        session,
        organisation=organisation,
        site=None,
        person=None,
        action="history.begin",
        subject=f"epoch:{name}",
        detail={"why": why},
        now_ms=now_ms,
    )
    log.warning(
        "organisation %s: another history begins (%s); phones offer again what they keep", organisation, why
    )


def forget(data_dir: Path) -> None:
    """Remove the witness: what it remembers is not to be expected any longer."""
    (data_dir / FILE).unlink(missing_ok=True)


def _heads(connection: Connection) -> dict[str, Any]:
    ledger = {row.organisation_id: row for row in connection.execute(select(LedgerHead.__table__))}
    return {
        str(row.organisation_id): {
            "ledger_pos": ledger[row.organisation_id].pos,
            "ledger_chain": ledger[row.organisation_id].chain,
            "feed_pos": row.pos,
            "feed_chain": row.chain,
        }
        for row in connection.execute(select(FeedHead.__table__))
        if row.organisation_id in ledger
    }


def _holds(session: Session, organisation: UUID, seen: dict[str, Any]) -> bool:
    """Tell whether the database still has both chains as they once stood."""
    ledger = session.get_one(LedgerHead, organisation)
    feed = session.get_one(FeedHead, organisation)
    if ledger.pos < seen["ledger_pos"] or feed.pos < seen["feed_pos"]:
        return False
    at_ledger = (
        ledger.chain
        if ledger.pos == seen["ledger_pos"]
        else session.scalar(
            select(Record.chain).where(
                Record.organisation_id == organisation, Record.ledger_pos == seen["ledger_pos"]
            )
        )
    )
    at_feed = (
        feed.chain
        if feed.pos == seen["feed_pos"]
        else session.scalar(
            select(FeedRow.chain).where(
                FeedRow.organisation_id == organisation, FeedRow.pos == seen["feed_pos"]
            )
        )
    )
    # A row of the feed below the horizon may be gone; the ledger keeps every row
    same_feed = at_feed in (None, seen["feed_chain"]) or seen["feed_pos"] == 0
    same_ledger = at_ledger == seen["ledger_chain"] or seen["ledger_pos"] == 0
    return bool(same_feed and same_ledger)


def _cluster(session: Session) -> str | None:
    """Return the name of the PostgreSQL cluster and its timeline; None on SQLite, or where that is secret."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    try:
        with session.begin_nested():
            found = session.scalar(
                text(
                    "SELECT system_identifier::text || '/' "
                    "|| substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) "
                    "FROM pg_control_system()"
                )
            )
    except DBAPIError:
        return None
    return None if found is None else str(found)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _replace(path: Path, heads: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(heads, indent=1))
    part.replace(path)


@contextlib.contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Let one process at a time look at the witness."""
    handle = os.open(data_dir / f"{FILE}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
