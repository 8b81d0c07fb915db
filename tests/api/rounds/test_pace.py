"""Who reads a sheet of codes instead of walking, and when it is seen."""

from __future__ import annotations

import pytest

from server.feed import service as feed
from server.ledger import logs
from server.sites import service as sites
from server.sites.models import Place
from tests.api.rounds.conftest import MIN, Estate, H
from tests.api.rounds.night import Night
from tests.conftest import FakeClock


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    return Night(estate, clock)


@pytest.fixture
def walls(night: Night) -> list[Place]:
    """Six places that no round asks for."""
    estate = night.estate
    made = [
        sites.make_place(
            estate.session,
            "checkpoint",
            site=estate.site,
            number=f"5{n}",
            name={"zh": "墙", "en": ""},
            now_ms=1,
        )
        for n in range(6)
    ]
    feed.commit(estate.session, now_ms=night.clock.ms)
    return made


def _read(night: Night, wall: Place, *, s: float) -> None:
    night.phone.scan(wall, night.estate.tag(wall), at_ms=night.start + int(s * 1_000))


def _marks(night: Night) -> list[list[str]]:
    night.estate.session.expire_all()
    return [visit.marks for visit in night.visits()]


def test_five_places_within_half_a_minute_are_a_burst(night: Night, walls: list[Place]) -> None:
    for n, wall in enumerate(walls):
        _read(night, wall, s=7 * n)

    assert night.push(2) == [[], [], [], [], ["burst"], ["burst"]]


def test_a_burst_is_seen_across_batches(night: Night, walls: list[Place]) -> None:
    for n, wall in enumerate(walls[:4]):
        _read(night, wall, s=7 * n)
    night.push(24 / 60)
    _read(night, walls[4], s=28)

    assert night.push(1) == [["burst"]]


def test_a_scan_that_comes_after_it_was_given_up_has_those_after_it_judged_again(
    night: Night, walls: list[Place]
) -> None:
    for n, wall in enumerate(walls[:5]):
        _read(night, wall, s=7 * n)
    lost = night.phone.outbox.pop(2)
    night.clock.ms = night.start + MIN
    assert _push(night) == ["applied", "applied", "held", "held"]
    night.clock.ms += 73 * H
    session = night.estate.session
    assert (
        logs.give_up_gaps(session, receipt_key=night.phone.receipt_key.public_key, now_ms=night.clock.ms) == 1
    )
    session.commit()
    assert "burst" not in _marks(night)[-1]

    night.phone.outbox = [lost]
    assert _push(night) == ["applied"]

    assert "burst" in _marks(night)[-1]


def _push(night: Night) -> list[str]:
    return [outcome.outcome for outcome in night.phone.push(now_ms=night.clock.ms).outcomes]
