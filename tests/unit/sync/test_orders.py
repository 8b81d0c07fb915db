"""The fold of a work order: the vectors, and that no order of arrival changes what comes of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.orders import KEEP, OFFICE, RECORDS, UNDER_WAY, folded
from sync.orders.office import OfficeSteps
from sync.orders.words import ONLY_DONE, ONLY_SAID
from tests.unit.sync.vectors import vectors
from tests.vectors.cases.orders import ANN, BEN, OPEN, TO_ANN, TO_CREW, did, person, said

VECTORS: dict[str, Any] = vectors("orders")


@pytest.mark.parametrize("case", VECTORS["folds"], ids=lambda case: case["name"])
def test_what_becomes_of_an_order(case: dict[str, Any]) -> None:
    assert folded(case["start"], case["events"]) == case["state"]
    assert folded(case["start"], list(reversed(case["events"]))) == case["state"]


def test_every_word_has_a_step_and_is_in_the_vectors() -> None:
    used = {(bool(event.get("log")), event["kind"]) for case in VECTORS["folds"] for event in case["events"]}
    for is_record, words, plain, side in (
        (True, RECORDS, ONLY_SAID, "record"),
        (False, OFFICE, ONLY_DONE, "act"),
    ):
        for word in words:
            assert word in plain or hasattr(OfficeSteps, f"_{side}_{word}"), word
            assert (is_record, word) in used, word


def test_every_conflict_is_settled_both_ways_in_the_vectors() -> None:
    settled = {
        (one["kind"], one["settled"]["keep"])
        for case in VECTORS["folds"]
        for one in case["state"]["conflicts"]
        if one.get("settled")
    }
    assert settled >= {(kind, keep) for kind, two in KEEP.items() for keep in two}


# -- whatever order they come in ----------------------------------------------------------------

WORDS: dict[str, dict[str, Any]] = {
    "accept": {},
    "return": {"reason": "busy"},
    "pass": {"to": BEN},
    "arrive": {"scan": None},
    "leave": {"scan": None},
    "pause": {"reason": "parts", "until_ms": None},
    "resume": {},
    "labour": {"minutes": 5, "people": 2},
    "complete": {"result": "fixed", "answers": None},
    "verify": {"ok": False},
    "follow": {"satisfied": True},
    "sign": {"by": "customer"},
    "set": {"field": "place", "from": "3-9", "to": "3-11"},
}
DEEDS: dict[str, dict[str, Any]] = {
    "dispatch": {"to": person(BEN)},
    "recall": {},
    "cancel": {"why": "x"},
    "reopen": {},
    "change": {"place": "3-10", "urgency": "urgent"},
    "double": {"into": "W-0009"},
    "propose": {"amount": "10.00", "text": "x"},
    "approve": {},
    "decline": {},
    "verify": {"ok": True},
    "follow": {"satisfied": False},
}


@st.composite
def stories(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Three stacked acts on each of two phones, and what the office did; heard at any time."""
    events = []
    for who in (ANN, BEN):
        moments = sorted(draw(st.lists(st.integers(1, 60), min_size=3, max_size=3)))
        heard = draw(st.integers(0, 60))
        for seq, moment in enumerate(moments, start=1):
            word = draw(st.sampled_from(sorted(WORDS)))
            saw = draw(st.integers(0, 4))
            events.append(said(who, seq, moment, word, heard=moment + heard, saw=saw, **WORDS[word]))
    for number, moment in enumerate(sorted(draw(st.lists(st.integers(1, 120), max_size=3))), start=2):
        deed = draw(st.sampled_from(sorted(DEEDS)))
        events.append(did(number, moment, deed, **DEEDS[deed]))
    return draw(st.sampled_from([OPEN, TO_ANN, TO_CREW])), events


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same(
    story: tuple[dict[str, Any], list[dict[str, Any]]], shuffle: Any
) -> None:
    start, events = story
    shuffled = [*events, events[0]]  # and once more what came already
    shuffle.shuffle(shuffled)

    assert folded(start, shuffled) == folded(start, events)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_nothing_that_was_done_is_lost(story: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    start, events = story
    state = folded(start, events)
    ids = {event["id"] for event in events}

    completed = [event["id"] for event in events if event["kind"] == "complete"]
    assert sorted(state["completions"]) == sorted(completed), "every completion is evidence"
    assert state["labour_min"] == sum(
        event["p"]["minutes"] * event["p"]["people"] for event in events if event["kind"] == "labour"
    )
    assert len(state["arrivals"]) == sum(event["kind"] == "arrive" for event in events)
    assert set(state["kept"]) <= ids
    assert {one["event"] for one in state["conflicts"]} <= ids
    assert (state["done"] is not None) == (state["state"] in ("done", "verified", "closed"))
    assert (state["paused"] is not None) == (state["state"] == "paused")
    if state["state"] in UNDER_WAY:
        assert state["cancelled"] is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_a_phone_that_folds_over_the_row_sees_what_the_server_will(
    story: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    """Of what comes after everything else, the state and the holder are the same from the row on."""
    start, events = story
    row = folded(start, events)
    last = max(event["at_ms"] for event in events) + 1
    mine = said(ANN, 9, 0, "arrive", scan=None) | {"at_ms": last, "received_ms": last + 1}
    members = {name: row[name] for name in ("state", "assignee", "holder", "urgency", "class", "place")}
    again = {
        **members,
        "opened_ms": start["opened_ms"],
        "title": row["title"],
        "due_ms": row["due_ms"],
        "paused": row["paused"],
        "done": row["done"],
    }

    whole, local = folded(start, [*events, mine]), folded(again, [mine])

    assert {name: whole[name] for name in ("state", "holder", "assignee")} == {
        name: local[name] for name in ("state", "holder", "assignee")
    }
    assert msgspec.json.encode(whole)
