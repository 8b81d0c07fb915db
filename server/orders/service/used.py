"""What was used up on an order, line by line: parts and work, each with who, when and what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.orders.models import OrderEvent
from server.orders.service.naming import Named
from server.stock.models import Part
from server.stock.rules import price_at
from server.stock.service import Move, prices_of
from sync.stock import quantity_text

_CENT: Final = Decimal("0.01")


def parts_used(session: Session, moves: Sequence[Move], names: Named) -> list[dict[str, Any]]:
    """Return what was taken for an order or came back, the oldest first.

    `quantity` is how much was used, negative what came back; `cost` is None of a part without a price.
    """
    ids = {move.part_id for move in moves}
    parts = {one.id: one for one in session.scalars(select(Part).where(Part.id.in_(ids)))}
    prices = prices_of(session, ids)
    return [
        {
            "key": move.key,
            "part": _part(parts.get(move.part_id)),
            "quantity": quantity_text(-move.milli),
            "why": move.why,
            "by": names.person(move.person_id),
            "at_ms": move.at_ms,
            "cost": _cost(price_at(prices.get(move.part_id, []), move.at_ms), move.milli),
        }
        for move in moves
    ]


def labour_of(records: Sequence[OrderEvent], policy: Mapping[str, Any], names: Named) -> list[dict[str, Any]]:
    """Return who worked how long on an order, the earliest first, at the site's rate per hour."""
    rate = Decimal(policy["rates"]["labour_hour"])
    return [
        {
            "key": one.hash,
            "by": names.person(one.person_id),
            "at_ms": one.estimate_ms,
            "minutes": one.p["minutes"],
            "people": one.p["people"],
            "cost": str((rate * one.p["minutes"] * one.p["people"] / 60).quantize(_CENT, ROUND_HALF_UP)),
        }
        for one in sorted(records, key=lambda one: (one.estimate_ms, one.hash))
        if one.kind == "labour"
    ]


def _part(part: Part | None) -> dict[str, Any] | None:
    """Return a part as it is named; None where a phone knew one that is gone."""
    if part is None:
        return None
    return {"id": part.id, "number": part.number, "name": part.name, "unit": part.unit}


def _cost(fen: int | None, milli: int) -> str | None:
    if fen is None:
        return None
    return str((Decimal(-milli * fen) / 100_000).quantize(_CENT, ROUND_HALF_UP))
