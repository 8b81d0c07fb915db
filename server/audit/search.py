"""Looking things up in the audit log, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row must be; None asks nothing. `site` None is the whole organisation."""

    organisation: UUID
    site: UUID | None = None
    person: UUID | None = None
    action: str | None = None
    """An action, or its first word with a dot: ``device.``"""
    subject: str | None = None
    from_ms: int | None = None
    to_ms: int | None = None


def page(session: Session, wanted: Wanted, *, before: int | None, limit: int) -> list[AuditRow]:
    """Return the newest rows below a position."""
    query = _query(wanted)
    if before is not None:
        query = query.where(AuditRow.pos < before)
    return list(session.scalars(query.order_by(AuditRow.pos.desc()).limit(limit)))


def everything(session: Session, wanted: Wanted) -> Iterator[AuditRow]:
    """Yield every row, the newest first, in bounded memory."""
    query = _query(wanted).order_by(AuditRow.pos.desc()).execution_options(yield_per=500)
    row: AuditRow
    for row in session.scalars(query):
        yield row
        session.expunge(row)


def actions(session: Session, wanted: Wanted) -> list[str]:
    """Return the actions that were ever done there, in order: from one to the next by the index."""
    found: list[str] = []
    while True:
        query = select(AuditRow.action).where(*_place(wanted)).order_by(AuditRow.action).limit(1)
        following = session.scalar(query.where(AuditRow.action > found[-1]) if found else query)
        if following is None:
            return found
        found.append(following)


def doers(wanted: Wanted) -> Select[UUID | None]:
    """Return the query of everybody who did anything there."""
    return select(AuditRow.person_id).where(*_place(wanted)).distinct()


def _place(wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [AuditRow.organisation_id == wanted.organisation]
    if wanted.site is not None:
        where.append(AuditRow.site_id == wanted.site)
    return where


def _query(wanted: Wanted) -> Select[AuditRow]:
    query = select(AuditRow).where(*_place(wanted))
    if wanted.person is not None:
        query = query.where(AuditRow.person_id == wanted.person)
    if wanted.action is not None and wanted.action.endswith("."):
        query = query.where(AuditRow.action.startswith(wanted.action, autoescape=True))
    elif wanted.action is not None:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.subject is not None:
        bare = wanted.subject.rpartition(":")[2]
        query = query.where(AuditRow.subject.in_({wanted.subject, bare}))
    if wanted.from_ms is not None:
        query = query.where(AuditRow.at_ms >= wanted.from_ms)
    if wanted.to_ms is not None:
        query = query.where(AuditRow.at_ms < wanted.to_ms)
    return query
