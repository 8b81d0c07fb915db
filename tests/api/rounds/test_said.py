"""A colleague stands in, and a worker answers what a mark asks: both are records, and neither judges."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.feed import service as feed
from server.keeping.rebuild import differences
from server.rounds import service as rounds
from server.rounds.service.judging import judge_all
from server.sites import service as sites
from sync.payloads import Explain, InsteadOf, RoundTake
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.api.rounds.night import Night
from tests.api.rounds.phone import Phone
from tests.conftest import FakeClock


@pytest.fixture
def theirs(estate: Estate, clock: FakeClock) -> Night:
    """A night of the team, to which neither Wang nor Liu belongs."""
    return Night(estate, clock, assignee={"kind": "team", "id": estate.team.id})


def asked(answer: TestResponse) -> Any:
    """Return what an answer says."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def take(night: Night, phone: Phone, minutes: float) -> str:
    """Have whoever holds the phone take the round over."""
    taken = RoundTake(str(night.id), InsteadOf("team", str(night.estate.team.id)))
    return phone.record("round.take", taken, at_ms=night.start + int(minutes * MIN))


def carriers(night: Night, minutes: float) -> frozenset[object]:
    """Return the phones that carry the round."""
    [judged] = judge_all(
        night.estate.session,
        site_id=night.estate.site.id,
        occurrences=[night.occurrence],
        now_ms=night.start + int(minutes * MIN),
    )
    return judged.carriers


def test_a_phone_on_which_a_round_was_taken_over_keeps_it_from_being_called_missed(theirs: Night) -> None:
    other = theirs.estate.phone("5 号手机")
    other.sign_in(theirs.estate.people["Liu"], at_ms=theirs.start - H)
    other.push(now_ms=theirs.start - H)
    assert (theirs.state(181), carriers(theirs, 181)) == ("missed", frozenset())

    take(theirs, theirs.phone, 5)
    marks = theirs.push(6)

    assert marks == [[]]
    assert carriers(theirs, 181) == {theirs.phone.device_id}
    assert theirs.state(181) == "unheard"
    for n in (1, 2, 3):
        theirs.scan(n, n * 10)
    theirs.push(400)
    assert theirs.state(400) == "done"


def test_who_stands_in_counts_for_a_round_that_nobody_walked_only_until_heard(theirs: Night) -> None:
    take(theirs, theirs.phone, 5)
    theirs.push(6)
    assert theirs.state(181) == "unheard"

    theirs.push(182)

    assert theirs.state(182) == "missed"


def test_a_person_who_took_a_round_over_carries_it_on_the_next_phone_too(theirs: Night) -> None:
    take(theirs, theirs.phone, 5)
    theirs.push(6)
    other = theirs.estate.phone("5 号手机")
    other.sign_in(theirs.estate.people["Wang"], at_ms=theirs.start + 7 * MIN)
    other.push(now_ms=theirs.start + 7 * MIN)

    assert carriers(theirs, 181) == {theirs.phone.device_id, other.device_id}


def test_the_round_says_who_stands_in_for_whom(theirs: Night, as_: As, at: str) -> None:
    record = take(theirs, theirs.phone, 5)
    theirs.push(6)

    page = asked(as_("Li").get(f"{at}/occurrences/{theirs.id}"))
    [told] = page["stand_ins"]
    assert told == {
        "record": record,
        "person": {"id": str(theirs.estate.people["Wang"].id), "name": "Wang"},
        "device": {"id": str(theirs.phone.device_id), "name": "4 号手机"},
        "at_ms": theirs.start + 5 * MIN,
        "instead_of": {"kind": "team", "name": {"zh": "夜班", "en": "Night team"}},
        "marks": [],
    }
    [lane] = asked(as_("Li").get(f"{at}/board"))["lanes"]
    assert [w["stand_ins"] for w in lane["windows"] if w["occurrence"] == str(theirs.id)] == [[told]]
    # completion is for everybody who sees the board, names are not
    assert asked(as_("Vera").get(f"{at}/occurrences/{theirs.id}"))["stand_ins"] == []
    assert as_("Chen").get(f"{at}/occurrences/{theirs.id}").status_code == 404


