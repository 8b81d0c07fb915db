"""Phones whose clocks say anything: nothing is refused or reordered, the bounds hold, the report stays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.ledger.models import Record, Verdict
from server.rounds.models import Occurrence, Visit
from server.rounds.service.judging import judge_all
from sync.phone.store import Store
from tests.api.field import PIN
from tests.conftest import T0
from tests.simulation import machine, truths
from tests.simulation.installation import Installation
from tests.simulation.play import YEAR, Play
from tests.simulation.pocket import Pocket

MIN, HOUR = 60_000, 3_600_000
ERRORS = {
    "ten years slow": -10 * YEAR,
    "1970": -1_795_438_800_000,
    "before 1970": -3_000_000_000_000,
    "in 2038": 2_147_483_648_000 - 1_795_438_800_000,
    "past 2038": 2_147_483_650_000 - 1_795_438_800_000,
    "in 9999": 251_000_000_000_000,
    "a day fast": 24 * HOUR,
    "an hour slow": -HOUR,
    "two minutes fast": 2 * MIN,
    "right": 0,
}
ZONES = ("Asia/Shanghai", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Nowhere/Atall")
AROUND_DST = 1_806_190_200_000
"""2027-03-28, the night in which Europe's clocks go forward an hour."""


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with machine.furnishing(None) as server:
        yield server


@pytest.fixture
def play(installation: Installation) -> Play:
    installation.begin_anew()
    return Play(installation)


def judged(play: Play) -> list[tuple[str, int | None, int, int, str, list[str]]]:
    """Return type, lower, estimate, upper, quality and marks of the first phone's records, in order."""
    with play.server.session() as session:
        truths.assert_times(session)
        rows = session.execute(
            select(
                Record.type,
                Verdict.lower_ms,
                Verdict.estimate_ms,
                Verdict.upper_ms,
                Verdict.quality,
                Verdict.marks,
                Verdict.outcome,
            )
            .join(Verdict, Verdict.hash == Record.hash)
            .where(Verdict.log == play.pocket(0).phone.log)
            .order_by(Verdict.seq)
        ).all()
    assert {row.outcome for row in rows} == {"applied"}, "nothing is refused for its time"
    return [tuple(row)[:6] for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize("zone", [ZONES[0], ZONES[-1]])
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
def test_a_clock_that_is_wrong_all_the_time_costs_nothing(play: Play, error: int, zone: str) -> None:
    """The anchor and the request tell the error, so the estimate is right to the second."""
    play.set_clock(0, error, zone)
    assert play.sync(0).complete
    play.pass_time(10 * MIN)
    play.finding(0, 0)
    made = play.server.clock.ms
    play.pass_time(30 * MIN)
    assert play.sync(0).complete

    *_, (kind, lower, estimate, upper, quality, marks) = judged(play)

    assert (kind, estimate, quality) == ("finding", made, "A")
    assert lower is not None
    assert lower <= made <= upper
    assert ("outside_bounds" in marks) == (abs(error) > 30 * MIN + MIN or error < -11 * MIN)


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations([0, -10 * YEAR, 11 * YEAR], 2)))
def test_a_clock_that_jumps_in_the_middle_of_a_round_reorders_nothing(
    play: Play, before: int, after: int
) -> None:
    assert play.sync(0).complete
    play.set_clock(0, before, "Asia/Shanghai")
    play.finding(0, 1)
    pocket = play.pocket(0)
    send = pocket.network.request

    def jump(method: str, path: str, headers: Any, body: bytes) -> Any:
        if path.endswith("push"):
            play.set_clock(0, after, "Europe/Berlin")
        return send(method, path, headers, body)

    pocket.network.request = jump  # type: ignore[method-assign]
    play.sync(0)
    pocket.network.request = send  # type: ignore[method-assign]
    play.finding(0, 0)
    play.sync(0)

    assert len(judged(play)) >= 4
    play.end()


def test_when_summer_time_begins_nothing_changes(play: Play) -> None:
    play.server.clock.ms = AROUND_DST
    play.pocket(0).restart(tz="Europe/Berlin")
    assert play.sync(0).complete
    for _ in range(4):
        play.pass_time(30 * MIN)
        play.finding(0, 0)
    assert play.sync(0).complete

    found = [(estimate, marks) for kind, _, estimate, _, _, marks in judged(play) if kind == "finding"]

    assert [after[0] - before[0] for before, after in itertools.pairwise(found)] == [30 * MIN] * 3
    assert all(not {"clock_back", "clock_jump"} & set(marks) for _, marks in found)
    berlin = ZoneInfo("Europe/Berlin")
    from datetime import UTC, datetime

    offsets = {datetime.fromtimestamp(ms / 1000, UTC).astimezone(berlin).utcoffset() for ms, _ in found}
    assert len(offsets) == 2, "the night is the one meant"


