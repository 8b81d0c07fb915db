"""Special rounds 特巡: sent out at once, because of a storm, a power cut or a festival."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.problems import Invalid
from server.rounds.models import Plan
from server.rounds.service.assignment import Assignee
from server.rounds.service.plans import make_plan
from server.rounds.service.routes import route_of
from server.sites import service as sites
from server.sites.models import Site

GRACE_MIN: Final = 30


def send_special(
    session: Session,
    *,
    site: Site,
    why: str,
    text: str,
    minutes: int,
    route: UUID | None = None,
    stop: dict[str, Any] | None = None,
    assignee: Assignee | None = None,
    crew: int = 1,
    demand: str | None = None,
    now_ms: int,
) -> Plan:
    """Send out a round that begins now and ends in `minutes`: a plan of one window, there at once.

    :raises Invalid: as `make_plan`
    :raises NotFound: no such route on the site
    :raises EmptyRoute: the route has no stop
    """
    begin = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(site.time_zone)).replace(second=0, microsecond=0)
    end = begin + timedelta(minutes=minutes)
    if route is not None:
        of = route_of(session, site_id=site.id, route_id=route).name
    elif stop is not None:
        place = sites.places_by_id(session, site_id=site.id).get(stop["target"]["id"])
        of = place.name if place else {"zh": "", "en": ""}
    else:
        raise Invalid(errors={"json": {"route": ["Either a route, or a stop"]}})
    recurrence = {"kind": "once", "from": f"{begin:%Y-%m-%dT%H:%M}", "to": f"{end:%Y-%m-%dT%H:%M}"}
    return make_plan(
        session,
        site=site,
        name={"zh": f"特巡 · {of['zh']}"[:120], "en": f"Special round · {of['en'] or of['zh']}"[:120]},
        recurrence=recurrence,
        starts_on=begin.date(),
        route=route,
        stop=stop,
        ends_on=begin.date(),
        demand=demand,
        crew=crew,
        grace_min=GRACE_MIN,
        assignee=assignee,
        special={"why": why, "text": text},
        now_ms=now_ms,
    )
