"""Who is asking, and what of it they may see.

Everything is fetched through a person's scope: what belongs to somebody else is not there, a 404.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from flask import Request
from sqlalchemy import Boolean, Integer, Row, String, Uuid, and_, column, or_, select, table, update
from sqlalchemy.orm import Session

from server import tenancy
from server.db import reading
from server.people import factors, roles
from server.people.models import ConsoleSession, Membership, Person
from server.people.roles import Capability
from server.problems import NotFound, Problem

COOKIE = "__Host-roundsman"
IDLE_MS = 30 * 60_000
LIFE_MS = 12 * 3_600_000
TOUCH_MS = 60_000
FRESH_MS = 10 * 60_000
GRACE_MS = 60_000
"""So long a renewed session's earlier cookie is known, for requests that were under way."""

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
        "first_run": {
            "type": "boolean",
            "description": "Whether nobody exists yet, so that the first run waits.",
        }
    }


class NotAllowed(Problem):
    """The person may see the site, but not do this."""

    slug, status, title = "not-allowed", HTTPStatus.FORBIDDEN, "This needs another role"


class FreshLogin(Problem):
    """The password must be given again before something that cannot be undone."""

    slug, status, title = "fresh-login", HTTPStatus.FORBIDDEN, "Give your password again"


class NeedsFactor(Problem):
    """An administrator sets up a second factor before anything else."""

    slug, status, title = "needs-factor", HTTPStatus.FORBIDDEN, "Set up a second factor first"


class CrossSite(Problem):
    """A request that changes something did not come from our own pages."""

    slug, status, title = "cross-site", HTTPStatus.FORBIDDEN, "This request did not come from the console"


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's role at a site, with the team and the company that go with it."""

    role: str
    team_id: UUID | None = None
    company_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SiteRef:
    """A site that the person may see, their role there and what it lets them do."""

    id: UUID
    organisation_id: UUID
    name: dict[str, str]
    time_zone: str
    day_start_min: int
    demo: bool
    role: str
    team_id: UUID | None
    company_id: UUID | None
    may: frozenset[Capability]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. `standings` by site; an administrator has every site of the organisation."""

    session_id: UUID
    person_id: UUID
    organisation_id: UUID
    name: str
    login: str
    standings: Mapping[UUID, Standing]
    administrator: bool
    fresh: bool
    needs_factor: bool
    """They must set up a second factor, and may do nothing else until then."""

    def site(self, session: Session, site_id: UUID, *, may: Capability) -> SiteRef:
        """Return the site if the person may do this there.

        :raises NotFound: there is no such site for this person
        :raises NotAllowed: they see the site, and their role does not let them do this
        """
        row = session.execute(
            select(SITE).where(SITE.c.id == site_id, SITE.c.organisation_id == self.organisation_id)
        ).one_or_none()
        here = None if row is None else self._ref(row)
        if here is None or not here.may:
            raise NotFound()
        if may not in here.may:
            raise NotAllowed(f"{here.role} may not: {may}")
        return here

    def sites(self, session: Session) -> list[SiteRef]:
        """Return every site of which the person may see something, by name."""
        query = select(SITE).where(SITE.c.organisation_id == self.organisation_id)
        if not self.administrator:
            query = query.where(SITE.c.id.in_(self.standings))
        rows = session.execute(query.order_by(SITE.c.name_zh, SITE.c.id)).all()
        return [here for row in rows if (here := self._ref(row)) is not None and here.may]

    def need_administrator(self) -> None:
        """Raise `NotAllowed` unless the person administers the organisation."""
        if not self.administrator:
            raise NotAllowed("This needs the role administrator")

    def supervised(self) -> frozenset[UUID]:
        """Return the sites that the person supervises by a role there."""
        return frozenset(site for site, here in self.standings.items() if here.role == "supervisor")

    def _ref(self, row: Row[Any]) -> SiteRef | None:
        here = self.standings.get(row.id)
        if self.administrator:
            here = Standing("administrator")
        if here is None:
            return None
        return SiteRef(
            id=row.id,
            organisation_id=row.organisation_id,
            name={"zh": row.name_zh, "en": row.name_en},
            time_zone=row.time_zone,
            day_start_min=row.day_start_min,
            demo=row.demo,
            role=here.role,
            team_id=here.team_id,
            company_id=here.company_id,
            may=roles.may(here.role),
        )


def people_within(session: Session, here: SiteRef) -> frozenset[UUID] | None:
    """Return whose doings the person may see at a site; None when everybody's.

    A team leader sees the people of the team and a contractor those of the company, also those who
    have gone since. A leader without a team, or a contractor without a company, sees nobody.
    """
    if roles.sees_only_team(here.role):
        named, own = Membership.team_id, here.team_id
    elif roles.sees_only_company(here.role):
        named, own = Membership.company_id, here.company_id
    else:
        return None
    if own is None:
        return frozenset()
    return frozenset(
        session.scalars(select(Membership.person_id).where(Membership.site_id == here.id, named == own))
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
    """Return whose session a cookie's value names; from now on only their organisation is seen.

    :raises NotLoggedIn: as `current`
    """
    if not token:
        raise NotLoggedIn()
    hashed = hash_token(token)
    with tenancy.across(session):
        row = session.execute(
            select(ConsoleSession, Person)
            .join(Person, Person.id == ConsoleSession.person_id)
            .where(
                or_(
                    ConsoleSession.token_hash == hashed,
                    and_(ConsoleSession.before_hash == hashed, ConsoleSession.renewed_ms > now_ms - GRACE_MS),
                )
            )
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
    tenancy.enter(session, person.organisation_id)
    standings = session.execute(
        select(Membership.site_id, Membership.role, Membership.team_id, Membership.company_id).where(
            Membership.person_id == person.id, Membership.ended_ms.is_(None)
        )
    ).all()
    return Principal(
        session_id=held.id,
        person_id=person.id,
        organisation_id=person.organisation_id,
        name=person.name,
        login=login,
        standings={site: Standing(role, team, company) for site, role, team, company in standings},
        administrator=person.administrator,
        # an earlier cookie keeps what it had: the rights that rose go with the new one
        fresh=held.token_hash == hashed and now_ms - held.fresh_ms <= FRESH_MS,
        needs_factor=factors.is_missing(session, person),
    )


def enter(
    session: Session, request: Request, *, now_ms: int, fresh: bool = False, unready: bool = False
) -> Principal:
    """Return who is asking and note that they are at work; the session then holds no transaction.

    :param fresh: whether the password or a passkey must have been given within the last ten minutes
    :param unready: whether this is for somebody too who must set up a second factor first
    :raises NotLoggedIn: as `current`
    :raises NeedsFactor: they must set up a second factor first
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
    if principal.needs_factor and not unready:
        raise NeedsFactor()
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
