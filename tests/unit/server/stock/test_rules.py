"""What moves and counts come to, whatever the order in which they arrive."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from server.stock.rules import Event, lines, price_at, stock_of, to_order
from sync.stock import quantity_text, thousandths

EVENTS = st.lists(
    st.builds(
        Event,
        at_ms=st.integers(0, 20),
        key=st.uuids().map(str),
        milli=st.integers(-5_000, 5_000),
        counted=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda event: event.key,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(events: list[Event], random: object) -> None:
    mixed = list(events)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert lines(mixed) == lines(events)


@given(EVENTS, st.integers(-5_000, 5_000), st.integers(0, 20))
def test_what_comes_before_a_count_changes_nothing_after_it(
    events: list[Event], milli: int, at_ms: int
) -> None:
    late = Event(at_ms, "late", milli)
    counts = [event.at_ms for event in events if event.counted]

    expected = stock_of(events) if counts and at_ms <= max(counts) else stock_of(events) + milli
    assert stock_of([*events, late]) == expected


@given(EVENTS)
def test_every_line_follows_from_the_one_before(events: list[Event]) -> None:
    stock = 0
    for line in lines(events):
        if line.event.counted:
            assert line.difference == line.event.milli - stock
        stock = line.event.milli if line.event.counted else stock + line.event.milli
        assert line.stock == stock


@given(st.integers(-(10**12) + 1, 10**12 - 1))
def test_a_quantity_is_read_as_it_was_written(milli: int) -> None:
    assert thousandths(quantity_text(milli)) == milli


@given(st.integers(-9_000, 9_000), st.integers(0, 9_000), st.none() | st.integers(0, 5_000))
@example(0, 9_000, 3_000)
def test_what_is_ordered_reaches_the_minimum_and_not_one_order_more(
    stock: int, minimum: int, reorder: int | None
) -> None:
    amount = to_order(stock=stock, minimum=minimum, reorder=reorder)

    if stock >= minimum:
        assert amount == 0
    else:
        assert stock + amount >= minimum
        assert stock + amount - (reorder or amount) < minimum


def test_a_price_holds_from_its_moment_on() -> None:
    prices = [(10, 100), (20, None), (30, 300)]

    assert [price_at(prices, at) for at in (5, 10, 19, 20, 35)] == [100, 100, 100, None, 300]
    assert price_at([], 5) is None
