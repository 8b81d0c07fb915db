"""Tables as an XLSX workbook: real figures and days, heads that stay, nothing a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from server.cells import as_text
from server.reports.paper.tables import Cell, Sheet
from server.reports.paper.words import Lang

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HEAD = Font(bold=True)
_NARROW, _WIDE = 11, 44


def write_workbook(
    file: IO[bytes], sheets: Iterable[Sheet], *, about: Sequence[tuple[str, Cell]], title: str, lang: Lang
) -> None:
    """Write a workbook: a first sheet that says what it is about, then one per table.

    Rows are written as they come; the workbook is never in memory as a whole.
    """
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = "Roundsman"
    book.properties.language = "zh-CN" if lang == "zh" else "en"
    first = book.create_sheet(title[:31])
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 22, 60
    for name, value in about:
        first.append([_cell(first, name, bold=True), _cell(first, value)])
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.save(file)


def _write_sheet(book: Workbook, sheet: Sheet) -> None:
    made = book.create_sheet(sheet.title[:31])
    made.freeze_panes = "A2"
    for column, head in enumerate(sheet.head, 1):
        wide = _WIDE if column <= 3 and len(sheet.head) > 8 and column != 1 else _NARROW + 3
        made.column_dimensions[get_column_letter(column)].width = max(wide, min(2 * len(head), 24))
    made.append([_cell(made, head, bold=True) for head in sheet.head])
    for row in sheet.rows:
        made.append(list(_cells(made, sheet, row)))


def _cells(made: Any, sheet: Sheet, row: Sequence[Cell]) -> Iterator[Any]:
    for column, value in enumerate(row):
        cell = _cell(made, value)
        if column in sheet.shares:
            cell.number_format = "0.0%"
        yield cell


def _cell(made: Any, value: Cell, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", as_text(value))
    cell = WriteOnlyCell(made, value=value)  # type: ignore[arg-type]  # the stubs forget days
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = _HEAD
    return cell
