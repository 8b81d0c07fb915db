"""The office says a year's days off and working days: who may, what is refused, what is cut anew."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.feed.models import FeedRow
from server.rounds import rules
from server.rounds import service as rounds
from server.rounds.models import Cutting, Plan
from server.sites.holidays import CHINESE, LIBRARY_YEARS
from server.sites.models import AnnouncedYear
from tests.api.rounds.conftest import As, Estate
from tests.conftest import FakeClock
from tests.recurring import daily

AT = "/api/v1/holidays"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEXT = LIBRARY_YEARS[-1] + 1


def on(day: date, minutes: int = 0) -> int:
    return rules.moment_ms(day, minutes, SHANGHAI)


@pytest.fixture
def december(clock: FakeClock, estate: Estate) -> None:
    """Let it be December of the last year that the library knows."""
    clock.ms = on(date(NEXT - 1, 12, 10), 600)


def word(free: list[str], working: list[str], year: int = NEXT) -> dict[str, Any]:
    return {"year": year, "free": free, "working": working}


def begins(estate: Estate, plan: Plan) -> set[int]:
    return {o.from_ms for o in estate.occurrences(plan) if o.withdrawn_ms is None}


@pytest.mark.usefixtures("december")
def test_a_word_of_the_office_cuts_anew_what_has_not_begun(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    as_("Ada").patch(at, {"holidays": "CN"})
    plan = estate.plan(recurrence=daily(("08:00", "10:00"), days="working"))
    off = next(day for n in range(4, 9) if (day := date(NEXT, 1, n)).weekday() == 2)
    worked = next(day for n in range(4, 12) if (day := date(NEXT, 1, n)).weekday() == 5)
    before = begins(estate, plan)
    assert on(off, 480) in before
    assert on(worked, 480) not in before

    said = as_("Ada").post(AT, word([off.isoformat()], [worked.isoformat()]))
    assert said.status_code == 201, said.json
    rounds.cut_ahead(estate.session, now_ms=clock.ms)

    assert begins(estate, plan) ^ before == {on(off, 480), on(worked, 480)}
    cut = estate.session.get_one(Cutting, plan.id).calendar
    assert cut == f"CN {NEXT - 1}-12-31+1 360"

    rows = len(estate.occurrences(plan))
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    assert estate.session.get_one(Cutting, plan.id).calendar == cut
    assert len(estate.occurrences(plan)) == rows, "once is enough"


@pytest.mark.usefixtures("december")
def test_the_preview_knows_the_year_that_was_said(as_: As, at: str) -> None:
    as_("Ada").patch(at, {"holidays": "CN"})
    as_("Ada").post(AT, word([f"{NEXT}-01-01"], []))
    body = {"recurrence": daily(("08:00", "10:00"), days="working"), "starts_on": f"{NEXT - 1}-12-01"}

    told = as_("Li").post(at + "/plans/preview", body).json

    assert told is not None
    assert told["unknown_from"] == f"{NEXT + 1}-01-01"
    assert as_("Li").get(at + "/orders/policy").json["known_until"] == f"{NEXT}-12-31"  # type: ignore[index]


@pytest.mark.usefixtures("december")
def test_a_look_says_nothing_and_the_last_word_holds(as_: As, estate: Estate) -> None:
    looked = as_("Ada").post(AT + "/look", word([f"{NEXT}-01-01"], [])).json
    assert looked is not None
    assert looked["unusual"] == [{"day": f"{NEXT}-01-01", "works": False}]
    assert estate.session.scalars(select(AnnouncedYear)).all() == []

    as_("Ada").post(AT, word([f"{NEXT}-01-01"], []))
    as_("Ada").post(AT, word([f"{NEXT}-05-03"], []))
    both = as_("Li").get(AT).json
    assert both is not None
    assert [one["year"] for one in both["years"]] == [NEXT - 1, NEXT]
    known, said = both["years"]
    assert known["in_library"]
    assert known["said"] is None
    assert {"day": f"{NEXT - 1}-10-01", "works": False} in known["unusual"]
    assert said["said"]["number"] == 2
    assert said["unusual"] == [{"day": f"{NEXT}-05-03", "works": False}]

    taken = as_("Ada").post(AT, word([], [])).json
    assert taken is not None
    assert taken["said"] is None
    assert taken["unusual"] == []
    actions = estate.session.scalars(
        select(AuditRow.action).where(AuditRow.action.startswith("holidays")).order_by(AuditRow.pos)
    ).all()
    assert actions == ["holidays.announced", "holidays.announced", "holidays.taken_back"]


@pytest.mark.usefixtures("december")
@pytest.mark.parametrize(
    ("body", "where"),
    [
        (word([f"{NEXT}-01-01"], [f"{NEXT}-01-01"]), {"working": {"0": ["Both off and worked"]}}),
        (word([f"{NEXT - 1}-12-31"], []), {"free": {"0": [f"Not a day of {NEXT}"]}}),
        (word([], [], NEXT + 1), {"year": ["This year or the next"]}),
        (word([], [], NEXT - 2), {"year": ["This year or the next"]}),
        (
            word([f"{NEXT - 1}-12-11", f"{NEXT - 1}-12-09"], [], NEXT - 1),
            {"free": {"1": ["This day has passed"]}},
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    as_: As, estate: Estate, body: dict[str, Any], where: dict[str, Any]
) -> None:
    for answer in (as_("Ada").post(AT + "/look", body), as_("Ada").post(AT, body)):
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["errors"] == {"json": where}
    assert estate.session.scalars(select(AnnouncedYear)).all() == []


@pytest.mark.usefixtures("december")
def test_a_day_that_has_passed_keeps_what_was_said_of_it(as_: As, clock: FakeClock) -> None:
    festival, later = f"{NEXT}-03-03", f"{NEXT}-11-03"
    as_("Ada").post(AT, word([festival], []))

    clock.ms = on(date(NEXT, 6, 1), 600)
    refused = as_("Ada").post(AT, word([later], []))
    assert refused.json is not None
    assert refused.json["errors"] == {
        "json": {"year": [f"{festival} has passed, and counts as was said of it"]}
    }
    assert as_("Ada").post(AT, word([festival, later], [])).status_code == 201


@pytest.mark.usefixtures("december")
def test_days_that_the_library_has_otherwise_are_named(as_: As) -> None:
    told = as_("Ada").post(AT, word([f"{NEXT - 1}-12-11"], [], NEXT - 1)).json

    assert told is not None
    assert told["differs"] == [f"{NEXT - 1}-12-11"]


# -- the site's own calendar ----------------------------------------------------------------


def test_other_holidays_cut_anew_what_has_not_begun(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    clock.ms = rules.moment_ms(date(2026, 9, 14), 0, ZoneInfo("Asia/Shanghai"))
    plan = estate.plan(recurrence=daily(("08:00", "10:00"), days="working"))
    national_day = rules.moment_ms(date(2026, 10, 1), 480, ZoneInfo("Asia/Shanghai"))
    assert national_day in begins(estate, plan), "a Thursday"

    changed = as_("Li").patch(at, {"holidays": "CN"})
    assert changed.json is not None
    assert changed.json["holidays"] == "CN"
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    assert national_day not in begins(estate, plan)
    assert rules.moment_ms(date(2026, 10, 10), 480, ZoneInfo("Asia/Shanghai")) in begins(estate, plan), (
        "a Saturday"
    )

    rows = len(estate.session.scalars(select(FeedRow)).all())
    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    assert len(estate.session.scalars(select(FeedRow)).all()) == rows, "once is enough"


def test_a_newly_announced_year_cuts_anew(estate: Estate, clock: FakeClock) -> None:
    plan = estate.plan(recurrence=daily(("08:00", "10:00"), days="working"))
    before = begins(estate, plan)
    cutting = estate.session.get_one(Cutting, plan.id)
    cutting.calendar = "CN 2025-12-31 360"  # as an older server left it
    estate.occurrences(plan)[3].withdrawn_ms = None
    estate.session.flush()

    rounds.cut_ahead(estate.session, now_ms=clock.ms)
    assert estate.session.get_one(Cutting, plan.id).calendar == "none 360"
    assert begins(estate, plan) == before


def test_a_day_beyond_the_announced_years_is_told(as_: As, at: str, estate: Estate) -> None:
    as_("Li").patch(at, {"holidays": "CN"})
    body = {"recurrence": daily(("08:00", "10:00"), days="working"), "starts_on": "2026-12-01"}
    plain = {"recurrence": daily(("08:00", "10:00")), "starts_on": "2026-12-01"}

    told = as_("Li").post(at + "/plans/preview", body).json
    assert told is not None
    assert CHINESE.known_until is not None
    assert told["unknown_from"] == f"{CHINESE.known_until.year + 1}-01-01"
    assert as_("Li").post(at + "/plans/preview", plain).json["unknown_from"] is None  # type: ignore[index]
