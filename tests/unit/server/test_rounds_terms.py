"""The terms of a stop: its own window, the stay, the order, skipping, and whom a crew was drawn for."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rounds import state
from server.rounds.state import Bounds, Carrier, Crew, Judgement, Order, Skip, Stop, Visit
from sync.crew import drawn
from tests.unit.server.test_rounds_state import (
    BOUNDS,
    FROM,
    LIU,
    MIN,
    OVER,
    PHONE,
    TO,
    VISITS,
    WANG,
    A,
    B,
    C,
    H,
    visit,
)
from tests.unit.sync.vectors import each, vectors

D, E = UUID(int=4), UUID(int=5)


def judge(*visits: Visit, stops: tuple[UUID | Stop, ...] = (A, B, C), **members: Any) -> Judgement:
    members.setdefault("now_ms", OVER)
    members.setdefault("carriers", [Carrier(PHONE, OVER)])
    members.setdefault("excused", False)
    listed = [stop if isinstance(stop, Stop) else Stop(stop) for stop in stops]
    return state.judge(members.pop("bounds", BOUNDS), stops=listed, visits=visits, **members)


def walk(*stops: UUID) -> list[Visit]:
    """Visits of the stops in this order, ten minutes apart."""
    return [visit(stop, FROM + n * 10 * MIN) for n, stop in enumerate(stops)]


# -- order ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("walked", "out_of_order"),
    [
        ((A, B, C), ()),
        ((A, C, B), (C,)),
        ((B, A, C), (B,)),
        ((B, C, A), (B, C)),
        ((A, C, B, C), ()),  # whoever goes back to the third stop has walked in order
        ((C, B, A, B, C), ()),
    ],
)
def test_where_order_is_enforced_a_stop_proven_before_its_predecessor_is_only_claimed(
    walked: tuple[UUID, ...], out_of_order: tuple[UUID, ...]
) -> None:
    found = judge(*walk(*walked), order="enforced")

    assert found.state == ("unproven" if out_of_order else "done")
    assert found.doubts == {stop: {"order"} for stop in out_of_order}
    assert found.done == 3, "a record out of order is a record all the same"


@pytest.mark.parametrize("order", ["free", "advised"])
def test_elsewhere_the_order_decides_nothing(order: Order) -> None:
    assert judge(*walk(C, A, B), order=order).state == "done"


def test_a_stop_that_is_only_claimed_puts_nobody_else_out_of_order() -> None:
    claim = visit(A, FROM + 50 * MIN, tag_proven=False)

    assert judge(claim, *walk(B, C), order="enforced").doubts == {A: {"tag"}}


def test_a_repetition_in_order_that_came_in_the_grace_is_late() -> None:
    found = judge(*walk(A, C, B), visit(C, TO), order="enforced")

    assert (found.state, found.end_ms) == ("late", TO)


# -- a window of one's own --------------------------------------------------------------

NARROW = Stop(B, window_ms=(30 * MIN, 60 * MIN))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (FROM + 30 * MIN - 1, "partial"),
        (FROM + 30 * MIN, "done"),
        (FROM + 60 * MIN - 1, "done"),
        (FROM + 60 * MIN, "late"),
        (OVER - 1, "late"),  # the grace ends with the round's
        (OVER, "partial"),
    ],
)
def test_a_stop_with_a_window_is_late_after_it_and_not_reached_before(at: int, expected: str) -> None:
    assert judge(visit(A, FROM), visit(B, at), stops=(A, NARROW)).state == expected


def test_a_window_is_cut_to_the_rounds_and_one_beyond_it_is_the_rounds() -> None:
    assert state.bounds_at(Stop(A, (H, 5 * H)), BOUNDS) == Bounds(FROM + H, TO, H)
    assert state.bounds_at(Stop(A, (2 * H, 3 * H)), BOUNDS) == BOUNDS
    assert state.bounds_at(Stop(A), BOUNDS) == BOUNDS


# -- time on the spot -------------------------------------------------------------------

LONG = Stop(A, stay_ms=60_000)


def test_two_scans_or_scan_and_answers_span_the_stay() -> None:
    scan = visit(A, FROM)
    assert judge(scan, stops=(LONG,)).doubts == {A: {"stay"}}
    assert judge(scan, visit(A, FROM + 59_999), stops=(LONG,)).state == "unproven"
    assert judge(scan, visit(A, FROM + 60_000), stops=(LONG,)).state == "done"
    assert judge(replace(scan, left_ms=FROM + 59_999), stops=(LONG,)).state == "unproven"
    assert judge(replace(scan, left_ms=FROM + 60_000), stops=(LONG,)).state == "done"


def test_whoever_goes_elsewhere_in_between_did_not_stay_and_a_colleague_stays_for_nobody() -> None:
    there_and_back = [visit(A, FROM), visit(B, FROM + MIN), visit(A, FROM + 2 * MIN)]
    assert judge(*there_and_back, stops=(LONG, B)).doubts == {A: {"stay"}}
    assert judge(visit(A, FROM), visit(A, FROM + H, person=LIU), stops=(LONG,)).state == "unproven"


def test_a_stay_by_a_clock_that_is_not_believed_is_claimed() -> None:
    claims = [visit(A, FROM + n * MIN, quality="C", lower=FROM, upper=TO - 1) for n in (1, 9)]

    assert judge(*claims, stops=(LONG,)).doubts == {A: {"stay"}}


# -- skipping ---------------------------------------------------------------------------


def test_a_skipped_stop_is_not_done_until_a_supervisor_accepts_the_reason() -> None:
    asked = judge(*walk(A, B), skips=[Skip(C, accepted=False)])
    assert asked.state == "partial"
    assert (set(asked.asked), set(asked.skipped)) == ({C}, set())

    accepted = judge(*walk(A, B), skips=[Skip(C, accepted=True)])
    assert (accepted.state, accepted.done, accepted.total) == ("done", 2, 3)
    assert (set(accepted.asked), set(accepted.skipped)) == (set(), {C})


def test_nothing_but_skips_is_no_round() -> None:
    skips = [Skip(stop, accepted=True) for stop in (A, B, C)]

    assert judge(skips=skips).state == "missed"


def test_a_stop_that_was_reached_was_not_skipped() -> None:
    found = judge(*walk(A, B, C), skips=[Skip(C, accepted=True), Skip(B, accepted=False)])

    assert (found.state, found.skipped, found.asked) == ("done", frozenset(), frozenset())


def test_of_several_skips_of_one_stop_one_accepted_is_enough() -> None:
    found = judge(*walk(A, B), skips=[Skip(C, accepted=False), Skip(C, accepted=True)])

    assert (found.state, found.asked) == ("done", frozenset())


# -- crew of two ------------------------------------------------------------------------

FIVE = (A, B, C, D, E)


def pair(*stops: UUID, after: int = MIN) -> list[Visit]:
    """Wang and, so long after, Liu at each of the stops."""
    at = {stop: FROM + n * 10 * MIN for n, stop in enumerate(FIVE)}
    return [visit(s, at[s] + (after if who is LIU else 0), person=who) for s in stops for who in (WANG, LIU)]


def test_both_scan_at_the_start_at_the_end_and_where_it_was_drawn_within_the_time() -> None:
    crew = Crew(2, frozenset({B, D}), 10 * MIN)

    assert judge(*pair(A, B, D, E), visit(C, FROM + 20 * MIN), stops=FIVE, crew=crew).state == "done"
    assert judge(*pair(A, B, E), *walk(*FIVE), stops=FIVE, crew=crew).alone == {D}
    assert judge(*pair(B, D, E), *walk(*FIVE), stops=FIVE, crew=crew).alone == {A}
    apart = judge(*pair(A, B, D, E, after=10 * MIN + 1), *walk(*FIVE), stops=FIVE, crew=crew)
    assert apart.state == "partial"
    assert apart.alone == {A, B, D, E}
    assert judge(*pair(A, B, D, E, after=10 * MIN), *walk(*FIVE), stops=FIVE, crew=crew).state == "done"


def test_a_claimed_time_puts_nobody_beside_a_colleague_and_nobody_away_from_one() -> None:
    crew = Crew(2, frozenset(), 10 * MIN)
    mine = walk(A, B, C)

    def second(estimate_ms: int, **bounds: int) -> list[Visit]:
        """Liu at all three, by a clock that was set; bounds are those of the time without a network."""
        claimed: dict[str, Any] = {"quality": "C", "lower_ms": FROM, "upper_ms": TO - 1} | bounds
        return [replace(visit(stop, estimate_ms, person=LIU), **claimed) for stop in (A, B, C)]

    beside = judge(*mine, *second(FROM + MIN), crew=crew)
    assert beside.state == "unproven", "that they were together is only said"
    assert beside.doubts == {A: {"time"}, C: {"time"}}
    away = judge(*mine, *second(TO - MIN), crew=crew)
    assert away.state == "unproven", "that they were not is only said, too"
    assert away.alone == frozenset()
    tight = judge(*mine, *second(FROM + MIN, lower_ms=FROM, upper_ms=FROM + 10 * MIN), crew=crew)
    assert tight.doubts == {C: {"time"}}, "bounds within the time of a colleague prove it"
    never = judge(*mine, *second(FROM + MIN, lower_ms=FROM + 40 * MIN), crew=crew)
    assert never.state == "partial"
    assert never.alone == {A, C}, "bounds that do not meet rule it out"


def test_where_a_colleague_was_is_only_said_without_the_tag() -> None:
    crew = Crew(2, frozenset(), 10 * MIN)
    second = [
        replace(visit(stop, at, person=LIU), tag_proven=False) for stop, at in ((A, FROM), (B, FROM + H))
    ]

    found = judge(*walk(A, B), *second, stops=(A, B), crew=Crew(2, frozenset(), 2 * H))

    assert found.state == "unproven"
    assert found.doubts == {A: {"tag"}, B: {"tag"}}
    assert judge(*walk(A, B), *second, stops=(A, B), crew=crew).alone == {B}


def test_a_drawn_stop_that_was_skipped_needs_nobody() -> None:
    crew = Crew(2, frozenset({B, D}), 10 * MIN)

    found = judge(*pair(A, B, C, E), stops=FIVE, crew=crew, skips=[Skip(D, accepted=True)])

    assert found.state == "done"


@given(st.uuids(), st.lists(st.uuids(), max_size=12, unique=True))
def test_the_draw_is_of_stops_in_between_and_the_same_whoever_makes_it(
    occurrence: UUID, stops: list[UUID]
) -> None:
    ids = [str(stop) for stop in stops]
    found = drawn(str(occurrence), ids)

    assert len(set(found)) == len(found) == min(2, max(0, len(ids) - 2))
    assert set(found) <= set(ids[1:-1])
    between = [*ids[:1], *reversed(ids[1:-1]), *ids[1:][-1:]]
    assert drawn(str(occurrence), between) == found, "the order in between decides nothing"


@pytest.mark.parametrize("case", each(vectors("crew")["drawn"]))
def test_the_draw_is_that_of_the_vectors(case: dict[str, Any]) -> None:
    assert list(drawn(case["occurrence"], case["stops"])) == case["drawn"]


def test_the_draw_changes_from_round_to_round() -> None:
    stops = [str(UUID(int=n)) for n in range(12)]

    assert len({frozenset(drawn(str(UUID(int=n)), stops)) for n in range(40)}) > 20


# -- all of it --------------------------------------------------------------------------

STOPS = st.tuples(
    st.builds(Stop, st.just(A), st.none() | st.just((0, 30 * MIN)), st.sampled_from([0, 60_000])),
    st.builds(Stop, st.just(B), st.none() | st.just((30 * MIN, 5 * H)), st.sampled_from([0, 60_000])),
    st.builds(Stop, st.just(C)),
)
CREWS = st.sampled_from([Crew(), Crew(2), Crew(2, frozenset({B}), 10 * MIN)])
ORDERS = st.sampled_from(["free", "advised", "enforced"])
SKIPS = st.lists(st.builds(Skip, st.sampled_from([A, B, C]), st.booleans()), max_size=3)
WALKS = st.lists(VISITS, max_size=8)


@given(WALKS, STOPS, CREWS, ORDERS, SKIPS, st.randoms(use_true_random=False))
def test_the_order_in_which_records_come_changes_nothing(
    visits: list[Visit],
    stops: tuple[Stop, ...],
    crew: Crew,
    order: Order,
    skips: list[Skip],
    chance: random.Random,
) -> None:
    mixed, mixed_skips = list(visits), list(skips)
    chance.shuffle(mixed)
    chance.shuffle(mixed_skips)

    found = judge(*visits, stops=stops, crew=crew, order=order, skips=skips)
    assert judge(*mixed, stops=stops, crew=crew, order=order, skips=mixed_skips) == found


@given(WALKS, VISITS, STOPS, ORDERS, SKIPS)
def test_more_evidence_never_takes_a_stop_away(
    visits: list[Visit], more: Visit, stops: tuple[Stop, ...], order: Order, skips: list[Skip]
) -> None:
    before = judge(*visits, stops=stops, order=order, skips=skips)
    after = judge(*visits, more, stops=stops, order=order, skips=skips)

    assert after.done >= before.done
    assert after.skipped <= before.skipped, "a stop that is reached after all was not skipped"


@given(WALKS, STOPS, CREWS, ORDERS, SKIPS)
def test_what_is_called_done_lacks_nothing_and_nobody_is_accused_in_silence(
    visits: list[Visit], stops: tuple[Stop, ...], crew: Crew, order: Order, skips: list[Skip]
) -> None:
    found = judge(*visits, stops=stops, crew=crew, order=order, skips=skips)

    if found.state in ("done", "late"):
        assert found.done > 0
        assert found.done + len(found.skipped) == found.total
        assert not {*found.claimed, *found.alone, *found.asked}
    silent = judge(*visits, stops=stops, crew=crew, order=order, skips=skips, carriers=[Carrier(PHONE, None)])
    assert silent.state not in ("missed", "partial")


@given(WALKS, STOPS, ORDERS)
def test_more_terms_never_prove_more(visits: list[Visit], stops: tuple[Stop, ...], order: Order) -> None:
    plain = judge(*visits, stops=tuple(Stop(stop.id) for stop in stops))
    strict = judge(*visits, stops=stops, order=order)

    if strict.state == "done":
        assert plain.state == "done"
    assert strict.done <= plain.done
