"""Lamps that work, as a share of the site with its denominator (P1-14 at least 90 %, P1-33 at least 95 %).

A form that counts lamps has two numbers, `lamps_total` and `lamps_out`. Of each place its last count in the
period stands; a place that nobody counted is named as such and not taken for dark or lit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.rounds.models import Reading
from server.sites import service as sites

FIELDS: Final = ("lamps_total", "lamps_out")
CLAUSES: Final = (("P1-14", "0.90", False), ("P1-33", "0.95", True))
"""Clause, least share, and whether the lamps are scored by it: both plans ask for the same lamps."""


def share_of(counts: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal, Decimal | None]:
    """Return all lamps, those out, and the share that works; None where there are none.

    :param counts: total and out of each place
    """
    total = sum((total for total, _ in counts), Decimal(0))
    out = sum((out for _, out in counts), Decimal(0))
    return total, out, None if total <= 0 else (total - out) / total


def lamps(session: Session, *, site_id: UUID, from_ms: int, to_ms: int) -> dict[str, Any]:
    """Return the lamps of a site as they were counted last in a time, place by place."""
    rows = session.execute(
        select(Reading.target_id, Reading.visit_id, Reading.field, Reading.value, Reading.estimate_ms)
        .where(
            Reading.site_id == site_id,
            Reading.field.in_(FIELDS),
            Reading.target_id.is_not(None),
            Reading.value.is_not(None),
            Reading.estimate_ms >= from_ms,
            Reading.estimate_ms < to_ms,
        )
        .order_by(Reading.estimate_ms, Reading.visit_id)
    )
    visits: dict[tuple[UUID, str], dict[str, Any]] = {}
    for row in rows:
        visits.setdefault((row.target_id, row.visit_id), {"at_ms": row.estimate_ms})[row.field] = row.value
    last: dict[UUID, dict[str, Any]] = {}
    for (place, visit), counted in visits.items():
        if set(FIELDS) <= counted.keys() and 0 <= Decimal(counted["lamps_out"]) <= Decimal(
            counted["lamps_total"]
        ):
            last[place] = counted | {"visit": visit}
    names = sites.places_by_id(session, site_id=site_id)
    total, out, share = share_of(
        [(Decimal(c["lamps_total"]), Decimal(c["lamps_out"])) for c in last.values()]
    )
    return {
        "total": str(total),
        "out": str(out),
        "share": None if share is None else f"{share:.4f}",
        "places": [
            {
                "id": place,
                "number": names[place].number,
                "name": names[place].name,
                "visit": counted["visit"],
                "total": counted["lamps_total"],
                "out": counted["lamps_out"],
                "at_ms": counted["at_ms"],
            }
            for place, counted in sorted(last.items(), key=lambda item: names[item[0]].number)
            if place in names
        ],
        "clauses": [
            {
                "clause": clause,
                "least": least,
                "scored": scored,
                "met": None if share is None else share >= Decimal(least),
            }
            for clause, least, scored in CLAUSES
        ],
    }
