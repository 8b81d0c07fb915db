"""For how long what is recorded of people is kept. Pure."""

from __future__ import annotations

PLACE_DAYS = 90
PHOTO_DAYS = 730
"""What the text on the phones promises: at most so long. Keeping longer takes another text."""

LEAST_DAYS = 7
"""So long is needed to look into what happened."""

DAY_MS = 86_400_000


def days(most: int, installation: int, chosen: int | None) -> int:
    """Return how many days hold for an organisation: what it chose, never more than the installation."""
    return min(most, installation, most if chosen is None else chosen)
