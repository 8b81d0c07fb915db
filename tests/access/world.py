"""A small world in which every kind of thing exists three times: at home, next door, and in another company.

All ids are real, so that an answer of 404 means *not yours* and not *no such thing*.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from server.assets.service import duties, imports, papers, takeover
from server.db import Base, db
from server.feed import service as feed
from server.forms import service as forms
from server.ledger import logs
from server.ledger.devices import assign
from server.ledger.models import Device
from server.meters import service as meters
from server.orders import service as orders
from server.people import certificates, invitations, service
from server.people.access import COOKIE, hash_token
from server.people.models import ConsoleSession, Enrolment, Person
from server.requests import service as requests
from server.rounds import service as rounds
from server.rounds.models import Occurrence, Stop
from server.rounds.service import StopSpec
from server.secrets import Secrets
from server.sites import service as sites
from server.sites.models import Asset, Place, Site, Tag
from server.sites.service import maps
from server.stock import service as stock
from server.upkeep import service as upkeep
from server.upkeep.service.making import DEFAULTS
from sync.encoding import sha256_hex
from sync.keys import SigningKey
from tests.api.rounds.night import FIELDS
from tests.api.rounds.phone import Phone, enrol
from tests.conftest import PUBLIC_URL, FakeClock
from tests.logins import begin_session
from tests.recurring import daily

ROLES = ("administrator", "supervisor", "team_leader", "desk", "worker", "contractor", "viewer")
TABLES = tuple(Base.metadata.tables.values())
PLACES = ("home", "next_door", "abroad")
"""The site of everybody's role; another site of the company; a site of another company."""

_COUNTS = select(
    *(select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in TABLES)
)
"""How many rows each table has, in one statement: it is asked some ten thousand times."""


@dataclass
class World:
    """Ids by place and kind, and a browser for each role at home. The administrator has both sites."""

    app: Flask
    clock: FakeClock
    cookies: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=lambda: {place: {} for place in PLACES})
    """Place → what the address calls the kind (`zones`, `visits` …) → an id; `sites` is the place's own."""

    def browser(self, who: str | None) -> FlaskClient:
        """Return a browser in which somebody is logged in; None: nobody."""
        client = self.app.test_client()
        if who is not None:
            client.set_cookie(COOKIE, self.cookies[who], secure=True)
        return client

    def engine(self) -> Engine:
        with self.app.app_context():
            return db.engine

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has: what a refused request must not change."""
        with self.engine().connect() as connection:
            return dict(connection.execute(_COUNTS).mappings().one())


def picture(color: str) -> bytes:
    """Return a small JPEG of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (32, 24), color).save(file, "JPEG")
    return file.getvalue()


def build(app: Flask, session: Session, clock: FakeClock) -> World:
    """Fill an empty database."""
    world = World(app, clock)
    home = service.make_organisation(session, name="Green Estates", now_ms=clock.ms)
    for number, (place, color) in enumerate((("home", "green"), ("next_door", "blue")), start=1):
        _furnish(world, session, place, home.id, number, color)
    _cast(world, session, home.id)
    abroad = service.make_organisation(session, name="Other Estates", now_ms=clock.ms)
    _furnish(world, session, "abroad", abroad.id, 3, "red")
    return world


