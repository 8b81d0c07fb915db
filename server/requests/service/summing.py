"""The month of the desk in figures: complaints by whose matter they are, requests by kind, class and zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.requests.deadlines import as_of
from server.requests.models import Request
from server.sites import service as sites
from server.sites.models import Site

HOUR_MS = 3_600_000
FOLLOW_MS = 48 * HOUR_MS
"""P1-04: followed up within 48 hours."""


def month_of(session: Session, *, site: Site, from_ms: int, to_ms: int, now_ms: int) -> dict[str, Any]:
    """Return the figures of the requests that were opened between two moments.

    Merged ones are the same matter as another and are counted apart. What is not over yet is *open*:
    it is neither kept nor broken.
    """
    query = select(Request).where(
        Request.site_id == site.id, Request.opened_ms >= from_ms, Request.opened_ms < to_ms
    )
    every = session.scalars(query.order_by(Request.number)).all()
    counted = [one for one in every if one.state not in ("merged", "withdrawn")]
    teams = {team.id: team.name for team in sites.teams_of(session, site=site)}
    zones = sites.zone_names(session, site_id=site.id)
    places = sites.places_by_id(session, site_id=site.id)

    def zone(one: Request) -> UUID | None:
        place = places.get(one.target_id) if one.target_id else None
        return place.zone_id if place is not None else None

    complaints = [one for one in counted if one.kind == "complaint"]
    return {
        "requests": len(counted),
        "merged": sum(one.state == "merged" for one in every),
        "withdrawn": sum(one.state == "withdrawn" for one in every),
        "departments": [
            {"key": None, "name": teams.get(key) if key else None, **_figures(found, now_ms)}
            for key, found in _by(complaints, lambda one: one.department_id)
        ],
        "kinds": [
            {"key": key, "name": None, **_figures(found, now_ms)}
            for key, found in _by(counted, lambda one: one.kind)
        ],
        "classes": [
            {"key": key, "name": None, **_figures(found, now_ms)}
            for key, found in _by((one for one in counted if one.kind == "repair"), lambda one: one.class_)
        ],
        "zones": [
            {"key": None, "name": zones.get(key) if key else None, **_figures(found, now_ms)}
            for key, found in _by(counted, zone)
        ],
        "clauses": _clauses(counted, now_ms),
    }


def _figures(found: Sequence[Request], now_ms: int) -> dict[str, int]:
    closed = [one for one in found if one.state == "closed"]
    return {
        "received": len(found),
        "done": sum(one.state in ("done", "closed") for one in found),
        "open": sum(one.state in ("new", "open") for one in found),
        "satisfied": sum(one.satisfied is True for one in closed),
        "dissatisfied": sum(one.satisfied is False for one in found),
        "late": sum(
            any(line["state"] in ("late", "missed") for line in as_of(one.deadlines, now_ms=now_ms))
            for one in found
        ),
    }


def _clauses(found: Iterable[Request], now_ms: int) -> list[dict[str, Any]]:
    """Return clause → how many of its deadlines were kept, were not, or are still open."""
    states: dict[str, Counter[str]] = {}
    for one in found:
        for line in as_of(one.deadlines, now_ms=now_ms):
            states.setdefault(line["clause"], Counter())[line["state"]] += 1
    return [
        {
            "clause": clause,
            "due": sum(count.values()),
            "met": count["met"],
            "late": count["late"] + count["missed"],
            "open": sum(count.values()) - count["met"] - count["late"] - count["missed"],
        }
        for clause, count in sorted(states.items())
    ]


def _by(found: Iterable[Request], key: Callable[[Request], Any]) -> list[tuple[Any, list[Request]]]:
    groups: dict[Any, list[Request]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))
