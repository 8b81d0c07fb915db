"""Bad input by class, each case with the answer that is expected of it.

The expectations are written by hand from ``docs/protocol/``, apart from the code that is tried.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refused:
    """A request that must be refused: what is sent, and status and slug of the answer."""

    name: str
    body: bytes
    status: int = 400
    slug: str = "bad-message"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """A record that must be kept: its body, and the code under which it goes to quarantine.

    None as code: it is a good record, however odd it looks.
    """

    name: str
    body: str
    code: str | None = "schema"
