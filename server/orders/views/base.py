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
from server.orders.service.scoping import scope_of
from server.problems import NotFound
from server.sites import service as sites
from server.sites.models import Site


def scope_here(site_id: UUID) -> Scope:
    """Return whose orders the person may see at the site."""
    return scope_of(db.session(), site_id, g.here)


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
