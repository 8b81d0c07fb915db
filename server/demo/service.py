"""Makes the demo: an organisation of its own, its estate, its phones and two days of work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import db
from server.demo import desk, estate, orders, people, register, story
from server.demo import meters as demo_meters
from server.demo import upkeep as demo_upkeep
from server.demo.clock import DemoClock
from server.demo.setting_up import Made, set_up
from server.demo.walk import CAPABILITIES, Handset, Ids, StoryBroken, Walker, handset, sync
from server.feed import service as feed
from server.people import passwords
from server.people import service as people_service
from server.people.models import Organisation
from server.people.roles import ON_ROSTER
from server.people.service import Started
from server.rounds import rules
from server.rounds import service as round_service
from server.secrets import Secrets
from server.sites import service as site_service


def create(app: Flask, *, clock: DemoClock, until_ms: int) -> None:
    """Make the demo in an empty installation. Needs an application context without an open transaction.

    The story is the same for the same `until_ms`; ids, keys and tokens are random, as always.

    :param clock: the clock that `app` was made with; it stands at `until_ms` afterwards
    :param until_ms: the moment at which the history arrives, ms
    :raises StoryBroken: the application did not take what the story tells
    """
    settings: Settings = app.extensions["roundsman.settings"]
    keys: Secrets = app.extensions["roundsman.secrets"]
    begin_ms = story.begin_ms(until_ms)
    clock.set(begin_ms)
    session = db.session()
    organisation = people_service.make_organisation(
        session, name=estate.ORGANISATION, demo=True, now_ms=begin_ms
    )
    organisation_id = organisation.id
    made = set_up(
        session,
        organisation_id=organisation_id,
        public_url=settings.public_url,
        until_ms=until_ms,
        now_ms=begin_ms,
    )
    site_id = made.site.id
    staff, password = _people(session, organisation_id=organisation_id, made=made, now_ms=begin_ms)
    supervisor = staff["S01"]
    made_meters = demo_meters.set_up(
        session,
        site=made.site,
        assets={number: place for number, (kind, place) in made.places.items() if kind == "asset"},
        teams=made.teams,
        by=supervisor,
        begin_ms=begin_ms,
    )
    feed.commit(session, now_ms=begin_ms)

    joined: dict[str, Handset] = {}
    for phone in people.PHONES:
        joined[phone.key] = handset(app, clock, public_url=settings.public_url)
        started = people_service.start_enrolment(
            session,
            organisation=organisation_id,
            site=site_id,
            name=phone.name,
            made_by=supervisor,
            public_url=settings.public_url,
            now_ms=clock(),
        )
        session.commit()
        _join(
            session,
            joined[phone.key],
            started=started,
            site_id=site_id,
            supervisor=supervisor,
            receipt_key=keys.receipt.public_key,
            now_ms=clock(),
        )

    def excuse(event: story.Excuse) -> None:
        round_service.excuse(
            session,
            site_id=site_id,
            occurrence_id=rules.occurrence_id(made.plans[event.plan], event.from_ms),
            why=event.why,
            person_id=supervisor,
            now_ms=event.at_ms,
        )
        feed.commit(session, now_ms=event.at_ms)

    teller = orders.Teller(session, made=made, staff=staff)

    def beside(event: object, phones: Mapping[str, Handset]) -> bool:
        if isinstance(event, orders.Office):
            teller.office(event)
        elif isinstance(event, orders.Says):
            teller.says(event, phones[orders.PHONE])
        else:
            return False
        return True

    told = [*story.tell(until_ms), *orders.tell(until_ms)]
    Walker(
        clock=clock,
        ids_of=Ids(
            plans={key: str(plan_id) for key, plan_id in made.plans.items()},
            people={number: str(person_id) for number, person_id in staff.items()},
            tags=made.tags,
            meters={key: str(meter_id) for key, meter_id in made_meters.items()},
        ),
        phones=joined,
        excuse=excuse,
        look=lambda at_ms: round_service.tell(session, now_ms=at_ms),
        beside=beside,
    ).live(sorted(told, key=lambda event: event.at_ms))
    clock.set(until_ms)
    numbers = {number: place_id for number, (kind, place_id) in made.places.items() if kind == "asset"}
    register.enter(session, site=made.site, assets=numbers, by=supervisor, now_ms=until_ms)
    demo_meters.catch_up(
        session, made=made_meters, site_id=site_id, by=supervisor, begin_ms=begin_ms, now_ms=until_ms
    )
    demo_upkeep.enter(session, made=made, technician=staff["T01"], supervisor=supervisor, until_ms=until_ms)
    feed.commit(session, now_ms=until_ms)
    desk.tell(session, made=made, staff=staff, until_ms=until_ms)
    people_service.keep_first_login(settings.data_dir, login="admin", password=password)


def fresh_enrolment(session: Session, *, public_url: str, now_ms: int) -> Started | None:
    """Return an invitation for one more phone of the demo, or None when there is no demo.

    The caller commits.
    """
    organisation = session.scalars(select(Organisation).where(Organisation.demo)).first()
    if organisation is None:
        return None
    site = site_service.sites_of(session, organisation_id=organisation.id)[0]
    return people_service.start_enrolment(
        session,
        organisation=organisation.id,
        site=site.id,
        name="",
        made_by=None,
        public_url=public_url,
        now_ms=now_ms,
    )


def _people(
    session: Session, *, organisation_id: UUID, made: Made, now_ms: int
) -> tuple[dict[str, UUID], str]:
    """Make everybody; return staff number → id, and the administrator's password."""
    password = secrets.token_urlsafe(12)
    pin_hash = passwords.make_hash(people.PIN)  # all have the same PIN, which the demo tells everybody
    found: dict[str, UUID] = {}
    companies = {
        name: people_service.make_company(session, organisation=organisation_id, name=name, now_ms=now_ms).id
        for name in dict.fromkeys(person.company for person in people.PEOPLE if person.company)
    }
    for person in people.PEOPLE:
        administrator = person.role == "administrator"
        row = people_service.make_person(
            session,
            organisation=organisation_id,
            name=person.name,
            number=person.number,
            trade=person.trade,
            administrator=administrator,
            login=person.login,
            password=password if administrator else None,
            now_ms=now_ms,
        )
        if person.role in ON_ROSTER:
            row.pin_hash = pin_hash
        people_service.join(
            session,
            person=row,
            site=made.site.id,
            role=person.role,
            team=made.teams[person.team] if person.team else None,
            company=companies[person.company] if person.company else None,
        )
        found[person.number] = row.id
    return found, password


def _join(session: Session, phone: Handset, **known: Any) -> None:
    """Let a phone join: both sides compare the check word, the supervisor confirms, the log is opened."""
    started: Started = known["started"]
    word = phone.phone.enrol(started.code, capabilities=CAPABILITIES)
    enrolment = people_service.enrolment_of(session, site=known["site_id"], enrolment=started.id)
    if enrolment.check_word != word:
        raise StoryBroken("the check words differ")
    people_service.confirm(
        session,
        site=known["site_id"],
        enrolment=started.id,
        person=known["supervisor"],
        receipt_key=known["receipt_key"],
        now_ms=known["now_ms"],
    )
    feed.commit(session, now_ms=known["now_ms"])
    if phone.phone.confirm() != "active":
        raise StoryBroken("the phone was not let in")
    sync(phone)
