"""Deadlines: when a period ends, and whether something came in time, no surer than the evidence."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.orders.deadlines import (
    DEFAULTS,
    Calendar,
    Clause,
    Facts,
    Hours,
    Moment,
    add,
    add_within_hours,
    as_data,
    clauses_of,
    judge,
)
from server.sites.holidays import CHINESE, ORDINARY

SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"), CHINESE.works)
PARIS = Calendar(ZoneInfo("Europe/Paris"), ORDINARY.works)
MINUTE = 60_000
HOUR = 60 * MINUTE


def at(text: str, calendar: Calendar = SHANGHAI) -> int:
    """Return a local time of a calendar's zone in ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=calendar.zone).timestamp() * 1000)


def test_the_holidays_of_2026_are_known() -> None:
    assert CHINESE.known_until is not None
    assert CHINESE.known_until.year >= 2026


@pytest.mark.parametrize(
    ("name", "begin", "amount", "unit", "ends"),
    [
        (
            "the day of the beginning does not count",
            "2026-11-03T09:00",
            2,
            "working_days",
            "2026-11-06T00:00",
        ),
        ("late in the evening it is the same", "2026-11-03T23:59", 2, "working_days", "2026-11-06T00:00"),
        ("over a weekend", "2026-11-05T10:00", 2, "working_days", "2026-11-10T00:00"),
        ("begun on a Saturday", "2026-11-07T10:00", 2, "working_days", "2026-11-11T00:00"),
        (
            "over National Day, Saturday the 10th works",
            "2026-09-30T10:00",
            2,
            "working_days",
            "2026-10-10T00:00",
        ),
        ("the swapped Saturday counts", "2026-10-08T10:00", 2, "working_days", "2026-10-11T00:00"),
        (
            "the Sunday that works before the holidays",
            "2026-09-18T10:00",
            1,
            "working_days",
            "2026-09-21T00:00",
        ),
        ("days of the calendar run over holidays", "2026-10-01T10:00", 2, "days", "2026-10-04T00:00"),
        ("29 February", "2028-02-27T10:00", 2, "days", "2028-03-01T00:00"),
        ("hours run through the night", "2026-11-03T23:00", 48, "hours", "2026-11-05T23:00"),
        ("a quarter of an hour over midnight", "2026-12-31T23:50", 15, "minutes", "2027-01-01T00:05"),
    ],
)
def test_when_a_period_ends(name: str, begin: str, amount: int, unit: str, ends: str) -> None:
    assert add(SHANGHAI, at(begin), amount, unit) == at(ends), name  # type: ignore[arg-type]


def test_where_clocks_change_days_end_at_midnight_and_hours_are_hours() -> None:
    begin = at("2026-10-24T10:00", PARIS)  # the night to the 25th has 25 hours

    assert add(PARIS, begin, 1, "days") == at("2026-10-26T00:00", PARIS)
    assert add(PARIS, begin, 24, "hours") == at("2026-10-25T09:00", PARIS)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(0, 365 * 24), st.sampled_from(["days", "working_days"]))
def test_more_days_end_later_and_never_within_the_day(amount: int, hours: int, unit: str) -> None:
    begin = at("2026-01-01T00:00") + hours * HOUR
    ends = add(SHANGHAI, begin, amount, unit)  # type: ignore[arg-type]

    assert ends > begin
    assert ends < add(SHANGHAI, begin, amount + 1, unit)  # type: ignore[arg-type]
    assert SHANGHAI.start_of(SHANGHAI.day(ends)) == ends
    assert add(SHANGHAI, begin, amount, "days") <= add(SHANGHAI, begin, amount, "working_days")


OFFICE = Calendar(ZoneInfo("Asia/Shanghai"), CHINESE.works, Hours(8 * 60 + 30, 17 * 60 + 30, True))


@pytest.mark.parametrize(
    ("name", "calendar", "begin", "ends"),
    [
        ("within a day", SHANGHAI, "2026-11-03T09:00", "2026-11-03T13:00"),
        ("until the last moment of it", SHANGHAI, "2026-11-03T16:00", "2026-11-03T20:00"),
        ("over the night", SHANGHAI, "2026-11-03T18:30", "2026-11-04T10:30"),
        ("asked at night", SHANGHAI, "2026-11-03T23:40", "2026-11-04T12:00"),
        ("asked before it opens", SHANGHAI, "2026-11-03T04:00", "2026-11-03T12:00"),
        ("where every day counts, over the weekend too", SHANGHAI, "2026-11-06T19:00", "2026-11-07T11:00"),
        ("on working days, over the weekend", OFFICE, "2026-11-06T16:30", "2026-11-09T11:30"),
        ("asked on a Sunday", OFFICE, "2026-11-08T12:00", "2026-11-09T12:30"),
        ("over National Day to the swapped Saturday", OFFICE, "2026-09-30T16:30", "2026-10-08T11:30"),
    ],
)
def test_when_four_hours_end_of_which_only_the_sites_hours_count(
    name: str, calendar: Calendar, begin: str, ends: str
) -> None:
    assert add_within_hours(calendar, at(begin), 4, "hours") == at(ends), name


