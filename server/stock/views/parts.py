"""Parts, their moves, what is to be ordered and what was used up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import cells
from server.audit import service as audit
from server.clock import now_ms
from server.db import db, reading
from server.describe import refuses
from server.feed import service as feed
from server.http import change_of
from server.people.models import Person
from server.people.policy import policy
from server.problems import Invalid, NotFound
from server.rounds.rules import moment_ms
from server.sites import service as sites
from server.sites.models import Asset, Site
from server.stock import service
from server.stock.models import Part
from server.stock.schemas import (
    AssetPartList,
    CostBody,
    HistoryQuery,
    ListQuery,
    MonthsQuery,
    PartBody,
    PartChange,
    PartIn,
    PartList,
    StockMoveIn,
    StockMoveList,
    money,
)
from server.stock.views import bp
from sync.stock import quantity_text

MOST_MONTHS = 36
BYTES = {"type": "string", "format": "binary"}


def site_here(site_id: UUID) -> Site:
    """Return the site of the request; the policy has looked at the person's role."""
    return sites.site_of(db.session(), organisation_id=g.principal.organisation_id, site_id=site_id)


def finish(action: str, *, site: UUID, subject: UUID, now: int, **detail: Any) -> None:
    """Write the audit row and commit."""
    audit.write(
        db.session(),
        organisation=g.principal.organisation_id,
        site=site,
        person=g.principal.person_id,
        action=action,
        subject=str(subject),
        detail=detail,
        now_ms=now,
    )
    feed.commit(db.session(), now_ms=now)


