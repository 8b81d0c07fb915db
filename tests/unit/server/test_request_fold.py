"""The fold of a request: whatever happens to it, in whatever order, these things hold."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.requests.fold import BY_WHO_ASKS, HEARD, Event, RequestState, fold, step

DESK = ("dora", "dirk", "dan")
ORDERS = ("w1", "w2")

PEOPLE = st.sampled_from([*DESK, None])
DETAILS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "taken": st.just({}),
    "offered": st.fixed_dictionaries({"to": st.sampled_from(DESK)}),
    "accepted": st.just({}),
    "refused": st.just({}),
    "sorted": st.fixed_dictionaries({}, optional={"kind": st.just("complaint"), "window": st.just([1, 2])}),
    "ordered": st.fixed_dictionaries({"order": st.sampled_from(ORDERS)}),
    "arrived": st.fixed_dictionaries({"order": st.sampled_from(ORDERS)}),
    "worked": st.fixed_dictionaries({"order": st.sampled_from(ORDERS)}),
    "stopped": st.fixed_dictionaries(
        {"order": st.sampled_from(ORDERS), "how": st.sampled_from(["open", "stopped"])}
    ),
    "urged": st.just({}),
    "hurried": st.just({}),
    "told": st.just({}),
    "noted": st.just({}),
    "said": st.just({}),
    "answered": st.just({}),
    "followed": st.fixed_dictionaries({"satisfied": st.booleans()}),
    "ended": st.just({}),
    "withdrawn": st.just({}),
    "merged": st.just({"into": "r2"}),
    "joined": st.just({"from": "r3"}),
    "linked": st.just({}),
    "erased": st.just({}),
    "tomorrow": st.just({}),
}


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """What happened to a request: it was opened, at the desk or by who asks, and then anything."""
    opened = {"kind": "repair", "class": "water", "urgency": "normal", "target": None}
    events = [Event("opened", 1, draw(PEOPLE), opened)]
    for at_ms in range(2, 2 + draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(sorted(DETAILS)))
        by = None if kind in BY_WHO_ASKS else draw(PEOPLE)
        events.append(Event(kind, at_ms, by, draw(DETAILS[kind])))
    return events


def course(events: list[Event]) -> list[tuple[RequestState, Event, RequestState]]:
    """Return how it stood before each event after the first, and after it."""
    before = fold(events[:1])
    found = []
    for event in events[1:]:
        after = step(before, event)
        found.append((before, event, after))
        before = after
    assert before == fold(events)
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_who_was_asked_first_follows_it_until_another_accepts(events: list[Event]) -> None:
    for before, event, after in course(events):
        if after.owner != before.owner:
            is_offer_taken = event.kind == "accepted" and before.offered_to == event.person == after.owner
            assert is_offer_taken or (event.kind == "taken" and before.owner is None)
        if before.taken_ms is not None:
            assert after.taken_ms == before.taken_ms, "the first word counts"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_the_end_has_a_moment_and_only_a_no_of_who_asked_undoes_it(events: list[Event]) -> None:
    for before, event, after in course(events):
        assert after.ended == (after.closed_ms is not None)
        assert (after.state == "merged") == (after.merged_into is not None)
        if after.state == "done":
            assert after.done_ms is not None
        if before.ended and not after.ended:
            assert (event.kind, event.detail) == ("followed", {"satisfied": False})
            assert before.state == "closed"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_deadlines_run_from_the_last_no_and_nothing_before_it_counts_for_them(events: list[Event]) -> None:
    for before, event, after in course(events):
        if after.reopened != before.reopened:
            assert after.since_ms == event.at_ms
            assert (after.arrived_ms, after.done_ms, after.closed_ms) == (None, None, None)
        else:
            assert after.since_ms == before.since_ms


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_it_is_done_by_work_only_when_no_order_of_it_is_open(events: list[Event]) -> None:
    for before, event, after in course(events):
        if event.kind == "worked" and after.state != before.state:
            assert after.state == "done"
            assert "open" not in after.orders.values()
        assert set(before.orders) <= set(after.orders), "an order that it led to stays with it"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_what_who_asks_writes_waits_until_the_desk_gives_a_word(events: list[Event]) -> None:
    for before, event, after in course(events):
        if event.kind in BY_WHO_ASKS:
            assert after.unread
        elif event.kind in HEARD and not (event.kind == "followed" and event.person is None):
            assert not after.unread or (event.kind == "followed" and before.state in ("withdrawn", "merged"))
        if event.kind == "erased":
            assert after.erased
