"""What recurs otherwise than at fixed hours: counts, from the last completion; previews."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from server.feed import service as feed
from server.rounds import rules
from server.rounds import service as rounds
from server.rounds.models import Plan
from server.rounds.service.judging import judge_all
from server.sites import service as sites
from server.sites.models import Place
from tests.api.rounds.conftest import MIN, As, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import FakeClock
from tests.recurring import daily

TODAY = date(2026, 11, 23)  # a Monday, nine in the evening
DAY = 24 * H


def at_six(day: date) -> int:
    return rules.moment_ms(day, 360, ZoneInfo("Asia/Shanghai"))


def states(estate: Estate, plan: Plan, now_ms: int) -> list[str]:
    """Return the states of the plan's windows that have begun, by start and number."""
    begun = sorted(
        (o for o in estate.occurrences(plan) if o.from_ms <= now_ms), key=lambda o: (o.from_ms, o.number)
    )
    judged = judge_all(estate.session, site_id=estate.site.id, occurrences=begun, now_ms=now_ms)
    return [one.judgement.state for one in judged]


def tick(estate: Estate, now_ms: int) -> None:
    rounds.cut_ahead(estate.session, now_ms=now_ms)
    estate.session.commit()


# -- counts in a period ------------------------------------------------------------------


def weekly(estate: Estate, clock: FakeClock) -> Night:
    """Twice a week, from this Monday on; Wang has a phone."""
    night = Night(estate, clock, recurrence={"kind": "count", "times": 2, "per": "week"}, starts_on=TODAY)
    first = min(estate.occurrences(night.plan), key=lambda o: (o.from_ms, o.number))
    night.id, night.start = first.id, clock.ms
    return night


def test_rounds_of_a_week_share_it_and_have_names_of_their_own(estate: Estate, clock: FakeClock) -> None:
    plan = weekly(estate, clock).plan

    found = [o for o in estate.occurrences(plan) if o.from_ms == at_six(TODAY)]
    assert sorted(o.number for o in found) == [1, 2]
    assert {o.id for o in found} == {rules.occurrence_id(plan.id, at_six(TODAY), n) for n in (1, 2)}
    assert all(o.to_ms == at_six(date(2026, 11, 30)) for o in found)


def test_two_phones_that_both_take_it_for_the_first_do_both_rounds(estate: Estate, clock: FakeClock) -> None:
    night = weekly(estate, clock)
    other = estate.phone("5 号手机")
    other.sign_in(estate.people["Liu"], at_ms=clock.ms)
    for n in (1, 2, 3):
        night.scan(n, n)
        night.scan(n, 20 * 60 + n, phone=other)  # names the first one, too: it knew no better
    night.push(21 * 60)
    assert states(estate, night.plan, night.start + DAY) == ["done", "open"]

    night.push(40 * 60, phone=other)
    assert states(estate, night.plan, night.start + 2 * DAY) == ["done", "done"]


def test_a_visit_outside_the_window_of_its_stop_takes_no_round_of_the_week(
    estate: Estate, clock: FakeClock
) -> None:
    """The window of a stop holds in a shared window, too: who came too early used up no round."""
    night = Night(
        estate,
        clock,
        route=estate.route(window=(36 * 60, 72 * 60)),
        recurrence={"kind": "count", "times": 2, "per": "week"},
        starts_on=TODAY,
    )
    first = min(estate.occurrences(night.plan), key=lambda o: (o.from_ms, o.number))
    night.id, night.start = first.id, first.from_ms
    now = (clock.ms - night.start) / MIN
    night.scan(1, now + 1)
    for n in (1, 2, 3):
        night.scan(n, 40 * 60 + n)
    night.push(50 * 60)

    assert states(estate, night.plan, night.start + 3 * DAY) == ["done", "open"]


