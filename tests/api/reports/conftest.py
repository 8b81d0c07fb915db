"""The cast of the rounds, for reports of what they did."""

from tests.api.rounds.conftest import as_, at, estate

__all__ = ["as_", "at", "estate"]
