"""Periodic work of the desk: phone numbers whose time is over go."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.audit import service as audit
from server.requests.kinds import ENDED
from server.requests.models import Desk, Request, RequestContact
from server.requests.service.desk import CONTACT_DAYS
from server.sites.models import Site

DAY_MS = 86_400_000


def forget_contacts(session: Session, *, now_ms: int) -> int:
    """Erase numbers and names of requests that ended long ago; return how many. Commits; safe to repeat."""
    gone = 0
    for site in session.scalars(select(Site).order_by(Site.id)).all():
        desk = session.get(Desk, site.id)
        days = desk.contact_days if desk is not None else CONTACT_DAYS
        over = select(Request.id).where(
            Request.site_id == site.id,
            Request.state.in_(ENDED),
            Request.closed_ms < now_ms - days * DAY_MS,
        )
        found = session.execute(
            delete(RequestContact)
            .where(RequestContact.request_id.in_(over))
            .returning(RequestContact.request_id)
            .execution_options(synchronize_session=False)
        ).all()
        if found:
            gone += len(found)
            audit.write(
                session,
                organisation=site.organisation_id,
                site=site.id,
                person=None,
                action="contacts.expired",
                subject=f"site:{site.id}",
                detail={"contacts": len(found)},
                now_ms=now_ms,
            )
        session.commit()
    return gone
