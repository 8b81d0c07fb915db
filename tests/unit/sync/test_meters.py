"""Meters: definitions, limits by season, values, and the series that readings make."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.meters.series import HOUR_MS, MARKED, Point, Terms, in_order, judged, usage
from sync.meters import check_meter, check_value, limits_on, micro_of, value_of
from tests.unit.sync.vectors import each, vectors

VECTORS = vectors("meters")
LIMITS = {"alarm_high": "5"}


@pytest.mark.parametrize("case", each(VECTORS["limits"]))
def test_limits_of_a_day(case: dict[str, Any]) -> None:
    assert limits_on(case["definition"], date.fromisoformat(case["day"])) == case["limits"]


@pytest.mark.parametrize("case", each(VECTORS["values"]))
def test_values(case: dict[str, Any]) -> None:
    assert check_value(case["definition"], case["value"]) == case["fault"]


def season(first: str, last: str, **limits: str) -> dict[str, Any]:
    return {"from": first, "to": last, "limits": limits}


@pytest.mark.parametrize(
    ("members", "faults"),
    [
        ({}, []),
        ({"unit": "m³/h and a good deal more"}, [("unit", "form")]),
        ({"decimals": 7}, [("decimals", "form")]),
        ({"decimals": True}, [("decimals", "form")]),
        ({"kind": "clock"}, [("kind", "unknown")]),
        ({"max": "100"}, [("max", "only_counters")]),
        ({"kind": "counter", "max": "0"}, [("max", "form")]),
        ({"kind": "counter", "max": "9.99", "decimals": 1}, [("max", "form")]),
        ({"jump": "-1"}, [("jump", "form")]),
        ({"limits": {"alarm_high": "５"}}, [("limits.alarm_high", "form")]),
        ({"limits": {"warn_high": "6", "alarm_high": "5"}}, [("limits", "order")]),
        ({"limits": {"high": "6"}}, [("limits", "form")]),
        ({"seasons": [season("02-30", "03-01")]}, [("seasons[0].from", "form")]),
        ({"seasons": [season("11-15", "03-15"), season("03-16", "05-01")]}, []),
        ({"seasons": [season("11-15", "03-15"), season("03-15", "05-01")]}, [("seasons[1]", "overlaps")]),
        ({"seasons": [season("01-01", "12-31"), season("05-01", "05-01")]}, [("seasons[1]", "overlaps")]),
        ({"seasons": [season("01-02", "02-01", alarm_low="x")]}, [("seasons[0].limits.alarm_low", "form")]),
        ({"seasons": {}}, [("seasons", "count")]),
        ({"colour": "red"}, [("colour", "unknown")]),
    ],
)
def test_definitions(members: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    found = check_meter({"unit": "A", "decimals": 2, "kind": "gauge", "limits": LIMITS, **members})
    assert [(fault.path, fault.code) for fault in found] == faults


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_value_is_the_same_there_and_back(micro: int) -> None:
    assert micro_of(value_of(micro)) == micro


# -- series ------------------------------------------------------------------------------

TERMS = st.builds(
    Terms,
    counter=st.booleans(),
    modulus=st.none() | st.just(1_000_000),
    jump=st.none() | st.integers(1, 5_000),
)
TIMES = st.integers(0, 400 * HOUR_MS)


@st.composite
def points(draw: st.DrawFn) -> list[Point]:
    """Return points as phones and the office make them, in any order."""
    made = []
    for n in range(draw(st.integers(0, 14))):
        at_ms = draw(TIMES)
        exchange = draw(st.booleans()) and draw(st.booleans())
        micro = draw(st.none() | st.integers(0, 999_999))
        end = draw(st.none() | st.integers(0, 999_999)) if exchange else None
        wide = draw(st.integers(0, 9 * HOUR_MS))
        made.append(
            Point(f"p{n}", at_ms, micro, at_ms - wide, at_ms + wide, exchange, end, draw(st.booleans()))
        )
    return made


@given(TERMS, points(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(terms: Terms, found: list[Point], chance: Any) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert judged(terms, in_order(found)) == judged(terms, in_order(shuffled))


@given(TERMS, points(), TIMES, TIMES, TIMES)
def test_consumption_adds_up(terms: Terms, found: list[Point], a: int, b: int, c: int) -> None:
    series = in_order(found)
    said = judged(terms, series)
    first, middle, last = sorted((a, b, c))
    whole = usage(series, said, from_ms=first, to_ms=last)
    parts = [usage(series, said, from_ms=x, to_ms=y) for x, y in ((first, middle), (middle, last))]
    assert whole.amount == parts[0].amount + parts[1].amount
    assert whole.unsure == parts[0].unsure + parts[1].unsure
    assert whole.readings == parts[0].readings + parts[1].readings
    assert whole.amount >= 0


@given(points())
def test_a_counter_without_odd_readings_counts_what_lies_between_the_ends(found: list[Point]) -> None:
    rising = sorted(p.micro for p in found if p.micro is not None and not p.exchange)
    times = sorted({p.at_ms for p in found})
    series = [Point(f"{at}", at, micro) for at, micro in zip(times, rising, strict=False)]
    said = judged(Terms(True, None, None), series)
    assert not any(one.mark in MARKED for one in said)
    if series:
        total = usage(series, said, from_ms=-1, to_ms=times[-1])
        assert total.amount == (series[-1].micro or 0) - (series[0].micro or 0)


@given(TERMS, points(), st.integers(0, 13))
def test_a_point_changes_the_judgement_of_itself_and_the_next_alone(
    terms: Terms, found: list[Point], which: int
) -> None:
    if which >= len(found):
        return
    late = found[which]
    before = {p.id: one for p, one in _by_point(terms, [p for p in found if p is not late])}
    after = {p.id: one for p, one in _by_point(terms, found)}
    series = in_order(found)
    behind = [p for p in series if p.key > late.key and (p.micro is not None or p.exchange)]
    allowed = (
        {late.id} | {p.id for p in series if p.key > late.key and p.key <= behind[0].key}
        if behind
        else {late.id} | {p.id for p in series if p.key > late.key}
    )
    assert {p for p in after if p in before and after[p] != before[p]} <= allowed


def _by_point(terms: Terms, found: list[Point]) -> list[tuple[Point, Any]]:
    series = in_order(found)
    return list(zip(series, judged(terms, series), strict=True))
