"""Projects records that had their turn, a run of them in one savepoint."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.feed.service import savepoint
from server.ledger.appliers import Apply
from server.ledger.items import Item
from server.problems import trouble_of

logger = logging.getLogger(__name__)

Run = Sequence[tuple[Item, Apply]]
"""Records in the order of their turns, each with who projects it."""


def project(session: Session, organisation: UUID, run: Run, *, now_ms: int) -> None:
    """Project a run and note in its records what became of them; one that fails stops no other.

    The whole run is tried in one savepoint. Only when that fails is it undone, and each record
    projected in a savepoint of its own.

    :raises Exception: the database or the disk is in trouble: the whole push fails and comes again
    """
    if not run or _projected(session, organisation, run, now_ms=now_ms) is None:
        return
    for one in run:
        item, _ = one
        error = _projected(session, organisation, [one], now_ms=now_ms)
        if error is not None:
            logger.error("projection of %s failed", item.hash, exc_info=error)
            item.code, item.outcome = "server_error", "quarantined"


def _projected(session: Session, organisation: UUID, run: Run, *, now_ms: int) -> Exception | None:
    """Project records in one savepoint; return what undid all of it, None when nothing did."""
    added: list[tuple[Item, Iterable[str]]] = []
    try:
        with savepoint(session):
            for apply, items in by_applier(run).items():
                arrivals = [item.arrival(organisation, now_ms=now_ms) for item in items]
                added += zip(items, apply(session, arrivals), strict=True)
    except Exception as error:
        if trouble_of(error) is not None:
            raise  # no fault of the record: what fails for want of a disk must not go to quarantine
        return error
    for item, marks in added:
        item.mark(*marks)
        item.code, item.outcome = None, "applied"
    return None


def by_applier(run: Run) -> dict[Apply, list[Item]]:
    """Sort records under those who project them, each in the order of the run."""
    found: dict[Apply, list[Item]] = {}
    for item, apply in run:
        found.setdefault(apply, []).append(item)
    return found
