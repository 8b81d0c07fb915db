"""The opening question of every view: who may.

A view declares it with `@policy(…)`, and the application does not start with a view that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar, cast

from flask import current_app, g, request

from server.clock import now_ms
from server.db import db
from server.people import access

Who = Literal["public", "phone", "member", "viewer", "supervisor", "administrator"]
"""`member` is anybody who is logged in; the roles are asked at the site that the address names."""

P = ParamSpec("P")
R = TypeVar("R")


def policy(who: Who, *, fresh: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare who may use a view, and see to it.

    With a role, and a view argument `site_id`, the person must have at least that role there: a
    site of somebody else is a 404, too small a role a 403. Unsafe methods must come from our own
    pages. `public` and `phone` (whose views check the proof) need no log-in.

    :param fresh: the password must have been given within the last ten minutes
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if who != "phone":
                access.check_origin(request, current_app.extensions["roundsman.settings"].public_url)
            if who not in ("public", "phone"):
                principal = access.enter(db.session(), request, now_ms=now_ms(), fresh=fresh)
                g.principal = principal
                site_id = kwargs.get("site_id")
                if site_id is not None and who != "member":
                    principal.site(db.session(), cast(Any, site_id), at_least=who)  # type: ignore[arg-type]
                elif who == "administrator":
                    principal.need_administrator()
                db.session.rollback()  # the view begins its own transaction
            return view(*args, **kwargs)

        guarded.policy = who  # type: ignore[attr-defined]
        return guarded

    return decorate
