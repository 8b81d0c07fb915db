"""What may be done with rounds: the functions that views, the demo and periodic work call."""

from server.rounds.service.cutting import cut_ahead, excuse, occurrence_of
from server.rounds.service.plans import change_plan, make_plan, plan_bodies, plan_of, plans_of
from server.rounds.service.posts import PostInUse, change_post, make_post, posts_of, remove_post
from server.rounds.service.preview import month, preview
from server.rounds.service.routes import (
    EmptyRoute,
    StopSpec,
    change_route,
    count_use,
    make_route,
    route_of,
    routes_of,
    stops_of,
    terms_of,
)
from server.rounds.service.special import send_special
from server.rounds.service.telling import corrected_of, tell

__all__ = [
    "EmptyRoute",
    "PostInUse",
    "StopSpec",
    "change_plan",
    "change_post",
    "change_route",
    "corrected_of",
    "count_use",
    "cut_ahead",
    "excuse",
    "make_plan",
    "make_post",
    "make_route",
    "month",
    "occurrence_of",
    "plan_bodies",
    "plan_of",
    "plans_of",
    "posts_of",
    "preview",
    "remove_post",
    "route_of",
    "routes_of",
    "send_special",
    "stops_of",
    "tell",
    "terms_of",
]