def test_a_crew_has_the_same_stops_drawn_for_every_round_of_a_week(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    def place(n: int) -> Place:
        name = {"zh": f"点 {n}", "en": ""}
        return sites.make_place(
            estate.session, "checkpoint", site=estate.site, number=f"{n}", name=name, now_ms=clock.ms
        )

    places = [place(n) for n in range(10, 20)]
    feed.commit(estate.session, now_ms=clock.ms)
    count = {"kind": "count", "times": 3, "per": "week"}
    plan = estate.plan(estate.route(*places), recurrence=count, starts_on=TODAY, crew=2)

    drawn = set()
    for one in estate.occurrences(plan)[:3]:
        shown = as_("Li").get(f"{at}/occurrences/{one.id}").json
        assert shown is not None
        drawn.add(tuple(stop["number"] for stop in shown["stops"] if stop["both"]))
    assert len(drawn) == 1, "nobody knows before it is over which of the three a walk is"
    assert len(drawn.pop()) == 2


def test_who_scans_without_naming_a_round_is_counted_for_the_week(estate: Estate, clock: FakeClock) -> None:
    night = weekly(estate, clock)
    clock.ms = night.start = at_six(date(2026, 11, 27))  # the window began four days ago
    for n in (1, 2, 3):
        night.scan(n, n, occurrence=None)
    night.push(5)

    assert states(estate, night.plan, clock.ms + H) == ["done", "open"]


def test_the_board_shows_a_long_window_while_it_runs(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    plan = weekly(estate, clock).plan
    clock.ms = at_six(date(2026, 11, 28)) + H

    board = as_("Li").get(at + "/board").json
    assert board is not None
    [lane] = board["lanes"]
    assert lane["plan"]["id"] == str(plan.id)
    assert [(w["ordinal"], w["state"]) for w in lane["windows"]] == [(1, "open"), (2, "open")]
    assert board["sums"]["open"] == 0, "they are Monday's"


# -- from the last completion --------------------------------------------------------------

AFTER = {"kind": "after", "every": {"days": 14}, "open_days": 3}


def after(estate: Estate, clock: FakeClock) -> Night:
    night = Night(estate, clock, recurrence=AFTER, starts_on=TODAY)
    night.start = clock.ms
    return night


def begins(estate: Estate, plan: Plan) -> list[int]:
    return [o.from_ms for o in estate.occurrences(plan)]


def test_the_next_is_due_so_long_after_it_was_done(estate: Estate, clock: FakeClock) -> None:
    night = after(estate, clock)
    assert begins(estate, night.plan) == [at_six(TODAY)], "nobody knows yet when it will be done"
    for n in (1, 2, 3):
        night.scan(n, DAY / 60_000 + n)
    night.push(25 * 60)

    tick(estate, clock.ms + H)
    assert begins(estate, night.plan) == [at_six(TODAY), at_six(date(2026, 12, 8))]
    assert states(estate, night.plan, clock.ms) == ["done"]


def test_a_late_record_moves_what_has_not_begun_and_nothing_else(estate: Estate, clock: FakeClock) -> None:
    night = after(estate, clock)
    for n in (1, 2, 3):
        night.scan(n, DAY / 60_000 + n)  # done on Tuesday, and the phone is off
    over = at_six(date(2026, 11, 26)) + H
    tick(estate, over)
    assert begins(estate, night.plan) == [at_six(TODAY), over], "it stays due as soon as it is over"

    night.push(5 * 24 * 60)
    tick(estate, clock.ms + H)
    assert states(estate, night.plan, clock.ms) == ["done", "open"], "what has begun is not taken back"
    assert begins(estate, night.plan) == [at_six(TODAY), over]

    second = estate.occurrences(night.plan)[1]
    for n in (1, 2, 3):
        night.scan(n, 6 * 24 * 60 + n, occurrence=second.id)
    night.push(6 * 24 * 60 + 10)
    tick(estate, clock.ms + H)
    assert begins(estate, night.plan)[2] == at_six(date(2026, 12, 13))


def test_what_is_excused_counts_as_done_on_its_last_day(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    night = after(estate, clock)
    as_("Li").post(f"{at}/occurrences/{night.id}/excuse", {"why": "flood"})
    tick(estate, clock.ms + H)

    assert begins(estate, night.plan) == [at_six(TODAY), at_six(date(2026, 12, 10))]


def test_a_plan_that_is_missed_for_weeks_is_missed_once_in_each_interval(
    estate: Estate, clock: FakeClock
) -> None:
    plan = after(estate, clock).plan
    for days in range(1, 40):
        tick(estate, clock.ms + days * DAY)

    found = begins(estate, plan)
    assert len(found) == 4
    assert [round((b - a) / DAY) for a, b in itertools.pairwise(found)] == [3, 14, 14]


# -- previews and the month -----------------------------------------------------------------


def test_a_preview_shows_what_would_come_and_makes_nothing(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    wanted = {"recurrence": daily(("08:00", "10:00"), rule="FREQ=YEARLY"), "starts_on": "2026-11-24"}
    shown = as_("Li").post(at + "/plans/preview", wanted).json

    assert shown is not None
    assert len(shown["windows"]) == 12, "twelve years of it"
    assert shown["windows"][0]["from_ms"] == rules.moment_ms(
        date(2026, 11, 24), 480, ZoneInfo("Asia/Shanghai")
    )
    assert estate.session.scalars(select(Plan)).all() == []


@pytest.mark.parametrize(
    ("recurrence", "path"),
    [
        (daily(("22:00", "02:00"), ("01:00", "03:00")), ["recurrence", "windows"]),
        (daily(("08:00", "09:00"), rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), ["recurrence", "rule"]),
        ({"kind": "count", "times": 99, "per": "week"}, ["recurrence", "times"]),
        (None, ["recurrence"]),
        ([], ["recurrence", "kind"]),
    ],
)
def test_a_preview_says_at_its_place_why_there_is_none(
    as_: As, at: str, recurrence: Any, path: list[str]
) -> None:
    refused = as_("Li").post(at + "/plans/preview", {"recurrence": recurrence, "starts_on": "2026-12-01"})

    assert refused.status_code == 422
    found = refused.json["errors"]["json"]  # type: ignore[index]
    for member in path:
        assert list(found) == [member]
        found = found[member]


def test_the_month_of_a_plan_has_states_and_beyond_what_is_cut_only_what_is_planned(
    as_: As, at: str, estate: Estate, clock: FakeClock
) -> None:
    plan = estate.plan(recurrence=daily(("08:00", "10:00"), rule="FREQ=MONTHLY;BYMONTHDAY=25"))
    path = f"{at}/plans/{plan.id}/calendar"

    now, later = (as_("Vera").get(path + query).json for query in ("", "?month=2027-03"))
    assert now is not None
    assert later is not None
    assert (now["month"], [w["state"] for w in now["windows"]]) == ("2026-11", ["upcoming"])
    assert now["windows"][0]["occurrence"] == str(estate.occurrences(plan)[0].id)
    assert [(w["state"], w["occurrence"]) for w in later["windows"]] == [("planned", None)]
    assert as_("Chen").get(f"/api/v1/sites/{estate.north.id}/plans/{plan.id}/calendar").status_code == 404
    for month in ("2026-13", "26-11", "9999-12", "２０２６-11"):
        assert as_("Li").get(f"{path}?month={month}").status_code == 422
