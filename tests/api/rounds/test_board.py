"""The board, one occurrence, excuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select

from server.audit.models import AuditRow
from server.db import db
from server.sites.models import Place
from tests.api.rounds.conftest import MIN, As, Console, Estate, H
from tests.api.rounds.night import Night, Room
from tests.conftest import FakeClock
from tests.recurring import daily


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


def board_of(console: Console, at: str, query: str = "") -> dict[str, Any]:
    answer = console.get(f"{at}/board{query}")
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def test_the_board_of_a_night_with_one_round_done(as_: As, at: str, night: Night) -> None:
    for n in (1, 2, 3):
        night.scan(n, n * 10)
    night.push(31)

    board = board_of(as_("Li"), at)

    assert (board["day"], board["to_ms"] - board["from_ms"]) == ("2026-11-23", 24 * H)
    assert board["now_ms"] == board["received_ms"] == night.clock.ms
    assert board["phones"] == {"total": 1, "silent": 0}
    assert {k: v for k, v in board["sums"].items() if v} == {
        "due": 1, "done": 1, "low": "1.000", "high": "1.000",
    }  # fmt: skip
    [lane] = board["lanes"]
    assert lane["plan"] == {
        "id": str(night.plan.id), "name": {"zh": "园区夜巡", "en": "Night grounds"},
        "demand": "P1-35", "crew": 1, "recurrence": daily(("22:00", "24:00")),
    }  # fmt: skip
    [window] = lane["windows"]
    assert window == {
        "occurrence": str(night.id), "ordinal": 1, "from_ms": night.start, "to_ms": night.start + 2 * H,
        "grace_ms": H, "state": "done", "done": 3, "total": 3, "end_ms": night.start + 30 * MIN,
        "people": ["Wang"], "device": None, "excused": None, "faults": 0, "stand_ins": [],
        "asked": 0, "papers": 0, "skipped": 0,
    }  # fmt: skip
    assert board["attention"] == []
    assert board["whereabouts"] == [
        {
            "person": {"id": str(night.estate.people["Wang"].id), "name": "Wang"},
            "device": {"id": str(night.phone.device_id), "name": "4 号手机"},
            "plan": {"zh": "园区夜巡", "en": "Night grounds"}, "done": 3, "total": 3,
            "at": {"zh": "中心广场", "en": "Gate 3"}, "heard_ms": night.clock.ms, "silent": False,
        }
    ]  # fmt: skip


def test_an_unheard_round_names_the_phone_and_its_last_word(as_: As, at: str, night: Night) -> None:
    night.scan(1, 10)
    night.push(11)
    heard = night.clock.ms
    night.clock.ms = night.start + 200 * MIN

    board = board_of(as_("Li"), at)

    word = {"id": str(night.phone.device_id), "name": "4 号手机", "heard_ms": heard}
    assert board["lanes"][0]["windows"][0]["device"] == word
    assert (board["sums"]["unheard"], board["sums"]["low"], board["sums"]["high"]) == (1, "0.000", "1.000")
    assert board["phones"] == {"total": 1, "silent": 1}
    [row] = board["attention"]
    assert (row["kind"], row["done"], row["total"], row["device"]) == ("unheard", 1, 3, word)
    assert board["whereabouts"][0]["silent"] is True


def test_what_gets_worse_by_waiting_comes_first(as_: As, at: str, estate: Estate, clock: FakeClock) -> None:
    room = Room(estate, clock)
    other = estate.plan(recurrence=daily(("22:00", "23:00")), name={"zh": "二", "en": "Two"})
    scan = room.scan(1, 10, walk_on=False, proof="0" * 64)
    room.answer(11, {"pressure": "0.72", "leaks": "ok"}, scan=scan)
    room.scan(1, 15, occurrence=estate.occurrences(other)[0].id)
    room.push(200)

    rows = board_of(as_("Li"), at)["attention"]

    assert [row["kind"] for row in rows] == ["alarm", "partial", "unproven", "marked"]
    alarm, partial, unproven, marked = rows
    assert alarm["reading"] == {
        "label": {"zh": "出水压力", "en": "Pressure"}, "value": "0.72", "unit": "MPa", "level": "alarm",
    }  # fmt: skip
    assert [stop["en"] for stop in partial["stops"]] == ["Gate 2", "Gate 3"]
    assert [stop["en"] for stop in unproven["stops"]] == ["Gate 1"]
    assert unproven["lower_ms"] < unproven["upper_ms"]
    assert marked["visit"] == scan


def test_the_marks_of_a_round_are_one_row_with_their_count(as_: As, at: str, night: Night) -> None:
    alone = night.scan(1, -30, occurrence=None, proof="0" * 64)
    for n in (1, 2, 3):
        night.scan(n, n * 10, proof="0" * 64)
    night.push(41)

    rows = [row for row in board_of(as_("Li"), at)["attention"] if row["kind"] == "marked"]

    row, stray = sorted(rows, key=lambda row: row["occurrence"] is None)
    assert (row["occurrence"], row["from_ms"], row["visit"]) == (str(night.id), night.start, None)
    assert row["plan"] == {"zh": "园区夜巡", "en": "Night grounds"}
    assert [stop["en"] for stop in row["stops"]] == ["Gate 1", "Gate 2", "Gate 3"]
    assert row["marks"][0] == {"mark": "tag_unproven", "count": row["count"]}
    assert row["count"] == 3
    assert (stray["visit"], stray["plan"], stray["count"]) == (alone, None, 1)


def test_alarms_of_one_meter_are_one_row_and_the_latest_speaks(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    room = Room(estate, clock)
    for minute, value in ((10, "0.72"), (20, "0.75")):
        scan = room.scan(1, minute, walk_on=False)
        room.answer(minute + 1, {"pressure": value, "leaks": "ok"}, scan=scan)
    room.push(30)

    [alarm] = [row for row in board_of(as_("Li"), at)["attention"] if row["kind"] == "alarm"]

    assert (alarm["count"], alarm["reading"]["value"], alarm["visit"]) == (2, "0.75", scan)


def test_the_day_begins_at_six_and_a_round_of_yesterday_that_still_runs_is_shown(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    estate.plan(recurrence=daily(("05:00", "07:00"), ("07:00", "08:00")))
    clock.forward(hours=9.5)  # half past six in the morning

    today = board_of(as_("Li"), at)
    yesterday = board_of(as_("Li"), at, "?day=2026-11-23")

    assert today["day"] == "2026-11-24"
    states = [(w["state"], w["ordinal"]) for w in today["lanes"][0]["windows"]]
    assert states[:2] == [("open", 1), ("upcoming", 1)]
    assert (today["sums"]["open"], today["sums"]["upcoming"]) == (0, 2), "yesterday's is not in today's sums"
    assert [w["state"] for w in yesterday["lanes"][0]["windows"]] == ["open"]
    assert yesterday["sums"]["open"] == 1


def test_the_board_is_asked_for_every_15_seconds_and_says_when_nothing_changed(
    as_: As, at: str, night: Night
) -> None:
    night.clock.ms = night.start - 20_000
    li = as_("Li")
    first = li.get(at + "/board")
    night.clock.forward(s=15)

    again = li.get(at + "/board", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""

    night.clock.ms = night.start
    changed = li.get(at + "/board", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("query", ["?day=2026-02-30", "?day=today", "?week=1"])
def test_a_day_that_is_none_is_refused(as_: As, at: str, query: str) -> None:
    assert as_("Li").get(f"{at}/board{query}").status_code == 422


@contextmanager
def counted(app: Flask) -> Iterator[Callable[[], int]]:
    """Count the statements that the database gets."""
    n = 0

    def count(*_: object) -> None:
        nonlocal n
        n += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield lambda: n
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_a_fuller_board_takes_no_more_queries(as_: As, at: str, app: Flask, night: Night) -> None:
    night.scan(1, 1, proof="0" * 64)
    night.push(2)
    li = as_("Li")
    board_of(li, at)
    with counted(app) as count:
        board_of(li, at)
        few = count()

    hours = daily(*((f"{h:02}:00", f"{h + 1:02}:00") for h in range(20, 24)))
    for n in range(3):
        night.estate.plan(name={"zh": f"路线 {n}", "en": ""}, recurrence=hours)
        phone = night.estate.phone(f"phone {n}")
        phone.sign_in(night.estate.people["Liu"], at_ms=night.clock.ms)
        for k in (1, 2, 3):
            night.scan(k, 3 + k / 10, phone=phone, proof="0" * 64)
        night.push(4, phone=phone)
    board_of(li, at)  # the log-in is noted once a minute, which takes queries of its own
    with counted(app) as count:
        board = board_of(li, at)
        many = count()

    assert len(board["lanes"]) == 4
    assert many == few


# -- one occurrence -------------------------------------------------------------------


def test_an_occurrence_explains_itself(as_: As, at: str, night: Night) -> None:
    night.scan(1, 10)
    night.push(11)
    night.clock.ms = night.start + 200 * MIN

    found = as_("Li").get(f"{at}/occurrences/{night.id}").json

    assert found is not None
    assert (found["state"], found["plan"]["demand"]) == ("unheard", "P1-35")
    assert [(s["number"], s["state"], len(s["visits"])) for s in found["stops"]] == [
        (1, "done", 1), (2, "todo", 0), (3, "todo", 0),
    ]  # fmt: skip
    assert found["stops"][0]["name"] == {"zh": "东门岗", "en": "Gate 1"}
    assert found["why"]["key"] == "unheard"
    assert found["why"]["params"]["phones"][0]["name"] == "4 号手机"
    [phone] = found["phones"]
    assert (phone["carries"], phone["clear_ms"]) == (True, night.start + 11 * MIN)


def test_a_stop_with_a_fault_says_so(as_: As, at: str, estate: Estate, clock: FakeClock) -> None:
    room = Room(estate, clock)
    scan = room.scan(1, 10, walk_on=False)
    room.answer(11, {"pressure": "0.50", "leaks": "fault"}, scan=scan)
    room.push(12)

    found = as_("Li").get(f"{at}/occurrences/{room.id}").json

    assert found is not None
    [stop] = found["stops"]
    assert (stop["state"], stop["form"]["name"]["en"]) == ("fault", "Pump room")
    assert (found["state"], found["faults"]) == ("done", 1)


def test_an_excuse_takes_a_round_out_of_what_was_due(as_: As, at: str, night: Night) -> None:
    night.push(200)
    path = f"{at}/occurrences/{night.id}/excuse"
    assert board_of(as_("Li"), at)["sums"]["missed"] == 1

    excused = as_("Li").post(path, {"why": "暴雨"})

    assert excused.status_code == 200
    assert excused.json is not None
    assert (excused.json["state"], excused.json["excused"]) == ("excused", {"why": "暴雨", "by": "Li"})
    sums = board_of(as_("Li"), at)["sums"]
    assert (sums["due"], sums["excused"], sums["low"]) == (0, 1, None)
    noted = night.estate.session.scalars(
        select(AuditRow).where(AuditRow.action == "occurrence.excused")
    ).one()
    assert noted.detail == {"why": "暴雨"}


def test_an_excuse_needs_words_and_a_supervisor(as_: As, at: str, night: Night, estate: Estate) -> None:
    path = f"{at}/occurrences/{night.id}/excuse"

    assert as_("Li").post(path, {"why": "  "}).status_code == 422
    assert as_("Vera").post(path, {"why": "rain"}).status_code == 403
    assert as_("Chen").post(path, {"why": "rain"}).status_code == 404
    north = f"/api/v1/sites/{estate.north.id}/occurrences/{night.id}"
    assert as_("Chen").post(north + "/excuse", {"why": "rain"}).status_code == 404
    assert as_("Chen").get(north).status_code == 404
    assert as_("Chen").get(at + "/board").status_code == 404
    assert as_("Li").get(f"{at}/occurrences/{uuid4()}").status_code == 404
    assert board_of(as_("Chen"), f"/api/v1/sites/{estate.north.id}")["lanes"] == []


def test_a_night_team_is_judged_in_the_sites_own_zone(estate: Estate, clock: FakeClock) -> None:
    plan = estate.plan(recurrence=daily(("00:00", "24:00")), starts_on=date(2026, 11, 24))

    assert estate.occurrences(plan)[0].from_ms == clock.ms + 3 * H
    assert isinstance(estate.places[0], Place)
