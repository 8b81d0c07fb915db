"""A phone's clock can say anything; the bounds say no more than the evidence."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.anchors import Anchor
from sync.clocks import Interval, Sighting, evaluate, evaluate_run
from tests.unit.sync.vectors import each, vectors

TIME = vectors("time")


@dataclass(frozen=True)
class Clocks:
    wall: int
    mono: int
    boot: str
    tz: str = "Asia/Shanghai"


def clocks(given: dict[str, Any] | None) -> Clocks | None:
    return None if given is None else Clocks(**given)


def sighting(given: dict[str, Any]) -> Sighting:
    anchor = given["anchor"] and Anchor(**given["anchor"])
    return Sighting(Clocks(**given["t"]), anchor, given["received_ms"], clocks(given["after"]))


def expected(given: dict[str, Any]) -> Interval:
    return Interval(**{**given, "marks": tuple(given["marks"])})


@pytest.mark.parametrize("case", each(TIME["evaluate"]))
def test_an_interval_is_as_the_protocol_says(case: dict[str, Any]) -> None:
    given = case["input"]

    interval = evaluate(
        sighting(given),
        floor=given["floor"],
        ceiling=given["ceiling"],
        previous=clocks(given["previous"]),
    )

    assert interval == expected(case["expect"])


@pytest.mark.parametrize("case", each(TIME["runs"]))
def test_bounds_travel_along_a_run(case: dict[str, Any]) -> None:
    intervals = evaluate_run([sighting(given) for given in case["sightings"]])

    assert intervals == [expected(given) for given in case["expect"]]


moments = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
near = st.integers(min_value=0, max_value=10**6)
boots = st.sampled_from(["aaaaaaaa", "bbbbbbbb"])
any_clocks = st.builds(Clocks, wall=near | moments, mono=near, boot=boots)
sightings = st.builds(
    Sighting,
    any_clocks,
    st.none() | st.builds(Anchor, near | moments, near | moments, near, boots),
    near | moments,
    st.none() | any_clocks,
)


@given(st.lists(sightings, min_size=1, max_size=12), st.none() | moments, st.none() | moments)
def test_the_bounds_hold_the_estimate_and_are_monotone_along_a_chain(
    run: list[Sighting], floor: int | None, ceiling: int | None
) -> None:
    if floor is not None and ceiling is not None:
        floor, ceiling = min(floor, ceiling), max(floor, ceiling)
    intervals = evaluate_run(run, floor=floor, ceiling=ceiling)

    for interval in intervals:
        assert interval.lower is None or interval.lower <= interval.estimate
        assert interval.estimate <= interval.upper
    for earlier, later in itertools.pairwise(intervals):
        assert earlier.upper <= later.upper
        if earlier.lower is not None:
            assert later.lower is not None
            assert earlier.lower <= later.lower


@given(sightings, st.lists(sightings, min_size=1, max_size=4))
def test_what_a_run_says_of_its_first_record_fits_what_the_record_alone_says(
    first: Sighting, rest: list[Sighting]
) -> None:
    alone = evaluate(first)
    in_run = evaluate_run([first, *rest])[0]

    assert in_run.lower == alone.lower
    assert in_run.upper <= alone.upper
    assert in_run.quality == alone.quality
