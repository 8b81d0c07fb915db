"""What a site says of its service desk, and the numbers of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.requests.kinds import URGENT_CLASSES
from server.requests.models import Desk
from server.sites.models import Site

CONTACT_DAYS = 90
"""How long a phone number is kept after its request is closed, where the site says nothing else."""


def desk_of(session: Session, *, site: Site, to_change: bool = False) -> Desk:
    """Return the site's desk as it was set, or as it is where nobody set anything.

    :param to_change: hold its row until the commit; it is made where there is none
    """
    query = select(Desk).where(Desk.site_id == site.id)
    found = session.scalars(query.with_for_update() if to_change else query).one_or_none()
    if found is not None:
        return found
    fresh = Desk(
        site_id=site.id,
        organisation_id=site.organisation_id,
        numbered=0,
        phone="",
        emergency_phone="",
        urgent_classes=list(URGENT_CLASSES),
        takes_reports=True,
        contact_days=CONTACT_DAYS,
    )
    if not to_change:
        return fresh
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:  # somebody else made it at the same moment
        return session.scalars(query.with_for_update()).one()
    return fresh


def change_desk(session: Session, *, site: Site, changes: Mapping[str, Any]) -> Desk:
    """Change what a site says of its desk."""
    desk = desk_of(session, site=site, to_change=True)
    for name, value in changes.items():
        setattr(desk, name, value)
    session.flush()
    return desk
