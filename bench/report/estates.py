"""A hundred estates with a month of rounds each: one made by the services, the others as its copies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Connection, Table, Uuid, create_engine, func, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server.db import Base, db
from server.feed import service as feed
from server.ledger.devices import assign
from server.ledger.models import Device
from server.people import memberships, organisations
from server.people.models import Person, Shift
from server.rounds import service as rounds
from server.rounds import triggers
from server.rounds.models import Occurrence, Plan, RouteEdition, Visit
from server.rounds.service import StopSpec
from server.sites import service as sites
from server.sites.models import Site
from server.tenancy import enter_installation
from sync.keys import SigningKey

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2026, 11, 1), 31
H = 3_600_000
SEED = 20261101

PLANS: tuple[tuple[str, str, str, str, int, list[tuple[str, str]], int], ...] = (
    ("园区巡视", "Grounds patrol", "P1-35", "guard", 20, [
        ("07:00", "09:00"), ("11:00", "13:00"), ("16:00", "18:00"),
        ("19:30", "21:00"), ("22:00", "23:30"), ("00:30", "02:00"), ("03:30", "05:00"),
    ], 60),
    ("楼内巡视", "Indoor patrol", "P1-36", "guard", 40, [("09:30", "11:30"), ("20:00", "22:00")], 60),
    ("配电室、排污泵巡视", "Power and sewage rooms", "P1-27", "technician", 12, [
        ("08:00", "10:00"), ("15:00", "17:00"),
    ], 30),
    ("垃圾清运", "Refuse hauled", "P1-43", "cleaner", 12, [("06:00", "08:00"), ("18:00", "20:00")], 60),
    ("电梯轿厢清洁", "Lifts cleaned", "P1-44c", "cleaner", 20, [("08:00", "12:00")], 120),
    ("道路与设施巡查", "Roads and facilities", "P1-29", "guard", 35, [("13:00", "16:00")], 60),
)  # fmt: skip
"""Name, clause, trade, stops, windows, grace in minutes: 323 visits a day."""

NAMES = ("王建国", "刘海涛", "李秀兰", "赵立军", "周敏", "孙志强", "何伟", "胡敏")


@dataclass(frozen=True, slots=True)
class Estates:
    """What was made: the site that is asked, who asks, and how many visits there are."""

    site: UUID
    supervisor: UUID
    visits: int
    now_ms: int


def make(app: Flask, *, copies: int) -> Estates:
    """Fill an empty database with one estate and `copies` of it."""
    with app.app_context():
        session = db.session()
        enter_installation(session)
        site, people, phones = _site(session)
        supervisor = organisations.make_person(
            session,
            organisation=site.organisation_id,
            name="陈静",
            number="S1",
            login="chen",
            now_ms=_ms(0, 0),
        )
        memberships.join(session, person=supervisor, site=site.id, role="supervisor")
        feed.commit(session, now_ms=_ms(0, 0))
        _walk(session, site, people, phones)
        home, asker = site.id, supervisor.id
        session.commit()
        _copy_all(app.config["SQLALCHEMY_DATABASE_URI"], home, copies)
        total = session.scalar(select(func.count()).select_from(Visit)) or 0
        found = Estates(home, asker, total, _ms(DAYS, 12))
        session.execute(text("ANALYZE"))
        session.commit()
        db.session.remove()
        return found


def _ms(day: int, hour: int) -> int:
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE)
    return int(start.timestamp() * 1000) + (24 * day + hour) * H


def _site(session: Session) -> tuple[Site, list[Person], list[Device]]:
    now = _ms(0, 0)
    company = organisations.make_organisation(session, name="安居物业", now_ms=now)
    site = sites.make_site(
        session,
        organisation_id=company.id,
        name={"zh": "幸福花园", "en": "Happiness Garden"},
        time_zone=ZONE.key,
    )
    session.flush()
    team = sites.make_team(session, site=site, name={"zh": "秩序维护班", "en": "Guards"})
    people = []
    for number, name in enumerate(NAMES):
        person = organisations.make_person(
            session, organisation=company.id, name=name, number=f"N{number}", trade="guard", now_ms=now
        )
        memberships.join(
            session, person=person, site=site.id, role="worker", team=team.id if number < 4 else None
        )
        people.append(person)
    phones = []
    for number in range(8):
        device = Device(
            id=UUID(int=number + 1),
            organisation_id=company.id,
            site_id=site.id,
            name=f"{number + 1} 号手机",
            state="active",
            public_key=SigningKey.from_number(number + 1).public_key,
            check_word="",
            made_ms=now,
            heard_ms=_ms(28 if number == 7 else DAYS, 12),
            clear_ms=_ms(28 if number == 7 else DAYS, 12),
        )
        session.add(device)
        session.flush()
        assign(session, device=device, site_id=site.id, now_ms=now)
        phones.append(device)
    for zh, en, demand, trade, stops, windows, grace in PLANS:
        places = [
            sites.make_place(
                session,
                "checkpoint",
                site=site,
                number=f"{demand[3:]}-{n + 1:02}",
                name={"zh": f"{zh[:2]} {n + 1} 号点", "en": f"Point {n + 1}"},
                now_ms=now,
            )
            for n in range(stops)
        ]
        route = rounds.make_route(
            session,
            site=site,
            name={"zh": f"{zh}路线", "en": f"{en} route"},
            order="advised",
            stops=[StopSpec(p.kind, p.id, None) for p in places],
            now_ms=now,
        )
        make_plan(
            session,
            site,
            route.id,
            {"zh": zh, "en": en},
            demand,
            windows,
            grace,
            now,
            team=team.id if trade == "guard" else None,
        )
    feed.commit(session, now_ms=now)
    return site, people, phones


def make_plan(
    session: Session, site: Site, route: UUID, name: dict[str, str], demand: str,
    windows: list[tuple[str, str]], grace: int, now: int, *, team: UUID | None,
) -> None:  # fmt: skip
    """Make a plan of every day."""
    rounds.make_plan(
        session,
        site=site,
        name=name,
        route=route,
        recurrence={
            "kind": "calendar",
            "rule": "FREQ=DAILY",
            "windows": [{"from": a, "to": b} for a, b in windows],
        },
        starts_on=FIRST,
        demand=demand,
        grace_min=grace,
        assignee=None if team is None else {"kind": "team", "id": team},
        now_ms=now,
    )


def _walk(session: Session, site: Site, people: list[Person], phones: list[Device]) -> None:
    """Walk the month: nearly all of it, some rounds late, in part, unproven or not at all."""
    draw = random.Random(SEED)
    session.execute(insert(Shift), list(_shifts(site, people, phones)))
    stops = {
        row.route_id: row.stops
        for row in session.scalars(select(RouteEdition).where(RouteEdition.site_id == site.id))
    }
    rows: list[dict[str, Any]] = []
    query = (
        select(Occurrence, Plan.route_id)
        .join(Plan, Plan.id == Occurrence.plan_id)
        .where(Occurrence.site_id == site.id, Occurrence.from_ms < _ms(DAYS, 12))
        .order_by(Occurrence.from_ms, Occurrence.id)
    )
    for occurrence, route in session.execute(query).all():
        rows += _round(draw, site, occurrence, stops[route], people, phones, len(rows))
    session.execute(insert(Visit), rows)


def _shifts(site: Site, people: list[Person], phones: list[Device]) -> Iterator[dict[str, Any]]:
    for day in range(DAYS):
        for number, phone in enumerate(phones):
            for half in range(2):
                yield {
                    "id": UUID(int=(1 << 64) + day * 100 + number * 2 + half),
                    "organisation_id": site.organisation_id,
                    "site_id": site.id,
                    "device_id": phone.id,
                    "log": f"log{number}",
                    "person_id": people[(number + half * 4) % len(people)].id,
                    "started_seq": day * 1_000 + half,
                    "started_hash": f"{day:030}{number:030}{half:04}",
                    "started_ms": _ms(day, 6 + 12 * half),
                    "ended_ms": _ms(day, 18 + 12 * half),
                    "online": True,
                    "failed_tries": 0,
                }


def _round(
    draw: random.Random, site: Site, occurrence: Occurrence, stops: list[dict[str, Any]],
    people: list[Person], phones: list[Device], known: int,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    fate = draw.random()
    if fate < 0.015:
        return
    walked = stops[: len(stops) // 2] if fate < 0.025 else stops
    start = occurrence.to_ms - 20 * 60_000 if fate > 0.97 else occurrence.from_ms + draw.randrange(600_000)
    step = min(120_000, (occurrence.to_ms - occurrence.from_ms - 1_200_000) // len(stops))
    claimed = 0.025 <= fate < 0.032
    person, phone = draw.choice(people), draw.choice(phones)
    for number, stop in enumerate(walked):
        at = start + number * step
        yield {
            "organisation_id": site.organisation_id,
            "id": f"{known + number:064x}",
            "site_id": site.id,
            "device_id": phone.id,
            "log": f"log{phone.id.int - 1}",
            "seq": known + number,
            "person_id": person.id,
            "occurrence_id": occurrence.id,
            "stop_id": UUID(stop["id"]),
            "target_kind": "checkpoint",
            "target_id": UUID(stop["target"]["id"]),
            "scanned": True,
            "result": "known",
            "walk_on": True,
            "tag_id": None,
            "tag_proof": "proven",
            "lower_ms": None if claimed else at - 30_000,
            "estimate_ms": at,
            "upper_ms": at + 30_000,
            "quality": "D" if claimed else "A",
            "received_ms": at + 60_000,
            "answers_hash": None,
            "form_id": None,
            "form_edition": None,
            "answers": None,
            "marks": [],
            "marked": False,
            "faulty": draw.random() < 0.004,
        }


# -- copies ----------------------------------------------------------------------------

_COPIED = ("site", "route", "stop", "route_edition", "plan", "plan_edition", "occurrence", "visit")
_KEPT = frozenset({"organisation_id", "person_id", "device_id", "team_id", "form_id"})


def _copy_all(url: str, home: UUID, copies: int) -> None:
    """Copy the site with no key and no trigger in the way, and count the changes of visits at once."""
    engine = create_engine(url, poolclass=NullPool)  # one of our own: foreign keys are off on SQLite
    dialect = engine.dialect.name
    with engine.begin() as connection:
        if dialect == "sqlite":
            for verb in ("insert", "update", "delete"):
                connection.execute(text(f'DROP TRIGGER "visit_counts_{verb}"'))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for number in range(1, copies + 1):
            _copy(connection, home, number)
        connection.execute(text("DELETE FROM round_change"))
        connection.execute(
            text(
                "INSERT INTO round_change (occurrence_id, organisation_id, site_id, changes) "
                "SELECT occurrence_id, organisation_id, site_id, count(*) FROM visit "
                "GROUP BY occurrence_id, organisation_id, site_id"
            )
        )
        if dialect == "sqlite":
            for statement in triggers.counted("visit", "round_change")["sqlite"]:
                connection.execute(text(statement))


def _copy(connection: Connection, home: UUID, number: int) -> None:
    """Copy everything of the site under other ids: where a UUID has its version stands which copy it is."""
    dialect = connection.dialect.name
    for name in _COPIED:
        table = Base.metadata.tables[name]
        wanted = [_column(table, column.name, number, dialect) for column in table.columns]
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        where = "id" if name == "site" else "site_id"
        copied = f'SELECT {", ".join(wanted)} FROM "{name}" WHERE {where} = :home'
        connection.execute(
            text(f'INSERT INTO "{name}" ({names}) {copied}'),
            {"home": home.hex if dialect == "sqlite" else str(home)},
        )


def _column(table: Table, name: str, number: int, dialect: str) -> str:
    column = table.columns[name]
    if name in _KEPT or name not in ("id", "site_id", "plan_id", "route_id", "occurrence_id", "stop_id"):
        return f'"{name}"'
    if isinstance(column.type, Uuid):
        if dialect == "sqlite":
            return f'substr("{name}", 1, 12) || \'f{number:03x}\' || substr("{name}", 17)'
        plain = f"replace(CAST(\"{name}\" AS text), '-', '')"
        return f"CAST(left({plain}, 12) || 'f{number:03x}' || substr({plain}, 17) AS uuid)"
    # the hash of a visit: its last digits are those that tell it from the others
    return f"'{number:04x}' || substr(\"{name}\", 5)"
