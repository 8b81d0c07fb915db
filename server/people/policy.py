"""The opening question of every view: who may.

A view declares it with `@policy(…)`, and the application does not start with a view that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar, get_args

from flask import Flask, current_app, g, request
from werkzeug.routing import Rule

from server.clock import now_ms
from server.db import db
from server.people import access
from server.people.roles import CAPABILITIES, Capability

Open = Literal["public", "phone", "member"]
"""`public` asks nothing, `phone` has a proof that its view checks, `member` is anybody logged in."""

P = ParamSpec("P")
R = TypeVar("R")


class UndeclaredPolicy(RuntimeError):
    """A route does not say who may use it; the server does not start."""


def policy(
    who: Open | Capability, *, fresh: bool = False, unready: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare who may use a view, and see to it.

    A capability is asked of the person's role at the site that the address names (`site_id`): a
    site of somebody else is a 404, a role that does not have it a 403. `administer` on an address
    without a site is asked of the organisation. Unsafe methods must come from our own pages.

    :param fresh: the password or a passkey must have been given within the last ten minutes
    :param unready: also for who must set up a second factor before anything else
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if who != "phone":
                access.check_origin(request, current_app.extensions["roundsman.settings"].public_url)
            if who not in ("public", "phone"):
                _enter(who, kwargs, fresh=fresh, unready=unready)
            return view(*args, **kwargs)

        guarded.policy = who  # type: ignore[attr-defined]
        guarded.fresh = fresh  # type: ignore[attr-defined]
        guarded.unready = unready  # type: ignore[attr-defined]
        return guarded

    return decorate


def _enter(who: str, arguments: dict[str, Any], *, fresh: bool, unready: bool) -> None:
    session = db.session()
    principal = access.enter(session, request, now_ms=now_ms(), fresh=fresh, unready=unready)
    g.principal = principal
    if who in CAPABILITIES:
        if "site_id" in arguments:
            g.here = principal.site(session, arguments["site_id"], may=who)
        else:
            principal.need_administrator()
    session.rollback()  # the view begins its own transaction


def check_declared(app: Flask) -> None:
    """Look at every route once, before the first request.

    :raises UndeclaredPolicy: a route declares nothing, or asks for a capability of no site
    """
    for rule in app.url_map.iter_rules():
        fault = _fault(rule, getattr(app.view_functions[rule.endpoint], "policy", None))
        if fault:
            raise UndeclaredPolicy(f"{rule.rule} ({rule.endpoint}): {fault}")


def _fault(rule: Rule, who: str | None) -> str | None:
    names_site = "site_id" in rule.arguments
    if who in CAPABILITIES:
        nowhere = not names_site and who != "administer"
        return "a role is asked for, and no site is named" if nowhere else None
    if who not in get_args(Open):
        return f"no policy, or an unknown one: {who}"
    # whoever is merely logged in has no business at a site: it would be everybody's
    return "a site is named, and nobody asks for a role there" if names_site else None


def declare_public(app: Flask, endpoint: str) -> None:
    """Say of a view that a library made that everybody may use it."""
    view = app.view_functions[endpoint]

    def open_to_all(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    app.view_functions[endpoint] = policy("public")(wraps(view)(open_to_all))
