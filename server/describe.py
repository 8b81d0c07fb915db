"""What a view says of itself for the description of the API, where its parameters and bodies do not say it.

`server.apidocs` makes the document of these words, of the policies and of the schemas. The tests hold
every answer to it: a refusal that its view does not name here fails them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from server.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])


def refuses(*kinds: type[Problem]) -> Callable[[View], View]:
    """Name the refusals that are a view's own.

    What every view of its sort may answer (no log-in, too small a role, a body that does not fit …)
    is known: see `server.apidocs.refusals`.
    """

    def decorate(view: View) -> View:
        view.refuses = (*getattr(view, "refuses", ()), *kinds)  # type: ignore[attr-defined]
        return view

    return decorate


def speaks(asked: type[Struct] | None, told: type[Struct]) -> Callable[[View], View]:
    """Name the message of the protocol that a view takes (None: bare bytes), and the one that it gives."""

    def decorate(view: View) -> View:
        view.speaks = (asked, told)  # type: ignore[attr-defined]
        return view

    return decorate


def described(**members: Any) -> Callable[[View], View]:
    """Give members of the view's OpenAPI operation, such as `responses` and `parameters`."""

    def decorate(view: View) -> View:
        view.described = members  # type: ignore[attr-defined]
        return view

    return decorate
