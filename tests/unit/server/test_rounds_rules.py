"""Windows: half-open, in the site's zone, over midnight and over changes of the clock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rounds import rules, windows
from server.rounds.recurrence import Calendar
from server.rounds.rrule import read_rule
from server.rounds.rules import DAY_MIN, Times, Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clock changes by half an hour
APIA = ZoneInfo("Pacific/Apia")  # 30 December 2011 did not exist
CASABLANCA = ZoneInfo("Africa/Casablanca")
NEW_YORK = ZoneInfo("America/New_York")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


def plan_of(
    times: Sequence[Times], zone: ZoneInfo, first: date, last: date | None = None, rule: str = "FREQ=DAILY"
) -> windows.Terms:
    return windows.Terms(Calendar(read_rule(rule), "all", "none", tuple(times)), zone, first, last)


def cut_days(
    zone: ZoneInfo, first: str, last: str, *stretches: tuple[str, str], rule: str = "FREQ=DAILY"
) -> list[Window]:
    times = [rules.read_times(a, b) for a, b in stretches]
    terms = plan_of(times, zone, date.fromisoformat(first), date.fromisoformat(last), rule)
    return windows.cut(terms, from_ms=0, until_ms=ms("2040-01-01T00:00+00:00"))


def test_a_window_that_ends_at_24_touches_the_one_that_starts_at_midnight() -> None:
    night = cut_days(SHANGHAI, "2026-11-23", "2026-11-24", ("22:30", "24:00"), ("00:00", "02:00"))

    assert night[1].to_ms == night[2].from_ms == ms("2026-11-24T00:00+08:00")
    assert night[0].from_ms == ms("2026-11-23T00:00+08:00")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("22:00", "02:00", 240), ("00:00", "24:00", 1440), ("06:00", "06:00", 1440), ("23:59", "00:00", 1)],
)
def test_an_end_at_or_before_the_start_is_the_next_days(start: str, end: str, minutes: int) -> None:
    times = rules.read_times(start, end)

    assert times.to_min - times.from_min == minutes


@pytest.mark.parametrize("text", ["24:01", "7:00", "23:60", "0700", "", "24:00 ", "２２:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        rules.read_times("06:00", text)


def test_no_window_starts_at_24() -> None:
    with pytest.raises(ValueError, match="24:00"):
        rules.read_times("24:00", "02:00")


def test_only_the_plans_weekdays_are_cut() -> None:
    found = cut_days(SHANGHAI, "2026-11-23", "2026-11-29", ("08:00", "10:00"), rule="FREQ=WEEKLY;BYDAY=MO,SU")

    assert [w.from_ms for w in found] == [ms("2026-11-23T08:00+08:00"), ms("2026-11-29T08:00+08:00")]


def test_only_starts_inside_the_stretch_are_cut_and_its_end_is_outside() -> None:
    start = ms("2026-11-23T08:00+08:00")

    terms = plan_of([Times(480, 600)], SHANGHAI, date(2026, 11, 1))

    def cut(from_ms: int, until_ms: int) -> int:
        return len(windows.cut(terms, from_ms=from_ms, until_ms=until_ms))

    assert cut(start, start + 1) == 1
    assert cut(start - 1, start) == 0
    assert cut(start + 1, start + 2) == 0


def test_a_time_that_comes_twice_means_its_first_passing() -> None:
    [window] = cut_days(BERLIN, "2026-10-25", "2026-10-25", ("02:30", "03:00"))

    assert window.from_ms == ms("2026-10-25T02:30+02:00")
    assert window.to_ms == ms("2026-10-25T03:00+01:00"), "the repeated hour belongs to the window"


def test_a_time_that_never_comes_means_the_moment_of_the_change() -> None:
    [window] = cut_days(BERLIN, "2026-03-29", "2026-03-29", ("01:30", "02:30"))

    assert window == Window(ms("2026-03-29T01:30+01:00"), ms("2026-03-29T03:00+02:00"))


def test_a_window_inside_the_missing_hour_is_not_cut() -> None:
    assert cut_days(BERLIN, "2026-03-29", "2026-03-29", ("02:15", "02:45")) == []
    assert len(cut_days(BERLIN, "2026-03-28", "2026-03-30", ("02:15", "02:45"))) == 2


def test_a_change_of_half_an_hour_and_a_skipped_day_are_understood() -> None:
    [window] = cut_days(LORD_HOWE, "2026-10-04", "2026-10-04", ("02:10", "04:00"))
    assert window.from_ms == ms("2026-10-04T02:30+11:00")

    assert cut_days(APIA, "2011-12-30", "2011-12-30", ("08:00", "10:00")) == []
    [over] = cut_days(APIA, "2011-12-29", "2011-12-29", ("22:00", "02:00"))
    assert over.to_ms == ms("2011-12-31T00:00+14:00")


def test_the_sites_day_runs_from_its_start_to_the_next() -> None:
    day = date(2026, 11, 23)
    bounds = rules.day_bounds(day, day_start_min=360, zone=SHANGHAI)

    assert bounds == Window(ms("2026-11-23T06:00+08:00"), ms("2026-11-24T06:00+08:00"))
    assert rules.day_of(bounds.from_ms, day_start_min=360, zone=SHANGHAI) == day
    assert rules.day_of(bounds.to_ms - 1, day_start_min=360, zone=SHANGHAI) == day
    assert rules.day_of(bounds.to_ms, day_start_min=360, zone=SHANGHAI) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "times", "does"),
    [
        ("FREQ=DAILY", [(480, 600), (600, 720)], False),
        ("FREQ=DAILY", [(480, 601), (600, 720)], True),
        ("FREQ=DAILY", [(1320, 1560)], False),
        ("FREQ=DAILY", [(60, 180), (1320, 1560)], True),  # 22–02 reaches into the next day's 01–03
        ("FREQ=WEEKLY;BYDAY=MO", [(60, 180), (1320, 1560)], False),
        ("FREQ=WEEKLY;BYDAY=MO,SU", [(60, 180), (1320, 1560)], True),  # over the end of the week
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", [(60, 180), (1320, 1560)], True),  # over the end of the month
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", [(60, 180), (1320, 1500)], False),
        ("FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=1,29", [(0, 1441)], True),  # 29 February and 1 March
        ("FREQ=DAILY", [(0, 1440)], False),
        ("FREQ=DAILY", [(360, 1800)], False),
        ("FREQ=DAILY", [(360, 1801)], True),
        ("FREQ=DAILY;INTERVAL=3", [(0, 3 * 1440)], False),
        ("FREQ=DAILY;INTERVAL=3", [(0, 3 * 1440 + 1)], True),
        ("FREQ=DAILY", [(480, 600), (480, 600)], True),
    ],
)
def test_windows_that_share_a_minute_are_found(rule: str, times: list[tuple[int, int]], does: bool) -> None:
    terms = plan_of([Times(*one) for one in times], SHANGHAI, date(2026, 11, 23), rule=rule)

    assert windows.faults(terms) == ({"windows": ["Two windows overlap"]} if does else {})


def test_the_id_follows_from_plan_and_start() -> None:
    plan = UUID("5f0c8f64-5b5a-4a3c-9a77-000000000001")

    assert rules.occurrence_id(plan, 1795438800000) == rules.occurrence_id(plan, 1795438800000)
    assert rules.occurrence_id(plan, 1795438800000) != rules.occurrence_id(plan, 1795438800001)
    assert rules.occurrence_id(plan, 1795438800000).version == 5


ZONES = st.sampled_from([SHANGHAI, BERLIN, LORD_HOWE, APIA, CASABLANCA, NEW_YORK])
WEEKDAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True)
RULES = st.just("FREQ=DAILY") | WEEKDAYS.map(lambda days: f"FREQ=WEEKLY;BYDAY={','.join(days)}")


@st.composite
def plans(draw: st.DrawFn) -> windows.Terms:
    cuts = sorted(draw(st.lists(st.integers(0, DAY_MIN), min_size=2, max_size=8, unique=True)))
    times = [Times(a, b) for a, b in itertools.pairwise(cuts) if a < DAY_MIN and draw(st.booleans())]
    start = draw(st.dates(date(2010, 1, 1), date(2037, 1, 1)))
    return plan_of(times or [Times(cuts[0], cuts[-1])], draw(ZONES), start, rule=draw(RULES))


@settings(max_examples=150, deadline=None)
@given(plans())
def test_windows_never_overlap_in_fact_when_they_do_not_on_paper(terms: windows.Terms) -> None:
    bounded = replace(terms, ends_on=terms.starts_on + timedelta(days=370))
    found = windows.cut(bounded, from_ms=0, until_ms=ms("2040-01-01T00:00+00:00"))

    assert windows.faults(terms) == {}
    assert all(a.to_ms <= b.from_ms for a, b in itertools.pairwise(found))
    assert all(w.from_ms < w.to_ms for w in found)


@settings(max_examples=60, deadline=None)
@given(ZONES, st.dates(date(2010, 1, 1), date(2037, 1, 1)), st.integers(1, 1439))
def test_two_windows_that_share_the_day_leave_no_gap_in_a_whole_year(
    zone: ZoneInfo, start: date, middle: int
) -> None:
    halves = [Times(0, middle), Times(middle, DAY_MIN)]
    terms = plan_of(halves, zone, start, start + timedelta(days=366))
    found = windows.cut(terms, from_ms=0, until_ms=ms("2040-01-01T00:00+00:00"))

    assert all(a.to_ms == b.from_ms for a, b in itertools.pairwise(found))


@settings(max_examples=60, deadline=None)
@given(plans(), st.integers(0, 40 * DAY_MIN), st.integers(0, 40 * DAY_MIN))
def test_cutting_in_two_steps_gives_what_cutting_at_once_gives(
    terms: windows.Terms, first_min: int, second_min: int
) -> None:
    start = terms.starts_on
    begin = int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp()) * 1000
    middle, end = begin + first_min * 60_000, begin + (first_min + second_min) * 60_000

    def cut(from_ms: int, until_ms: int) -> list[Window]:
        return windows.cut(terms, from_ms=from_ms, until_ms=until_ms)

    assert cut(begin, middle) + cut(middle, end) == cut(begin, end)