def test_a_plan_that_wants_its_own_people_marks_the_take_over_and_takes_it(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock, assignee={"kind": "team", "id": estate.team.id}, stand_in=False)
    take(night, night.phone, 5)

    assert night.push(6) == [["not_theirs"]]

    assert carriers(night, 181) == {night.phone.device_id}
    assert asked(as_("Li").get(f"{at}/occurrences/{night.id}"))["stand_ins"][0]["marks"] == ["not_theirs"]
    # what was asked when the window began stays what it was
    rounds.change_plan(
        estate.session,
        site=estate.site,
        plan_id=night.plan.id,
        changes={"stand_in": True},
        now_ms=night.start + 10 * MIN,
    )
    feed.commit(estate.session, now_ms=night.start + 10 * MIN)
    take(night, night.phone, 12)
    assert night.push(13) == [["not_theirs"]]
    assert differences(estate.session, estate.site.organisation_id) == []
    estate.session.rollback()


def test_a_round_that_nobody_knows_can_be_taken_over_and_changes_nothing(
    theirs: Night, estate: Estate, clock: FakeClock
) -> None:
    unknown = RoundTake("0193b7a0-0000-4000-8000-000000000001", None)
    theirs.phone.record("round.take", unknown, at_ms=theirs.start)
    assert theirs.push(1) == [[]]
    assert theirs.state(181) == "missed"


def test_a_round_of_another_site_cannot_be_taken_over_from_here(estate: Estate, clock: FakeClock) -> None:
    place = sites.make_place(
        estate.session,
        "checkpoint",
        site=estate.north,
        number="90",
        name={"zh": "北门", "en": ""},
        now_ms=clock.ms,
    )
    here = Night(estate, clock)
    elsewhere = rounds.make_route(
        estate.session,
        site=estate.north,
        name={"zh": "北楼", "en": ""},
        order="free",
        stops=[rounds.StopSpec("checkpoint", place.id, None)],
        now_ms=clock.ms,
    )
    there = rounds.make_plan(
        estate.session,
        site=estate.north,
        route=elsewhere.id,
        name={"zh": "北楼", "en": ""},
        recurrence=here.plan.recurrence,
        starts_on=here.plan.starts_on,
        stand_in=False,
        now_ms=clock.ms,
    )
    feed.commit(estate.session, now_ms=clock.ms)
    [occurrence, *_] = estate.occurrences(there)
    here.phone.record("round.take", RoundTake(str(occurrence.id), None), at_ms=here.start)
    assert here.push(1) == [[]]  # not even the mark tells that there is such a round
    [judged] = judge_all(
        estate.session, site_id=estate.north.id, occurrences=[occurrence], now_ms=here.start + 10 * H
    )
    assert (judged.taken, judged.carriers) == ((), frozenset())


def test_what_a_person_says_to_a_mark_stands_beside_their_record_alone(
    estate: Estate, clock: FakeClock, as_: As, at: str
) -> None:
    night = Night(estate, clock)
    scan = night.scan(1, -5)
    words = "提前五分钟到，门口有事"
    said = night.phone.record("explain", Explain(scan), at_ms=night.start - 4 * MIN, private={"note": words})
    assert night.push(-3) == [["early"], []]
    other = estate.phone("5 号手机")
    other.sign_in(estate.people["Liu"], at_ms=night.start - 3 * MIN)
    other.record("explain", Explain(scan), at_ms=night.start - 2 * MIN, private={"note": "他是迟到"})
    other.push(now_ms=night.start - MIN)

    seen = asked(as_("Li").get(f"{at}/visits/{scan}"))

    assert seen["marks"] == ["early"]
    assert seen["explanations"] == [
        {
            "record": said,
            "at_ms": night.start - 4 * MIN,
            "received_ms": night.start - 3 * MIN,
            "words": words,
        }
    ]
    assert as_("Chen").get(f"{at}/visits/{scan}").status_code == 404
    assert differences(estate.session, estate.site.organisation_id) == []
    estate.session.rollback()
