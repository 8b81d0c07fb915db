"""The name of the server's history, and when another one begins.

A database that was restored from a backup has forgotten what it once gave. Its history gets another
name, so that every phone pulls anew and offers again everything that it still keeps.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.feed.models import Epoch

Why = Literal["restore", "older", "cluster"]

SHOWN_MS = 14 * 86_400_000
"""So long the console tells that another history began."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """When and why the present history began."""

    since_ms: int
    why: str


def rotate(session: Session, *, organisation: UUID, why: Why, now_ms: int) -> str:
    """Begin another history; return its name. The caller commits.

    :param why: somebody restored a backup, or the server found the database older than it was, or
        on another cluster
    """
    name = secrets.token_hex(8)
    session.execute(
        update(Epoch)
        .where(Epoch.organisation_id == organisation)
        .values(epoch=name, since_ms=now_ms, why=why)
        .execution_options(synchronize_session=False)
    )
    return name


def beginning(session: Session, *, organisation: UUID, now_ms: int) -> Beginning | None:
    """Return when the present history began, if that is not long ago; None for the first one."""
    row = session.execute(
        select(Epoch.since_ms, Epoch.why).where(Epoch.organisation_id == organisation)
    ).one()
    if row.since_ms is None or row.since_ms < now_ms - SHOWN_MS:
        return None
    return Beginning(row.since_ms, row.why or "")
