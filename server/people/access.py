"""Who is asking, and what of it they may see.

Everything is fetched through a person's scope: what belongs to somebody else is not there, a 404.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Literal
from uuid import UUID

from flask import Request
from sqlalchemy import Boolean, Integer, String, Uuid, column, select, table, update
from sqlalchemy.orm import Session

from server.db import reading
from server.people.models import ConsoleSession, Membership, Person
from server.problems import NotFound, Problem

Role = Literal["viewer", "worker", "supervisor", "administrator"]

COOKIE = "__Host-roundsman"
IDLE_MS = 30 * 60_000
LIFE_MS = 12 * 3_600_000
TOUCH_MS = 60_000
FRESH_MS = 10 * 60_000

_RANK: Mapping[str, int] = {"worker": 0, "viewer": 1, "supervisor": 2, "administrator": 3}
"""A worker's place is the phone: without another role the console shows nothing of the site."""

SITE = table(
    "site",
    column("id", Uuid()),
    column("organisation_id", Uuid()),
    column("name_zh", String()),
    column("name_en", String()),
    column("time_zone", String()),
    column("day_start_min", Integer()),
    column("demo", Boolean()),
)
"""What people reads of the sites, which are a feature above it."""

TEAM = table("team", column("id", Uuid()), column("site_id", Uuid()))


class NotLoggedIn(Problem):
    """No session, or one that is over."""

    slug, status, title = "not-logged-in", HTTPStatus.UNAUTHORIZED, "Log in first"
    carries: ClassVar = {
        "first_run": {"type": "boolean", "description": "Whether nobody exists yet, so that the first run waits."}
    }


class NotAllowed(Problem):
    """The person may see the site, but not do this."""

    slug, status, title = "not-allowed", HTTPStatus.FORBIDDEN, "This needs another role"


class FreshLogin(Problem):
    """The password must be given again before something that cannot be undone."""

    slug, status, title = "fresh-login", HTTPStatus.FORBIDDEN, "Give your password again"


class CrossSite(Problem):
    """A request that changes something did not come from our own pages."""

    slug, status, title = "cross-site", HTTPStatus.FORBIDDEN, "This request did not come from the console"


@dataclass(frozen=True, slots=True)
class SiteRef:
    """A site that the person may see, and their role there."""

    id: UUID
    organisation_id: UUID
    name: dict[str, str]
    time_zone: str
    demo: bool
    role: Role


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. `roles` by site; an administrator has every site of the organisation."""

    session_id: UUID
    person_id: UUID
    organisation_id: UUID
    name: str
    login: str
    roles: Mapping[UUID, str]
    administrator: bool
    fresh: bool

    def site(self, session: Session, site_id: UUID, *, at_least: Role = "viewer") -> SiteRef:
        """Return the site if the person has at least this role there.

        :raises NotFound: there is no such site for this person
        :raises NotAllowed: the role is too small
        """
        role = "administrator" if self.administrator else self.roles.get(site_id)
        row = session.execute(
            select(SITE).where(SITE.c.id == site_id, SITE.c.organisation_id == self.organisation_id)
        ).one_or_none()
        if row is None or role is None or role == "worker":
            raise NotFound()
        if _RANK[role] < _RANK[at_least]:
            raise NotAllowed(f"This needs the role {at_least}")
        return _ref(row, role)

    def sites(self, session: Session) -> list[SiteRef]:
        """Return every site that the person may see, by name."""
        query = select(SITE).where(SITE.c.organisation_id == self.organisation_id)
        if not self.administrator:
            seen = [site for site, role in self.roles.items() if role != "worker"]
            query = query.where(SITE.c.id.in_(seen))
        rows = session.execute(query.order_by(SITE.c.name_zh, SITE.c.id)).all()
        return [_ref(row, "administrator" if self.administrator else self.roles[row.id]) for row in rows]

    def need_administrator(self) -> None:
        """Raise `NotAllowed` unless the person administers the organisation."""
        if not self.administrator:
            raise NotAllowed("This needs the role administrator")


def _ref(row: object, role: str) -> SiteRef:
    return SiteRef(
        id=row.id,  # type: ignore[attr-defined]
        organisation_id=row.organisation_id,  # type: ignore[attr-defined]
        name={"zh": row.name_zh, "en": row.name_en},  # type: ignore[attr-defined]
        time_zone=row.time_zone,  # type: ignore[attr-defined]
        demo=row.demo,  # type: ignore[attr-defined]
        role=role,  # type: ignore[arg-type]
    )


def hash_token(token: str) -> str:
    """Return what the database keeps of a cookie's value."""
    return hashlib.sha256(token.encode()).hexdigest()


def current(session: Session, request: Request, *, now_ms: int) -> Principal:
    """Return who is asking, as the cookie says.

    :raises NotLoggedIn: no cookie, or its session is unknown, idle too long, too old or ended
    """
    return principal_of(session, request.cookies.get(COOKIE), now_ms=now_ms)


def principal_of(session: Session, token: str | None, *, now_ms: int) -> Principal:
    """Return whose session a cookie's value names.

    :raises NotLoggedIn: as `current`
    """
    if not token:
        raise NotLoggedIn()
    row = session.execute(
        select(ConsoleSession, Person)
        .join(Person, Person.id == ConsoleSession.person_id)
        .where(ConsoleSession.token_hash == hash_token(token))
    ).one_or_none()
    if row is None:
        raise NotLoggedIn()
    held, person = row
    login = person.login
    if login is None or person.left_ms is not None:
        raise NotLoggedIn()
    over = held.ended_ms is not None or now_ms - held.seen_ms > IDLE_MS or now_ms - held.made_ms > LIFE_MS
    if over:
        raise NotLoggedIn()
    roles = session.execute(
        select(Membership.site_id, Membership.role).where(Membership.person_id == person.id)
    ).all()
    return Principal(
        session_id=held.id,
        person_id=person.id,
        organisation_id=person.organisation_id,
        name=person.name,
        login=login,
        roles=dict(roles),
        administrator=person.administrator,
        fresh=now_ms - held.fresh_ms <= FRESH_MS,
    )


def enter(session: Session, request: Request, *, now_ms: int, fresh: bool = False) -> Principal:
    """Return who is asking and note that they are at work; the session then holds no transaction.

    :param fresh: whether the password must have been given within the last ten minutes
    :raises NotLoggedIn: as `current`
    :raises FreshLogin: the password was given too long ago
    """
    reading()
    principal = current(session, request, now_ms=now_ms)
    seen_ms = session.scalar(select(ConsoleSession.seen_ms).where(ConsoleSession.id == principal.session_id))
    session.rollback()
    if seen_ms is None or now_ms - seen_ms >= TOUCH_MS:
        session.execute(
            update(ConsoleSession)
            .where(ConsoleSession.id == principal.session_id, ConsoleSession.seen_ms < now_ms)
            .values(seen_ms=now_ms)
        )
        session.commit()
    if fresh and not principal.fresh:
        raise FreshLogin()
    return principal


def check_origin(request: Request, public_url: str) -> None:
    """Raise `CrossSite` when a request that changes something comes from another site's page."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != public_url:
        raise CrossSite()
    if request.headers.get("Sec-Fetch-Site") != "same-origin" and origin != public_url:
        raise CrossSite()
