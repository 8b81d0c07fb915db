"""The ten states: what the evidence allows to say of a round, and no more."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rounds import state, sums
from server.rounds.state import Bounds, Carrier, Crew, Judgement, Stop, Use, Visit

H = 3_600_000
MIN = 60_000
FROM, TO, GRACE = 100 * H, 102 * H, H
OVER = TO + GRACE
BOUNDS = Bounds(FROM, TO, GRACE)
A, B, C = (UUID(int=n) for n in (1, 2, 3))
WANG, LIU, ZHOU = (UUID(int=n) for n in (11, 12, 13))
PHONE, OTHER = UUID(int=21), UUID(int=22)
Quality = Literal["A", "B", "C", "D"]


def visit(
    stop: UUID,
    at: int,
    *,
    person: UUID = WANG,
    quality: Quality = "A",
    lower: int | None = -1,
    upper: int = -1,
    tag_proven: bool = True,
    does: bool = True,
) -> Visit:
    return Visit(
        stop=stop,
        person=person,
        lower_ms=at - MIN if lower == -1 else lower,
        estimate_ms=at,
        upper_ms=at + MIN if upper == -1 else upper,
        quality=quality,
        tag_proven=tag_proven,
        does=does,
    )


def judge(
    *visits: Visit,
    now: int = OVER,
    stops: tuple[UUID, ...] = (A, B),
    crew: int = 1,
    clear: int | None = OVER,
    carriers: list[Carrier] | None = None,
    excused: bool = False,
    bounds: Bounds = BOUNDS,
) -> Judgement:
    return state.judge(
        bounds,
        stops=[Stop(stop) for stop in stops],
        crew=Crew(crew),
        visits=visits,
        carriers=[Carrier(PHONE, clear)] if carriers is None else carriers,
        excused=excused,
        now_ms=now,
    )


IN_TIME = (visit(A, FROM), visit(B, TO - 1))


def test_before_its_window_a_round_is_upcoming() -> None:
    assert judge(now=FROM - 1, clear=None).state == "upcoming"


def test_it_is_open_from_its_first_ms_until_the_grace_is_over() -> None:
    assert judge(now=FROM, clear=None).state == "open"
    assert judge(now=OVER - 1, clear=None).state == "open"


def test_one_stop_makes_it_progress() -> None:
    found = judge(visit(A, FROM), now=FROM + 1)

    assert (found.state, found.done, found.total, found.end_ms) == ("progress", 1, 2, FROM)


def test_every_stop_in_the_window_is_done_at_once_even_before_the_window_ends() -> None:
    assert judge(*IN_TIME, now=TO - 1, clear=None).state == "done"


def test_done_needs_no_word_from_other_phones() -> None:
    assert judge(*IN_TIME, clear=None).state == "done"


def test_a_stop_reached_in_the_grace_makes_it_late() -> None:
    found = judge(visit(A, FROM), visit(B, TO))

    assert (found.state, found.end_ms) == ("late", TO)


def test_a_second_visit_in_the_grace_does_not_make_a_round_late_that_was_in_time() -> None:
    assert judge(*IN_TIME, visit(B, TO + MIN)).state == "done"


def test_what_comes_after_the_grace_or_before_the_window_does_not_count() -> None:
    assert judge(visit(A, FROM), visit(B, OVER)).state == "partial"
    assert judge(visit(A, FROM - 1), visit(B, FROM)).state == "partial"
    assert judge(visit(A, FROM), visit(B, TO), bounds=Bounds(FROM, TO, 0)).state == "partial"


def test_missed_needs_every_carrier_heard_clear_after_the_grace() -> None:
    assert judge(clear=OVER).state == "missed"
    assert judge(clear=OVER - 1).state == "unheard", "until the grace is over it may still be walked"
    assert judge(clear=None).state == "unheard"
    assert judge(carriers=[]).state == "missed", "nobody has anything to send"


def test_one_silent_carrier_is_enough_and_is_named() -> None:
    found = judge(visit(A, FROM), carriers=[Carrier(PHONE, OVER), Carrier(OTHER, TO)])

    assert (found.state, found.silent, found.done) == ("unheard", (OTHER,), 1)


def test_some_stops_and_every_carrier_heard_is_partial() -> None:
    assert judge(visit(A, FROM)).state == "partial"


def test_an_excuse_stands_until_the_evidence_says_done() -> None:
    assert judge(excused=True).state == "excused"
    assert judge(excused=True, now=FROM - 1).state == "excused"
    assert judge(visit(A, FROM), excused=True, clear=None).state == "excused"
    assert judge(*IN_TIME, excused=True).state == "done"


@pytest.mark.parametrize("quality", ["C", "D"])
def test_a_stop_whose_time_is_only_claimed_makes_it_unproven(quality: Quality) -> None:
    claim = visit(B, FROM + MIN, quality=quality, lower=None, upper=OVER + 10 * H)

    found = judge(visit(A, FROM), claim)

    assert (found.state, found.done, found.claimed) == ("unproven", 2, frozenset({B}))


@pytest.mark.parametrize(
    ("lower", "upper", "at", "expected"),
    [
        (FROM, TO - 1, FROM + MIN, "done"),
        (FROM - 1, TO - 1, FROM + MIN, "unproven"),
        (FROM, TO, FROM + MIN, "unproven"),  # it claims the window, but may be of the grace
        (FROM, OVER - 1, TO + MIN, "late"),  # it claims no more than what the bounds say
        (FROM, OVER, TO + MIN, "unproven"),
        (None, TO - 1, FROM + MIN, "unproven"),
        (OVER, OVER + H, OVER, "partial"),  # proven to be too late
        (FROM - H, FROM - 1, FROM - 1, "partial"),  # proven to be too early
        (FROM - H, OVER + H, FROM - 2 * H, "unproven"),  # a wrong clock is not a missed round
    ],
)
def test_bounds_decide_where_the_clock_is_not_believed(
    lower: int | None, upper: int, at: int, expected: str
) -> None:
    claim = visit(B, at, quality="C", lower=lower, upper=upper)

    assert judge(visit(A, FROM), claim).state == expected


def test_wide_bounds_with_quality_a_are_a_night_without_a_network_and_count() -> None:
    night = [visit(stop, FROM + MIN, lower=FROM - 8 * H, upper=OVER + 8 * H) for stop in (A, B)]

    assert judge(*night).state == "done"


def test_a_wrong_tag_proof_makes_it_unproven_and_a_right_one_heals_it() -> None:
    copied = visit(B, FROM + MIN, tag_proven=False)

    assert judge(visit(A, FROM), copied).state == "unproven"
    assert judge(visit(A, FROM), copied, visit(B, FROM + 2 * MIN)).state == "done"


def test_a_claim_in_time_does_not_hide_that_the_proof_was_late() -> None:
    copied = visit(B, FROM + MIN, tag_proven=False)

    assert judge(visit(A, FROM), copied, visit(B, TO)).state == "late"


def test_a_claimed_round_that_is_incomplete_is_partial_not_unproven() -> None:
    assert judge(visit(A, FROM, tag_proven=False)).state == "partial"


def test_a_scan_without_the_checklist_that_the_stop_asks_for_does_not_do_it() -> None:
    assert judge(visit(A, FROM), visit(B, FROM + MIN, does=False)).state == "partial"


def test_a_stranger_to_the_round_and_an_empty_route_prove_nothing() -> None:
    assert judge(visit(C, FROM)).state == "missed"
    assert judge(stops=()).state == "missed"


def test_a_crew_of_an_edition_without_a_draw_is_seen_at_the_first_and_the_last_stop() -> None:
    walk = [visit(A, FROM), visit(B, FROM + 10 * MIN), visit(C, FROM + 20 * MIN)]
    begin = visit(A, FROM + MIN, person=LIU)
    end = visit(C, FROM + 21 * MIN, person=LIU)
    stops = (A, B, C)

    assert judge(*walk, begin, end, stops=stops, crew=2).state == "done"
    alone = judge(*walk, begin, stops=stops, crew=2)
    assert (alone.state, alone.done, alone.lacks_crew) == ("partial", 3, True)
    assert judge(*walk, end, stops=stops, crew=2).state == "partial"
    assert judge(*walk, begin, stops=stops, crew=2, now=TO).state == "progress"
    assert judge(*walk, begin, stops=stops, crew=2, clear=TO).state == "unheard"
    assert judge(*walk, begin, end, stops=stops, crew=1).state == "done"


def test_all_ten_states_can_be_reached() -> None:
    found = {
        judge(now=FROM - 1).state,
        judge(now=FROM).state,
        judge(visit(A, FROM), now=TO).state,
        judge(*IN_TIME).state,
        judge(visit(A, FROM), visit(B, TO)).state,
        judge(visit(A, FROM)).state,
        judge().state,
        judge(excused=True).state,
        judge(clear=None).state,
        judge(visit(A, FROM), visit(B, FROM, tag_proven=False)).state,
    }

    assert found == set(state.STATES)


# -- carriers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "does"),
    [
        (Use(WANG, FROM, None), True),
        (Use(WANG, FROM - 30 * 24 * H, None), True),  # an end that is not known is an open shift
        (Use(WANG, OVER - 1, None), True),
        (Use(WANG, OVER, None), False),
        (Use(WANG, FROM - 8 * 24 * H, FROM - 7 * 24 * H), True),
        (Use(WANG, FROM - 8 * 24 * H, FROM - 7 * 24 * H - 1), False),
        (Use(ZHOU, FROM, None), False),
    ],
)
def test_a_phone_carries_what_its_users_of_the_last_week_may_walk(use: Use, does: bool) -> None:
    assert state.carries(BOUNDS, uses=[use], may_walk={WANG, LIU}, active=True) is does


def test_a_revoked_phone_and_one_never_used_carry_nothing() -> None:
    use = Use(WANG, FROM, None)

    assert not state.carries(BOUNDS, uses=[use], may_walk={WANG}, active=False)
    assert not state.carries(BOUNDS, uses=[], may_walk={WANG}, active=True)


# -- sums -----------------------------------------------------------------------------


def test_the_sums_of_the_drawn_board() -> None:
    states: list[state.State] = ["done"] * 17 + ["late"] * 2 + ["unheard"] * 2  # type: ignore[assignment]
    states += ["missed", "unproven", "partial", "excused", "open", "progress", "progress", "upcoming"]

    found = sums.sums(states)

    assert (found.due, found.low, found.high) == (24, "0.792", "0.917")
    assert (found.counts["excused"], found.counts["progress"]) == (1, 2)


def test_nothing_due_has_no_share_and_only_all_is_all() -> None:
    assert sums.sums(["upcoming", "excused", "open"]) == sums.Sums(
        sums.sums(["upcoming", "excused", "open"]).counts, 0, None, None
    )
    many: list[state.State] = ["done"] * 99_999 + ["missed"]  # type: ignore[assignment]
    assert sums.sums(many).high == "0.999"
    assert sums.sums(["done"]).low == sums.sums(["done"]).high == "1.000"


@given(st.lists(st.sampled_from(state.STATES)))
def test_the_parts_add_up_and_the_share_is_an_interval(states: list[state.State]) -> None:
    found = sums.sums(states)
    parts = ("done", "late", "partial", "missed", "unheard", "unproven")

    assert sum(found.counts.values()) == len(states)
    assert found.due == sum(found.counts[p] for p in parts)  # type: ignore[index, misc]
    if found.low is not None and found.high is not None:
        assert 0 <= float(found.low) <= float(found.high) <= 1


VISITS = st.builds(
    visit,
    st.sampled_from([A, B, C]),
    st.integers(FROM - 2 * H, OVER + 2 * H),
    person=st.sampled_from([WANG, LIU]),
    quality=st.sampled_from(["A", "B", "C", "D"]),
    tag_proven=st.booleans(),
    does=st.booleans(),
)


@given(st.lists(VISITS, max_size=8), st.integers(1, 2), st.integers(0, 1000))
def test_the_order_in_which_records_come_changes_nothing(visits: list[Visit], crew: int, seed: int) -> None:
    mixed = list(visits)
    random.Random(seed).shuffle(mixed)

    assert judge(*mixed, crew=crew) == judge(*visits, crew=crew)


@given(st.lists(VISITS, max_size=8), VISITS)
def test_more_evidence_never_takes_a_stop_away(visits: list[Visit], more: Visit) -> None:
    assert judge(*visits, more).done >= judge(*visits).done


@given(st.lists(VISITS, max_size=8))
def test_nobody_is_accused_while_a_phone_is_silent(visits: list[Visit]) -> None:
    assert judge(*visits, clear=None).state not in ("missed", "partial")


def test_a_visit_of_nobody_is_no_second_person() -> None:
    lone = [replace(visit(A, FROM), person=None), visit(A, FROM)]

    assert judge(*lone, stops=(A,), crew=2).lacks_crew
