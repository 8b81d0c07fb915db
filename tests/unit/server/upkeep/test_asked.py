"""What a rule says beforehand that it will ask of a counter is what it asks."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.upkeep.rules import DAY_MS, ByMeter, Cycle, Terms, asked, due
from server.upkeep.service import threads

T0 = 1_798_732_800_000
NOW = T0 + 900 * DAY_MS
CYCLES = st.lists(
    st.builds(
        Cycle,
        made_ms=st.just(T0),
        window=st.none(),
        step=st.one_of(st.none(), st.integers(1, 9)),
        ended_ms=st.one_of(st.none(), st.integers(T0, NOW)),
        done=st.booleans(),
    ),
    max_size=5,
)


@settings(max_examples=80, deadline=None)
@given(cycles=CYCLES, origin=st.sampled_from(("completion", "schedule")), rate=st.integers(0, 60))
def test_nothing_is_asked_that_was_not_said_beforehand(
    cycles: list[Cycle], origin: Literal["completion", "schedule"], rate: int
) -> None:
    terms = Terms(T0, None, ByMeter(every=1_000, open_ms=DAY_MS, origin=origin), 0)
    said = asked(terms, cycles, now_ms=NOW)
    questions: set[tuple[int, int]] = set()

    def used(from_ms: int, to_ms: int) -> int:
        questions.add((from_ms, to_ms))
        return (to_ms - from_ms) * rate // DAY_MS

    due(terms, cycles, used=used, now_ms=NOW)

    assert questions <= said
    assert len(said) <= 2 + len(cycles)


def test_many_counters_are_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[set[tuple[UUID, int, int]]] = []

    def risen(_session: object, wanted: set[tuple[UUID, int, int]]) -> dict[tuple[UUID, int, int], int]:
        questions.append(set(wanted))
        return {one: one[2] - one[1] for one in wanted}

    monkeypatch.setattr("server.upkeep.service.threads.meters.risen", risen)
    rising = threads.Rising(Session())
    ids = [UUID(int=n) for n in range(500)]
    counters = [rising.counter(one, [(n, 1_000)]) for n, one in enumerate(ids)]

    assert [used(n, 1_000) for n, used in enumerate(counters)] == [1_000 - n for n in range(500)]
    assert [len(some) for some in questions] == [500]
    assert counters[3](5, 7) == 2, "what nobody expected is asked by itself"
    assert questions[1:] == [{(ids[3], 5, 7)}]
