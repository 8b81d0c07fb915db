"""Garden Court, whose assets are tried here."""

from tests.api.rounds.conftest import As, Estate, as_, at, estate

__all__ = ["As", "Estate", "as_", "at", "estate"]
