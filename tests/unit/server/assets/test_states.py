"""When an asset stood: the fold holds whatever the order in which words come."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from server.assets.states import Moment, Said, claimed, figures, fold

H = 3_600_000


def said(at: int, state: str, *, lower: int | None = None, upper: int | None = None, n: int = 0) -> Said:
    return Said(
        Moment(at if lower is None else lower, at, at if upper is None else upper),
        state,
        ("l", n),
        f"{at} {n}",
    )


words = st.lists(
    st.builds(
        lambda at, state, n: said(at, state, n=n),
        st.integers(0, 1_000),
        st.sampled_from(("running", "stopped", "standby")),
        st.integers(0, 3),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


@given(words, st.randoms(use_true_random=False))
def test_the_stretches_follow_each_other_whatever_the_order(all_said: list[Said], random: object) -> None:
    shuffled = list(all_said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    found = fold(shuffled)

    assert found == fold(all_said)
    assert found[0].begin is None
    assert found[-1].end is None
    for one, other in pairwise(found):
        assert one.end == other.begin
        assert one.state != other.state


@given(words, st.integers(0, 500), st.integers(501, 1_000))
def test_what_stood_lies_between_what_is_proven_and_what_is_possible(
    all_said: list[Said], begin: int, end: int
) -> None:
    found = figures(fold(all_said), from_ms=begin, to_ms=end)

    assert 0 <= found.down_low <= found.down <= found.down_high <= found.watched == end - begin
    assert found.longest <= found.down
    assert found.share is not None
    assert 0 <= found.share <= 1


def test_a_word_that_comes_late_falls_into_its_place() -> None:
    stopped, again, late = said(10 * H, "stopped"), said(20 * H, "running"), said(12 * H, "running")

    for order in permutations((stopped, again, late)):
        down = [one for one in fold(order) if one.state == "stopped"]
        assert [(one.begin.estimate, one.end.estimate) for one in down if one.begin and one.end] == [
            (10 * H, 12 * H)
        ]


def test_a_month_counts_what_began_in_it_and_how_long_it_ran_between() -> None:
    words = [
        said(-2 * H, "stopped"), said(1 * H, "running"), said(40 * H, "stopped"), said(43 * H, "running"),
        said(90 * H, "stopped"),
    ]  # fmt: skip

    found = figures(fold(words), from_ms=0, to_ms=100 * H)

    assert (found.down, found.failures, found.longest) == ((1 + 3 + 10) * H, 2, 10 * H)
    assert found.mean_between == 86 * H // 2


def test_since_when_is_only_told_is_open_to_the_earlier_side() -> None:
    told = claimed(5 * H, 9 * H, 10 * H, 11 * H)
    assert told == Moment(None, 5 * H, 11 * H)
    assert claimed(12 * H, 9 * H, 10 * H, 11 * H) == Moment(9 * H, 10 * H, 11 * H)

    stretches = fold([Said(told, "stopped", ("l", 1), "a"), said(20 * H, "running", n=2)])
    found = figures(stretches, from_ms=0, to_ms=24 * H)

    assert (found.down_low, found.down, found.down_high) == (9 * H, 15 * H, 20 * H)
