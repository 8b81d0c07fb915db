"""Routes that are compiled once per process, not once per application: tests make over a thousand of them.

Werkzeug writes and compiles two functions for each route, which takes longer than all the rest of
making an application. They are the same each time, for the routes are.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import Rule

_COMPILED = ("_parts", "_trace", "_converters", "arguments")
_known: dict[tuple[Any, ...], Rule] = {}


class KnownRule(Rule):
    """A route that takes over what an equal one before it was compiled to."""

    def compile(self) -> None:
        """Compile, or take over."""
        defaults = tuple(sorted((self.defaults or {}).items()))
        twin = _known.setdefault((self.rule, self.host, self.subdomain, self.merge_slashes, defaults), self)
        if twin is self:
            super().compile()
            return
        for name in _COMPILED:
            setattr(self, name, getattr(twin, name))
        for name in ("_build", "_build_unknown"):
            setattr(self, name, getattr(twin, name).__func__.__get__(self, None))


def compile_once() -> None:
    """Have every application of this process use such routes."""
    Flask.url_rule_class = KnownRule