def _furnish(world: World, session: Session, place: str, company: UUID, number: int, color: str) -> None:
    """Make a site with one thing of every kind."""
    clock, ids = world.clock, world.ids[place]
    name = {"zh": place, "en": place}
    site = sites.make_site(session, organisation_id=company, name=name, time_zone="Asia/Shanghai")
    session.flush()
    zone = sites.make_zone(session, site=site, name=name)
    team = sites.make_team(session, site=site, name=name)
    plan_of_site = maps.make_map(session, site=site, name=name, picture=maps.Drawn(picture(color), 32, 24))
    checkpoint, asset = (
        sites.make_place(session, kind, site=site, number="01", name=name, now_ms=clock.ms)
        for kind in ("checkpoint", "asset")
    )
    order = orders.open_order(
        session,
        organisation_id=company,
        site_id=site.id,
        kind="repair",
        cls="lighting",
        urgency="normal",
        title=name,
        target=None,
        source={"kind": "office", "id": place},
        now_ms=clock.ms,
    )
    ids["orders"] = str(order.id)
    part = stock.make_part(session, site=site, number="P-1", name=name, unit="个", now_ms=clock.ms)
    meter = meters.make_meter(
        session,
        site=site,
        asset_id=asset.id,
        key="energy",
        name=name,
        kind="counter",
        unit="kWh",
        medium="power",
        since_ms=0,
        now_ms=clock.ms,
    )
    table = imports.keep(
        session,
        site=site,
        judged=imports.judge(session, site=site, data=f"编号,名称\nT1,{place}\n".encode()),
        file_name="t.csv",
        by=uuid4(),
        now_ms=clock.ms,
    )
    paper = papers.add_paper(
        session,
        site=site,
        title=name,
        kind="procedure",
        file=papers.Read(color.encode(), papers.PDF, [maps.Drawn(picture(color), 32, 24)]),
        by=None,
        now_ms=clock.ms,
    )
    assert isinstance(asset, Asset)
    today = datetime.fromtimestamp(clock.ms / 1000, UTC).date()
    duty = duties.make_duty(
        session,
        site=site,
        asset=asset,
        members={
            "name": name, "kind": "test", "every_months": 12, "anchor": "done", "first_on": today,
            "remind_days": 30,
        },
    )  # fmt: skip
    done = duties.note_done(
        session,
        site=site,
        duty=duty,
        members={"done_on": today - timedelta(days=400), "passed": True},
        today=today,
        by=uuid4(),
        now_ms=clock.ms,
    )
    takeover.begin(session, site=site, from_whom="the builder", by=uuid4(), now_ms=clock.ms)
    form = forms.make_form(
        session, organisation_id=company, site_id=site.id, name=name, fields=FIELDS, now_ms=clock.ms
    )
    route = rounds.make_route(
        session,
        site=site,
        name=name,
        order="free",
        stops=[StopSpec("checkpoint", checkpoint.id, None)],
        now_ms=clock.ms,
    )
    plan = rounds.make_plan(
        session,
        site=site,
        now_ms=clock.ms,
        name=name,
        route=route.id,
        recurrence=daily(("20:00", "23:00")),
        starts_on=datetime.fromtimestamp(clock.ms / 1000, UTC).date(),
    )
    guard = service.make_person(
        session,
        organisation=company,
        name=f"guard {place}",
        number=f"G{number}",
        trade="guard",
        now_ms=clock.ms,
    )
    service.join(session, person=guard, site=site.id, role="worker", team=team.id)
    certificate = certificates.give(
        session, person=guard, kind="electrician_low", number="T-1", valid_until=None, now_ms=clock.ms
    )
    firm = service.make_company(session, organisation=company, name=f"Lifts {place}", now_ms=clock.ms)
    feed.commit(session, now_ms=clock.ms)
    tag = session.scalars(select(Tag).where(Tag.target_id == checkpoint.id)).one()
    ids |= {
        "sites": str(site.id),
        "zones": str(zone.id),
        "teams": str(team.id),
        "maps": str(plan_of_site.id),
        "pictures": plan_of_site.image_sha256,
        "documents": str(paper.id),
        "imports": str(table.id),
        "duties": str(duty.id),
        "done": str(done.id),
        "parts": str(part.id),
        "upkeep": str(
            upkeep.make_rule(
                session,
                site=site,
                now_ms=clock.ms,
                **DEFAULTS
                | {
                    "name": name,
                    "target": {"kind": "asset", "id": asset.id},
                    "recurrence": {"kind": "count", "times": 1, "per": "year"},
                    "starts_on": datetime.fromtimestamp(clock.ms / 1000, UTC).date(),
                },
            ).id
        ),
        "takes": str(stock.begin_take(session, site=site, category="", by=None, now_ms=clock.ms).id),
        "checkpoints": str(checkpoint.id),
        "assets": str(asset.id),
        "meters": str(meter.id),
        "tags": str(tag.id),
        "forms": form["id"],
        "routes": str(route.id),
        "plans": str(plan.id),
        "posts": str(rounds.make_post(session, site=site, name=name, team=team.id).id),
        "people": str(guard.id),
        "badges": str(guard.id),
        "certificates": str(certificate.id),
        "stops": str(session.scalars(select(Stop.id).where(Stop.route_id == route.id)).one()),
        "companies": str(firm.id),
        "occurrences": str(
            session.scalars(
                select(Occurrence.id).where(Occurrence.plan_id == plan.id).order_by(Occurrence.from_ms)
            ).first()
        ),
    }
    phone = _phone(world, session, place, site, number)
    ids["devices"] = str(phone.device_id)
    ids["photos"] = sha256_hex(photo := picture(color))
    ids["visits"] = walk(world, session, phone, guard, checkpoint, tag, photo)
    ids["requests"] = str(
        requests.open_request(
            session,
            site=site,
            kind="repair",
            class_="other",
            channel="phone",
            text="the lamp is out",
            now_ms=clock.ms,
        ).id
    )
    ids["enrolments"] = str(_waiting(session, site, clock))
    ids["invitations"] = str(
        invitations.make(
            session,
            person=guard,
            site=site.id,
            made_by=None,
            public_url=PUBLIC_URL,
            now_ms=clock.ms,
        ).id
    )
    feed.commit(session, now_ms=clock.ms)


