"""A tally is never believed beyond what it was made of: kept and fresh judgements agree after any event."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.ledger.models import Device
from server.reports import periods
from server.reports.figures import Fact
from server.reports.models import Tally
from server.reports.service import keep_tallies
from server.reports.service.tally import facts_of, forget
from server.rounds import service as rounds
from server.rounds.changes import RoundChange
from server.rounds.models import Visit
from server.rounds.office import PaperSheet
from server.rounds.service import judging
from server.rounds.skips import SkipDecision
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import T0, FakeClock

DAY = 24 * H


class Nights(Night):
    """Six nights in a row, and whatever may happen to them, drawn by a seed."""

    def __init__(self, estate: Estate, clock: FakeClock, seed: int = 0, **plan: Any) -> None:
        super().__init__(estate, clock, **plan)
        self.draw = random.Random(seed)
        self.nights = [o.id for o in estate.occurrences(self.plan)][:6]

    def events(self) -> dict[str, Callable[[], None]]:
        return {
            "walk": self._walk,
            "walk in part": lambda: self._walk(stops=(1, 3)),
            "walk late": lambda: self._walk(after=75),
            "walk unproven": lambda: self._walk(tag=self.estate.tag(self.estate.places[0])),
            "hear": self.phone_heard,
            "wait": lambda: self.clock.forward(hours=self.draw.choice((1, 5, 24))),
            "excuse": self._excuse,
            "change the route": self._change_route,
            "lose a visit": self._lose,
            "move a visit": self._move,
            "revoke": self._revoke,
            "decide on a skip": self._decide,
            "enter a paper sheet": self._enter_sheet,
            "keep": lambda: keep_tallies(self.estate.session, now_ms=self.clock.ms, days=30),
            "forget": lambda: forget(self.estate.session, site_id=self.estate.site.id),
        }

    def _walk(self, *, stops: tuple[int, ...] = (1, 2, 3), after: int = 0, **members: Any) -> None:
        n = self.draw.randrange(len(self.nights))
        start = n * 24 * 60 + after
        for stop in stops:
            self.scan(stop, start + 10 * stop, occurrence=self.nights[n], **members)
        self.clock.ms = max(self.clock.ms, self.start + (start + 60) * MIN)
        self.phone.push(now_ms=self.clock.ms, remaining=1)

    def phone_heard(self) -> None:
        self.phone.push(now_ms=self.clock.ms)

    def _excuse(self) -> None:
        rounds.excuse(
            self.estate.session,
            site_id=self.estate.site.id,
            occurrence_id=self.draw.choice(self.nights),
            why="台风",
            person_id=self.estate.people["Li"].id,
            now_ms=self.clock.ms,
        )

    def _change_route(self) -> None:
        stops = rounds.stops_of(self.estate.session, site_id=self.estate.site.id)[self.plan.route_id]
        specs = [rounds.StopSpec("checkpoint", s.target_id, s.form_id, s.id) for s in stops]
        rounds.change_route(
            self.estate.session,
            site=self.estate.site,
            route_id=self.plan.route_id,
            changes={"stops": specs[:2] if len(specs) == 3 else specs},
            now_ms=self.clock.ms,
        )

    def _some_visit(self) -> str | None:
        found = list(self.estate.session.scalars(select(Visit.id).order_by(Visit.id)))
        return self.draw.choice(found) if found else None

    def _lose(self) -> None:
        self.estate.session.execute(delete(Visit).where(Visit.id == self._some_visit()))

    def _move(self) -> None:
        moved = update(Visit).where(Visit.id == self._some_visit())
        self.estate.session.execute(moved.values(occurrence_id=self.draw.choice(self.nights)))

    def _revoke(self) -> None:
        device = self.estate.session.get_one(Device, self.phone.device_id)
        device.state = "active" if device.state == "revoked" else "revoked"

    def _decide(self) -> None:
        stops = rounds.stops_of(self.estate.session, site_id=self.estate.site.id)[self.plan.route_id]
        self.estate.session.add(
            SkipDecision(
                id=uuid4(),
                organisation_id=self.estate.site.organisation_id,
                site_id=self.estate.site.id,
                occurrence_id=self.draw.choice(self.nights),
                stop_id=stops[1].id,
                accepted=self.draw.random() < 0.7,
                why=None,
                decided_by=self.estate.people["Li"].id,
                decided_ms=self.clock.ms,
            )
        )

    def _enter_sheet(self) -> None:
        stops = rounds.stops_of(self.estate.session, site_id=self.estate.site.id)[self.plan.route_id]
        night = self.draw.randrange(len(self.nights))
        at_ms = self.start + night * 24 * H + 30 * MIN
        self.estate.session.add(
            PaperSheet(
                id=uuid4(),
                organisation_id=self.estate.site.organisation_id,
                site_id=self.estate.site.id,
                occurrence_id=self.nights[night],
                person_id=self.estate.people["Wang"].id,
                entered_by=self.estate.people["Li"].id,
                entered_ms=self.clock.ms,
                why="没电",
                photo_sha256=None,
                stops=[{"stop": str(stop.id), "at_ms": at_ms} for stop in stops],
            )
        )

    def facts(self, *, fresh: bool) -> list[Fact]:
        site = self.estate.site
        span = periods.read("2026").bounds(day_start_min=360, zone=ZoneInfo(site.time_zone))
        return facts_of(self.estate.session, site=site, span=span, now_ms=self.clock.ms, fresh=fresh)


@contextmanager
def committed(session: Session) -> Iterator[None]:
    yield
    feed.commit(session, now_ms=T0)
    session.expire_all()


@pytest.mark.parametrize("seed", range(2))
def test_kept_and_fresh_are_equal_after_any_event(estate: Estate, clock: FakeClock, seed: int) -> None:
    nights = Nights(estate, clock, seed)
    events = nights.events()
    told = []
    for _ in range(20):
        name = nights.draw.choice(list(events))
        told.append(name)
        with committed(estate.session):
            events[name]()
        assert nights.facts(fresh=False) == nights.facts(fresh=True), told
        with committed(estate.session):
            keep_tallies(estate.session, now_ms=clock.ms, days=30)
        assert nights.facts(fresh=False) == nights.facts(fresh=True), told
    kept = estate.session.scalar(select(func.count()).select_from(Tally))
    assert kept, "nothing was kept, so nothing was compared"


def test_the_comparison_notices_changes_that_nobody_counts(estate: Estate, clock: FakeClock) -> None:
    nights = Nights(estate, clock)
    with committed(estate.session):
        nights._walk()
        keep_tallies(estate.session, now_ms=clock.ms, days=30)
    assert nights.facts(fresh=False) == nights.facts(fresh=True)
    with committed(estate.session):
        nights._lose()
        estate.session.execute(update(RoundChange).values(changes=RoundChange.changes - 1))
    assert nights.facts(fresh=False) != nights.facts(fresh=True)


def test_a_judgement_that_a_late_record_overtook_is_never_believed(estate: Estate, clock: FakeClock) -> None:
    """Judged before the record, written after it: the count that it was made of gives it away."""
    nights = Nights(estate, clock)
    with committed(estate.session):
        nights._walk()
        keep_tallies(estate.session, now_ms=clock.ms, days=30)
    old = [dict(row) for row in estate.session.execute(select(Tally.__table__)).mappings()]
    with committed(estate.session):
        nights._lose()
    with committed(estate.session):
        estate.session.execute(delete(Tally))
        estate.session.execute(Tally.__table__.insert(), old)  # type: ignore[attr-defined]
    assert nights.facts(fresh=False) == nights.facts(fresh=True)


def test_tallies_spare_the_judgement(
    estate: Estate, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = Nights(estate, clock)
    with committed(estate.session):
        nights._walk()
        keep_tallies(estate.session, now_ms=clock.ms, days=30)
    judged: list[int] = []

    def counting(session: Session, **asked: Any) -> Any:
        judged.append(len(asked["occurrences"]))
        return judging.judge_all(session, **asked)

    monkeypatch.setattr("server.reports.service.tally.judge_all", counting)
    everything = len(nights.facts(fresh=True))
    nights.facts(fresh=False)
    assert sum(judged) == everything + everything - 1


def test_another_program_believes_no_tally_of_this_one(
    estate: Estate, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = Nights(estate, clock)
    with committed(estate.session):
        nights._walk()
        keep_tallies(estate.session, now_ms=clock.ms, days=30)
        estate.session.execute(update(Tally).values(state="late"))
    assert "late" in {fact.state for fact in nights.facts(fresh=False)}
    monkeypatch.setattr("server.reports.service.tally.rules_of_now", lambda: 1)
    assert "late" not in {fact.state for fact in nights.facts(fresh=False)}


def test_the_hourly_work_keeps_what_reports_ask(
    app: Flask, estate: Estate, clock: FakeClock, as_: As
) -> None:
    from server.jobs import JOBS

    nights = Nights(estate, clock)
    with committed(estate.session):
        nights._walk()
    with app.app_context():
        from server.db import db
        from server.tenancy import enter_installation

        session = db.session()
        enter_installation(session)
        JOBS["tally reports"](session, clock.ms)
        session.commit()
        db.session.remove()
    states = estate.session.scalars(select(Tally.state)).all()
    assert list(states) == ["done"]
    estate.session.rollback()
    with app.app_context():
        session = db.session()
        enter_installation(session)
        session.execute(text("DELETE FROM tally"))
        session.commit()
        JOBS["tally reports"](session, clock.ms + H // 2)
        session.commit()
        db.session.remove()
    assert estate.session.scalar(select(func.count()).select_from(Tally)) == 0, (
        "once an hour, not each minute"
    )


def test_rounds_that_share_a_window_are_judged_each_time(estate: Estate, clock: FakeClock) -> None:
    """A late visit that names the first of two may belong to the second, whose own visits are the same."""
    nights = Nights(estate, clock, recurrence={"kind": "count", "times": 2, "per": "week"})
    first, second = nights.nights[:2]
    assert first != second
    now = (clock.ms - nights.start) // MIN
    with committed(estate.session):
        other = estate.phone("5 号手机")
        other.sign_in(estate.people["Liu"], at_ms=clock.ms)
        other.push(now_ms=clock.ms)
        for n in (1, 2, 3):
            nights.scan(n, now + 100 + 10 * n, occurrence=second)
        clock.ms = nights.start + (now + 200) * MIN
        nights.phone.push(now_ms=clock.ms)
        keep_tallies(estate.session, now_ms=clock.ms, days=30)
    assert nights.facts(fresh=False) == nights.facts(fresh=True)
    with committed(estate.session):
        for n in (1, 2, 3):
            nights.scan(n, now + 10 * n, phone=other, occurrence=second)
        other.push(now_ms=clock.ms)
    facts = nights.facts(fresh=True)
    assert nights.facts(fresh=False) == facts
    states = {fact.occurrence: fact.state for fact in facts}
    assert (states[first], states[second]) == ("done", "done")