def names_of(session: Session, people: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    """Return person id → name."""
    wanted = {person for person in people if person is not None}
    rows = session.execute(
        select(Person.id, Person.name).where(
            Person.organisation_id == g.principal.organisation_id, Person.id.in_(wanted)
        )
    )
    return dict(rows.all())


@bp.get("/parts")
@policy("see.assets")
@bp.response(HTTPStatus.OK, PartList)
def list_parts(site_id: UUID) -> dict[str, Any]:
    """List the site's parts, retired ones too, with what there is of each."""
    reading()
    session = db.session()
    found = service.parts_of(session, site_id=site_id)
    prices = service.prices_of(session, [part.id for part in found])
    return {"parts": [_view(part, prices.get(part.id, [(0, None)])[-1][1]) for part in found]}


@bp.post("/parts")
@policy("change.stock")
@bp.arguments(PartIn)
@bp.response(HTTPStatus.CREATED, PartBody)
@refuses(sites.NumberTaken)
def make_part(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Make a part; nothing of it is there until a move or a count says so."""
    now = now_ms()
    part = service.make_part(
        db.session(), site=site_here(site_id), by=g.principal.person_id, now_ms=now, **body
    )
    view = _view(part, body["price"])
    finish("part.made", site=site_id, subject=part.id, now=now, number=part.number)
    return view


@bp.get("/parts/<uuid:part_id>")
@policy("see.assets")
@bp.response(HTTPStatus.OK, PartBody)
def get_part(site_id: UUID, part_id: UUID) -> dict[str, Any]:
    """Return one part."""
    reading()
    session = db.session()
    part = service.part_of(session, site_id=site_id, part_id=part_id)
    return _view(part, service.price_of(session, part.id))


@bp.patch("/parts/<uuid:part_id>")
@policy("change.stock")
@bp.arguments(change_of(PartChange))
@bp.response(HTTPStatus.OK, PartBody)
@refuses(sites.NumberTaken, service.UnitKept)
def change_part(body: dict[str, Any], site_id: UUID, part_id: UUID) -> dict[str, Any]:
    """Change a part, or retire it. A new price holds from now on; what was used before keeps its cost."""
    now, session = now_ms(), db.session()
    part = service.part_of(session, site_id=site_id, part_id=part_id)
    service.change_part(session, part=part, changes=body, by=g.principal.person_id, now_ms=now)
    view = _view(part, service.price_of(session, part.id))
    finish("part.changed", site=site_id, subject=part.id, now=now, members=sorted(body))
    return view


@bp.get("/parts/<uuid:part_id>/moves")
@policy("see.assets")
@bp.arguments(HistoryQuery, location="query")
@bp.response(HTTPStatus.OK, StockMoveList)
def list_moves(query: dict[str, Any], site_id: UUID, part_id: UUID) -> dict[str, Any]:
    """Return the moves and confirmed counts of a part, the newest first, 50 at a time."""
    reading()
    session = db.session()
    part = service.part_of(session, site_id=site_id, part_id=part_id)
    found, following = service.history(session, part=part, before=query["before"])
    names = names_of(session, {p for line in found for p in (line["move"].person_id, line["move"].noted_by)})
    return {
        "moves": [_move(line, names) for line in found],
        "next": None if following is None else f"{following[0]}.{following[1]}",
    }


@bp.post("/parts/<uuid:part_id>/moves")
@policy("change.stock")
@bp.arguments(StockMoveIn)
@bp.response(HTTPStatus.CREATED, PartBody)
@refuses(service.NoPartThere)
def enter_move(body: dict[str, Any], site_id: UUID, part_id: UUID) -> dict[str, Any]:
    """Enter a move. It stays as it is; a mistake is mended by another move."""
    now, session = now_ms(), db.session()
    part = service.part_of(session, site_id=site_id, part_id=part_id)
    to = body["to"]
    if (body["why"] == "moved") != (to is not None):
        raise Invalid(errors={"json": {"to": ["A move to another site names it, and no other does"]}})
    if to is not None:
        g.principal.site(session, to, may="change.stock")
    if body["asset"] is not None:
        asset = session.get(Asset, body["asset"])
        if asset is None or asset.site_id != site_id:
            raise Invalid(errors={"json": {"asset": ["Not an asset of this site"]}})
    service.enter(
        session,
        part=part,
        why=body["why"],
        milli=body["quantity"],
        note=body["note"],
        asset_id=body["asset"],
        order_id=body["order"],
        to=to,
        by=g.principal.person_id,
        now_ms=now,
    )
    view = _view(part, service.price_of(session, part.id))
    finish(
        "part.moved",
        site=site_id,
        subject=part.id,
        now=now,
        why=body["why"],
        quantity=quantity_text(body["quantity"]),
    )
    return view


@bp.get("/parts/reorder")
@policy("see.assets")
@bp.response(HTTPStatus.OK, PartList)
def list_to_order(site_id: UUID) -> dict[str, Any]:
    """Return the parts of which less than the minimum is there."""
    reading()
    return {"parts": _to_order(site_id)}


@bp.get("/parts/reorder/csv")
@policy("see.assets")
@bp.arguments(ListQuery, location="query")
@bp.response(HTTPStatus.OK, BYTES, content_type=cells.MIME)
def to_order_as_csv(query: dict[str, Any], site_id: UUID) -> Response:
    """Return the list of what is to be ordered as CSV."""
    now = now_ms()
    lang = query["lang"]
    found, _ = service.reorder_lines(db.session(), site_id=site_id, lang=lang)
    lines = [cells.line(line) for line in (service.HEADS[lang], *found)]
    finish("site.parts_listed", site=site_id, subject=site_id, now=now, file="reorder.csv")
    response = Response((cells.BOM + "".join(lines)).encode(), mimetype=cells.MIME)
    response.headers.set("Content-Disposition", "attachment", filename="reorder.csv")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/stock/costs")
@policy("see.assets")
@bp.arguments(MonthsQuery, location="query")
@bp.response(HTTPStatus.OK, CostBody)
def get_costs(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Return what was used up in some months, 36 at most, at the prices in force when it was."""
    reading()
    first, last = (date.fromisoformat(f"{query[end]}-01") for end in ("since", "until"))
    if not 0 <= (last.year - first.year) * 12 + last.month - first.month < MOST_MONTHS:
        raise Invalid(errors={"query": {"until": [f"1 to {MOST_MONTHS} months, the first one first"]}})
    site = site_here(site_id)
    zone = ZoneInfo(site.time_zone)
    found = service.costs_of(
        db.session(),
        site=site,
        from_ms=moment_ms(first, 0, zone),
        to_ms=moment_ms(last + relativedelta(months=1), 0, zone),
    )
    return {
        "total": money(found.total.fen),
        "unpriced": found.total.unpriced,
        "by_month": _costs(found.by_month, by_key=True),
        "by_part": _costs(found.by_part),
        "by_asset": _costs(found.by_asset),
        "by_order": _costs(found.by_order),
    }


@bp.get("/assets/<uuid:asset_id>/parts")
@policy("see.assets")
@bp.response(HTTPStatus.OK, AssetPartList)
def parts_of_asset(site_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """Return what was built into an asset or taken out of it, the newest first."""
    reading()
    session = db.session()
    asset = session.get(Asset, asset_id)
    if asset is None or asset.site_id != site_id:
        raise NotFound
    moves = service.moves_of_asset(session, site_id=site_id, asset_id=asset_id)
    parts = {part.id: part for part in service.parts_of(session, site_id=site_id)}
    names = names_of(session, {move.person_id for move in moves})
    cost = service.cost_of_moves(session, moves)
    shown = [
        {
            "part": part.id,
            "number": part.number,
            "name": part.name,
            "unit": part.unit,
            "why": move.why,
            "quantity": move.milli,
            "at_ms": move.at_ms,
            "person": names.get(move.person_id),
            "order": move.order_id,
        }
        for move in moves
        if (part := parts.get(move.part_id)) is not None
    ]
    return {"parts": shown, "cost": money(cost.fen), "unpriced": cost.unpriced}


def _to_order(site_id: UUID) -> list[dict[str, Any]]:
    session = db.session()
    short = [part for part in service.parts_of(session, site_id=site_id) if service.missing(part) > 0]
    prices = service.prices_of(session, [part.id for part in short])
    return [_view(part, prices.get(part.id, [(0, None)])[-1][1]) for part in short]


def _view(part: Part, price: int | None) -> dict[str, Any]:
    return {
        "id": part.id,
        "number": part.number,
        "name": part.name,
        "unit": part.unit,
        "category": part.category,
        "code": part.code,
        "minimum": part.minimum_milli,
        "reorder": part.reorder_milli,
        "price": price,
        "places": part.places,
        "stock": part.stock_milli,
        "order": service.missing(part),
        "retired": part.retired,
    }


def _move(line: dict[str, Any], names: Mapping[UUID | None, str]) -> dict[str, Any]:
    move: service.Move = line["move"]
    return {
        "key": move.key,
        "source": move.source,
        "why": move.why,
        "quantity": move.milli,
        "stock": line["stock"],
        "difference": line["difference"],
        "at_ms": move.at_ms,
        "received_ms": move.received_ms,
        "person": names.get(move.person_id),
        "by": names.get(move.noted_by),
        "order": move.order_id,
        "asset": move.asset_id,
        "note": move.note,
        "quality": move.quality,
        "marks": move.marks,
        "late": line["late"],
    }


def _costs(sums: Mapping[Any, service.Sum], *, by_key: bool = False) -> list[dict[str, Any]]:
    def order(pair: tuple[Any, service.Sum]) -> Any:
        return str(pair[0]) if by_key else (-pair[1].fen, str(pair[0]))

    return [
        {"key": None if key is None else str(key), "cost": money(total.fen), "unpriced": total.unpriced}
        for key, total in sorted(sums.items(), key=order)
    ]
