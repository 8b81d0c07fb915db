"""Rows of a phone's store that something damaged. `rows.json` is read by the tests of both phones.

Each is set aside and shown, nothing of it is sent, and all others go up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """A member of a saved record's row, and what became of it."""

    name: str
    member: str
    change: dict[str, Any]
    """`value` in its place, `append` after it, `cut` to a share of it; none of these: it is gone."""

    def of(self, good: str) -> Any:
        """Return what stands in the member's place; None when it is gone."""
        if "append" in self.change:
            return good + self.change["append"]
        if "cut" in self.change:
            return good[: int(len(good) * self.change["cut"])]
        return self.change.get("value")


def cases() -> Iterator[Row]:
    """Yield every case."""
    for case in json.loads(Path(__file__).with_suffix(".json").read_text("utf-8")):
        yield Row(case.pop("name"), case.pop("member"), case)
