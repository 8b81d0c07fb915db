"""Whoever was alerted wrongly is told: what was reported of a round stays, and its correction follows."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.audit.models import AuditRow
from server.feed.models import FeedRow
from server.rounds import service as rounds
from server.rounds.changes import RoundChange
from server.rounds.service.telling import reports_of
from tests.api.rounds.conftest import As, Estate, H
from tests.api.rounds.night import Night
from tests.api.rounds.phone import Phone
from tests.conftest import FakeClock


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


@pytest.fixture
def at(estate: Estate) -> str:
    return f"/api/v1/sites/{estate.site.id}"


def look(night: Night, minutes: float) -> None:
    """Let the periodic work look so many minutes into the window."""
    night.clock.ms = night.start + int(minutes * 60_000)
    rounds.tell(night.estate.session, now_ms=night.clock.ms)


def told(night: Night) -> list[tuple[str, str]]:
    reports = reports_of(night.estate.session, occurrences=[night.id]).get(night.id, [])
    return [(report.state, report.cause) for report in reports]


def unknown_phone(night: Night) -> Phone:
    """A phone that Liu took over in the basement: nobody knows by then that it carries the round."""
    phone = night.estate.phone("5 号手机")
    phone.sign_in(night.estate.people["Liu"], at_ms=night.start - H)
    return phone


def walked_unheard(night: Night) -> Phone:
    """Let the round be told as missed, though Liu walked it in the basement."""
    other = unknown_phone(night)
    for n in (1, 2, 3):
        night.scan(n, n * 10, phone=other)
    night.push(181)
    look(night, 182)
    assert told(night) == [("missed", "over")]
    return other


def needs_you(as_: As, at: str, who: str = "Li", day: str = "") -> list[dict[str, Any]]:
    body: Any = as_(who).get(f"{at}/board" + (f"?day={day}" if day else "")).json
    return [row for row in body["attention"] if row["kind"] == "corrected"]


def test_a_round_is_told_of_once_when_it_is_over(night: Night) -> None:
    look(night, 100)
    assert told(night) == []
    look(night, 181)
    assert told(night) == [], "not heard yet: nothing is said of anybody"
    night.push(182)
    look(night, 183)
    look(night, 184)
    assert told(night) == [("missed", "over")]


def test_what_was_reported_missed_is_corrected_with_both_states_and_the_record(
    night: Night, as_: As, at: str
) -> None:
    other = walked_unheard(night)
    night.push(600, phone=other)
    look(night, 601)

    assert told(night) == [("missed", "over"), ("done", "record")]
    [row] = needs_you(as_, at)
    assert (row["correction"]["was"], row["correction"]["state"]) == ("missed", "done")
    assert row["device"]["name"] == "5 号手机"
    assert row["occurrence"] == str(night.id)
    page: Any = as_("Li").get(f"{at}/occurrences/{night.id}").json
    [first, second] = page["reports"]
    assert (first["state"], second["state"], second["cause"]) == ("missed", "done", "record")
    assert (second["person"]["name"], second["device"]["name"]) == ("Liu", "5 号手机")
    assert second["record"] in {visit["id"] for stop in page["stops"] for visit in stop["visits"]}
    noted = night.estate.session.scalars(
        select(AuditRow).where(AuditRow.action == "occurrence.corrected")
    ).all()
    assert [row.detail["was"] for row in noted] == ["missed"]


def test_a_correction_waits_until_each_has_seen_it(night: Night, as_: As, at: str) -> None:
    other = walked_unheard(night)
    night.push(600, phone=other)
    look(night, 601)
    [row] = needs_you(as_, at)
    look(night, 26 * 60)  # the next day
    assert len(needs_you(as_, at)) == 1, "of whatever day it is, until it is seen"
    assert needs_you(as_, at, day=page_day(night)) == [], "a day that is over lists its own"

    seen = as_("Li").post(f"{at}/corrections/seen", {"reports": [row["correction"]["report"]]})

    assert seen.status_code == 204
    assert needs_you(as_, at) == []
    assert len(needs_you(as_, at, who="Vera")) == 1, "another one has not seen it"
    again = as_("Li").post(f"{at}/corrections/seen", {"reports": [row["correction"]["report"]]})
    assert again.status_code == 204


def page_day(night: Night) -> str:
    zone = ZoneInfo(night.estate.site.time_zone)
    return datetime.fromtimestamp(night.start / 1000, zone).date().isoformat()


def test_what_comes_bit_by_bit_is_told_bit_by_bit_and_compared_with_what_was_said(
    night: Night, as_: As, at: str
) -> None:
    other = walked_unheard(night)
    night.push(600, phone=other, remaining=3)
    look(night, 601)
    assert told(night)[-1] == ("done", "record"), "complete, though the phone keeps more"
    before = len(told(night))
    look(night, 700)
    assert len(told(night)) == before, "nothing new, nothing told"


def test_a_phone_that_turns_up_with_part_of_it_opens_the_question_again(
    night: Night, as_: As, at: str
) -> None:
    other = unknown_phone(night)
    night.scan(1, 10, phone=other)
    night.push(181)
    look(night, 182)
    night.push(600, phone=other, remaining=2)
    look(night, 601)
    assert told(night) == [("missed", "over"), ("unheard", "record")]
    night.push(700, phone=other)
    look(night, 701)
    assert told(night)[-1] == ("partial", "heard")
    [row] = needs_you(as_, at)
    assert (row["correction"]["was"], row["correction"]["state"]) == ("missed", "partial")


def test_an_excuse_is_told_and_corrects_nobody(night: Night, as_: As, at: str) -> None:
    night.push(181)
    look(night, 182)
    answer = as_("Li").post(f"{at}/occurrences/{night.id}/excuse", {"why": "暴雨"})
    assert answer.status_code == 200
    assert told(night) == [("missed", "over"), ("excused", "office")]
    assert needs_you(as_, at) == []


def test_what_the_office_says_hides_no_correction(night: Night, as_: As, at: str) -> None:
    other = unknown_phone(night)
    night.scan(1, 10, phone=other)
    night.push(181)
    look(night, 182)
    night.push(600, phone=other)  # nobody has looked since
    as_("Li").post(f"{at}/occurrences/{night.id}/excuse", {"why": "暴雨"})

    assert told(night) == [("missed", "over"), ("partial", "record"), ("excused", "office")]
    [row] = needs_you(as_, at, who="Ada")
    assert (row["correction"]["was"], row["correction"]["state"]) == ("missed", "partial")
    as_("Ada").post(f"{at}/corrections/seen", {"reports": [row["correction"]["report"]]})
    assert needs_you(as_, at, who="Ada") == []
    noted = select(AuditRow.detail).where(AuditRow.action == "occurrence.corrected")
    assert len(night.estate.session.scalars(noted).all()) == 1


def test_what_was_told_never_changes(night: Night) -> None:
    walked_unheard(night)
    session = night.estate.session
    for statement in ("UPDATE round_report SET state = 'done'", "DELETE FROM round_report"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))


def test_looking_again_finds_nothing_that_has_not_moved(night: Night) -> None:
    other = walked_unheard(night)
    night.push(600, phone=other)
    look(night, 601)
    moved = select(RoundChange).where(RoundChange.changes != RoundChange.looked)
    assert night.estate.session.scalars(moved).all() == []


def test_seeing_asks_for_a_report_of_the_site_and_loses_nothing(
    night: Night, as_: As, at: str, estate: Estate
) -> None:
    other = walked_unheard(night)
    night.push(600, phone=other)
    look(night, 601)
    [row] = needs_you(as_, at)
    report = row["correction"]["report"]
    north = f"/api/v1/sites/{estate.north.id}"
    assert as_("Chen").post(f"{at}/corrections/seen", {"reports": [report]}).status_code == 404
    assert as_("Chen").post(f"{north}/corrections/seen", {"reports": [report]}).status_code == 404
    assert as_("Li").post(f"{at}/corrections/seen", {"reports": [report, str(uuid4())]}).status_code == 404
    assert as_("Li").post(f"{at}/corrections/seen", {"reports": []}).status_code == 422
    assert len(needs_you(as_, at)) == 1


def test_whoever_sees_no_evidence_sees_the_states_and_not_whose_record(
    night: Night, as_: As, at: str
) -> None:
    other = walked_unheard(night)
    night.push(600, phone=other)
    look(night, 601)
    page: Any = as_("Vera").get(f"{at}/occurrences/{night.id}").json
    assert [one["state"] for one in page["reports"]] == ["missed", "done"]
    assert {one["person"] is None and one["record"] is None for one in page["reports"]} == {True}


# -- progress --------------------------------------------------------------------------


def progress_rows(night: Night) -> list[tuple[int, str]]:
    rows = night.estate.session.execute(
        select(FeedRow.version, FeedRow.op)
        .where(FeedRow.kind == "progress", FeedRow.entity == night.id)
        .order_by(FeedRow.pos)
    )
    return [(row.version, row.op) for row in rows]


def test_phones_hear_how_far_a_round_is_in_one_row_for_many_scans(night: Night) -> None:
    look(night, 1)
    assert progress_rows(night) == [], "nobody began: nothing to tell"
    night.scan(1, 10)
    night.scan(2, 20)
    night.push(21)
    look(night, 22)
    look(night, 23)
    night.scan(2, 24)
    night.push(25)
    look(night, 26)
    assert progress_rows(night) == [(1, "upsert")], "a stop that is scanned again changes nothing of it"
    row = night.estate.session.scalars(select(FeedRow).where(FeedRow.kind == "progress")).one()
    body = json.loads(row.row)["body"]
    assert (body["state"], len(body["stops"])) == ("progress", 2)
    assert body["people"] == [str(night.estate.people["Wang"].id)]

    night.scan(3, 30)
    night.push(31)
    look(night, 32)
    assert progress_rows(night)[-1] == (2, "upsert")
    look(night, 4 * 24 * 60)
    assert progress_rows(night)[-1] == (3, "leave")
