"""The cast: Garden Court with its checkpoints and people, and North Wing, whose Chen must see nothing.

Li supervises Garden Court, Wang and Liu guard it, Vera may look, Ada administers the company, Chen
supervises North Wing, and Otto owns another company altogether.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.people import memberships, organisations
from server.people.access import COOKIE
from server.people.models import Person
from server.rounds import service as rounds
from server.rounds.models import Occurrence, Plan, Route
from server.rounds.service import StopSpec
from server.sites import service as sites
from server.sites.models import Checkpoint, Place, Site, Tag, Team
from sync.keys import SigningKey
from tests.api.rounds.phone import Phone, enrol
from tests.conftest import PUBLIC_URL, FakeClock, LayOut
from tests.logins import begin_session
from tests.recurring import daily

MIN = 60_000
H = 60 * MIN


@dataclass
class Estate:
    """Garden Court and everybody around it."""

    session: Session
    site: Site
    north: Site
    people: dict[str, Person]
    places: list[Place]
    team: Team
    receipt_key: SigningKey
    data_dir: Path
    clock: FakeClock
    phones: list[Phone] = field(default_factory=list)

    def tag(self, place: Place) -> Tag:
        """Return the place's newest tag."""
        return sites.current_tags(self.session, site=self.site)[place.id]

    def phone(self, name: str) -> Phone:
        """Enrol a phone."""
        phone = enrol(
            self.session,
            site=self.site,
            name=name,
            number=len(self.phones) + 1,
            receipt_key=self.receipt_key,
            data_dir=self.data_dir,
            now_ms=self.clock.ms,
        )
        self.phones.append(phone)
        return phone

    def route(self, *places: Place, form: UUID | None = None, **terms: Any) -> Route:
        """Make a route over the places, or over all checkpoints; every stop has the same terms."""
        stops = [StopSpec(p.kind, p.id, form, **terms) for p in places or self.places]
        route = rounds.make_route(
            self.session,
            site=self.site,
            name={"zh": "园区巡逻", "en": "Grounds"},
            order="advised",
            stops=stops,
            now_ms=self.clock.ms,
        )
        feed.commit(self.session, now_ms=self.clock.ms)
        return route

    def plan(self, route: Route | None = None, **members: Any) -> Plan:
        """Make a plan of the route: 22:00 to 24:00 every night, unless said otherwise."""
        wanted: dict[str, Any] = {
            "name": {"zh": "园区夜巡", "en": "Night grounds"},
            "demand": "P1-35",
            "recurrence": daily(("22:00", "24:00")),
            "grace_min": 60,
        } | members
        wanted.setdefault("starts_on", self._today())
        plan = rounds.make_plan(
            self.session,
            site=self.site,
            route=(route or self.route()).id,
            now_ms=self.clock.ms,
            **wanted,
        )
        feed.commit(self.session, now_ms=self.clock.ms)
        return plan

    def occurrences(self, plan: Plan) -> list[Occurrence]:
        """Return the plan's windows in their order, withdrawn ones left out."""
        query = (
            select(Occurrence)
            .where(Occurrence.plan_id == plan.id, Occurrence.withdrawn_ms.is_(None))
            .order_by(Occurrence.from_ms)
        )
        return list(self.session.scalars(query))

    def _today(self) -> Any:
        from datetime import datetime
        from zoneinfo import ZoneInfo

        return datetime.fromtimestamp(self.clock.ms / 1000, ZoneInfo(self.site.time_zone)).date()


@dataclass(frozen=True)
class Ids:
    """By which the rows of an estate are found."""

    site: UUID
    north: UUID
    people: dict[str, UUID]
    places: list[UUID]
    team: UUID


