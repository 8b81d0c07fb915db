"""What the views of work orders share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from server.audit import service as audit
from server.db import db
from server.feed import service as feed
from server.orders.models import WorkOrder
from server.orders.service.listing import Scope
from server.orders.service.opening import order_of
from server.people.access import people_within
from server.problems import NotFound
from server.sites import service as sites
from server.sites.models import Site


def scope_here(site_id: UUID) -> Scope:
    """Return whose orders the person may see at the site."""
    here = g.here
    people = people_within(db.session(), here)
    if people is None:
        return Scope(site_id)
    is_leader = here.role == "team_leader"
    return Scope(
        site_id,
        people,
        team_id=here.team_id if is_leader else None,
        company_id=None if is_leader else here.company_id,
    )


def order_here(site_id: UUID, order_id: UUID) -> WorkOrder:
    """Return an order that the person may see.

    :raises NotFound: there is none, or it is not theirs to see
    """
    order = order_of(db.session(), site_id=site_id, order_id=order_id)
    if not scope_here(site_id).has(order):
        raise NotFound
    return order


def site_here(site_id: UUID) -> Site:
    """Return the site of the request."""
    return sites.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def note(action: str, *, site: UUID, subject: object, now: int, **detail: Any) -> None:
    """Write the audit row and commit."""
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=str(subject),
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)
