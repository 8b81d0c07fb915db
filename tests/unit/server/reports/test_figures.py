"""Figures: verdicts that claim no more than is known, gaps that leave out no edge."""

from __future__ import annotations

import itertools
from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from server.reports import figures
from server.reports.figures import Fact
from server.rounds.state import STATES, State
from server.rounds.sums import sums

PLAN, ROUTE = uuid4(), uuid4()
H = 3_600_000


def fact(
    state: State, *, hour: int = 0, end: float | None = None, demands: tuple[str, ...] = ("P1-35",)
) -> Fact:
    return Fact(
        occurrence=UUID(int=hour + 1),
        plan=PLAN,
        demands=demands,
        route=ROUTE,
        team=None,
        day=date(2026, 11, 1),
        from_ms=hour * H,
        to_ms=(hour + 1) * H,
        over_ms=(hour + 2) * H,
        state=state,
        done=0,
        total=3,
        end_ms=None if end is None else int(end * H),
    )


STATES_LIST = st.lists(st.sampled_from(STATES), max_size=40)


@given(STATES_LIST)
def test_a_verdict_holds_whatever_becomes_of_what_is_not_known(states: list[State]) -> None:
    """Met and short must survive the best and the worst that the unsure rounds may turn into."""
    verdict = figures.verdict(sums(states))
    best = ["done" if s in figures.UNSURE else s for s in states]
    worst = ["missed" if s in figures.UNSURE else s for s in states]
    ends = {figures.verdict(sums(end)) for end in (best, worst)}
    if verdict == "open":
        assert ends == {"met", "short"}
    else:
        assert ends == {verdict}


@given(STATES_LIST)
def test_the_parts_make_the_whole(states: list[State]) -> None:
    facts = [fact(s, hour=n, demands=("P1-35",) if n % 3 else ()) for n, s in enumerate(states)]
    rows = [figures.sums(part) for part in figures.split(facts, "demand").values()]
    total = figures.sums(facts)
    assert sum(row.due for row in rows) == total.due
    for state in STATES:
        assert sum(row.counts[state] for row in rows) == total.counts[state]
    due = sum(total.counts[s] for s in ("done", "late", "partial", "missed", "unheard", "unproven"))
    assert due == total.due
    assert figures.lacking(total) == total.counts["missed"] + total.counts["partial"]


def test_a_round_that_serves_two_clauses_counts_in_both_and_once_in_all() -> None:
    facts = [fact("done", demands=("P1-35", "P1-37")), fact("missed", demands=("P1-35",))]
    rows = figures.split(facts, "demand")
    assert {key: figures.sums(part).due for key, part in rows.items()} == {"P1-35": 2, "P1-37": 1}
    assert figures.sums(facts).due == 2


def test_the_longest_gap_lies_between_ends_of_whole_rounds() -> None:
    facts = [
        fact("done", hour=1, end=1.5),
        fact("missed", hour=4),
        fact("partial", hour=6, end=6.2),
        fact("late", hour=8, end=9.5),
        fact("done", hour=10, end=10.5),
    ]
    gap = figures.longest_gap(facts, from_ms=0, to_ms=12 * H)
    assert gap == figures.Gap(int(1.5 * H), int(9.5 * H), 0)


def test_a_gap_says_what_might_shorten_it() -> None:
    facts = [fact("done", hour=1, end=1.5), fact("unheard", hour=4), fact("unproven", hour=6, end=6.5)]
    gap = figures.longest_gap(facts, from_ms=0, to_ms=12 * H)
    assert gap == figures.Gap(int(1.5 * H), 12 * H, 2)


def test_nothing_walked_is_one_gap_and_no_rounds_are_none() -> None:
    assert figures.longest_gap([], from_ms=0, to_ms=H) is None
    assert figures.longest_gap([fact("upcoming", hour=5)], from_ms=3 * H, to_ms=3 * H) is None
    assert figures.longest_gap([fact("missed", hour=1)], from_ms=0, to_ms=5 * H) == figures.Gap(H, 5 * H, 0)


def test_before_anything_was_asked_there_is_no_gap() -> None:
    facts = [fact("done", hour=40, end=40.5), fact("done", hour=44, end=44.5)]
    gap = figures.longest_gap(facts, from_ms=0, to_ms=45 * H)
    assert gap == figures.Gap(int(40.5 * H), int(44.5 * H), 0)


@given(st.lists(st.tuples(st.sampled_from(STATES), st.floats(0, 47)), min_size=1, max_size=30))
def test_no_stretch_without_a_round_is_longer_than_the_gap(rounds: list[tuple[State, float]]) -> None:
    facts = [fact(s, hour=int(end), end=end) for s, end in rounds]
    gap = figures.longest_gap(facts, from_ms=0, to_ms=48 * H)
    assert gap is not None
    ends = [f.end_ms for f in facts if f.state in ("done", "late") and f.end_ms is not None]
    assert not any(gap.from_ms < end < gap.to_ms for end in ends)
    marks = sorted({min(f.from_ms for f in facts), 48 * H, *ends})
    assert gap.ms == max(b - a for a, b in itertools.pairwise(marks))