def _phone(world: World, session: Session, place: str, site: Site, number: int) -> Phone:
    settings = world.app.extensions["roundsman.settings"]
    held: Secrets = world.app.extensions["roundsman.secrets"]
    return enrol(
        session,
        site=site,
        name=place,
        number=number,
        receipt_key=held.receipt,
        data_dir=settings.data_dir,
        now_ms=world.clock.ms,
    )


def walk(
    world: World, session: Session, phone: Phone, person: Person, place: Place, tag: Tag, photo: bytes
) -> str:
    """Have somebody scan a place, with a photo and with where they stood; return the visit's id."""
    now = world.clock.ms
    phone.sign_in(person, at_ms=now)
    visit = phone.scan(
        place,
        tag,
        at_ms=now,
        frame=photo,
        private={"geo": '{"lat":1,"lon":2,"accuracy":null}'},
    )
    phone.report(place, at_ms=now, urgency="urgent")
    phone.sign_out(at_ms=now)
    outcomes = phone.push(now_ms=now).outcomes
    assert [one.outcome for one in outcomes] == ["applied"] * 4, outcomes
    phone.upload(now_ms=now)
    return visit


def _waiting(session: Session, site: Site, clock: FakeClock) -> UUID:
    """Return an enrolment that a phone has answered: it waits for the supervisor's word."""
    started = service.start_enrolment(
        session,
        organisation=site.organisation_id,
        site=site.id,
        name="new",
        made_by=None,
        public_url=PUBLIC_URL,
        now_ms=clock.ms,
    )
    key = SigningKey.generate()
    device = Device(
        id=started.id,
        organisation_id=site.organisation_id,
        site_id=site.id,
        name="new",
        state="waiting",
        public_key=key.public_key,
        check_word="AAAA-BBBB",
        made_ms=clock.ms,
    )
    session.add(device)
    session.flush()
    assign(session, device=device, site_id=site.id, now_ms=clock.ms)
    logs.add(session, device=device, public_key=key.public_key, log=key.log, previous=None, trusted=True)
    session.execute(
        update(Enrolment)
        .where(Enrolment.id == started.id)
        .values(state="waiting", used_ms=clock.ms, log=key.log, check_word="AAAA-BBBB", device_id=device.id)
    )
    return started.id


def _cast(world: World, session: Session, company: UUID) -> None:
    """Make somebody for each role, logged in; all but the administrator have it at home alone."""
    clock, here = world.clock, world.ids["home"]
    for role in ROLES:
        person = service.make_person(
            session,
            organisation=company,
            name=role,
            number=f"R-{role}"[:20],
            administrator=role == "administrator",
            login=role,
            now_ms=clock.ms,
        )
        if role != "administrator":
            service.join(
                session,
                person=person,
                site=UUID(here["sites"]),
                role=role,
                team=UUID(here["teams"]) if role == "team_leader" else None,
                company=UUID(here["companies"]) if role == "contractor" else None,
            )
        world.people[role] = person.id
        feed.commit(session, now_ms=clock.ms)
        world.cookies[role] = begin_session(session, person.id, now_ms=clock.ms)
        session.commit()
    other = service.make_person(
        session, organisation=company, name="other", number="O-1", login="other", now_ms=clock.ms
    )
    token = begin_session(session, other.id, now_ms=clock.ms)
    session.commit()
    theirs = select(ConsoleSession.id).where(ConsoleSession.token_hash == hash_token(token))
    here["sessions"] = str(session.scalars(theirs).one())
    for state, values in (
        ("stale", {"seen_ms": clock.ms - 3_600_000}),
        ("ended", {"ended_ms": clock.ms}),
        ("unfresh", {"fresh_ms": clock.ms - 3_600_000}),
    ):
        world.cookies[state] = begin_session(session, world.people["administrator"], now_ms=clock.ms)
        held = ConsoleSession.token_hash == hash_token(world.cookies[state])
        session.execute(update(ConsoleSession).where(held).values(**values))
        session.commit()
