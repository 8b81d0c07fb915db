"""Certificates of a trade that a stop can require, by the names under which authorities issue them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

KINDS = (
    "electrician_low",
    "electrician_high",
    "height",
    "welding",
    "cooling",
    "confined_space",
    "lift_safety",
    "lift_repair",
    "boiler",
    "pressure_vessel",
    "fire_control",
    "security_guard",
    "first_aid",
    "health",
    "water_hygiene",
    "pesticide",
)
"""Their words stand in the interface's texts (``cert.<kind>``)."""


def holds(certificates: Iterable[Mapping[str, Any]], kind: str, day: date) -> bool:
    """Tell whether one of a person's certificates is of the kind and valid on a day, its last day included.

    :param certificates: as they travel with the person: `kind`, and `until` (``2027-03-31`` or null)
    """
    return any(
        one["kind"] == kind and (one["until"] is None or day.isoformat() <= one["until"])
        for one in certificates
    )
