"""Where a phone was: the value of the private part `geo`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sync.scalars import Count
from sync.strict import StrictError, loads


class Geo(Struct, forbid_unknown_fields=True, frozen=True):
    """Where the phone was, the value of the private part `geo`.

    Degrees times 10^7; the accuracy in whole metres, or null when the phone gave none.
    """

    lat: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    accuracy: Count | None


def parse_geo(value: str) -> Geo | None:
    """Return the position in a private part `geo`, or None when it holds none."""
    try:
        return msgspec.convert(loads(value, max_bytes=1024, integers_only=True), Geo)
    except (StrictError, msgspec.ValidationError):
        return None


def geo_value(geo: Geo) -> str:
    """Return the text of a private part `geo`."""
    return msgspec.json.encode(geo).decode("ascii")
