"""Projects `stock.move` and `stock.count`: what people took, brought and counted with a phone.

The mark that is set here is `not_here`: the site has no such part. It refuses nothing; such a move is
kept and moves nothing. Stock may become negative: two phones that took the last one both did so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.bulk import Bulk, as_uuid
from server.ledger import appliers
from server.ledger.appliers import Arrival
from server.stock.models import Part, StockCount, StockMove
from server.stock.service.levels import settle
from sync.stock import StockCount as CountPayload
from sync.stock import StockMove as MovePayload
from sync.stock import thousandths

OWN_MARKS = frozenset({"not_here"})

_MOVES, _COUNTS = Bulk(StockMove), Bulk(StockCount)


def register_all() -> None:
    """Have the ledger bring these records here."""
    appliers.register("stock.move", 1, apply_moves)
    appliers.register("stock.count", 1, apply_counts)


def apply_moves(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `stock.move`: one row each, and what there is of the parts afterwards."""
    here = _here(session, arrivals)
    rows, marks = [], []
    for arrival in arrivals:
        move = arrival.payload
        assert isinstance(move, MovePayload)  # noqa: S101  registered for this type
        row, mine = _row(arrival, move.part, here)
        rows.append(
            row
            | {
                "why": move.why,
                "milli": thousandths(move.quantity),
                "order_id": as_uuid(move.order) if move.order else None,
                "asset_id": as_uuid(move.asset) if move.asset else None,
            }
        )
        marks.append(mine)
    session.flush()
    _MOVES.insert(session, rows)
    settle(session, {row["part_id"] for row, mine in zip(rows, marks, strict=True) if not mine})
    return marks


def apply_counts(session: Session, arrivals: Sequence[Arrival]) -> list[Iterable[str]]:
    """Project `stock.count`: one row each. What there is stays until somebody confirms the count."""
    here = _here(session, arrivals)
    rows, marks = [], []
    for arrival in arrivals:
        count = arrival.payload
        assert isinstance(count, CountPayload)  # noqa: S101  registered for this type
        row, mine = _row(arrival, count.part, here)
        rows.append(row | {"milli": thousandths(count.counted)})
        marks.append(mine)
    _COUNTS.insert(session, rows)
    return marks


def _here(session: Session, arrivals: Sequence[Arrival]) -> set[tuple[UUID, UUID]]:
    """Return (site, part) of those parts that the records name and that there are."""
    named = {as_uuid(arrival.payload.part) for arrival in arrivals}  # type: ignore[union-attr]
    return set(session.execute(select(Part.site_id, Part.id).where(Part.id.in_(named))))


def _row(arrival: Arrival, part: str, here: set[tuple[UUID, UUID]]) -> tuple[dict[str, Any], Iterable[str]]:
    part_id = as_uuid(part)
    mine: frozenset[str] = frozenset() if (arrival.site_id, part_id) in here else OWN_MARKS
    actor, interval = arrival.body.envelope.actor, arrival.interval
    row = {
        "organisation_id": arrival.organisation_id,
        "hash": arrival.hash,
        "site_id": arrival.site_id,
        "device_id": arrival.device_id,
        "person_id": as_uuid(actor) if actor else None,
        "part_id": part_id,
        "lower_ms": interval.lower,
        "estimate_ms": interval.estimate,
        "upper_ms": interval.upper,
        "quality": interval.quality,
        "received_ms": arrival.received_ms,
        "marks": sorted({*arrival.marks} - OWN_MARKS | mine),
    }
    return row, mine
