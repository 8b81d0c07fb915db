"""Whether the server may believe its own clock.

An anchor is the server's word about time, so it gives none while its clock says less than what it has
already stated: either that was wrong, or this is. See ``docs/protocol/time.md``.
"""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger.models import Receipt

BACK_MS = 60_000
"""So far the clock may fall behind what was stated: a correction, and no doubt about the time."""

log = logging.getLogger(__name__)

_stated: WeakKeyDictionary[Any, dict[UUID, int]] = WeakKeyDictionary()
"""Engine → organisation → the latest moment that this process has stated, ms."""


def behind_ms(session: Session, organisation: UUID, now_ms: int) -> int:
    """Return by how much the clock is behind what was stated, 0 when it may be believed; note `now_ms`."""
    known = _stated.setdefault(session.get_bind(), {})
    if organisation not in known:
        newest = session.scalar(
            select(Receipt.received_ms)
            .where(Receipt.organisation_id == organisation)
            .order_by(Receipt.id.desc())
            .limit(1)
        )
        known[organisation] = newest or now_ms
    behind = known[organisation] - now_ms
    if behind <= BACK_MS:
        known[organisation] = max(known[organisation], now_ms)
        return 0
    log.warning("the clock is %d s behind what was stated: no anchors are given", behind // 1000)
    return behind
