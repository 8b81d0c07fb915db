"""Recurrences: what is cut is what somebody with a calendar on the wall would tick off, day by day."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rounds import recurrence, rules, windows
from server.rounds.recurrence import After, Unreadable
from server.rounds.rules import Window
from server.sites.holidays import CHINESE, ORDINARY
from tests.recurring import daily

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from(
    [
        SHANGHAI,
        *(
            ZoneInfo(name)
            for name in ("Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana")
        ),
    ]
)
STARTS = st.dates(date(2009, 1, 1), date(2026, 6, 30))
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Truth = Callable[[date, date], bool]
"""Whether a rule falls on a day, asked of every day: (day, first day of the plan)."""

END = 2**45


def terms(raw: dict[str, Any], start: date, zone: ZoneInfo = SHANGHAI, **members: Any) -> windows.Terms:
    return windows.Terms(recurrence.read(raw), zone, start, **members)


def days(found: windows.Terms, length: int) -> list[date]:
    return list(windows.days_of(found, found.starts_on, found.starts_on + timedelta(days=length)))


@st.composite
def ruled(draw: st.DrawFn) -> tuple[str, Truth]:
    """A rule, and the same in the words of a calendar."""
    every = draw(st.integers(1, 9))
    chosen = sorted(draw(st.sets(st.sampled_from(range(7)), min_size=1)))
    names = ",".join(CODES[n] for n in chosen)
    month_day = draw(st.sampled_from([1, 2, 15, 28, 29, 30, 31, -1, -2, -31]))
    month = draw(st.integers(1, 12))
    kinds: list[tuple[str, Truth]] = [
        (f"FREQ=DAILY;INTERVAL={every}", lambda day, start: (day - start).days % every == 0),
        (f"FREQ=WEEKLY;BYDAY={names};INTERVAL={every}",
         lambda day, start: day.weekday() in chosen and weeks(day, start) % every == 0),
        (f"FREQ=MONTHLY;BYMONTHDAY={month_day};INTERVAL={every}",
         lambda day, start: is_month_day(day, month_day) and months(day, start) % every == 0),
        (f"FREQ=DAILY;BYMONTH={month}", lambda day, start: day.month == month),
        (f"FREQ=MONTHLY;BYDAY=2{CODES[chosen[0]]}",
         lambda day, start: day.weekday() == chosen[0] and 8 <= day.day <= 14),
        (f"FREQ=MONTHLY;BYDAY=-1{CODES[chosen[0]]}",
         lambda day, start: day.weekday() == chosen[0] and (day + timedelta(days=7)).month != day.month),
        (f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY=1,-1",
         lambda day, start: day.month == month and (is_month_day(day, 1) or is_month_day(day, -1))),
    ]  # fmt: skip
    return draw(st.sampled_from(kinds))


def weeks(day: date, start: date) -> int:
    return ((day - timedelta(days=day.weekday())) - (start - timedelta(days=start.weekday()))).days // 7


def months(day: date, start: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month


def is_month_day(day: date, n: int) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == (n if n > 0 else last + 1 + n)


@settings(max_examples=70, deadline=None)
@given(ruled(), STARTS, st.sampled_from(["all", "working", "free"]))
def test_a_rule_falls_on_the_days_on_which_the_calendar_says_so(
    rule: tuple[str, Truth], start: date, which: str
) -> None:
    text, truth = rule
    found = days(terms(daily(("08:00", "09:00"), rule=text, days=which), start, holidays=CHINESE), 500)

    wall = [start + timedelta(days=n) for n in range(501)]
    known = [day for day in wall if truth(day, start)]
    if which != "all":
        known = [day for day in known if works(day) == (which == "working")]
    assert found == known


def works(day: date) -> bool:
    return chinese_calendar.is_workday(day) if day.year <= CHINESE.known_until.year else day.weekday() < 5  # type: ignore[union-attr]


@settings(max_examples=30, deadline=None)
@given(ruled(), STARTS, st.sampled_from(["before", "after"]))
def test_a_day_off_moves_to_the_next_working_day_and_two_that_meet_are_one(
    rule: tuple[str, Truth], start: date, shift: str
) -> None:
    text, truth = rule
    found = days(terms(daily(("08:00", "09:00"), rule=text, shift=shift), start, holidays=CHINESE), 400)

    moved = set()
    for n in range(-25, 426):
        day = start + timedelta(days=n)
        if n >= 0 and truth(day, start):
            while not works(day):
                day += timedelta(days=-1 if shift == "before" else 1)
            moved.add(day)
    assert found == sorted(day for day in moved if 0 <= (day - start).days <= 400)


@settings(max_examples=40, deadline=None)
@given(ZONES, STARTS, st.integers(0, 95), st.sampled_from([15, 20, 30, 45, 60, 90, 120]), st.integers(1, 12))
def test_hourly_windows_touch_and_cover_their_stretch_whatever_the_clock_does(
    zone: ZoneInfo, start: date, first: int, minutes: int, count: int
) -> None:
    from_min, length = first * 15, min(minutes * count, 1440 // minutes * minutes)
    every = {"from": clock(from_min), "to": clock((from_min + length - 1) % 1440 + 1), "minutes": minutes}
    plan = terms({"kind": "calendar", "rule": "FREQ=DAILY", "every": every}, start, zone)

    for day in (start, start + timedelta(days=97)):
        begin = rules.moment_ms(day, from_min, zone)
        end = rules.moment_ms(day, from_min + length, zone)
        found = [w for w in windows.cut(plan, from_ms=begin, until_ms=END_OF(day)) if w.from_ms < end]
        assert sum(w.to_ms - w.from_ms for w in found) == end - begin
        assert all(a.to_ms == b.from_ms for a, b in itertools.pairwise(found))


def END_OF(day: date) -> int:  # noqa: N802
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + 3 * 86_400) * 1000


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@settings(max_examples=50, deadline=None)
@given(
    ZONES,
    STARTS,
    st.sampled_from(["day", "week", "half_month", "month", "quarter", "half_year", "year"]),
    st.integers(1, 4),
    st.integers(0, 720),
)
def test_periods_follow_each_other_without_a_gap_and_each_asks_for_all_its_rounds(
    zone: ZoneInfo, start: date, per: Any, times: int, day_start: int
) -> None:
    plan = terms({"kind": "count", "times": times, "per": per}, start, zone, day_start_min=day_start)
    found = windows.cut(plan, from_ms=0, until_ms=rules.moment_ms(start + timedelta(days=800), 0, zone))

    firsts = [w for w in found if w.number == 1]
    assert all(a.to_ms == b.from_ms for a, b in itertools.pairwise(firsts))
    assert firsts[0].from_ms >= rules.moment_ms(start, day_start, zone)
    assert [w.number for w in found] == list(range(1, times + 1)) * len(firsts)
    assert (
        windows.period_start(per, start) <= start < windows.next_period(per, windows.period_start(per, start))
    )


def ids(plan: windows.Terms, from_ms: int, until_ms: int) -> list[object]:
    from uuid import UUID

    of = UUID("5f0c8f64-5b5a-4a3c-9a77-000000000001")
    return [
        rules.occurrence_id(of, w.from_ms, w.number)
        for w in windows.cut(plan, from_ms=from_ms, until_ms=until_ms)
    ]


@settings(max_examples=30, deadline=None)
@given(ruled(), ZONES, STARTS, st.integers(0, 400), st.integers(1, 400))
def test_whoever_cuts_and_in_whatever_pieces_the_ids_are_the_same(
    rule: tuple[str, Truth], zone: ZoneInfo, start: date, first: int, second: int
) -> None:
    begin = rules.moment_ms(start, 0, zone)
    middle, end = begin + first * 86_400_000 + 7, begin + (first + second) * 86_400_000
    for raw in (daily(("22:30", "01:00"), rule=rule[0]), {"kind": "count", "times": 3, "per": "week"}):
        plan = terms(raw, start, zone)
        whole = ids(plan, begin, end)
        assert ids(plan, begin, middle) + ids(plan, middle, end) == whole
        assert len(set(whole)) == len(whole)


def yearly(members: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "calendar", "rule": "FREQ=YEARLY", **members}


# -- what each oddity means (docs/plans.md) ---------------------------------------------


def test_29_february_comes_in_leap_years_alone_and_the_last_of_february_every_year() -> None:
    only = terms(daily(("08:00", "09:00"), rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), date(2026, 1, 1))
    last = terms(daily(("08:00", "09:00"), rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"), date(2026, 1, 1))

    assert days(only, 2500) == [date(2028, 2, 29), date(2032, 2, 29)]
    assert days(last, 1200) == [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29), date(2029, 2, 28)]


def test_the_31st_comes_in_months_that_have_it() -> None:
    plan = terms(daily(("08:00", "09:00"), rule="FREQ=MONTHLY;BYMONTHDAY=31"), date(2026, 1, 1))

    assert [day.month for day in days(plan, 364)] == [1, 3, 5, 7, 8, 10, 12]


def test_the_last_working_day_knows_swapped_days() -> None:
    plan = terms(
        daily(("08:00", "09:00"), rule="FREQ=MONTHLY;BYMONTHDAY=-1", shift="before"), date(2026, 2, 1)
    )
    ordinary, chinese = days(plan, 27), days(replace(plan, holidays=CHINESE), 27)

    assert ordinary == [date(2026, 2, 27)]
    assert chinese == [date(2026, 2, 28)], "a Saturday on which China works"


@pytest.mark.parametrize(
    ("raw", "member"),
    [
        (daily(("08:00", "09:00"), rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "rule"),
        (daily(("08:00", "09:00"), rule="FREQ=DAILY;COUNT=3"), "rule"),
        (daily(("08:00", "09:00"), rule="FREQ=DAILY", days="working", shift="after"), "shift"),
        (yearly({"windows": [{"from": "08:00", "to": "10:00", "days": 366}]}), "windows"),
        (yearly({"windows": [{"from": "08:00", "to": "10:00", "days": 400}]}), "windows"),
        (yearly({"every": {"from": "08:00", "to": "10:00", "minutes": 50}}), "every"),
        ({"kind": "count", "times": 0, "per": "week"}, "times"),
        ({"kind": "count", "times": 2, "per": "fortnight"}, "per"),
        ({"kind": "after", "every": {"days": 14, "months": 1}, "open_days": 3}, "every"),
        ({"kind": "after", "every": {"days": 14}, "open_days": 400}, "open_days"),
        ({"kind": "once", "from": "2026-02-30T08:00", "to": "2026-03-01T08:00"}, "from"),
        ({"kind": "once", "from": "2026-03-01T08:00", "to": "2026-03-01T08:00"}, "to"),
        ({"kind": "weekly"}, "kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_where_it_stands(raw: dict[str, Any], member: str) -> None:
    with pytest.raises(Unreadable) as refused:
        recurrence.read(raw)
    assert list(refused.value.errors) == [member]


def test_a_plan_that_never_comes_is_refused_with_the_reason() -> None:
    rare = terms(daily(("08:00", "09:00"), rule="FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31"), date(2026, 4, 1))
    assert windows.faults(rare) == {"rule": ["No day in the 12 years from the first day"]}

    over = terms(daily(("08:00", "09:00"), rule="FREQ=YEARLY"), date(2026, 1, 1), ends_on=date(2026, 3, 1))
    before = terms(
        daily(("08:00", "09:00"), rule="FREQ=MONTHLY;BYMONTHDAY=15"),
        date(2026, 1, 16),
        ends_on=date(2026, 2, 14),
    )
    assert windows.faults(over) == {}
    assert windows.faults(before) == {"ends_on": ["No window begins between the first and the last day"]}

    skipped = {"kind": "once", "from": "2026-03-29T02:10", "to": "2026-03-29T02:50"}
    berlin = ZoneInfo("Europe/Berlin")
    assert windows.faults(terms(skipped, date(2026, 3, 29), berlin)) == {"to": ["The clock skips this time"]}


def test_beyond_what_is_announced_the_ordinary_week_counts() -> None:
    known = CHINESE.known_until
    assert known is not None
    saturday = known + timedelta(days=1)
    while saturday.weekday() != 5:
        saturday += timedelta(days=1)

    assert not CHINESE.works(saturday)
    assert CHINESE.works(saturday + timedelta(days=2))
    assert CHINESE.edition != ORDINARY.edition


def test_what_follows_the_last_completion() -> None:
    raw = {"kind": "after", "every": {"days": 14}, "open_days": 3}
    plan = terms(raw, date(2026, 11, 1), day_start_min=360)
    after = plan.recurrence
    assert isinstance(after, After)

    def at(day: int, hour: int = 6) -> int:
        return rules.moment_ms(date(2026, 11, day), hour * 60, SHANGHAI)

    def following(last: date | None, now: int) -> Window:
        return windows.following(plan, after, last_done=last, not_before_ms=now)

    assert following(None, at(1)) == Window(at(1), at(4))
    assert following(date(2026, 11, 2), at(3)) == Window(at(16), at(19))
    assert following(date(2026, 11, 2), at(25, 12)) == Window(at(25), at(28)), "over before it was known"
    assert windows.still_due(plan, after, over_ms=at(4, 7)) == Window(at(4, 7), at(18))
    months = After(0, 1, 5)
    shifted = windows.following(plan, months, last_done=date(2027, 1, 31), not_before_ms=0)
    assert shifted.from_ms == rules.moment_ms(date(2027, 2, 28), 360, SHANGHAI), "a month after 31 January"
