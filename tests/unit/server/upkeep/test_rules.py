"""When upkeep is due: no gap, nothing twice, late completions, counters, clock changes, 29 February."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rounds import recurrence, windows
from server.rounds.rules import moment_ms
from server.upkeep.rules import (
    DAY_MS,
    ByMeter,
    Cycle,
    Due,
    Terms,
    ahead,
    due,
    is_open,
    joined,
    opens_ms,
    remaining,
)

ZONE = ZoneInfo("Asia/Shanghai")
START = date(2027, 1, 1)
T0 = moment_ms(START, 0, ZONE)
HOUR_MS = 3_600_000
MICRO = 1_000_000


def calendar(raw: dict[str, Any], zone: ZoneInfo = ZONE, starts_on: date = START) -> windows.Terms:
    return windows.Terms(recurrence.read(raw), zone, starts_on)


def per(what: str) -> dict[str, Any]:
    return {"kind": "count", "times": 1, "per": what}


def after(months: int = 0, open_days: int = 14, days: int = 0) -> dict[str, Any]:
    every = {"months": months} if months else {"days": days}
    return {"kind": "after", "every": every, "open_days": open_days}


def terms(raw: dict[str, Any] | None, meter: ByMeter | None = None, lead_days: int = 0) -> Terms:
    return Terms(T0, calendar(raw) if raw else None, meter, lead_days * DAY_MS)


def running(from_ms: int, to_ms: int) -> int:
    """Rise by one hour an hour from the start on: a pump that never stops. Millionths of an hour."""
    return max(0, (max(to_ms, T0) - max(from_ms, T0)) * MICRO // HOUR_MS)


def day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, ZONE).date().isoformat()


def done(one: Due, at_ms: int) -> Cycle:
    return Cycle(one.from_ms, one.window, one.step, at_ms)


DELAYS = st.lists(st.integers(0, 200), min_size=1, max_size=10)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["month", "quarter", "half_year", "week"]), DELAYS, st.integers(0, 20))
def test_by_schedule_there_is_no_gap_and_nothing_comes_twice(
    per_what: str, delays: list[int], lead: int
) -> None:
    """A job that looks daily, and people who take their time: each window is done once, or with another."""
    rule = terms(per(per_what), lead_days=lead)
    cycles: list[Cycle] = []
    waits = list(delays)
    done_at = 0
    for n in range(700):
        now = T0 + n * DAY_MS + 1
        if is_open(cycles) and now >= done_at:
            cycles[-1] = replace(cycles[-1], ended_ms=now)
        if not is_open(cycles):
            one = due(rule, cycles, used=None, now_ms=now)
            assert one is not None
            if opens_ms(rule, one) <= now:
                cycles.append(Cycle(now, one.window, one.step, None))
                done_at = now + (waits.pop(0) if waits else 5) * DAY_MS
        assert sum(cycle.ended_ms is None for cycle in cycles) <= 1

    begins = [cycle.window.from_ms for cycle in cycles if cycle.window]
    assert begins == sorted(set(begins)), "no window twice"
    last = cycles[-1].ended_ms or T0 + 700 * DAY_MS
    covered = sum(1 + joined(rule, cycle, used=None, now_ms=T0 + 700 * DAY_MS) for cycle in cycles)
    assert rule.calendar is not None
    reached = max(last, begins[-1])
    all_windows = windows.cut(rule.calendar, from_ms=begins[0], until_ms=reached + 1)
    assert covered == len(all_windows), "no window is nobody's"


@given(st.permutations(range(4)), st.sampled_from([per("month"), after(3)]))
def test_what_is_due_does_not_depend_on_the_order_in_which_completions_came(
    order: list[int], raw: dict[str, Any]
) -> None:
    rule = terms(raw)
    cycles: list[Cycle] = []
    for n in range(4):
        one = due(rule, cycles, used=None, now_ms=T0)
        assert one is not None
        cycles.append(done(one, one.from_ms + n * DAY_MS))

    assert due(rule, [cycles[n] for n in order], used=None, now_ms=T0) == due(
        rule, cycles, used=None, now_ms=T0
    )


def test_a_completion_that_comes_late_counts_when_it_was_done() -> None:
    rule = terms(per("month"))
    january = due(rule, [], used=None, now_ms=T0)
    assert january is not None
    open_ = Cycle(T0, january.window, None, None)
    in_march = T0 + 65 * DAY_MS
    assert joined(rule, open_, used=None, now_ms=in_march) == 2, "February and March joined it"

    said = done(january, T0 + 19 * DAY_MS)  # done in January, heard of in March
    nxt = due(rule, [said], used=None, now_ms=in_march)
    assert nxt is not None
    assert day(nxt.from_ms) == "2027-02-01"
    assert joined(rule, said, used=None, now_ms=in_march) == 0


def test_what_was_left_out_covers_its_own_turn_alone() -> None:
    rule = terms(per("month"))
    first = due(rule, [], used=None, now_ms=T0)
    assert first is not None
    left_out = replace(done(first, T0 + 70 * DAY_MS), done=False)

    nxt = due(rule, [left_out], used=None, now_ms=T0 + 70 * DAY_MS)
    assert nxt is not None
    assert day(nxt.from_ms) == "2027-02-01"


def test_from_completion_the_next_turn_counts_from_the_day_it_was_done() -> None:
    rule = terms(after(6))
    first = due(rule, [], used=None, now_ms=T0)
    assert first is not None
    assert (day(first.from_ms), day(first.to_ms)) == ("2027-01-01", "2027-01-15")

    nxt = due(rule, [done(first, moment_ms(date(2027, 2, 10), 600, ZONE))], used=None, now_ms=T0)
    assert nxt is not None
    assert day(nxt.from_ms) == "2027-08-10"
    given_up = replace(done(first, moment_ms(date(2027, 3, 1), 0, ZONE)), done=False)
    nxt = due(rule, [given_up], used=None, now_ms=T0)
    assert nxt is not None
    assert day(nxt.from_ms) == "2027-07-14", "as if it had been done on its last day"


def test_a_rule_on_29_february_waits_for_a_leap_year() -> None:
    raw = {
        "kind": "calendar",
        "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "windows": [{"from": "08:00", "to": "18:00"}],
    }
    found = ahead(terms(raw), [], used=None, now_ms=T0, until_ms=T0 + 366 * 10 * DAY_MS)

    assert [day(one.from_ms) for one in found] == ["2028-02-29", "2032-02-29", "2036-02-29"]


def test_a_rule_that_ended_never_comes_again() -> None:
    rule = Terms(T0, replace(calendar(per("month")), ends_on=date(2027, 2, 15)), None)
    found = ahead(rule, [], used=None, now_ms=T0, until_ms=T0 + 800 * DAY_MS)

    assert [day(one.from_ms) for one in found] == ["2027-01-01", "2027-02-01"]
    once = Terms(T0, replace(calendar(after(6)), ends_on=date(2027, 5, 1)), None)
    first = due(once, [], used=None, now_ms=T0)
    assert first is not None
    assert due(once, [done(first, T0)], used=None, now_ms=T0) is None


def test_where_the_clock_skips_the_hour_the_turn_comes_all_the_same() -> None:
    zone = ZoneInfo("Europe/Berlin")
    raw = {"kind": "calendar", "rule": "FREQ=DAILY", "windows": [{"from": "02:30", "to": "04:00"}]}
    start = date(2027, 3, 26)
    rule = Terms(moment_ms(start, 0, zone), calendar(raw, zone, start), None)
    found = ahead(
        rule, [], used=None, now_ms=moment_ms(start, 0, zone), until_ms=moment_ms(date(2027, 3, 30), 0, zone)
    )

    begins = [datetime.fromtimestamp(one.from_ms / 1000, UTC).isoformat() for one in found]
    assert begins == [
        "2027-03-26T01:30:00+00:00",
        "2027-03-27T01:30:00+00:00",
        "2027-03-28T01:00:00+00:00",
        "2027-03-29T00:30:00+00:00",
    ]


PUMP = ByMeter(every=250 * MICRO, open_ms=7 * DAY_MS)


def test_a_counter_says_when_and_how_much_is_left() -> None:
    rule = terms(None, PUMP)
    now = T0 + 200 * HOUR_MS
    assert remaining(rule, [], used=running, now_ms=now) == 50 * MICRO
    coming = due(rule, [], used=running, now_ms=now)
    assert coming is not None
    assert coming.forecast

    over = due(rule, [], used=running, now_ms=T0 + 260 * HOUR_MS)
    assert over is not None
    assert (over.by, over.from_ms, over.forecast) == ("meter", T0 + 260 * HOUR_MS, False)
    again = due(rule, [done(over, T0 + 300 * HOUR_MS)], used=running, now_ms=T0 + 560 * HOUR_MS)
    assert again is not None
    assert not again.forecast, "250 h after it was done, not after it was due"
    assert due(rule, [], used=lambda _a, _b: 0, now_ms=now) is None, "it stands still: nobody can say when"


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12))
def test_by_multiples_of_a_counter_each_is_done_or_joins(works: list[int]) -> None:
    rule = terms(None, replace(PUMP, origin="schedule"))
    cycles: list[Cycle] = []
    now = T0
    for hours in works:
        now += hours * HOUR_MS
        one = due(rule, cycles, used=running, now_ms=now)
        if one is not None and not one.forecast:
            cycles.append(Cycle(now, None, one.step, now))
    steps = sum(1 + joined(rule, cycle, used=running, now_ms=now) for cycle in cycles)

    assert steps == running(T0, now) // (250 * MICRO)


def test_either_first_and_what_was_done_counts_for_both() -> None:
    rule = terms(after(6), PUMP)
    first = due(rule, [], used=running, now_ms=T0)
    assert first is not None
    assert first.by == "calendar"
    busy = due(rule, [done(first, T0)], used=running, now_ms=T0 + 251 * HOUR_MS)
    assert busy is not None
    assert busy.by == "meter", "it ran day and night"
    idle = due(rule, [done(first, T0)], used=lambda _a, _b: 1, now_ms=T0 + 200 * DAY_MS)
    assert idle is not None
    assert (idle.by, day(idle.from_ms)) == ("calendar", "2027-07-01"), (
        "it hardly ran, and half a year went by"
    )
    cycles = [done(first, T0), done(busy, T0 + 252 * HOUR_MS)]
    nxt = due(rule, cycles, used=lambda _a, _b: 1, now_ms=T0 + 260 * HOUR_MS)
    assert nxt is not None
    assert day(nxt.from_ms) == "2027-07-11", "half a year after the work that the counter asked for"


def test_a_counter_that_was_exchanged_goes_on() -> None:
    """`used` sums steps, so a new meter that begins at nought neither repeats nor loses a turn."""
    readings = [(0, 0), (100, 100), (200, 200)]  # hours, and then another meter from nought
    readings += [(200 + n * 10, 200 + n * 10) for n in range(1, 20)]

    def used(from_ms: int, to_ms: int) -> int:
        inside = [v for h, v in readings if from_ms < T0 + h * HOUR_MS <= to_ms]
        before = [v for h, v in readings if T0 + h * HOUR_MS <= from_ms]
        return (inside[-1] - (before[-1] if before else 0)) * MICRO if inside else 0

    rule = terms(None, PUMP)
    assert remaining(rule, [], used=used, now_ms=T0 + 240 * HOUR_MS) == 10 * MICRO
    over = due(rule, [], used=used, now_ms=T0 + 251 * HOUR_MS)
    assert over is not None
    assert not over.forecast


def test_the_year_ahead_never_stands_still() -> None:
    both = terms(per("quarter"), PUMP)
    found = ahead(both, [], used=running, now_ms=T0 + 30 * DAY_MS, until_ms=T0 + 365 * DAY_MS)

    assert len(found) > 15
    assert [one.from_ms for one in found] == sorted(one.from_ms for one in found)
    assert not any(a.from_ms == b.from_ms for a, b in pairwise(found))


@pytest.mark.parametrize("made", [0, 20, 40])
def test_windows_that_were_over_before_the_rule_was_made_are_nobodys(made: int) -> None:
    rule = replace(terms(per("month")), since_ms=T0 + made * DAY_MS)
    one = due(rule, [], used=None, now_ms=T0 + made * DAY_MS)

    assert one is not None
    assert day(one.from_ms) == ("2027-01-01" if made < 31 else "2027-02-01")
