"""Parts of a site's store: what they are, what they cost, what is to be ordered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.forms import service as forms
from server.problems import NotFound, Problem
from server.sites.models import Label, Site
from server.sites.service import NumberTaken
from server.sites.service.common import apply_changes
from server.stock.models import Part, PartPrice, StockCount, StockEntry, StockMove, StockTally
from server.stock.rules import to_order
from server.stock.service.levels import feed_part


class UnitKept(Problem):
    """Something of the part has moved or was counted in its unit: another unit is another part."""

    slug, status, title = "unit-kept", HTTPStatus.CONFLICT, "The unit of this part is in use"


def part_of(session: Session, *, site_id: UUID, part_id: UUID) -> Part:
    """Return a part of the site.

    :raises NotFound: there is none
    """
    part = session.get(Part, part_id)
    if part is None or part.site_id != site_id:
        raise NotFound
    return part


def parts_of(session: Session, *, site_id: UUID) -> Sequence[Part]:
    """Return the site's parts by number, retired ones too."""
    return session.scalars(select(Part).where(Part.site_id == site_id).order_by(Part.number, Part.id)).all()


def make_part(
    session: Session,
    *,
    site: Site,
    number: str,
    name: Label,
    unit: str,
    category: str = "",
    code: str | None = None,
    minimum: int | None = None,
    reorder: int | None = None,
    price: int | None = None,
    places: Sequence[str] = (),
    by: UUID | None = None,
    now_ms: int,
) -> Part:
    """Make a part; nothing of it is there yet.

    :param minimum: and `reorder`: thousandths
    :param price: of one unit, fen
    :raises NumberTaken: the site has a part of this number
    """
    _check_number(session, site.id, number)
    part = Part(
        id=uuid4(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        number=number,
        name=name,
        unit=unit,
        category=category,
        code=code,
        minimum_milli=minimum,
        reorder_milli=reorder,
        places=list(places),
        stock_milli=0,
        version=1,
    )
    session.add(part)
    session.flush()
    if price is not None:
        _set_price(session, part, price, by=by, now_ms=now_ms)
    feed_part(session, part)
    return part


def change_part(
    session: Session, *, part: Part, changes: dict[str, Any], by: UUID | None, now_ms: int
) -> Part:
    """Change a part; `retired` takes it off the lists, or puts it back.

    :raises NumberTaken: the site has another part of this number
    :raises UnitKept: another unit, and something has moved already
    """
    changes = dict(changes)
    if changes.get("number", part.number) != part.number:
        _check_number(session, part.site_id, changes["number"])
    if changes.get("unit", part.unit) != part.unit and _used(session, part.id):
        raise UnitKept("Make another part for another unit")
    for member in ("minimum", "reorder"):
        if member in changes:
            changes[f"{member}_milli"] = changes.pop(member)
    if "price" in changes:
        fen = changes.pop("price")
        if fen != price_of(session, part.id):
            _set_price(session, part, fen, by=by, now_ms=now_ms)
    retired = changes.pop("retired", part.retired)
    turned = retired != part.retired
    if turned:
        part.retired_ms = now_ms if retired else None
    if apply_changes(part, changes) or turned:
        part.version += 1
        feed_part(session, part)
    return part


def price_of(session: Session, part_id: UUID) -> int | None:
    """Return what one unit costs now, fen."""
    return prices_of(session, [part_id]).get(part_id, [(0, None)])[-1][1]


def prices_of(session: Session, part_ids: Iterable[UUID]) -> dict[UUID, list[tuple[int, int | None]]]:
    """Return part id → its prices as (from when, fen), in their order."""
    found: dict[UUID, list[tuple[int, int | None]]] = {}
    wanted = list(part_ids)
    for begin in range(0, len(wanted), 500):
        rows = session.execute(
            select(PartPrice.part_id, PartPrice.since_ms, PartPrice.fen)
            .where(PartPrice.part_id.in_(wanted[begin : begin + 500]))
            .order_by(PartPrice.since_ms, PartPrice.id)
        )
        for part_id, since_ms, fen in rows:
            found.setdefault(part_id, []).append((since_ms, fen))
    return found


def missing(part: Part) -> int:
    """Return how much of a part is to be ordered, thousandths; nothing of a retired one."""
    if part.retired:
        return 0
    return to_order(stock=part.stock_milli, minimum=part.minimum_milli, reorder=part.reorder_milli)


def _check_number(session: Session, site_id: UUID, number: str) -> None:
    if session.scalar(select(exists().where(Part.site_id == site_id, Part.number == number))):
        raise NumberTaken(f"Number {number} is taken")


def _set_price(session: Session, part: Part, fen: int | None, *, by: UUID | None, now_ms: int) -> None:
    session.add(
        PartPrice(
            id=uuid4(),
            organisation_id=part.organisation_id,
            site_id=part.site_id,
            part_id=part.id,
            fen=fen,
            since_ms=now_ms,
            set_by=by,
        )
    )
    session.flush()


def _used(session: Session, part_id: UUID) -> bool:
    return any(
        session.scalar(select(exists().where(table.part_id == part_id)))
        for table in (StockEntry, StockMove, StockCount, StockTally)
    )


def _names(session: Session, site_id: UUID, parts: Collection[UUID]) -> dict[UUID, Label]:
    """Return how the parts are called that a form names."""
    found = session.scalars(select(Part).where(Part.site_id == site_id, Part.id.in_(parts)))
    return {part.id: part.name for part in found}


forms.Parts.asked.append(_names)
