"""The score of clauses that no round serves: deadlines, tests, cards, records, take-over, lifts, lamps.

Every figure is made of parts that stand behind it, and is an interval while some of them are not heard
or not proven: low = kept ÷ due, high = (kept + not heard + unproven) ÷ due. What is not due yet is not
counted. A share of time (lifts) has the interval of the moments that are known. Lamps are counted one by one,
as they were counted last at each place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.assets import service as assets
from server.orders import service as orders
from server.reports.service.lamps import lamps
from server.reports.service.logged import SORTS, logged
from server.reports.service.report import Report, clause_order, demand_view
from server.requests import service as requests

MOST = 100
"""So many parts stand behind a figure on the page, what was not kept first; their number is whole."""

LIFTS = "lift"
TONGUES = ("zh", "en")
_ORDER = {"missed": 0, "late": 1, "unheard": 2, "unproven": 3, "kept": 4}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a clause asks for, and whether it was kept."""

    state: str
    """``kept``, ``late``, ``missed``, ``unheard`` or ``unproven``."""
    kind: str
    """What it stands on: ``order``, ``request``, ``asset``, ``visit``, or an item of the ``takeover``."""
    id: Any
    name: dict[str, str]
    due_ms: int | None = None
    lacks: list[str] = field(default_factory=list)
    has: list[str] = field(default_factory=list)


