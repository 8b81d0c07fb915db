"""Periods: keys that are read, days that leave no gap, and what is no period."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.reports import periods
from server.reports.periods import KINDS, Period

DAYS = st.dates(date(2001, 1, 10), date(2198, 12, 20))
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-11-05", "2026-11-05", "2026-11-05"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-11-01..2026-11-23", "2026-11-01", "2026-11-23"),
    ],
)
def test_a_key_names_its_days(key: str, first: str, last: str) -> None:
    found = periods.read(key)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert found.key == key


@pytest.mark.parametrize(
    "key",
    [
        "", "2026-13", "2026-00", "2026-11-31", "2027-02-29", "2026-W54", "2025-W53", "2026-Q5", "26",
        "20266",
        "2026-11-05 ", "２０２６", "1999", "2200-01", "0000", "2026-11-23..2026-11-01",
        "2026-01-01..2027-12-31",
        "2026-11-01..", "1600..2000", "today",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        periods.read(key)


def test_the_longest_span_has_400_days() -> None:
    first = date(2026, 1, 1)
    assert periods.span(first, first + timedelta(days=399)).days == periods.MOST_DAYS
    with pytest.raises(ValueError, match="400 days"):
        periods.span(first, first + timedelta(days=400))


@given(DAYS, st.sampled_from(KINDS), ZONES, st.integers(0, 1439))
def test_the_period_before_ends_where_it_begins(day: date, kind: periods.Kind, zone: str, start: int) -> None:
    here = periods.around(day, kind)
    before = here.before()
    assert here.first <= day <= here.last
    assert periods.read(here.key) == here
    assert before.kind == here.kind
    assert before.last + timedelta(days=1) == here.first
    bounds = [p.bounds(day_start_min=start, zone=ZoneInfo(zone)) for p in (before, here)]
    assert bounds[0].to_ms == bounds[1].from_ms
    assert bounds[0].from_ms < bounds[0].to_ms < bounds[1].to_ms


@given(DAYS, st.integers(1, 36))
def test_months_before_are_so_many_without_a_gap(day: date, count: int) -> None:
    months = periods.months_before(periods.around(day, "month"), count)
    assert months[-1] == periods.around(day, "month")
    assert all(later.before() == earlier for earlier, later in itertools.pairwise(months))
    assert len(months) == count or months[0].first.year < periods.FIRST_YEAR


def test_a_day_with_a_clock_change_is_as_long_as_it_was() -> None:
    zone = ZoneInfo("Europe/Berlin")
    bounds = periods.read("2026-10-24").bounds(day_start_min=360, zone=zone)
    assert bounds.to_ms - bounds.from_ms == 25 * 3_600_000
    assert periods.read("2026-10-24").bounds(day_start_min=360, zone=ZoneInfo("Asia/Shanghai"))


def test_29_february_belongs_to_its_month_and_the_next_begins_after_it() -> None:
    february = periods.read("2028-02-29")
    assert february.before() == Period("2028-02-28", "day", date(2028, 2, 28), date(2028, 2, 28))
    assert periods.around(date(2028, 2, 29), "month").days == 29
