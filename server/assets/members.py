"""The members of a card, by name. Pure."""

from __future__ import annotations

from typing import Final

MEMBERS: Final = (
    "category",
    "zone",
    "maker",
    "model",
    "serial",
    "installed_on",
    "criticality",
    "photo",
    "procedure",
    "standard",
    "registration",
    "duty",
)
"""What a card may lack. `registration` and `duty` are asked of special equipment alone."""

STATES: Final = ("running", "stopped", "standby")
"""What may be said of an asset. `retired` is the office's: it is taken down."""