def served_view(session: Session, report: Report) -> dict[str, Any]:
    """Return the rows of the clauses that are kept by work, by the desk or by the register."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for demand, measure, part in (
        *_deadlines(session, report),
        *_duties(session, report),
        *_cards(session, report),
        *_logs(session, report),
        *_take_over(session, report),
    ):
        parts.setdefault((demand, measure), []).append(part)
    rows = [_row(demand, measure, found) for (demand, measure), found in parts.items()]
    rows += [*_lifts(session, report), *_lamps(session, report)]
    return {"rows": sorted(rows, key=lambda row: (clause_order(row["demand"]["id"]), row["measure"]))}


def _row(demand: str, measure: str, parts: list[Part]) -> dict[str, Any]:
    count = Counter(part.state for part in parts)
    due, unsure = len(parts), count["unheard"] + count["unproven"]
    lacking = count["late"] + count["missed"]
    behind = sorted(parts, key=lambda part: (_ORDER[part.state], -(part.due_ms or 0), str(part.id)))
    return {
        "demand": demand_view(demand),
        "measure": measure,
        "due": due,
        **{state: count[state] for state in _ORDER},
        "low": _share(count["kept"], due),
        "high": _share(count["kept"] + unsure, due),
        "verdict": "short" if lacking else "open" if unsure else "met",
        "least": None,
        "scored": True,
        "behind": [_behind(part) for part in behind[:MOST]],
    }


def _behind(part: Part, **more: Any) -> dict[str, Any]:
    return {
        "state": part.state,
        "kind": part.kind,
        "id": str(part.id),
        "name": part.name,
        "due_ms": part.due_ms,
        "lacks": part.lacks,
        "has": part.has,
        "down_ms": None,
        "failures": None,
        "total": None,
        "out": None,
    } | more


def _share(part: int, whole: int) -> str | None:
    """Return a share in thousandths, rounded so that only all is one and only nothing is nought."""
    if whole == 0:
        return None
    if part in (0, whole):
        return "1.000" if part else "0.000"
    share = (Decimal(part) / whole).quantize(Decimal("0.001"))
    return str(min(max(share, Decimal("0.001")), Decimal("0.999")))


# -- work and requests -----------------------------------------------------------------


def _deadlines(session: Session, report: Report) -> Iterator[tuple[str, str, Part]]:
    """Yield what was due of requests and orders; an order that came of a request is not counted twice."""
    span = {"from_ms": report.span.from_ms, "to_ms": report.span.to_ms}
    asked: set[tuple[str, str]] = set()
    for request, line in requests.dues(session, site=report.site, **span):
        asked.add((str(request.id), line["clause"]))
        yield from _line(line, Part("", "request", request.id, {"zh": f"R-{request.number:04}", "en": ""}))
    for order, line in orders.dues(session, site=report.site, **span):
        if order.source_kind == "request" and (order.source_id, line["clause"]) in asked:
            continue
        title = order.title or {"zh": "", "en": ""}
        name = {tongue: f"{order.name} {title[tongue]}".strip() for tongue in TONGUES}
        yield from _line(line, Part("", "order", order.id, name))


def _line(line: dict[str, Any], part: Part) -> Iterator[tuple[str, str, Part]]:
    state = {"met": "kept"}.get(line["state"], line["state"])
    if state in _ORDER:  # what runs or waits is not due yet
        yield line["clause"], "deadlines", Part(state, part.kind, part.id, part.name, line["due_ms"])


# -- the register ----------------------------------------------------------------------


def _duties(session: Session, report: Report) -> Iterator[tuple[str, str, Part]]:
    """Yield the tests of the register as they stand: over, or kept."""
    today = _today(report)
    for duty, asset in assets.duties_at(session, site_id=report.site.id):
        over = duty.next_on < today
        demand = "P1-16" if duty.kind == "lightning" else "P1-21"
        of, what = _named(asset), duty.name
        name = {tongue: f"{of[tongue]} · {what[tongue] or what['zh']}" for tongue in TONGUES}
        zone = ZoneInfo(report.site.time_zone)
        due = datetime(duty.next_on.year, duty.next_on.month, duty.next_on.day, tzinfo=zone)
        yield (
            demand,
            "duties",
            Part("missed" if over else "kept", "asset", asset.id, name, int(due.timestamp() * 1000)),
        )


def _cards(session: Session, report: Report) -> Iterator[tuple[str, str, Part]]:
    """Yield the cards of the register: whole, and with procedure and standard at hand."""
    for asset, lacks in assets.cards_at(session, site_id=report.site.id):
        name = _named(asset)
        papers = [member for member in lacks if member in ("procedure", "standard")]
        yield "P3-01", "cards", Part("missed" if lacks else "kept", "asset", asset.id, name, None, lacks)
        yield "P1-19", "papers", Part("missed" if papers else "kept", "asset", asset.id, name, None, papers)


def _logs(session: Session, report: Report) -> Iterator[tuple[str, str, Part]]:
    """Yield every standing asset with the sorts of records that it has of the period, and those it lacks."""
    span = report.span
    end = min(span.to_ms, report.now_ms)
    if end <= span.from_ms:
        return
    has, asked = logged(session, site_id=report.site.id, from_ms=span.from_ms, to_ms=end)
    for asset in assets.standing_at(session, site_id=report.site.id):
        there = has.get(asset.id, set())
        lacks = (asked.get(asset.id, set()) | {"inspection"}) - there
        yield (
            "P1-18",
            "logs",
            Part(
                "missed" if lacks else "kept",
                "asset",
                asset.id,
                _named(asset),
                None,
                [sort for sort in SORTS if sort in lacks],
                [sort for sort in SORTS if sort in there],
            ),
        )


def _take_over(session: Session, report: Report) -> Iterator[tuple[str, str, Part]]:
    """Yield what is to be looked at when a property is taken over; kept is what somebody has looked at.

    As long as it runs, what nobody looked at yet is open; once it has ended, it was not done.
    """
    end = min(report.span.to_ms, report.now_ms + 1)
    ended, items = assets.taken_over(session, site_id=report.site.id, before_ms=end)
    for item, asset in items:
        name = _named(asset) if asset is not None else dict.fromkeys(TONGUES, str(item.key))
        state = "kept" if item.found else "missed" if ended else "unproven"
        at_ms = None if item.check is None else item.check.checked_ms
        found = [item.found] if item.found else []
        yield "P1-53", "takeover", Part(state, "takeover", item.key, name, at_ms, [], found)


def _lifts(session: Session, report: Report) -> Iterable[dict[str, Any]]:
    """Return the row of lifts: the share of the period in which they ran, as surely as is known."""
    end = min(report.span.to_ms, report.now_ms)
    if end <= report.span.from_ms:
        return []
    found = assets.ran(session, site=report.site, category=LIFTS, from_ms=report.span.from_ms, to_ms=end)
    watched = sum(one["watched_ms"] for _, one in found)
    if not watched:
        return []
    low = _share(watched - sum(one["down_high_ms"] for _, one in found), watched)
    high = _share(watched - sum(one["down_low_ms"] for _, one in found), watched)
    behind = [
        _behind(
            Part("missed" if one["down_ms"] else "kept", "asset", asset.id, _named(asset)),
            down_ms=one["down_ms"],
            failures=one["failures"],
        )
        for asset, one in sorted(found, key=lambda pair: -pair[1]["down_ms"])
    ]
    stood = sum(1 for _, one in found if one["down_ms"])
    return [
        {
            "demand": demand_view("P1-31"),
            "measure": "lifts",
            "due": len(found),
            **dict.fromkeys(_ORDER, 0),
            "kept": len(found) - stood,
            "missed": stood,
            "low": low,
            "high": high,
            "verdict": "short" if stood else "met",
            "least": None,
            "scored": True,
            "behind": behind[:MOST],
        }
    ]


# -- lamps -----------------------------------------------------------------------------


def _lamps(session: Session, report: Report) -> Iterator[dict[str, Any]]:
    """Yield the rows of the two clauses that ask for the same lamps; the stricter one is the score."""
    span = report.span
    found = lamps(session, site_id=report.site.id, from_ms=span.from_ms, to_ms=min(span.to_ms, report.now_ms))
    if found["share"] is None:
        return
    total, out = Decimal(found["total"]), Decimal(found["out"])
    share = _share(int(total - out), int(total))
    places = sorted(found["places"], key=lambda place: -Decimal(place["out"]))
    behind = [
        _behind(
            Part(
                "missed" if Decimal(place["out"]) else "kept",
                "visit",
                place["visit"],
                {
                    tongue: f"{place['number']} {place['name'][tongue] or place['name']['zh']}"
                    for tongue in TONGUES
                },
                place["at_ms"],
            ),
            total=place["total"],
            out=place["out"],
        )
        for place in places
    ]
    for clause in found["clauses"]:
        yield {
            "demand": demand_view(clause["clause"]),
            "measure": "lamps",
            "due": int(total),
            **dict.fromkeys(_ORDER, 0),
            "kept": int(total - out),
            "missed": int(out),
            "low": share,
            "high": share,
            "verdict": "met" if clause["met"] else "short",
            "least": clause["least"],
            "scored": clause["scored"],
            "behind": behind[:MOST],
        }


def _named(asset: Any) -> dict[str, str]:
    return {tongue: f"{asset.number} {asset.name[tongue] or asset.name['zh']}" for tongue in TONGUES}


def _today(report: Report) -> Any:
    """Return the day as of which the register is looked at: the last of the period, or today."""
    zone = ZoneInfo(report.site.time_zone)
    return datetime.fromtimestamp(min(report.now_ms, report.span.to_ms - 1) / 1000, zone).date()
