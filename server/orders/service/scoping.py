"""Which orders somebody may see at a site, and the records behind them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from server.orders.models import OrderEvent, WorkOrder
from server.orders.service.listing import Scope
from server.people.access import SiteRef, people_within


def scope_of(session: Session, site_id: UUID, here: SiteRef) -> Scope:
    """Return whose orders somebody may see at a site."""
    people = people_within(session, here)
    if people is None:
        return Scope(site_id)
    is_leader = here.role == "team_leader"
    return Scope(
        site_id,
        people,
        team_id=here.team_id if is_leader else None,
        company_id=None if is_leader else here.company_id,
    )


def records_seen(session: Session, here: SiteRef) -> Select[str]:
    """Return the hashes of what phones recorded of the orders that somebody may see."""
    hashes = select(OrderEvent.hash).join(WorkOrder, WorkOrder.id == OrderEvent.order_id)
    if "see.orders" not in here.may:
        return hashes.where(false())
    mine = scope_of(session, here.id, here).where()
    return hashes.where(
        OrderEvent.organisation_id == here.organisation_id, OrderEvent.site_id == here.id, mine
    )
