"""To whom an order may be given: who is there, what they can, how much they have."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.ledger.models import Device
from server.orders.models import WorkOrder
from server.people.models import Certificate, Company, Membership, Person, Shift
from server.people.roles import ON_ROSTER
from server.problems import Invalid
from server.sites.models import Team
from sync.orders import UNDER_WAY

LATELY_MS = 16 * 3_600_000
"""A shift that began within so long and was not ended is one that goes on."""


def candidates(
    session: Session, *, site_id: UUID, within: AbstractSet[UUID] | None, now_ms: int
) -> dict[str, Any]:
    """Return whom an order may be given to: the site's roster, its teams, the companies that work there.

    :param within: only these people and no company; None: everybody
    """
    query = (
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.site_id == site_id, Membership.ended_ms.is_(None), Membership.role.in_(ON_ROSTER))
    )
    people = [(p, m) for p, m in session.execute(query).all() if within is None or p.id in within]
    ids = [person.id for person, _ in people]
    teams = {one.id: one for one in session.scalars(select(Team).where(Team.site_id == site_id))}
    at_work = {membership.company_id for _, membership in people} - {None}
    companies = {one.id: one for one in session.scalars(select(Company).where(Company.id.in_(at_work)))}
    load, urgent = _load(session, site_id, ids)
    shifts = _shifts(session, site_id, ids, now_ms)
    certificates: dict[UUID, list[str]] = {}
    for one in session.scalars(select(Certificate).where(Certificate.person_id.in_(ids))):
        certificates.setdefault(one.person_id, []).append(one.kind)
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "trade": person.trade,
            "team": teams[m.team_id].name if m.team_id in teams else None,
            "company": companies[m.company_id].name if m.company_id in companies else None,
            "certificates": sorted(set(certificates.get(person.id, []))),
            "on_shift": person.id in shifts,
            "heard_ms": shifts.get(person.id),
            "orders": load.get(person.id, 0),
            "urgent": urgent.get(person.id, 0),
        }
        for person, m in people
    ]
    return {
        "people": sorted(rows, key=_first),
        "teams": [{"id": one.id, "name": one.name} for one in teams.values()] if within is None else [],
        "companies": [{"id": one.id, "name": one.name} for one in companies.values()]
        if within is None
        else [],
    }


def _first(row: dict[str, Any]) -> tuple[bool, bool, int, str]:
    """Sort by: technicians, then who is there, then who has least in hand."""
    return row["trade"] != "technician", not row["on_shift"], row["orders"], row["name"]


def check_assignee(
    session: Session, *, site_id: UUID, to: dict[str, Any], within: AbstractSet[UUID] | None
) -> dict[str, str]:
    """Return an assignee as it is kept.

    :raises Invalid: nobody of this site, or none to whom the asker may give an order
    """
    kind, thing = to["kind"], to["id"]
    mine = Membership.site_id == site_id, Membership.ended_ms.is_(None), Membership.role.in_(ON_ROSTER)
    if kind == "person":
        is_here = session.scalar(select(Membership.person_id).where(*mine, Membership.person_id == thing))
        good = is_here is not None and (within is None or thing in within)
    elif kind == "team":
        team = session.get(Team, thing)
        good = team is not None and team.site_id == site_id and within is None
    else:
        works = session.scalar(
            select(Membership.person_id).where(*mine, Membership.company_id == thing).limit(1)
        )
        good = works is not None and within is None
    if not good:
        raise Invalid(errors={"json": {"to": ["Nobody of this site to whom it may be given"]}})
    return {"kind": kind, "id": str(thing)}


def _load(session: Session, site_id: UUID, ids: list[UUID]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Return person → how many orders they have in hand, and how many of them are urgent."""
    who = func.coalesce(WorkOrder.holder_id, WorkOrder.assignee_id).label("who")
    query = (
        select(who, WorkOrder.urgency, func.count())
        .where(
            WorkOrder.site_id == site_id,
            WorkOrder.state.in_(UNDER_WAY),
            or_(WorkOrder.holder_id.in_(ids), WorkOrder.assignee_id.in_(ids)),
        )
        .group_by(who, WorkOrder.urgency)
    )
    load: dict[UUID, int] = {}
    urgent: dict[UUID, int] = {}
    for person, urgency, count in session.execute(query):
        load[person] = load.get(person, 0) + count
        if urgency == "urgent":
            urgent[person] = count
    return load, urgent


def _shifts(session: Session, site_id: UUID, ids: list[UUID], now_ms: int) -> dict[UUID, int | None]:
    """Return who is on a shift now, with when their phone was heard last."""
    query = (
        select(Shift.person_id, Device.heard_ms)
        .join(Device, Device.id == Shift.device_id)
        .where(
            Shift.site_id == site_id,
            Shift.person_id.in_(ids),
            Shift.ended_ms.is_(None),
            Shift.started_ms > now_ms - LATELY_MS,
        )
    )
    return dict(session.execute(query).all())
