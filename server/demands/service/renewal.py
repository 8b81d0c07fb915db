"""What taking over a newer template does to one member of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

Becomes = Literal["follows", "by_hand", "waits"]


@dataclass(frozen=True, slots=True)
class Renewal:
    """One member of one thing in which the template says something else than it said."""

    kind: str
    id: UUID
    name: dict[str, str]
    """How the thing is called at the site now."""
    member: str
    becomes: Becomes
    was: Any
    """Before and after as a person is told: a value, how many stops or fields, None of what a plan walks."""
    will: Any
