"""The demo: two days walked by phones through the real protocol, on SQLite as `make run` has it.

With `ENGINES=both` on PostgreSQL too.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.app import create_app
from server.config import Settings
from server.db import db
from server.demo import estate, people, rota, service, story
from server.demo.clock import DemoClock
from server.demo.walk import handset, sync
from server.keeping.rebuild import rebuild
from server.ledger import service as ledger
from server.ledger.models import Blob, BlobClaim, Device, Record, Verdict
from server.people import service as people_service
from server.people.models import Organisation, Person, Shift
from server.rounds import rules, state
from server.rounds.models import Finding, Reading, Visit
from server.rounds.service.board import board
from server.rounds.service.telling import corrections
from server.secrets import Secrets
from server.sites.models import Site
from tests import engines
from tests.conftest import T0, settings_for


@dataclass
class Demo:
    """The demo as it stands at `T0`, and how to look at it."""

    app: Flask
    clock: DemoClock
    session: Session
    site: Site

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["roundsman.settings"]
        return found

    def boards(self) -> list[dict[str, Any]]:
        """Return the boards of all its days, the last one first."""
        today = rules.day_of(T0, day_start_min=estate.DAY_START_MIN, zone=story.ZONE)
        return [
            board(self.session, site=self.site, day=today - timedelta(days=n), now_ms=T0) for n in range(3)
        ]


@pytest.fixture(scope="module", params=engines.for_a_module())
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "demo.db")
            url = f"sqlite:///{folder / 'demo.db'}"
        else:
            url = stack.enter_context(request.getfixturevalue("postgres").database("template"))
        clock = DemoClock(T0)
        app = create_app(settings_for(folder / "var", url), now_ms=clock)
        with app.app_context():
            service.create(app, clock=clock, until_ms=T0)
            session = db.session()
            yield Demo(app, clock, session, session.scalars(select(Site)).one())
            db.session.remove()
            db.engine.dispose()


def test_every_record_was_taken_and_none_waits(demo: Demo) -> None:
    outcomes = demo.session.execute(select(Verdict.outcome, func.count()).group_by(Verdict.outcome)).all()
    assert [outcome for outcome, _ in outcomes] == ["applied"]
    told = [
        e for e in story.tell(T0) if isinstance(e, story.Visit | story.Fill | story.Report | story.Foreign)
    ]
    drawn_from = [e for e in told if isinstance(e, story.Visit) and e.if_drawn]
    sure, crews = len(told) - len(drawn_from), len({(e.plan, e.from_ms) for e in drawn_from})
    kinds = ("scan", "answers", "finding")
    kept = demo.session.scalar(select(func.count()).select_from(Record).where(Record.type.in_(kinds)))
    assert kept is not None
    assert sure + crews <= kept <= sure + 2 * crews


def test_every_photo_that_a_record_names_is_there(demo: Demo) -> None:
    claimed = set(demo.session.scalars(select(BlobClaim.sha256)))
    stored = set(demo.session.scalars(select(Blob.sha256)))
    assert claimed == stored
    assert len(stored) > 300


def test_the_board_tells_of_every_state(demo: Demo) -> None:
    states = Counter(w["state"] for b in demo.boards() for lane in b["lanes"] for w in lane["windows"])
    assert states.keys() >= set(state.STATES) - {"progress"}
    assert states["done"] > states.total() // 2


def test_each_fate_became_the_state_that_it_stands_for(demo: Demo) -> None:
    expected = {
        "late": "late", "part": "partial", "missed": "missed", "excused": "excused", "clock": "unproven"
    }  # fmt: skip
    found = {
        (lane["plan"]["name"]["zh"], window["from_ms"]): window
        for b in demo.boards()
        for lane in b["lanes"]
        for window in lane["windows"]
    }
    for one in story.rounds(story.begin_ms(T0), T0):
        kind = rota.fate(one.plan.key, one.recent).kind
        silent = one.plan.key == "a1" and one.recent == 0
        if one.recent is not None and not silent:
            window = found[one.plan.name["zh"], one.from_ms]
            assert window["state"] == expected.get(kind, "done"), (one.plan.key, one.recent, window)


def test_the_silent_phones_round_is_not_called_missed(demo: Demo) -> None:
    [unheard] = [
        w for b in demo.boards() for lane in b["lanes"] for w in lane["windows"] if w["state"] == "unheard"
    ]
    assert unheard["device"]["name"] == "5 号手机"
    assert 0 < unheard["done"] < unheard["total"]


def test_a_round_that_was_told_as_missed_is_corrected(demo: Demo) -> None:
    found = corrections(demo.session, site_id=demo.site.id, since_ms=0, until_ms=T0 + 1)
    assert [(one.was.state, one.now.state, one.now.cause) for one in found] == [("missed", "done", "record")]


def test_one_reading_is_over_its_alarm_and_one_beyond_normal(demo: Demo) -> None:
    rows = demo.session.execute(select(Reading.value, Reading.level).where(Reading.level != "normal")).all()
    assert ("0.68", "alarm") in [tuple(row) for row in rows]
    assert "warning" in [level for _, level in rows]


def test_faults_carry_photos_and_words(demo: Demo) -> None:
    faults = demo.session.scalars(select(Finding).where(Finding.level == "fault")).all()
    assert {fault.field for fault in faults} >= {"fitness", "fence", "leaks"}
    for fault in faults:
        shown = select(BlobClaim.field).where(BlobClaim.hash == fault.record_hash)
        assert fault.field in demo.session.scalars(shown).all()
    reports = demo.session.scalars(select(Finding).where(Finding.kind == "damage")).all()
    assert reports


def test_nobody_can_say_when_the_round_with_the_meddled_clock_was_walked(demo: Demo) -> None:
    claimed = demo.session.scalars(select(Visit).where(Visit.quality == "C")).all()
    assert len(claimed) == 7
    assert all("clock_jump" in visit.marks for visit in claimed)


def test_the_history_can_be_rebuilt_from_the_ledger_alone(demo: Demo) -> None:
    organisation = demo.site.organisation_id
    assert ledger.first_altered(demo.session, organisation=organisation) is None

    def seen() -> list[Any]:
        rows = [demo.session.execute(select(m.__table__).order_by(m.id)).all() for m in (Visit, Finding)]
        readings = select(Reading.__table__).order_by(Reading.visit_id, Reading.field)
        return [*rows, demo.session.execute(readings).all()]

    before = seen()
    rebuild(demo.session, organisation)
    assert seen() == before
    demo.session.rollback()


def test_it_says_that_it_is_a_demo(demo: Demo) -> None:
    assert demo.site.demo
    assert demo.session.get_one(Organisation, demo.site.organisation_id).demo


def test_people_and_phones_are_those_of_the_estate(demo: Demo) -> None:
    names = set(demo.session.scalars(select(Person.name)))
    assert names == {person.name for person in people.PEOPLE}
    devices = demo.session.scalars(select(Device)).all()
    assert {device.name for device in devices} == {phone.name for phone in people.PHONES}
    assert {device.state for device in devices} == {"active"}
    assert set(demo.session.scalars(select(Shift.online))) == {True, False}


def test_the_first_log_in_is_kept_for_whoever_started_the_server(demo: Demo) -> None:
    first = people_service.first_login(demo.session, demo.settings.data_dir)
    assert first is not None
    assert first.login == "admin"


def test_one_more_phone_can_join(demo: Demo) -> None:
    demo.session.rollback()
    made = service.fresh_enrolment(demo.session, public_url=demo.settings.public_url, now_ms=T0)
    demo.session.commit()
    assert made is not None
    phone = handset(demo.app, demo.clock, public_url=demo.settings.public_url)
    word = phone.phone.enrol(made.code, name="我的手机")
    keys: Secrets = demo.app.extensions["roundsman.secrets"]
    supervisor = demo.session.scalars(select(Person).where(Person.number == "S01")).one()
    row = people_service.confirm(
        demo.session,
        site=demo.site.id,
        enrolment=made.id,
        person=supervisor.id,
        receipt_key=keys.receipt.public_key,
        now_ms=T0,
    )
    assert row.check_word == word
    demo.session.commit()
    assert phone.phone.confirm() == "active"
    sync(phone)
    guard = str(demo.session.scalars(select(Person.id).where(Person.number == "G02")).one())
    demo.session.rollback()
    assert phone.phone.sign_in(guard, people.PIN).ok


def test_an_installation_without_a_demo_invites_nobody(session: Session) -> None:
    assert service.fresh_enrolment(session, public_url="http://localhost", now_ms=T0) is None
