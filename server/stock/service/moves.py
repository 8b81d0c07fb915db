"""What moves stock: the office's own entries, and the history of a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.problems import Problem
from server.stock.models import Part, StockEntry, StockMove
from server.stock.rules import SIGN, Event, Why, lines
from server.stock.service.levels import levels, settle

SHOWN = 50
_TIES = 200
"""So many lines of one millisecond are told apart."""


class NoPartThere(Problem):
    """The other site has no part of this number and unit that is in use; make it there first."""

    slug, status, title = "no-part-there", HTTPStatus.CONFLICT, "The other site has no such part"


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a part's history."""

    key: str
    source: Literal["office", "phone"]
    why: str
    milli: int
    at_ms: int
    received_ms: int
    person_id: UUID | None
    noted_by: UUID | None
    order_id: UUID | None
    asset_id: UUID | None
    note: str
    quality: str
    marks: Sequence[str]
    part_id: UUID
    take_id: UUID | None = None

    @property
    def event(self) -> Event:
        """What it does to the stock."""
        return Event(self.at_ms, self.key, self.milli, self.why == "counted")


def enter(
    session: Session,
    *,
    part: Part,
    why: Why,
    milli: int,
    by: UUID | None,
    note: str = "",
    order_id: UUID | None = None,
    asset_id: UUID | None = None,
    at_ms: int | None = None,
    to: UUID | None = None,
    now_ms: int,
) -> StockEntry:
    """Enter a move of the office.

    :param milli: how much, without a sign: the reason says whether it comes or goes
    :param to: of `moved`, the site that gets it
    :raises NoPartThere: the other site keeps no such part
    """
    common: dict[str, Any] = {
        "organisation_id": part.organisation_id,
        "why": why,
        "at_ms": now_ms if at_ms is None else at_ms,
        "noted_ms": now_ms,
        "person_id": by,
        "noted_by": by,
        "note": note,
    }
    entry = StockEntry(
        id=uuid4(),
        site_id=part.site_id,
        part_id=part.id,
        milli=SIGN[why] * milli,
        order_id=order_id,
        asset_id=asset_id,
        **common,
    )
    touched = [part.id]
    if to is not None:
        there = session.scalars(
            select(Part).where(
                Part.organisation_id == part.organisation_id,
                Part.site_id == to,
                Part.number == part.number,
                Part.unit == part.unit,
                Part.retired_ms.is_(None),
            )
        ).first()
        if there is None or there.id == part.id:
            raise NoPartThere(f"No part {part.number} in {part.unit} there")
        came = StockEntry(id=uuid4(), site_id=to, part_id=there.id, milli=milli, pair_id=entry.id, **common)
        entry.pair_id = came.id
        session.add(came)
        touched.append(there.id)
    session.add(entry)
    session.flush()
    settle(session, touched)
    return entry


def history(
    session: Session, *, part: Part, before: tuple[int, str] | None, limit: int = SHOWN
) -> tuple[list[dict[str, Any]], tuple[int, str] | None]:
    """Return a page of a part's moves, the newest first, and where the next page begins.

    :param before: time and key of the last line of the page before
    """
    upto = (1 << 62) if before is None else before[0]
    entries = session.scalars(
        select(StockEntry)
        .where(StockEntry.part_id == part.id, StockEntry.at_ms <= upto)
        .order_by(StockEntry.at_ms.desc(), StockEntry.id.desc())
        .limit(limit + _TIES)
    )
    moves = session.scalars(
        select(StockMove)
        .where(StockMove.part_id == part.id, StockMove.site_id == part.site_id, StockMove.estimate_ms <= upto)
        .order_by(StockMove.estimate_ms.desc(), StockMove.hash.desc())
        .limit(limit + _TIES)
    )
    found = sorted(
        [*map(of_entry, entries), *map(of_move, moves)], key=lambda move: move.event.place, reverse=True
    )
    left = found if before is None else _after(found, before)
    page, more = left[:limit], len(left) > limit
    if not page:
        return [], None
    oldest = page[-1].at_ms
    known = [move for move in found if move.at_ms >= oldest]
    stock = levels(session, [part.id], until_ms=oldest - 1)[part.id]
    stood = {line.event.key: line for line in lines((move.event for move in known), before=stock)}
    last = _last_count(session, part.id)
    shown = [
        {
            "move": move,
            "stock": stood[move.key].stock,
            "difference": stood[move.key].difference,
            "late": last is not None
            and move.why != "counted"
            and move.at_ms <= last.at_ms
            and move.received_ms > last.noted_ms,
        }
        for move in page
    ]
    return shown, (page[-1].at_ms, page[-1].key) if more else None


def moves_of_order(session: Session, *, site_id: UUID, order_id: UUID) -> list[Move]:
    """Return what was taken for a work order or came back, the oldest first."""
    return _moves_where(session, site_id, order_id=order_id)


def moves_of_asset(session: Session, *, site_id: UUID, asset_id: UUID) -> list[Move]:
    """Return what was built into an asset or taken out of it, the newest first."""
    return _moves_where(session, site_id, asset_id=asset_id)[::-1]


def of_entry(entry: StockEntry) -> Move:
    """Return an entry of the office as a line."""
    return Move(
        key=str(entry.id),
        source="office",
        why=entry.why,
        milli=entry.milli,
        at_ms=entry.at_ms,
        received_ms=entry.noted_ms,
        person_id=entry.person_id,
        noted_by=entry.noted_by,
        order_id=entry.order_id,
        asset_id=entry.asset_id,
        note=entry.note,
        quality="A",
        marks=(),
        part_id=entry.part_id,
        take_id=entry.take_id,
    )


def of_move(move: StockMove) -> Move:
    """Return what a phone recorded as a line."""
    return Move(
        key=move.hash,
        source="phone",
        why=move.why,
        milli=move.milli,
        at_ms=move.estimate_ms,
        received_ms=move.received_ms,
        person_id=move.person_id,
        noted_by=None,
        order_id=move.order_id,
        asset_id=move.asset_id,
        note="",
        quality=move.quality,
        marks=move.marks,
        part_id=move.part_id,
    )


def _after(found: list[Move], before: tuple[int, str]) -> list[Move]:
    for place, move in enumerate(found):
        if (move.at_ms, move.key) == before:
            return found[place + 1 :]
    return [move for move in found if move.at_ms < before[0]]


def _last_count(session: Session, part_id: UUID) -> StockEntry | None:
    return session.scalars(
        select(StockEntry)
        .where(StockEntry.part_id == part_id, StockEntry.why == "counted")
        .order_by(StockEntry.at_ms.desc(), StockEntry.id.desc())
        .limit(1)
    ).first()


def _moves_where(session: Session, site_id: UUID, **about: UUID) -> list[Move]:
    entries = session.scalars(select(StockEntry).filter_by(site_id=site_id, **about))
    moves = session.scalars(select(StockMove).filter_by(site_id=site_id, **about))
    return sorted([*map(of_entry, entries), *map(of_move, moves)], key=lambda one: one.event.place)