def test_what_waits_within_the_hours_counts_no_more_than_the_night() -> None:
    waits = [(at("2026-11-03T19:00"), at("2026-11-04T09:00"))]

    # an hour before the pause, three after it; the night within it was nothing anyway
    assert add_within_hours(SHANGHAI, at("2026-11-03T18:00"), 4, "hours", waits=waits) == at(
        "2026-11-04T12:00"
    )
    whole = [(at("2026-11-03T18:00"), at("2026-11-05T10:00"))]
    assert add_within_hours(SHANGHAI, at("2026-11-03T18:00"), 4, "hours", waits=whole) == at(
        "2026-11-05T14:00"
    )


def test_hours_may_last_to_midnight_and_follow_the_clock_where_it_changes() -> None:
    always = Calendar(ZoneInfo("Europe/Paris"), ORDINARY.works, Hours(0, 24 * 60))

    assert (
        add_within_hours(always, at("2026-10-24T22:00", PARIS), 4, "hours")
        == at("2026-10-25T01:00", PARIS) + HOUR
    )  # the hour from two to three comes twice; four hours are four hours


# -- whether it came in time ----------------------------------------------------------------------

T0 = at("2026-11-03T09:00")
URGENT = Facts("request", "water", "urgent", T0)


def states(facts: Facts, minutes: float, *clauses: Clause) -> dict[str, str]:
    found = judge(clauses or DEFAULTS, facts, SHANGHAI, T0 + int(minutes * MINUTE))
    return {one.key: one.state for one in found}


def facts(**members: object) -> Facts:
    return Facts("request", "water", "urgent", T0, **members)  # type: ignore[arg-type]


def test_what_applies_to_what() -> None:
    def keys(kind: str, cls: str, urgency: str) -> set[str]:
        return set(states(Facts(kind, cls, urgency, T0), 1))

    assert keys("request", "water", "urgent") == {"arrive-urgent", "repair-other"}
    assert keys("request", "lighting", "normal") == {"arrive", "repair-lighting"}
    assert keys("repair", "glass", "normal") == {"repair-glass"}
    assert keys("complaint", "other", "normal") == {"answer"}
    assert keys("inspection", "other", "normal") == {"report"}


@pytest.mark.parametrize(
    ("arrival", "now", "state"),
    [
        (None, 10, "running"),
        (None, 16, "missed"),
        (Moment(T0 + 14 * MINUTE), 60, "met"),
        (Moment(T0 + 15 * MINUTE), 60, "met"),
        (Moment(T0 + 16 * MINUTE), 60, "late"),
        (Moment(T0 + 10 * MINUTE, T0, T0 + 14 * MINUTE, "B"), 60, "met"),
        (Moment(T0 + 10 * MINUTE, T0, T0 + 90 * MINUTE, "B"), 90, "unproven"),
        (Moment(T0 + 30 * MINUTE, T0 + 16 * MINUTE, T0 + 90 * MINUTE, "B"), 90, "late"),
        (Moment(T0 + 10 * MINUTE, None, T0 + 90 * MINUTE, "D"), 90, "unproven"),
        (Moment(T0 + 10 * MINUTE, T0, T0 + 90 * MINUTE, "A"), 90, "met"),
        (Moment(T0 + 10 * MINUTE, proven=False), 60, "unproven"),
        (Moment(T0 + 20 * MINUTE, proven=False), 60, "late"),
    ],
)
def test_an_arrival_is_judged_as_surely_as_its_time_is_known(
    arrival: Moment | None, now: float, state: str
) -> None:
    assert states(facts(arrivals=[arrival] if arrival else []), now)["arrive-urgent"] == state


def test_nobody_heard_is_not_missed_until_the_phone_speaks() -> None:
    assert states(facts(silent_since_ms=T0 + 5 * MINUTE), 60)["arrive-urgent"] == "unheard"
    assert states(facts(silent_since_ms=T0 + 20 * MINUTE), 60)["arrive-urgent"] == "missed"