def test_a_zone_that_changes_is_marked_and_moves_no_moment(play: Play) -> None:
    assert play.sync(0).complete
    moments = []
    for zone in ZONES:
        play.set_clock(0, 0, zone)
        play.finding(0, 0)
        moments.append(play.server.clock.ms)
        play.pass_time(MIN)
    assert play.sync(0).complete

    found = [(estimate, marks) for kind, _, estimate, _, _, marks in judged(play) if kind == "finding"]

    assert [estimate for estimate, _ in found] == moments
    assert ["zone_changed" in marks for _, marks in found] == [False, True, True, True, True]


@pytest.mark.parametrize("back", [HOUR, 400 * 24 * HOUR])
def test_a_server_whose_own_clock_is_set_back_keeps_the_bounds_in_order(play: Play, back: int) -> None:
    assert play.sync(0).complete
    play.finding(0, 0)
    assert play.sync(0).complete
    play.server.clock.ms -= back
    play.finding(0, 0)
    play.sync(0)
    play.server.clock.ms += back + HOUR
    play.finding(0, 0)
    assert play.sync(0).complete

    lowers = [lower for _, lower, *_ in judged(play) if lower is not None]

    assert lowers == sorted(lowers)


Steps = st.lists(
    st.tuples(
        st.sampled_from(["finding", "sync", "restart"]),
        st.integers(0, 3 * 24 * HOUR),
        st.one_of(st.sampled_from(list(ERRORS.values())), st.integers(-20 * YEAR, 60 * YEAR)),
        st.sampled_from(ZONES),
    ),
    max_size=8,
)


@settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(steps=Steps)
def test_whatever_a_clock_does_nothing_is_refused_and_the_truth_lies_within_the_bounds(
    installation: Installation, steps: list[tuple[str, int, int, str]]
) -> None:
    installation.begin_anew()
    play = Play(installation)
    made: dict[str, int] = {}
    for act, pause, error, zone in [*steps, ("finding", 0, 0, ZONES[0])]:
        play.pass_time(pause)
        play.set_clock(0, error, zone)
        if act == "finding":
            play.finding(0, 0)
            made[play.pocket(0).store.records()[-1].hash] = play.server.clock.ms
        elif act == "sync":
            play.sync(0)
        else:
            play.restart(0)
    assert play.sync(0).complete
    judged(play)
    with play.server.session() as session:
        rows = session.execute(
            select(Verdict.hash, Verdict.lower_ms, Verdict.upper_ms).where(Verdict.hash.in_(made))
        ).all()
    assert len(rows) == len(made)
    for found, lower, upper in rows:
        assert upper is not None
        assert lower is None or lower <= made[found]
        assert made[found] <= upper


# -- R8: late data corrects the report -------------------------------------------------


def report(play: Play) -> list[tuple[Any, ...]]:
    """Return what the board says of the rounds: state and how much of it was done."""
    with play.server.session() as session:
        occurrences = session.scalars(select(Occurrence).order_by(Occurrence.from_ms).limit(4)).all()
        judged = judge_all(
            session,
            site_id=play.server.furnished.site,
            occurrences=list(occurrences),
            now_ms=play.server.clock.ms,
        )
        return [
            (str(one.occurrence.id), one.judgement.state, one.judgement.done, one.judgement.end_ms)
            for one in judged
        ]


def visits(play: Play) -> list[str]:
    """Return what was done where and when, whatever came first."""
    with play.server.session() as session:
        rows = session.execute(
            select(
                Visit.occurrence_id, Visit.stop_id, Visit.person_id, Visit.estimate_ms, Visit.answers
            ).where(Visit.scanned)
        ).all()
    return sorted(repr(tuple(row)) for row in rows)


def third_phone(play: Play) -> None:
    """Let Liu have a phone of his own."""
    pocket = Pocket("c", play.server, Store())
    pocket.join()
    assert pocket.phone.sync().complete
    assert pocket.phone.sign_in(str(play.server.furnished.people["liu"]), PIN).ok
    play.pockets.append(pocket)
    play.captured.update(pocket.held())


def walked(play: Play, order: tuple[int, ...]) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Let three phones walk two rounds, and sync in an order; return the report and the visits."""
    third_phone(play)
    for who in (0, 1, 2):
        assert play.sync(who).complete
    for number, (who, place) in enumerate([(0, 0), (1, 1), (2, 2), (1, 0), (0, 1), (2, 0), (0, 2)]):
        play.server.clock.ms += 3 * MIN
        play.scan(who, place, fill=place == 1)
        if number == 3:  # the second round begins at midnight
            play.server.clock.ms = T0 + 4 * HOUR
    play.server.clock.ms += 6 * HOUR
    for who in order:
        play.sync(who)
        play.server.clock.ms += HOUR
    play.server.clock.ms = T0 + 30 * HOUR
    for who in (0, 1, 2):
        assert play.sync(who).complete
    return report(play), visits(play)


def test_phones_that_sync_in_any_order_give_the_report_of_the_sorted_truth(
    installation: Installation,
) -> None:
    found = []
    for order in itertools.permutations((0, 1, 2)):
        installation.begin_anew()
        found.append(walked(Play(installation), order))

    states, done = found[0]
    assert len(done) == 7
    assert sum(done_stops for _, _, done_stops, _ in states) >= 6
    for others in found[1:]:
        assert others == (states, done)
