"""Whom a plan is given to: a team, a post, a person, a company, or any worker of the site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.people.models import Company, Membership
from server.people.roles import ON_ROSTER
from server.problems import NotFound
from server.rounds.models import ASSIGNEES, Plan
from server.sites import service as sites
from server.sites.models import Post, Site, Team

Assignee = dict[str, Any]
"""``{"kind": "team", "id": UUID}``."""


def assignee_of(plan: Plan) -> Assignee | None:
    """Return whom the plan is given to; None: any worker of the site."""
    for kind in ASSIGNEES:
        if (found := getattr(plan, f"{kind}_id")) is not None:
            return {"kind": kind, "id": found}
    return None


def give(plan: Plan, assignee: Assignee | None) -> None:
    """Give the plan to somebody else, and to nobody besides."""
    for kind in ASSIGNEES:
        setattr(plan, f"{kind}_id", assignee["id"] if assignee and assignee["kind"] == kind else None)


def is_known(session: Session, site: Site, assignee: Assignee) -> bool:
    """Whether there is such a team, post, worker of the site or company of the organisation."""
    kind, thing = assignee["kind"], assignee["id"]
    if kind == "person":
        works = select(Membership.person_id).where(
            Membership.site_id == site.id, Membership.person_id == thing, Membership.role.in_(ON_ROSTER)
        )
        return session.scalar(works) is not None
    if kind == "company":
        company = session.get(Company, thing)
        return company is not None and company.organisation_id == site.organisation_id
    try:
        if kind == "team":
            sites.get(session, Team, site=site, thing_id=thing)
        else:
            sites.get(session, Post, site=site, thing_id=thing)
    except NotFound:
        return False
    return True


def team_of(session: Session, plan: Plan) -> UUID | None:
    """Return the team whose people walk it: its own, or the one that mans its post."""
    if plan.post_id is None:
        return plan.team_id
    post = session.get(Post, plan.post_id)
    return post.team_id if post else None


def told(session: Session, plan: Plan) -> dict[str, Any] | None:
    """Return the assignee as phones get it.

    With the name of what they have no rows of: a post, and a company, by which they know its people. A
    person goes by the id alone, so that nothing of theirs stays in the feed when they are forgotten.
    """
    assignee = assignee_of(plan)
    if assignee is None:
        return None
    body: dict[str, Any] = {"kind": assignee["kind"], "id": str(assignee["id"])}
    named = {"post": Post, "company": Company}.get(assignee["kind"])
    if named is not None:
        thing: Any = session.get(named, assignee["id"])
        body["name"] = thing.name if thing else None
    return body
