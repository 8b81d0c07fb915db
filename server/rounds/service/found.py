"""Who else hears of findings: orders, which stand above this feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy.orm import Session


class Found:
    """Told what was found, in the push of its records; whoever listens never commits."""

    listeners: ClassVar[list[Callable[[Session, Sequence[Mapping[str, Any]], int], None]]] = []
    """Each gets the session, rows of the table `finding`, and now in ms."""

    @classmethod
    def tell(cls, session: Session, findings: Sequence[Mapping[str, Any]], now_ms: int) -> None:
        """Tell all of them."""
        for listener in cls.listeners:
            listener(session, findings, now_ms)