def test_who_did_it_was_there() -> None:
    done = facts(done=Moment(T0 + 12 * MINUTE))

    assert states(done, 60)["arrive-urgent"] == "met"
    assert states(done, 60)["repair-other"] == "met"


def test_what_waits_for_parts_is_put_off_by_that_time() -> None:
    two = Clause("two", "P1-13", "repair", 2, "hours")
    waits = facts(pauses=[(T0 + 60 * MINUTE, T0 + 240 * MINUTE)])

    assert states(waits, 290, two) == {"two": "running"}
    assert states(waits, 301, two) == {"two": "missed"}
    assert states(facts(pauses=[(T0 + 60 * MINUTE, None)]), 900, two) == {"two": "paused"}
    assert states(facts(pauses=[(T0 + 180 * MINUTE, T0 + 240 * MINUTE)]), 200, two) == {"two": "missed"}


def test_a_pause_that_counts_puts_nothing_off() -> None:
    counts = Clause("two", "P1-04", "repair", 2, "hours", pause_counts=True)

    assert states(facts(pauses=[(T0, None)]), 121, counts) == {"two": "missed"}


def test_a_follow_up_is_due_from_the_end_of_the_work() -> None:
    done = Moment(T0 + 60 * MINUTE)

    assert "follow" not in states(facts(), 60)
    assert states(facts(done=done), 47 * 60)["follow"] == "running"
    assert states(facts(done=done), 50 * 60)["follow"] == "missed"
    assert states(facts(done=done, followed=Moment(T0 + 48 * HOUR)), 50 * 60)["follow"] == "met"


def test_what_was_cancelled_in_time_is_not_due() -> None:
    assert states(facts(cancelled_ms=T0 + 10 * MINUTE), 900) == {}
    assert states(facts(cancelled_ms=T0 + 20 * MINUTE), 900) == {"arrive-urgent": "missed"}


def test_somebody_says_every_four_hours_how_it_stands() -> None:
    def report(now: float, *minutes: float, done: float | None = None, due: int | None = None) -> str:
        made = Facts(
            "other",
            "other",
            "normal",
            T0,
            reports=[Moment(T0 + int(one * MINUTE)) for one in minutes],
            done=Moment(T0 + int(done * MINUTE)) if done is not None else None,
            due_ms=due,
        )
        return states(made, now).get("report", "none")

    assert report(239) == "running"
    assert report(241) == "missed"
    assert report(400, 200) == "running"
    assert report(400, 200, 250) == "running"
    assert report(900, 200, 500) == "late"
    assert report(900, 200, done=430) == "met"
    assert report(900, done=300) == "late"
    assert report(900, due=T0 + 900 * HOUR) == "none", "what has a deadline is reported by it"


@given(
    st.integers(0, 600),
    st.lists(st.integers(0, 600), max_size=3),
    st.sampled_from(["A", "B", "D"]),
    st.integers(0, 120),
)
def test_a_later_arrival_is_never_judged_better(
    now: int, arrivals: list[int], quality: str, wide: int
) -> None:
    rank = {"met": 0, "unproven": 1, "running": 1, "late": 2, "missed": 2, "unheard": 2}

    def made(shift: int) -> str:
        found = [
            Moment(T0 + (n + shift) * MINUTE, T0 + n * MINUTE, T0 + (n + shift + wide) * MINUTE, quality)
            for n in arrivals
        ]
        return states(facts(arrivals=found), now)["arrive-urgent"]

    assert rank[made(0)] <= rank[made(7)]


def test_clauses_travel_as_data() -> None:
    assert clauses_of(as_data(DEFAULTS)) == DEFAULTS or as_data(clauses_of(as_data(DEFAULTS))) == as_data(
        DEFAULTS
    )
    assert clauses_of(None) == DEFAULTS


def test_nobody_is_asked_for_a_word_at_night() -> None:
    evening = at("2026-11-03T18:00")
    asked = Facts("other", "other", "normal", evening)

    [night] = judge(DEFAULTS, asked, SHANGHAI, at("2026-11-04T03:00"))
    assert (night.state, night.due_ms, night.span_ms) == ("running", at("2026-11-04T10:00"), 4 * HOUR)
    [late] = judge(DEFAULTS, asked, SHANGHAI, at("2026-11-04T10:01"))
    assert late.state == "missed"
    told = Facts("other", "other", "normal", evening, reports=[Moment(at("2026-11-04T09:00"))])
    [again] = judge(DEFAULTS, told, SHANGHAI, at("2026-11-04T10:01"))
    assert (again.state, again.due_ms) == ("running", at("2026-11-04T13:00"))
