"""What was used up and what it cost: per month, part, asset and work order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.orm import Session

from server.bulk import as_uuid
from server.sites.models import Site
from server.stock.models import StockEntry, StockMove
from server.stock.rules import price_at
from server.stock.service.moves import Move, of_entry, of_move
from server.stock.service.parts import prices_of

COSTING = ("used", "returned", "written_off")
"""What is used up; what came back is taken off again."""


@dataclass
class Sum:
    """What a number of moves cost. `unpriced` counts those of parts without a price."""

    mille: int = 0
    """Thousandths of a fen."""
    unpriced: int = 0

    def add(self, milli: int, fen: int | None) -> None:
        """Add a move: how much came or went, and the price in force then."""
        if fen is None:
            self.unpriced += 1
        else:
            self.mille -= milli * fen

    @property
    def fen(self) -> int:
        """The cost, rounded half up once."""
        return (self.mille + 500) // 1000


@dataclass
class Costs:
    """Sums of a stretch of time."""

    total: Sum = field(default_factory=Sum)
    by_month: dict[str, Sum] = field(default_factory=dict)
    by_part: dict[UUID, Sum] = field(default_factory=dict)
    by_asset: dict[UUID | None, Sum] = field(default_factory=dict)
    by_order: dict[UUID | None, Sum] = field(default_factory=dict)


def costs_of(session: Session, *, site: Site, from_ms: int, to_ms: int) -> Costs:
    """Return what was used up from `from_ms` on and before `to_ms`, at the prices in force then."""
    found = Costs()
    zone = ZoneInfo(site.time_zone)
    moves = _moves(session, site.id, from_ms, to_ms)
    prices = prices_of(session, {move.part_id for move in moves})
    for move in moves:
        month = f"{datetime.fromtimestamp(move.at_ms / 1000, zone):%Y-%m}"
        fen = price_at(prices.get(move.part_id, []), move.at_ms)
        for total in (
            found.total,
            found.by_month.setdefault(month, Sum()),
            found.by_part.setdefault(move.part_id, Sum()),
            found.by_asset.setdefault(move.asset_id, Sum()),
            found.by_order.setdefault(move.order_id, Sum()),
        ):
            total.add(move.milli, fen)
    return found


def cost_of_moves(session: Session, moves: Iterable[Move]) -> Sum:
    """Return what the moves of an asset or of a work order cost."""
    taken = [move for move in moves if move.why in COSTING]
    prices = prices_of(session, {move.part_id for move in taken})
    total = Sum()
    for move in taken:
        total.add(move.milli, price_at(prices.get(move.part_id, []), move.at_ms))
    return total


def cost_of_orders(
    session: Session, *, site_id: UUID, orders: Collection[UUID] | Select[Any]
) -> dict[UUID, Sum]:
    """Return order id → what its parts cost at the prices of when they were taken; without moves: absent.

    :param orders: their ids, a thousand at most, or a query of them
    """
    taken: list[tuple[UUID, UUID, int, int]] = []
    for table, at_ms in ((StockEntry, StockEntry.at_ms), (StockMove, StockMove.estimate_ms)):
        # thousands of rows name the same orders and parts: each id is read once
        ids = (type_coerce(table.order_id, String), type_coerce(table.part_id, String))
        query = select(*ids, table.milli, at_ms).where(
            table.site_id == site_id, table.order_id.in_(orders), table.why.in_(COSTING)
        )
        taken += [(_uuid(order), _uuid(part), milli, at) for order, part, milli, at in session.execute(query)]
    prices = prices_of(session, {part for _, part, _, _ in taken})
    found: dict[UUID, Sum] = {}
    for order, part, milli, at in taken:
        found.setdefault(order, Sum()).add(milli, price_at(prices.get(part, []), at))
    return found


def _uuid(value: str | UUID) -> UUID:
    """Return an id that a driver gave as it keeps it: SQLite as text, PostgreSQL as what it is."""
    return as_uuid(value) if isinstance(value, str) else value


def _moves(session: Session, site_id: UUID, from_ms: int, to_ms: int) -> Sequence[Move]:
    entries = session.scalars(
        select(StockEntry).where(
            StockEntry.site_id == site_id,
            StockEntry.why.in_(COSTING),
            StockEntry.at_ms >= from_ms,
            StockEntry.at_ms < to_ms,
        )
    )
    moves = session.scalars(
        select(StockMove).where(
            StockMove.site_id == site_id,
            StockMove.why.in_(COSTING),
            StockMove.estimate_ms >= from_ms,
            StockMove.estimate_ms < to_ms,
        )
    )
    return [*map(of_entry, entries), *map(of_move, moves)]
