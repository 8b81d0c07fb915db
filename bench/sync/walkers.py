"""Phones that have walked the demo estate: records sealed beforehand, so that only the server is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from server import migrate
from server.app import create_app
from server.config import Settings
from server.db import db
from server.demo import estate, forms, people, plans, readings
from server.demo.clock import DemoClock
from server.demo.setting_up import Made, set_up
from server.demo.walk import APP, CAPABILITIES, InProcess, PhoneClock
from server.feed import service as feed
from server.people import service as people_service
from server.rounds.models import Occurrence
from sync.keys import SigningKey
from sync.phone.phone import Phone, Ports
from sync.phone.plain import OwnLocks, SeededRandomness, StoredKeys
from sync.phone.saving import Picture
from sync.phone.store import Record, Store
from sync.records import WireRecord

PLAN = "facilities"
PACE_MS = 40_000


@dataclass(frozen=True, slots=True)
class Walker:
    """A phone with what it has to send, in its order."""

    key: SigningKey
    records: Sequence[WireRecord]
    photos: Sequence[tuple[str, bytes]]
    """Hash and bytes."""


def walk(
    *,
    settings: Settings,
    begin_ms: int,
    phones: int,
    records: int,
    photos: Sequence[Sequence[bytes]] = (),
) -> tuple[list[Walker], UUID, UUID]:
    """Make the demo estate and let `phones` phones walk it, two scans and one filled form in turn.

    :param records: how many each has to send, the sign-in among them
    :param photos: JPEGs of each phone, which it adds one by one to filled forms
    :return: the phones, the organisation and the site
    """
    clock = DemoClock(begin_ms)
    app = create_app(settings, now_ms=clock)
    with app.app_context():
        migrate.upgrade(db.engine)
        session = db.session()
        organisation = people_service.make_organisation(session, name="bench", demo=True, now_ms=begin_ms).id
        made = set_up(
            session,
            organisation_id=organisation,
            public_url=settings.public_url,
            until_ms=begin_ms,
            now_ms=begin_ms,
        )
        feed.commit(session, now_ms=begin_ms)
        rounds = list(
            session.scalars(
                select(Occurrence.id)
                .where(Occurrence.plan_id == made.plans[PLAN])
                .order_by(Occurrence.from_ms)
            )
        )
        session.rollback()
        walkers = [
            _walked(app, settings, clock, made, rounds, number, records, photos[number] if photos else ())
            for number in range(phones)
        ]
        site = made.site.id
        db.session.remove()
        db.engine.dispose()
    return walkers, organisation, site


def _walked(
    app: Flask,
    settings: Settings,
    clock: DemoClock,
    made: Made,
    rounds: Sequence[UUID],
    number: int,
    records: int,
    photos: Sequence[bytes],
) -> Walker:
    store, randomness = Store(), SeededRandomness(f"bench {number}")
    keys = StoredKeys(store, randomness)
    net = InProcess(app, public_url=settings.public_url)
    phone = Phone(
        Ports(store, net, PhoneClock(clock), randomness, keys, OwnLocks()), app=APP, tz=estate.TIME_ZONE
    )
    _join(app, settings, clock, made, phone, number)
    route = next(route for route in plans.ROUTES if route.key == PLAN)
    by_key = {form.key: form for form in forms.FORMS}
    random = Random(number)
    left = list(photos)
    scan: Record | None = None
    for step in range(records - 1 + 6 * len(photos)):
        clock.set(clock() + PACE_MS)
        lap, fills = divmod(step, 3)
        stop = route.stops[(2 * lap + min(fills, 1)) % len(route.stops)]
        if fills == 2 and stop[1] is not None and scan is not None:
            filled = readings.fill(
                by_key[stop[1]], changed={}, note=None, signed=("王强", "王强"), random=random, at_ms=clock()
            )
            pictures = [Picture(left.pop())] if left else []
            phone.answers(scan, filled.values, texts=filled.texts, note=filled.note, photos=pictures)
        else:
            occurrence = rounds[lap // len(route.stops) % len(rounds)]
            scan = phone.scan(made.tags[stop[0]], occurrence=str(occurrence))
    log = store.heads()[-1].log
    secret = store.secret(f"key:{log}")
    assert secret is not None
    unsent = store.unsent(log, 1_000_000)
    kept = [store.photo(sha256) for _, sha256 in store.uploads(state="waiting")]
    assert not left, "more photos than filled forms"
    return Walker(
        SigningKey.from_pkcs8(secret),
        [record.wire for record in unsent],
        [(photo.sha256, photo.data) for photo in kept if photo is not None],
    )


def _join(app: Flask, settings: Settings, clock: DemoClock, made: Made, phone: Phone, number: int) -> None:
    """Let the phone join and its guard sign in."""
    session, now = db.session(), clock()
    site = made.site
    worker = people_service.make_person(
        session,
        organisation=site.organisation_id,
        name=f"王 {number}",
        number=f"G{number:02}",
        trade="guard",
        pin=people.PIN,
        now_ms=now,
    )
    people_service.join(session, person=worker, site=site.id, role="worker")
    feed.commit(session, now_ms=now)
    person = worker.id
    started = people_service.start_enrolment(
        session,
        organisation=site.organisation_id,
        site=site.id,
        name=f"bench {number}",
        made_by=None,
        public_url=settings.public_url,
        now_ms=now,
    )
    session.commit()
    phone.enrol(started.code, capabilities=CAPABILITIES)
    people_service.confirm(
        session,
        site=site.id,
        enrolment=started.id,
        person=person,
        receipt_key=app.extensions["roundsman.secrets"].receipt.public_key,
        now_ms=now,
    )
    feed.commit(session, now_ms=now)
    assert phone.confirm() == "active"
    assert phone.sync().complete
    assert phone.sign_in(str(person), people.PIN).ok


def settings_in(folder: Path, *, database_url: str, public_url: str) -> Settings:
    """Return the settings of a server whose data lie in `folder`."""
    return Settings(data_dir=folder, database_url=database_url, public_url=public_url, pwa_dir=folder)
