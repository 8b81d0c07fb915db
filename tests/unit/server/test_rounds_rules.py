"""Windows: half-open, in the site's zone, over midnight and over changes of the clock."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rounds import rules
from server.rounds.rules import DAY_MIN, Days, Times, Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clock changes by half an hour
APIA = ZoneInfo("Pacific/Apia")  # 30 December 2011 did not exist
CASABLANCA = ZoneInfo("Africa/Casablanca")
NEW_YORK = ZoneInfo("America/New_York")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


def cut_days(
    zone: ZoneInfo, first: str, last: str, *windows: tuple[str, str], days: Days = "daily"
) -> list[Window]:
    return rules.cut(
        days=days,
        windows=[rules.read_times(a, b) for a, b in windows],
        zone=zone,
        starts_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(last),
        from_ms=0,
        until_ms=ms("2040-01-01T00:00+00:00"),
    )


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
    found = cut_days(SHANGHAI, "2026-11-23", "2026-11-29", ("08:00", "10:00"), days=(1, 7))

    assert [w.from_ms for w in found] == [ms("2026-11-23T08:00+08:00"), ms("2026-11-29T08:00+08:00")]


def test_only_starts_inside_the_stretch_are_cut_and_its_end_is_outside() -> None:
    start = ms("2026-11-23T08:00+08:00")

    def cut(from_ms: int, until_ms: int) -> int:
        return len(
            rules.cut(
                days="daily",
                windows=[Times(480, 600)],
                zone=SHANGHAI,
                starts_on=date(2026, 11, 1),
                ends_on=None,
                from_ms=from_ms,
                until_ms=until_ms,
            )
        )

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
    ("days", "windows", "does"),
    [
        ("daily", [(480, 600), (600, 720)], False),
        ("daily", [(480, 601), (600, 720)], True),
        ("daily", [(1320, 1560)], False),
        ("daily", [(1320, 1560), (60, 180)], True),  # 22–02 reaches into the next day's 01–03
        ((1,), [(1320, 1560), (60, 180)], False),
        ((7, 1), [(1320, 1560), (60, 180)], True),  # over the end of the week
        ("daily", [(0, 1440)], False),
        ("daily", [(360, 1800)], False),
        ("daily", [(360, 1801)], True),
        ("daily", [(480, 600), (480, 600)], True),
        ((), [], False),
    ],
)
def test_windows_that_share_a_minute_are_found(
    days: Days, windows: list[tuple[int, int]], does: bool
) -> None:
    assert rules.overlap(days, [Times(*w) for w in windows]) is does


def test_the_id_follows_from_plan_and_start() -> None:
    plan = UUID("5f0c8f64-5b5a-4a3c-9a77-000000000001")

    assert rules.occurrence_id(plan, 1795438800000) == rules.occurrence_id(plan, 1795438800000)
    assert rules.occurrence_id(plan, 1795438800000) != rules.occurrence_id(plan, 1795438800001)
    assert rules.occurrence_id(plan, 1795438800000).version == 5


ZONES = st.sampled_from([SHANGHAI, BERLIN, LORD_HOWE, APIA, CASABLANCA, NEW_YORK])
DAILY: Days = "daily"
WEEKDAYS: st.SearchStrategy[Days] = st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(
    tuple
)
DAYS: st.SearchStrategy[Days] = st.just(DAILY) | WEEKDAYS


@st.composite
def plans(draw: st.DrawFn) -> tuple[Days, list[Times], ZoneInfo, date]:
    cuts = sorted(draw(st.lists(st.integers(0, DAY_MIN), min_size=2, max_size=8, unique=True)))
    windows = [Times(a, b) for a, b in itertools.pairwise(cuts) if a < DAY_MIN and draw(st.booleans())]
    start = draw(st.dates(date(2010, 1, 1), date(2037, 1, 1)))
    return draw(DAYS), windows, draw(ZONES), start


@settings(max_examples=150, deadline=None)
@given(plans())
def test_windows_never_overlap_in_fact_when_they_do_not_on_paper(
    plan: tuple[Days, list[Times], ZoneInfo, date],
) -> None:
    days, windows, zone, start = plan
    found = rules.cut(
        days=days,
        windows=windows,
        zone=zone,
        starts_on=start,
        ends_on=start + timedelta(days=370),
        from_ms=0,
        until_ms=ms("2040-01-01T00:00+00:00"),
    )

    assert not rules.overlap(days, windows)
    assert all(a.to_ms <= b.from_ms for a, b in itertools.pairwise(found))
    assert all(w.from_ms < w.to_ms for w in found)


@settings(max_examples=60, deadline=None)
@given(ZONES, st.dates(date(2010, 1, 1), date(2037, 1, 1)), st.integers(1, 1439))
def test_two_windows_that_share_the_day_leave_no_gap_in_a_whole_year(
    zone: ZoneInfo, start: date, middle: int
) -> None:
    found = rules.cut(
        days="daily",
        windows=[Times(0, middle), Times(middle, DAY_MIN)],
        zone=zone,
        starts_on=start,
        ends_on=start + timedelta(days=366),
        from_ms=0,
        until_ms=ms("2040-01-01T00:00+00:00"),
    )

    assert all(a.to_ms == b.from_ms for a, b in itertools.pairwise(found))


@settings(max_examples=60, deadline=None)
@given(plans(), st.integers(0, 40 * DAY_MIN), st.integers(0, 40 * DAY_MIN))
def test_cutting_in_two_steps_gives_what_cutting_at_once_gives(
    plan: tuple[Days, list[Times], ZoneInfo, date], first_min: int, second_min: int
) -> None:
    days, windows, zone, start = plan
    begin = int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp()) * 1000
    middle, end = begin + first_min * 60_000, begin + (first_min + second_min) * 60_000

    def cut(from_ms: int, until_ms: int) -> list[Window]:
        return rules.cut(
            days=days,
            windows=windows,
            zone=zone,
            starts_on=start,
            ends_on=None,
            from_ms=from_ms,
            until_ms=until_ms,
        )

    assert cut(begin, middle) + cut(middle, end) == cut(begin, end)
