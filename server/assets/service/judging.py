"""Judging a table of assets, row by row, against the register: what would be made, changed, refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assets.service.tree import MOST_DEPTH, depths, loops
from server.assets.tables import reading
from server.assets.tables.columns import BY_NAME, Cell, Column, Refused, columns_of
from server.problems import Problem
from server.sites.models import Asset, Site, Zone

MOST_FAULTS: Final = 1_000
"""So many refused rows are named; the count goes on."""


class NotATable(Problem):
    """The file is no CSV and no XLSX of rows with a head, or holds more than 60,000 rows."""

    slug, status, title = "not-a-table", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is no table of assets"


@dataclass(slots=True)
class Judged:
    """What became of the rows of a file."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    """Those that make or change an asset: the members that the file has, by column; `row` is its line."""
    faults: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    total: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    bad: set[int] = field(default_factory=set)

    def refuse(self, row: int, column: Column | None, why: str, value: object = "") -> None:
        """Note that a row is refused."""
        self.bad.add(row)
        if len(self.faults) < MOST_FAULTS:
            shown = "" if value is None else str(value)[:60]
            self.faults.append(
                {"row": row, "column": column.name if column else None, "why": why, "value": shown}
            )


@dataclass(frozen=True, slots=True)
class Known:
    """An asset of the site as rows are compared with."""

    id: UUID
    retired: bool
    members: Mapping[str, Any]


def judge(session: Session, *, site: Site, data: bytes) -> Judged:
    """Read a file and judge every row; nothing is changed.

    :raises NotATable: it is none, or has no column of numbers
    """
    known, zones, parents = _known(session, site)
    judged = Judged()
    try:
        lines = enumerate(reading.rows(data), start=1)
        columns = _head(lines, judged)
        seen: dict[str, int] = {}
        for number, cells in lines:
            if cells:
                _judge_row(judged, number, columns, cells, known, zones, seen)
    except reading.Unreadable as error:
        raise NotATable(str(error)) from None
    _judge_tree(judged, known, parents, seen)
    bad = judged.bad
    judged.rows = [row for row in judged.rows if row["row"] not in bad]
    for row in judged.rows:
        was = known.get(row["number"])
        if was is None:
            judged.new += 1
        elif any(was.members[name] != value for name, value in row.items() if name != "row"):
            judged.changed += 1
        else:
            judged.same += 1
    judged.rows = [
        row
        for row in judged.rows
        if (was := known.get(row["number"])) is None
        or any(was.members[name] != value for name, value in row.items() if name != "row")
    ]
    # what others are a part of comes first
    level = depths({row["number"]: row.get("parent") or None for row in judged.rows})
    judged.rows.sort(key=lambda row: level[row["number"]])
    return judged


def _head(lines: Iterator[tuple[int, list[Cell]]], judged: Judged) -> list[Column | None]:
    for _, cells in lines:
        if not cells:
            continue
        columns, judged.unknown = columns_of(cells)
        if BY_NAME["number"] in columns:
            return columns
        break  # a title above the head would be guesswork
    raise NotATable("head")


def _judge_row(
    judged: Judged,
    number: int,
    columns: Sequence[Column | None],
    cells: Sequence[Cell],
    known: Mapping[str, Known],
    zones: Mapping[str, str],
    seen: dict[str, int],
) -> None:
    judged.total += 1
    row: dict[str, Any] = {"row": number}
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        try:
            row[column.name] = column.read(cell)
        except Refused as error:
            judged.refuse(number, column, str(error), cell)
    for column in columns[len(cells) :]:
        if column is not None:
            row[column.name] = _empty(column)
    asset = row.get("number")
    if not asset:
        if number not in judged.bad:
            judged.refuse(number, BY_NAME["number"], "missing")
        return
    if asset in seen:
        judged.refuse(number, BY_NAME["number"], "twice", asset)
        return
    seen[asset] = number
    was = known.get(asset)
    if was is None and not row.get("name_zh") and number not in judged.bad:
        judged.refuse(number, BY_NAME["name_zh"], "missing")
    if was is not None and was.retired:
        judged.refuse(number, BY_NAME["number"], "retired", asset)
    zone = row.get("zone")
    if zone:
        if zone not in zones:
            judged.refuse(number, BY_NAME["zone"], "zone", zone)
        else:
            row["zone"] = zones[zone]
    elif "zone" in row:
        row["zone"] = None
    judged.rows.append(row)


def _empty(column: Column) -> Any:
    try:
        return column.read(None)
    except Refused:
        return ""


def _judge_tree(
    judged: Judged, known: Mapping[str, Known], parents: Mapping[str, str | None], seen: Mapping[str, int]
) -> None:
    """Refuse rows whose asset would be a part of nothing known, of itself, or too deep."""
    tree: dict[str, str | None] = dict(parents)
    column = BY_NAME["parent"]
    for row in judged.rows:
        number = row["number"]
        tree.setdefault(number, None)
        if "parent" not in row:
            continue
        parent = row["parent"] or None
        good = parent is None or parent in seen or (parent in known and not known[parent].retired)
        if good:
            tree[number] = parent
        else:
            judged.refuse(row["row"], column, "parent", parent)
    # a row that is refused keeps nobody below it
    refused = {row["number"] for row in judged.rows if row["row"] in judged.bad} - known.keys()
    looped = loops(tree)
    for row in judged.rows:
        if row["number"] in looped:
            judged.refuse(row["row"], column, "loop", row.get("parent"))
        elif tree.get(row["number"]) in refused:
            judged.refuse(row["row"], column, "parent", row.get("parent"))
            refused.add(row["number"])
    level = depths(
        {number: parent for number, parent in tree.items() if number not in looped and parent not in looped}
    )
    for row in judged.rows:
        if level.get(row["number"], 0) > MOST_DEPTH and row["row"] not in judged.bad:
            judged.refuse(row["row"], column, "deep", row.get("parent"))


def _known(session: Session, site: Site) -> tuple[dict[str, Known], dict[str, str], dict[str, str | None]]:
    """Return number → what is there, zone path or name → its id, number → number of its parent."""
    columns = (
        Asset.id, Asset.number, Asset.retired_ms, Asset.name_zh, Asset.name_en, Asset.category, Asset.zone_id,
        Asset.parent_id, Asset.maker, Asset.model, Asset.serial, Asset.installed_on, Asset.warranty_until,
        Asset.criticality, Asset.special, Asset.registration,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Asset.site_id == site.id)).all()
    numbers = {row.id: row.number for row in rows}
    known = {
        row.number: Known(
            row.id,
            row.retired_ms is not None,
            {
                "number": row.number,
                "name_zh": row.name_zh,
                "name_en": row.name_en,
                "category": row.category,
                "zone": row.zone_id.hex if row.zone_id else None,
                "parent": numbers.get(row.parent_id, "") if row.parent_id else "",
                "maker": row.maker,
                "model": row.model,
                "serial": row.serial,
                "installed_on": row.installed_on,
                "warranty_until": row.warranty_until,
                "criticality": row.criticality,
                "special": row.special,
                "registration": row.registration,
            },
        )
        for row in rows
    }
    parents = {row.number: numbers.get(row.parent_id) for row in rows if row.retired_ms is None}
    return known, _zones(session, site), parents


def _zones(session: Session, site: Site) -> dict[str, str]:
    """Return how a zone may be written (its name in either language, its path) → its id in hex."""
    rows = {zone.id: zone for zone in session.scalars(select(Zone).where(Zone.site_id == site.id))}
    found: dict[str, set[str]] = {}
    for zone in rows.values():
        path: list[str] = []
        at: Zone | None = zone
        while at is not None and len(path) < 12:
            path.insert(0, at.name_zh)
            at = rows.get(at.parent_id) if at.parent_id else None
        for word in (zone.name_zh, zone.name_en, " / ".join(path), "/".join(path)):
            if word:
                found.setdefault(word, set()).add(zone.id.hex)
    return {word: next(iter(ids)) for word, ids in found.items() if len(ids) == 1}
