"""The register as a file, row by row: CSV or a workbook. It can be imported again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import cells
from server.assets.service.register import ordered
from server.assets.tables.columns import COLUMNS, WHYS
from server.sites.models import Asset, Site, Zone

AT_ONCE: Final = 500
FURTHER: Final = (("state", "状态", "State"),)
"""Columns that an import passes over."""
STATE_WORDS: Final = {
    "running": ("运行", "running"),
    "stopped": ("停用", "stopped"),
    "standby": ("备用", "standby"),
    "retired": ("已报废", "retired"),
}


def heads(language: str) -> list[str]:
    """Return the heads of the columns in a language."""
    columns = [(column.zh, column.en) for column in COLUMNS] + [(zh, en) for _, zh, en in FURTHER]
    return [zh if language == "zh" else en for zh, en in columns]


def rows(session: Session, *, site: Site, language: str) -> Iterator[list[Any]]:
    """Yield the register's rows by number, retired assets left out."""
    zones = _zone_paths(session, site)
    parents = {
        row.id: row.number
        for row in session.execute(select(Asset.id, Asset.number).where(Asset.site_id == site.id))
    }
    query = ordered(select(Asset).where(Asset.site_id == site.id, Asset.retired_ms.is_(None)))
    for one in session.scalars(query.execution_options(yield_per=AT_ONCE)):
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        yield [
            one.number, one.name_zh, one.name_en, one.category, zones.get(one.zone_id, ""),
            parents.get(one.parent_id, ""), one.maker, one.model, one.serial, one.installed_on,
            one.warranty_until.isoformat() if one.warranty_until else "", one.criticality or "",
            yes if one.special else no, one.registration,
            STATE_WORDS[one.state][0 if language == "zh" else 1],
        ]  # fmt: skip
        session.expunge(one)


def as_csv(session: Session, *, site: Site, language: str) -> Iterator[str]:
    """Yield the register as CSV."""
    yield cells.BOM + cells.line(heads(language))
    piece: list[str] = []
    for row in rows(session, site=site, language=language):
        piece.append(cells.line(row))
        if len(piece) == AT_ONCE:
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def as_workbook(session: Session, *, site: Site, language: str) -> bytes:
    """Return the register as a workbook; every cell is text, so that nothing is run or rewritten."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账" if language == "zh" else "Register")
    sheet.freeze_panes = "C2"
    bold = []
    for head in heads(language):
        cell = WriteOnlyCell(sheet, value=head)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows(session, site=site, language=language):
        sheet.append([_text(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def faults_csv(faults: list[dict[str, Any]]) -> str:
    """Return the refused rows of an import as CSV, each with its reason in both languages."""
    by_name = {column.name: column for column in COLUMNS}
    lines = [cells.BOM + cells.line(["行 Row", "列 Column", "值 Value", "原因", "Reason"])]
    for fault in faults:
        column = by_name.get(fault["column"] or "")
        zh, en = WHYS[fault["why"]]
        word = f"{column.zh} {column.en}" if column else ""
        lines.append(cells.line([fault["row"], word, fault["value"], zh, en]))
    return "".join(lines)


def _text(sheet: Any, value: object) -> Any:
    cell = WriteOnlyCell(sheet, value=cells.as_text(value))
    cell.data_type = "s"
    return cell


def _zone_paths(session: Session, site: Site) -> dict[UUID | None, str]:
    zones = {zone.id: zone for zone in session.scalars(select(Zone).where(Zone.site_id == site.id))}
    found: dict[UUID | None, str] = {}
    for zone in zones.values():
        path: list[str] = []
        at: Zone | None = zone
        while at is not None and len(path) < 12:
            path.insert(0, at.name_zh)
            at = zones.get(at.parent_id) if at.parent_id else None
        found[zone.id] = " / ".join(path)
    return found
