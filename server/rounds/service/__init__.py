"""What may be done with rounds: the functions that views, the demo and periodic work call."""

from server.rounds.service.cutting import cut_ahead, excuse, occurrence_of
from server.rounds.service.plans import change_plan, make_plan, plan_bodies, plan_of, plans_of
from server.rounds.service.routes import (
    EmptyRoute,
    StopSpec,
    change_route,
    count_use,
    make_route,
    route_of,
    routes_of,
    stops_of,
)

__all__ = [
    "EmptyRoute",
    "StopSpec",
    "change_plan",
    "change_route",
    "count_use",
    "cut_ahead",
    "excuse",
    "make_plan",
    "make_route",
    "occurrence_of",
    "plan_bodies",
    "plan_of",
    "plans_of",
    "route_of",
    "routes_of",
    "stops_of",
]