@pytest.fixture
def estate(app: Flask, session: Session, clock: FakeClock, laid: LayOut) -> Estate:
    ids: Ids = laid("estate", lambda: _lay_out(session, clock.ms))
    found = Estate(
        session=session,
        site=session.get_one(Site, ids.site),
        north=session.get_one(Site, ids.north),
        people={name: session.get_one(Person, one) for name, one in ids.people.items()},
        places=[session.get_one(Checkpoint, one) for one in ids.places],
        team=session.get_one(Team, ids.team),
        receipt_key=app.extensions["roundsman.secrets"].receipt,
        data_dir=app.extensions["roundsman.settings"].data_dir,
        clock=clock,
    )
    session.rollback()
    return found


def _lay_out(session: Session, now: int) -> Ids:
    """Lay the estate out."""
    company = organisations.make_organisation(session, name="Garden Services", now_ms=now)
    other = organisations.make_organisation(session, name="Other Services", now_ms=now)
    zone = "Asia/Shanghai"
    site = sites.make_site(
        session, organisation_id=company.id, name={"zh": "幸福花园", "en": "Garden Court"}, time_zone=zone
    )
    north = sites.make_site(
        session, organisation_id=company.id, name={"zh": "北楼", "en": "North Wing"}, time_zone=zone
    )
    session.flush()
    team = sites.make_team(session, site=site, name={"zh": "夜班", "en": "Night team"})
    people: dict[str, Person] = {}

    def person(name: str, role: str | None, at: Site | None, **more: Any) -> None:
        people[name] = organisations.make_person(
            session,
            organisation=more.pop("organisation", company.id),
            name=name,
            number=f"N{len(people) + 1}",
            login=more.pop("login", name.lower()),
            now_ms=now,
            **more,
        )
        if at is not None and role is not None:
            memberships.join(session, person=people[name], site=at.id, role=role)

    person("Ada", None, None, administrator=True)
    person("Li", "supervisor", site)
    person("Vera", "viewer", site)
    person("Wang", "worker", site, trade="guard", login=None)
    person("Liu", "worker", site, trade="guard", login=None)
    person("Chen", "supervisor", north)
    person("Otto", None, None, administrator=True, organisation=other.id)
    names = ("东门岗", "西门岗", "中心广场")
    places = [
        sites.make_place(
            session,
            "checkpoint",
            site=site,
            number=f"{n:02}",
            name={"zh": zh, "en": f"Gate {n}"},
            now_ms=now,
        )
        for n, zh in enumerate(names, start=1)
    ]
    ids = Ids(
        site.id, north.id, {name: one.id for name, one in people.items()}, [one.id for one in places], team.id
    )
    feed.commit(session, now_ms=now)
    return ids


class Console:
    """Somebody's browser at the console."""

    def __init__(self, client: FlaskClient, session: Session, token: str) -> None:
        self.client = client
        self.session = session
        self.headers = {"Cookie": f"{COOKIE}={token}", "Origin": PUBLIC_URL}

    def open(self, method: str, path: str, **request: Any) -> TestResponse:
        """Send a request; the test's own transaction ends first, and sees afterwards what became."""
        self.session.rollback()
        headers = {**self.headers, **request.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **request)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask."""
        return self.open("GET", path, headers=headers)

    def post(self, path: str, body: Any) -> TestResponse:
        """Make."""
        return self.open("POST", path, json=body)

    def patch(self, path: str, body: Any) -> TestResponse:
        """Change."""
        return self.open("PATCH", path, json=body)

    def delete(self, path: str) -> TestResponse:
        """Take away."""
        return self.open("DELETE", path)


As = Callable[[str], Console]


@pytest.fixture
def as_(app: Flask, session: Session, estate: Estate, clock: FakeClock) -> As:
    """Return the console of a person of the cast."""

    def open_console(name: str) -> Console:
        person = estate.people[name]
        token = begin_session(session, person.id, now_ms=clock.ms)
        session.commit()
        return Console(app.test_client(use_cookies=False), session, token)

    return open_console


@pytest.fixture
def at(estate: Estate) -> str:
    """The address of Garden Court."""
    return f"/api/v1/sites/{estate.site.id}"
