"""Checklists, findings, and projections that can be made again from the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.forms import service as forms
from server.keeping.rebuild import differences, rebuild
from server.ledger import logs
from server.ledger import service as ledger
from server.ledger.models import Verdict
from server.rounds.models import Finding, Reading, Visit
from sync.records import WireRecord, record_hash
from tests.api.rounds.conftest import MIN, Estate
from tests.api.rounds.night import FIELDS, Night, Room
from tests.conftest import FakeClock


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


@pytest.fixture
def room(estate: Estate, clock: FakeClock) -> Room:
    return Room(estate, clock)


def test_a_stop_with_a_checklist_is_done_by_the_answers(room: Room) -> None:
    scan = room.scan(1, 10, walk_on=False)
    room.push(11)
    assert room.state(11) == "open", "the scan alone does not do it"

    room.answer(12, {"pressure": "0.72", "leaks": "fault", "remark": {"private": True}}, scan=scan,
                private={"text.remark": "漏得厉害"})  # fmt: skip
    assert room.push(13) == [[]]

    assert room.state(13) == "done"
    [visit] = room.visits()
    assert (visit.id, visit.faulty, visit.form_edition) == (scan, True, 1)
    session = room.estate.session
    reading = session.scalars(select(Reading)).one()
    assert (reading.value, reading.level, reading.unit) == ("0.72", "alarm", "MPa")
    found = {f.field: (f.level, f.urgency, f.value) for f in session.scalars(select(Finding))}
    assert found == {"pressure": ("alarm", "urgent", "0.72"), "leaks": ("fault", "normal", None)}
    assert "漏得厉害" not in str(visit.answers), "texts may be erased; they are never copied"


def test_answers_are_read_by_the_edition_they_were_filled_under(room: Room) -> None:
    session = room.estate.session
    wider = [FIELDS[0] | {"limits": {"alarm_high": "0.90"}}, *FIELDS[1:]]
    forms.change_form(
        session,
        site_id=room.estate.site.id,
        form_id=room.form,
        changes={"fields": wider},
        now_ms=room.clock.ms,
    )
    feed.commit(session, now_ms=room.clock.ms)
    first = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.72", "leaks": "ok"}, scan=first)
    second = room.scan(1, 20, walk_on=False)
    room.answer(21, {"pressure": "0.72", "leaks": "ok"}, scan=second, edition=2)
    room.push(22)

    levels = {r.visit_id: r.level for r in session.scalars(select(Reading))}
    assert levels == {first: "alarm", second: "normal"}


@pytest.mark.parametrize(
    "values",
    [
        {"pressure": "0.50"},
        {"pressure": "0.501", "leaks": "ok"},
        {"pressure": "0.50", "leaks": "perhaps"},
        {"pressure": "0.50", "leaks": "ok", "stranger": "ok"},
    ],
)
def test_what_is_missing_or_does_not_fit_is_marked_incomplete_and_kept(
    room: Room, values: dict[str, Any]
) -> None:
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, values, scan=scan)

    assert room.push(12) == [[], ["incomplete"]]
    assert room.visits()[0].answers == values
    assert room.state(12) == "done", "a mark does not change the state"


def test_walking_on_past_required_fields_is_marked(room: Room) -> None:
    room.scan(1, 10, walk_on=True)

    assert room.push(11) == [["incomplete"]]


def test_a_meter_that_could_not_be_read_is_no_fault(room: Room) -> None:
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": {"cannot_read": "dark"}, "leaks": "ok"}, scan=scan)

    assert room.push(12) == [[], []]
    reading = room.estate.session.scalars(select(Reading)).one()
    assert (reading.value, reading.level) == (None, None)
    assert not room.visits()[0].faulty


def test_answers_without_a_scan_are_kept_and_prove_no_presence(room: Room) -> None:
    own = room.answer(11, {"pressure": "0.50", "leaks": "ok"}, scan=None)

    room.push(12)

    [visit] = room.visits()
    assert (visit.id, visit.scanned, visit.occurrence_id) == (own, False, room.id)
    assert room.state(12) == "open"


def test_an_unknown_edition_is_kept_and_marked(room: Room) -> None:
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.50"}, scan=scan, edition=9)

    assert room.push(12)[-1] == ["incomplete"]
    assert room.visits()[0].form_edition == 9


def test_a_report_is_a_finding_of_its_own(room: Room) -> None:
    room.phone.report(room.place, at_ms=room.start + MIN, occurrence=room.id, urgency="urgent")
    room.push(2)

    found = room.estate.session.scalars(select(Finding)).one()
    assert (found.kind, found.urgency, found.occurrence_id) == ("damage", "urgent", room.id)
    assert found.target_id == room.place.id


# -- the projections are the ledger's -------------------------------------------------


def everything(estate: Estate) -> list[Any]:
    session = estate.session
    session.expire_all()
    rows = [
        (model.__name__, {c.key: getattr(row, c.key) for c in model.__table__.columns})
        for model in (Visit, Reading, Finding)
        for row in session.scalars(select(model))
    ]
    return sorted(rows, key=str)


def test_the_projections_rebuilt_from_the_ledger_are_the_same(room: Room) -> None:
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.72", "leaks": "fault"}, scan=scan)
    room.scan(2, 12, occurrence=None)
    room.scan(1, 12.02, occurrence=None, proof="0" * 64)
    room.phone.report(room.place, at_ms=room.start + 13 * MIN, occurrence=room.id)
    room.phone.stray(at_ms=room.start + 14 * MIN, text="x")
    room.push(20)
    before = everything(room.estate)

    count = rebuild(room.estate.session, room.estate.site.organisation_id)
    room.estate.session.commit()

    assert count == 8  # with the log's opening and the shift's start
    assert everything(room.estate) == before
    assert rebuild(room.estate.session, room.estate.site.organisation_id) == count
    assert everything(room.estate) == before


def test_the_same_records_sent_again_change_nothing(night: Night) -> None:
    night.scan(1, 10)
    sent = list(night.phone.outbox)
    night.push(11)
    before = everything(night.estate)

    night.phone.outbox = sent
    answer = night.phone.push(now_ms=night.clock.ms)

    assert [o.outcome for o in answer.outcomes] == ["duplicate"]
    assert everything(night.estate) == before


def test_the_phone_hears_the_marks_that_the_console_shows(night: Night) -> None:
    night.scan(1, 10, proof="0" * 64)
    night.push(11)

    verdict = night.estate.session.scalars(select(Verdict).order_by(Verdict.ledger_pos.desc())).first()
    assert verdict is not None
    assert verdict.marks == night.visits()[0].marks == ["tag_unproven"]


def test_answers_whose_scan_was_given_up_stand_alone_also_when_it_comes_and_at_a_rebuild(room: Room) -> None:
    session = room.estate.session
    scan = room.scan(1, 10, walk_on=False)
    answers = room.answer(11, {"pressure": "0.72", "leaks": "fine"}, scan=scan)
    lost = room.phone.outbox.pop(0)
    room.clock.ms = room.start + 12 * MIN
    room.phone.push(now_ms=room.clock.ms)
    room.clock.ms += 73 * 60 * MIN
    key = room.phone.receipt_key.public_key
    logs.give_up_gaps(session, receipt_key=key, now_ms=room.clock.ms)
    assert logs.give_up_dependencies(session, receipt_key=key, now_ms=room.clock.ms) == 1
    feed.commit(session, now_ms=room.clock.ms)
    [visit] = room.visits()
    assert (visit.id, visit.scanned, "dep_missing" in visit.marks) == (answers, False, True)

    room.phone.outbox = [lost]
    assert [o.outcome for o in room.phone.push(now_ms=room.clock.ms).outcomes] == ["applied"]

    assert [(v.id, v.scanned) for v in room.visits()] == [(scan, True), (answers, False)]
    assert differences(session, room.estate.site.organisation_id) == []


def test_a_text_that_a_colleague_left_out_is_shown_as_soon_as_its_phone_sends_it(room: Room) -> None:
    session = room.estate.session
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.72", "leaks": "fault", "remark": {"private": True}}, scan=scan,
                private={"text.remark": "漏得厉害"})  # fmt: skip
    whole = list(room.phone.outbox)
    bringer = room.estate.phone("5 号手机")
    bringer.push(now_ms=room.clock.ms)
    bringer.outbox = [WireRecord(one.body, one.sig, one.alg, {}) for one in whole]
    room.clock.ms = room.start + 12 * MIN
    assert {o.outcome for o in bringer.push(now_ms=room.clock.ms).outcomes} == {"applied"}
    about: Any = {"organisation": room.estate.site.organisation_id, "hash": record_hash(whole[1].body)}
    assert ledger.private_values(session, **about) == {}

    room.phone.outbox = whole
    assert {o.outcome for o in room.phone.push(now_ms=room.clock.ms).outcomes} == {"duplicate"}

    assert ledger.private_values(session, **about) == {"text.remark": "漏得厉害"}
    assert differences(session, room.estate.site.organisation_id) == []
