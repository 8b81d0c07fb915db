"""The cast of the rounds, a pump with an hour counter, and a store."""

from __future__ import annotations

from tests.api.rounds.conftest import as_, at, estate
from tests.api.stock.conftest import store

__all__ = ["as_", "at", "estate", "store"]
