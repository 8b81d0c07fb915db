"""What is looked at when a property is taken over, beside the assets of the register. Pure.

Shared parts and papers are those of the ministry's rules for taking over, 物业承接查验办法,
articles 14 and 16.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

PARTS: Final = ("structure", "roof", "facade", "lobby", "stairs", "corridors", "roads", "greens")
"""Shared parts, which are no assets."""
PAPERS: Final = (
    "as_built",
    "acceptance",
    "pipes",
    "equipment",
    "manuals",
    "permits",
    "fire",
    "special",
    "warranty",
    "instructions",
)
"""Acceptance papers that whoever hands over owes."""
ITEMS: Final = (*PARTS, *PAPERS)
FOUND: Final = ("there", "defect", "missing")
"""There and in order; there with a defect; not there."""


def counts(found: Iterable[str | None]) -> dict[str, int]:
    """Return how many items there are, how many were looked at, and what was found of them.

    :param found: a word of `FOUND` for each item, None for one that nobody looked at yet
    """
    words = list(found)
    told = {word: words.count(word) for word in FOUND}
    return {"total": len(words), "checked": sum(told.values()), **told}
