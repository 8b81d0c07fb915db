"""Noting that somebody looked at a place or a photo: once for a while, not once for each picture.

Looking is noted with the first look and again when a quarter of an hour has passed. So a page with
twenty photos of one visit is one row, and a gallery over twenty records is twenty.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.audit import service
from server.audit.models import AuditLook

LOOK_MS = 15 * 60_000
"""How long looking again at the same thing is the same look."""


def look(
    session: Session,
    *,
    organisation: UUID,
    site: UUID,
    person: UUID,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    now_ms: int,
    covers: Collection[str] = (),
) -> bool:
    """Note that a person looked at `subject`, unless it is the same look; tell whether it was noted.

    What is shown must be committed with it, or after it.

    :param covers: what else is looked at with it, as other looks name it
    """
    seen: dict[str, Any] = {"organisation": organisation, "site": site, "person": person, "now_ms": now_ms}
    if not _begins(session, subject=subject, **seen):
        return False
    for other in sorted(covers):
        _begins(session, subject=other, **seen)
    service.write(
        session,
        organisation=organisation,
        site=site,
        person=person,
        action=action,
        subject=subject,
        detail=detail,
        now_ms=now_ms,
    )
    return True


def _begins(
    session: Session, *, organisation: UUID, site: UUID, person: UUID, subject: str, now_ms: int
) -> bool:
    """Tell whether a look begins; of several requests at once, for one of them."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "organisation_id": organisation,
        "person_id": person,
        "subject": subject,
        "site_id": site,
        "at_ms": now_ms,
    }
    begun = (
        insert(AuditLook)
        .values(row)
        .on_conflict_do_update(
            index_elements=["organisation_id", "person_id", "subject"],
            set_={"at_ms": now_ms, "site_id": site},
            where=(AuditLook.at_ms <= now_ms - LOOK_MS) | (AuditLook.at_ms > now_ms),
        )
        .returning(AuditLook.at_ms)
    )
    return session.execute(begun).one_or_none() is not None


def forget_looks(session: Session, *, now_ms: int) -> None:
    """Drop what is no longer asked for. The caller commits."""
    session.execute(
        delete(AuditLook)
        .where(AuditLook.at_ms < now_ms - LOOK_MS)
        .execution_options(synchronize_session=False)
    )
