"""The story holds together at any hour: nobody is at two places, nothing happens before it begins."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from server.demo import plans, rota, story
from tests.conftest import T0

HOURS = range(24)


@pytest.mark.parametrize("hour", HOURS)
def test_it_happens_in_order_and_not_after_now(hour: int) -> None:
    until_ms = T0 + hour * story.HOUR_MS
    events = story.tell(until_ms)
    times = [event.at_ms for event in events]
    assert times == sorted(times)
    assert story.begin_ms(until_ms) <= times[0]
    assert times[-1] <= until_ms
    assert 2 <= (until_ms - times[0]) / (24 * story.HOUR_MS) < 3


@pytest.mark.parametrize("hour", HOURS)
def test_whoever_reads_a_code_is_signed_in_and_on_duty(hour: int) -> None:
    signed_in: dict[str, str] = {}
    for event in story.tell(T0 + hour * story.HOUR_MS):
        if isinstance(event, story.SignIn):
            signed_in[event.phone] = event.person
        elif isinstance(event, story.SignOut):
            del signed_in[event.phone]
        elif isinstance(event, story.Visit | story.Fill | story.Report | story.Foreign):
            assert signed_in[event.phone] == rota.on_duty(event.phone, event.at_ms), event


@pytest.mark.parametrize("hour", HOURS)
def test_a_phone_walks_one_round_at_a_time(hour: int) -> None:
    visits = [e for e in story.tell(T0 + hour * story.HOUR_MS) if isinstance(e, story.Visit | story.Fill)]
    for phone in rota.IDLE_MIN:
        walked = [(e.plan, e.from_ms) for e in visits if e.phone == phone]
        changes = [a for a, b in itertools.pairwise(walked) if a != b]
        assert len(changes) == len(set(changes)), f"phone {phone} went back and forth"


@pytest.mark.parametrize("hour", HOURS)
def test_every_visit_falls_into_its_window_or_the_grace(hour: int) -> None:
    by_key = {plan.key: plan for plan in plans.PLANS}
    windows = {
        (r.plan.key, r.from_ms): r
        for r in story.rounds(story.begin_ms(T0 + hour * story.HOUR_MS), T0 + hour * story.HOUR_MS)
    }
    for event in story.tell(T0 + hour * story.HOUR_MS):
        if isinstance(event, story.Visit):
            window = windows[event.plan, event.from_ms]
            assert by_key[event.plan] is window.plan
            assert window.from_ms <= event.at_ms < window.over_ms


@pytest.mark.parametrize("hour", HOURS)
def test_every_fate_is_told_whatever_the_hour(hour: int) -> None:
    until_ms = T0 + hour * story.HOUR_MS
    told = Counter(
        rota.fate(r.plan.key, r.recent).kind for r in story.rounds(story.begin_ms(until_ms), until_ms)
    )
    assert {"done", "late", "part", "missed", "excused", "clock"} <= told.keys()


@pytest.mark.parametrize("hour", HOURS)
def test_the_silent_phone_is_heard_of_no_more_after_it_fell_silent(hour: int) -> None:
    until_ms = T0 + hour * story.HOUR_MS
    events = [e for e in story.tell(until_ms) if getattr(e, "phone", None) == rota.SILENT_PHONE]
    last = next(
        r for r in story.rounds(story.begin_ms(until_ms), until_ms) if r.plan.key == "a1" and r.recent == 0
    )
    assert events[-1].at_ms < last.to_ms
    assert isinstance(events[-1], story.Sync)
