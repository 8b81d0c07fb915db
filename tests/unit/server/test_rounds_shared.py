"""Rounds that share a window: which visit is whose, whoever made it and whatever it names."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from server.rounds import shared
from server.rounds.shared import TURN_MS, Said

STOPS = ("a", "b", "c")


def walk(at: int, *stops: str, proven: bool = True, step: int = 60_000) -> list[Said]:
    begin = at * TURN_MS
    return [Said((at, stop), stop, begin + n * step, proven) for n, stop in enumerate(stops or STOPS)]


def rounds_of(visits: list[Said], rounds: int) -> list[set[object]]:
    """Return, by number, the stops that each round reached."""
    found = shared.numbers(visits, rounds)
    stops = {visit.id: visit.stop for visit in visits}
    return [{stops[one] for one, number in found.items() if number == n} for n in range(1, rounds + 1)]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=8, unique=True),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
def test_n_walks_do_n_rounds_and_one_more_spoils_none(starts: list[int], rounds: int, random: object) -> None:
    visits = list(itertools.chain.from_iterable(walk(at) for at in starts))
    random.shuffle(visits)  # type: ignore[attr-defined]  # phones send in any order

    done = [stops == set(STOPS) for stops in rounds_of(visits, rounds)]

    assert done == [n < len(starts) for n in range(rounds)]
    assert set(shared.numbers(visits, rounds)) == {visit.id for visit in visits}, "none is left out"


def test_two_who_walk_together_and_a_code_read_twice_are_one_round() -> None:
    together = [*walk(0), *(Said(("other", v.stop), v.stop, v.at_ms + 1_000, True) for v in walk(0))]

    assert rounds_of(together, 2) == [set(STOPS), set()]
    apart = [Said("first", "a", 0, True), Said("second", "a", TURN_MS, True)]
    assert shared.numbers(apart, 2) == {"first": 1, "second": 2}
    assert shared.numbers([apart[0], Said("second", "a", TURN_MS - 1, True)], 2) == {"first": 1, "second": 1}


def test_a_claimed_time_never_takes_the_place_of_a_proven_one() -> None:
    claimed = Said("claimed", "a", 0, False)
    proven = [Said("proven", "a", 5 * TURN_MS, True), Said("later", "a", 9 * TURN_MS, True)]

    assert shared.numbers([claimed, *proven], 2) == {"proven": 1, "later": 2, "claimed": 2}
    assert shared.numbers([claimed, proven[0]], 2) == {"proven": 1, "claimed": 2}


def test_a_walk_broken_off_is_made_whole_by_the_next_one() -> None:
    assert rounds_of([*walk(0, "a"), *walk(9, "b", "c")], 2) == [set(STOPS), set()]
    assert rounds_of([*walk(0, "a"), *walk(9)], 2) == [set(STOPS), {"a"}]
