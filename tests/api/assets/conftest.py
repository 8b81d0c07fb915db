"""Garden Court's pump and what is read on it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.meters import service as meters
from server.meters.models import Meter
from server.sites import service as sites
from server.sites.models import Place
from tests.api.rounds.conftest import As, Estate, as_, at, estate
from tests.conftest import FakeClock

__all__ = ["As", "Estate", "as_", "at", "estate"]

PRESSURE: dict[str, Any] = {
    "unit": "MPa",
    "decimals": 2,
    "kind": "gauge",
    "limits": {"alarm_low": "0.25", "warn_low": "0.30", "warn_high": "0.60", "alarm_high": "0.65"},
}
WATER: dict[str, Any] = {"unit": "m³", "decimals": 1, "kind": "counter", "max": "99999.9", "jump": "10"}


@pytest.fixture
def pump(estate: Estate, session: Session, clock: FakeClock) -> Place:
    place = sites.make_place(
        session,
        "asset",
        site=estate.site,
        number="SB-02",
        name={"zh": "生活水泵", "en": "Booster pump"},
        now_ms=clock.ms,
    )
    feed.commit(session, now_ms=clock.ms)
    return place


def make(estate: Estate, pump: Place, key: str, definition: dict[str, Any], **more: Any) -> Meter:
    """Make a meter on the pump."""
    meter = meters.make_meter(
        estate.session,
        site=estate.site,
        asset_id=pump.id,
        key=key,
        name={"zh": "表", "en": key},
        now_ms=estate.clock.ms,
        since_ms=0,
        **definition,
        **more,
    )
    feed.commit(estate.session, now_ms=estate.clock.ms)
    return meter


@pytest.fixture
def pressure(estate: Estate, pump: Place) -> Meter:
    return make(estate, pump, "pressure", PRESSURE)


@pytest.fixture
def water(estate: Estate, pump: Place) -> Meter:
    return make(estate, pump, "water", WATER, medium="water")
