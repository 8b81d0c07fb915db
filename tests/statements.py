"""Counts what a piece of the server asks of the database, by whatever way it asks.

The witness of the heads is written once a second at most, so as time passes: here with each request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy.pool.base import _ConnectionFairy

from server.keeping import witness


class Count:
    """How many statements there were."""

    statements = 0


@contextmanager
def counted() -> Iterator[Count]:
    """Count statements: each takes a cursor of its own, through SQLAlchemy and straight to the driver."""
    count, cursor = Count(), _ConnectionFairy.cursor

    def counting(self: _ConnectionFairy, *args: Any, **kwargs: Any) -> Any:
        count.statements += 1
        return cursor(self, *args, **kwargs)

    with patch.object(_ConnectionFairy, "cursor", counting), patch.object(witness, "EVERY_S", 0.0):
        yield count
