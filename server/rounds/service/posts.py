"""Posts 岗位: where somebody is on duty, and to which rounds may be given."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.problems import Invalid, NotFound, Problem
from server.rounds.models import Plan
from server.rounds.service.plans import publish
from server.sites import service as sites
from server.sites.models import Post, Site, Team


class PostInUse(Problem):
    """A plan is given to the post: give it to somebody else first."""

    slug, status, title = "post-in-use", HTTPStatus.CONFLICT, "A plan is still given to this post"
    carries: ClassVar = {"plans": {"type": "integer", "description": "How many."}}


def posts_of(session: Session, *, site_id: UUID) -> Sequence[Post]:
    """Return the site's posts by name."""
    return session.scalars(select(Post).where(Post.site_id == site_id).order_by(Post.name_zh, Post.id)).all()


def make_post(session: Session, *, site: Site, name: dict[str, str], team: UUID | None = None) -> Post:
    """Make a post.

    :param team: the team that mans it; None: any worker of the site
    :raises Invalid: a team of another site
    """
    _check_team(session, site, team)
    post = Post(id=uuid4(), organisation_id=site.organisation_id, site_id=site.id, name=name, team_id=team)
    session.add(post)
    session.flush()
    return post


def change_post(session: Session, *, site: Site, post_id: UUID, changes: dict[str, Any], now_ms: int) -> Post:
    """Change a post; the plans that are given to it are sent to the phones anew.

    :raises NotFound: there is none on the site
    :raises Invalid: a team of another site
    """
    post = sites.get(session, Post, site=site, thing_id=post_id)
    if "team" in changes:
        _check_team(session, site, changes["team"])
        post.team_id = changes["team"]
    post.name = changes.get("name", post.name)
    session.flush()
    for plan in session.scalars(select(Plan).where(Plan.post_id == post.id)):
        plan.version += 1
        publish(session, plan, now_ms)
    return post


def remove_post(session: Session, *, site: Site, post_id: UUID) -> None:
    """Remove a post to which no plan is given.

    :raises NotFound: there is none on the site
    :raises PostInUse: a plan is given to it
    """
    post = sites.get(session, Post, site=site, thing_id=post_id)
    plans = session.scalar(select(func.count()).select_from(Plan).where(Plan.post_id == post.id)) or 0
    if plans:
        raise PostInUse(f"{plans} plans are given to it", plans=plans)
    session.delete(post)
    session.flush()


def _check_team(session: Session, site: Site, team: UUID | None) -> None:
    if team is None:
        return
    try:
        sites.get(session, Team, site=site, thing_id=team)
    except NotFound:
        raise Invalid(errors={"json": {"team": ["Not a team of this site"]}}) from None
