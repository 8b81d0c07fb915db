"""Where a scan was made, as far as its record says so and it is still kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.sites.models import Place
from sync.geo import distance_m, is_far, offset_m, parse_geo
from sync.payloads import PlacedScan
from sync.records import Body


def whereabouts(body: Body, private: Mapping[str, str], place: Place | None) -> dict[str, Any]:
    """Return what the record says of its place, and how far that is from where it should be.

    How far is computed at each look: the position of a place is often entered later than its scans.

    :param private: the record's private parts that are still kept, by name
    :param place: the checkpoint or asset, with its own position where that is known
    """
    geo = parse_geo(private["geo"]) if "geo" in private else None
    if geo is None:
        return {"geo": None, "location": _without(body)}
    there = place.position if place is not None else None
    away = distance_m(geo.lat, geo.lon, there["lat"], there["lon"]) if there else None
    east, north = offset_m(geo.lat, geo.lon, there["lat"], there["lon"]) if there else (None, None)
    return {
        "geo": {
            "lat": geo.lat,
            "lon": geo.lon,
            "accuracy": geo.accuracy,
            "age_ms": geo.age_ms,
            "away_m": None if away is None else round(away),
            "east_m": None if east is None else round(east),
            "north_m": None if north is None else round(north),
            "far": there is not None and is_far(geo, there["lat"], there["lon"]),
        },
        "location": "given",
    }


def _without(body: Body) -> str:
    """Return why there is no place: it was, and is gone; or what the phone said."""
    if "geo" in body.envelope.private:
        return "gone"
    said = body.payload.location if isinstance(body.payload, PlacedScan) else "unsaid"
    return "unavailable" if said == "given" else said
