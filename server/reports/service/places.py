"""Checkpoints and assets that nobody scanned for some days."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.rounds.models import Stop, Visit
from server.sites import service as sites
from server.sites.models import Site

DAY_MS = 86_400_000


def places_view(session: Session, *, site: Site, days: int, now_ms: int) -> dict[str, Any]:
    """Return the places in use that were not scanned for `days` days, the longest silent first.

    A place is in use while it is not retired and a route stops there; every checkpoint is. A scan counts
    by its estimated time, when it read the place's own code.
    """
    since_ms = now_ms - days * DAY_MS
    on_routes = set(
        session.scalars(select(Stop.target_id).where(Stop.site_id == site.id, Stop.removed_ms.is_(None)))
    )
    places = {
        place.id: place
        for place in sites.places_by_id(session, site_id=site.id).values()
        if not place.retired and (place.kind == "checkpoint" or place.id in on_routes)
    }
    last = _last_scans(session, site.id)
    rows: list[dict[str, Any]] = [
        {
            "place": {"kind": place.kind, "id": place.id, "number": place.number, "name": place.name},
            "on_route": place.id in on_routes,
            "last_ms": last.get(place.id),
            "days": None if place.id not in last else (now_ms - last[place.id]) // DAY_MS,
        }
        for place in places.values()
        if last.get(place.id, -1) < since_ms or place.id not in last
    ]
    rows.sort(key=lambda row: (row["last_ms"] or -1, row["place"]["number"]))
    return {"days": days, "places": rows, "in_use": len(places), "now_ms": now_ms}


def _last_scans(session: Session, site_id: UUID) -> dict[UUID, int]:
    query = (
        select(Visit.target_id, func.max(Visit.estimate_ms))
        .where(Visit.site_id == site_id, Visit.target_id.is_not(None), Visit.scanned, Visit.result == "known")
        .group_by(Visit.target_id)
    )
    return {place: at for place, at in session.execute(query) if place is not None}
