"""Which limits held when: for the bands of a chart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.meters.models import Meter, MeterEdition
from sync.meters import limits_on

DAY_MS = 86_400_000


def bands(
    session: Session, *, meter: Meter, time_zone: str, from_ms: int, to_ms: int
) -> list[dict[str, Any]]:
    """Return, for the time from `from_ms` to before `to_ms`, the limits of each part of it in order.

    A new edition begins with its moment, a season with the day of the site.
    """
    editions = session.execute(
        select(MeterEdition.since_ms, MeterEdition.definition)
        .where(MeterEdition.meter_id == meter.id)
        .order_by(MeterEdition.edition)
    ).all()
    found: list[dict[str, Any]] = []
    for i, edition in enumerate(editions):
        begins = from_ms if i == 0 else max(from_ms, edition.since_ms)
        ends = to_ms if i + 1 == len(editions) else min(to_ms, editions[i + 1].since_ms)
        if begins < ends:
            for part in _by_day(edition.definition, ZoneInfo(time_zone), begins, ends):
                if found and found[-1]["limits"] == part["limits"]:
                    found[-1]["to_ms"] = part["to_ms"]
                else:
                    found.append(part)
    return found


def _by_day(definition: Mapping[str, Any], zone: ZoneInfo, begins: int, ends: int) -> list[dict[str, Any]]:
    if not definition.get("seasons"):
        return [{"from_ms": begins, "to_ms": ends, "limits": dict(definition.get("limits", {}))}]
    parts: list[dict[str, Any]] = []
    at = begins
    while at < ends:
        day = datetime.fromtimestamp(at / 1000, zone).date()
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
        after = min(ends, int(midnight.timestamp() * 1000))
        limits = dict(limits_on(definition, day))
        if parts and parts[-1]["limits"] == limits:
            parts[-1]["to_ms"] = after
        else:
            parts.append({"from_ms": at, "to_ms": after, "limits": limits})
        at = after
    return parts
