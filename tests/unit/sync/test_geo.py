"""How far a phone was from a place, and when that is sure."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.geo import Geo, distance_m, geo_value, is_far, offset_m, parse_geo

GATE = (312_214_300, 1_214_512_800)
LATITUDES = st.integers(-900_000_000, 900_000_000)
LONGITUDES = st.integers(-1_800_000_000, 1_800_000_000)


@pytest.mark.parametrize(
    ("there", "metres"),
    [
        (GATE, 0),
        ((GATE[0] + 10_000, GATE[1]), 111.2),
        ((GATE[0], GATE[1] + 10_000), 95.1),
        ((-GATE[0], GATE[1] - 1_800_000_000), 20_015_115),
    ],
)
def test_distances_on_the_globe(there: tuple[int, int], metres: float) -> None:
    assert distance_m(*GATE, *there) == pytest.approx(metres, rel=0.001, abs=0.1)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_same_both_ways_and_never_beyond_half_the_globe(
    lat: int, lon: int, other_lat: int, other_lon: int
) -> None:
    there = distance_m(lat, lon, other_lat, other_lon)
    assert 0 <= there <= 20_015_116
    assert distance_m(other_lat, other_lon, lat, lon) == pytest.approx(there, abs=1e-3)


@pytest.mark.parametrize(
    ("east", "north", "metres"),
    [(0, 10_000, (0, 111.2)), (10_000, 0, (95.1, 0)), (-10_000, -10_000, (-95.1, -111.2)), (0, 0, (0, 0))],
)
def test_east_and_north_of_a_place(east: int, north: int, metres: tuple[float, float]) -> None:
    found = offset_m(GATE[0] + north, GATE[1] + east, *GATE)
    assert found == pytest.approx(metres, rel=0.001, abs=0.1)


@given(
    st.integers(-800_000_000, 800_000_000),
    LONGITUDES,
    st.integers(-50_000, 50_000),
    st.integers(-50_000, 50_000),
)
def test_what_is_drawn_is_as_far_as_what_is_said(lat: int, lon: int, north: int, east: int) -> None:
    """Also across the line where 180 degrees east is 180 degrees west."""
    other = (lon + east + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
    right, up = offset_m(lat + north, other, lat, lon)
    assert hypot(right, up) == pytest.approx(distance_m(lat + north, other, lat, lon), rel=0.001, abs=0.1)
    assert (right > 0, up > 0) == (east > 0, north > 0)


@pytest.mark.parametrize(
    ("accuracy", "metres", "far"),
    [(10, 105, False), (10, 115, True), (1_000, 1_050, False), (1_000, 1_150, True), (None, 50_000, False)],
)
def test_far_is_said_only_beyond_the_stated_accuracy(accuracy: int | None, metres: int, far: bool) -> None:
    lat = GATE[0] + round(metres / 111.195 * 10_000)
    assert is_far(Geo(lat, GATE[1], accuracy), *GATE) is far


def test_an_age_may_be_said_or_not() -> None:
    for geo in (Geo(1, 2, 3), Geo(1, 2, None, age_ms=8_000)):
        assert parse_geo(geo_value(geo)) == geo
    assert geo_value(Geo(1, 2, 3)) == '{"lat":1,"lon":2,"accuracy":3}'
    assert parse_geo('{"lat":1,"lon":2,"accuracy":3,"age_ms":-1}') is None
