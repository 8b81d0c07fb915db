"""Where a phone was: the value of the private part `geo`, and how far that is from a place."""

from __future__ import annotations

from math import asin, cos, radians, remainder, sin, sqrt
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sync.scalars import Count
from sync.strict import StrictError, loads

Latitude = Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
Longitude = Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]

EARTH_M = 6_371_008.8
FAR_M = 100
"""So far beyond what its accuracy allows is far from a place: the code may hang on a wall of a large yard."""


class Geo(Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Where the phone was, the value of the private part `geo`.

    Degrees times 10^7; the accuracy in whole metres, or null when the phone gave none.
    """

    lat: Latitude
    lon: Longitude
    accuracy: Count | None
    age_ms: Count | None = None
    """How old the position was when the record was made, ms; absent where the phone did not say."""


def parse_geo(value: str) -> Geo | None:
    """Return the position in a private part `geo`, or None when it holds none."""
    try:
        return msgspec.convert(loads(value, max_bytes=1024, integers_only=True), Geo)
    except (StrictError, msgspec.ValidationError):
        return None


def geo_value(geo: Geo) -> str:
    """Return the text of a private part `geo`."""
    return msgspec.json.encode(geo).decode("ascii")


def distance_m(lat: int, lon: int, other_lat: int, other_lon: int) -> float:
    """Return the metres between two points of the globe, each in degrees times 10^7."""
    north, other_north = radians(lat / 1e7), radians(other_lat / 1e7)
    half_lat = (other_north - north) / 2
    half_lon = radians((other_lon - lon) / 1e7) / 2
    chord = sin(half_lat) ** 2 + cos(north) * cos(other_north) * sin(half_lon) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))


def offset_m(lat: int, lon: int, from_lat: int, from_lon: int) -> tuple[float, float]:
    """Return how many metres east and north of another point this one lies, on a plane.

    All in degrees times 10^7. It is for drawing: over hundreds of kilometres the plane is no globe.
    """
    east = remainder((lon - from_lon) / 1e7, 360) * cos(radians((lat + from_lat) / 2e7))
    return EARTH_M * radians(east), EARTH_M * radians((lat - from_lat) / 1e7)


def is_far(geo: Geo, lat: int, lon: int) -> bool:
    """Whether the phone was surely far from a place: beyond the accuracy it stated, and 100 m more.

    Without an accuracy nothing is sure.
    """
    if geo.accuracy is None:
        return False
    return distance_m(geo.lat, geo.lon, lat, lon) - geo.accuracy > FAR_M
