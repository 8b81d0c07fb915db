"""Recurrences as tests need them."""

from __future__ import annotations

from typing import Any


def daily(*windows: tuple[str, str], rule: str = "FREQ=DAILY", **members: Any) -> dict[str, Any]:
    """Return a recurrence with these windows on the days of a rule."""
    times = [{"from": start, "to": end} for start, end in windows]
    return {"kind": "calendar", "rule": rule, "windows": times} | members
