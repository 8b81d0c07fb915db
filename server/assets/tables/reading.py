"""Reads a file of rows, CSV or XLSX, row by row, so that its size does not matter; knows Excel's quirks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import openpyxl

from server.assets.tables.columns import Cell

MOST_ROWS: Final = 60_000
MOST_COLUMNS: Final = 60
MOST_CELL: Final = 2_000
_MOST_UNPACKED: Final = 200 * 1024 * 1024
"""An XLSX is a packed file; one that unpacks to more is a bomb, or not for here."""
_MOST_RATIO: Final = 200
_MOST_STRINGS: Final = 64 * 1024 * 1024


class Unreadable(ValueError):
    """The file is none of rows; the text is `empty`, `kind`, `large` or `broken`."""


def rows(data: bytes) -> Iterator[list[Cell]]:
    """Yield the rows of a file, blank ones as empty lists, so that they count.

    What it is shows its beginning, not its name: an XLSX begins as a zip; anything else is text.

    :raises Unreadable: it cannot be read, on the first row or later
    """
    if data[:4] == b"PK\x03\x04":
        return _xlsx(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or (
        b"\x00" in data[:4_096] and data[:2] not in _UTF16
    ):
        raise Unreadable("kind")  # the old .xls, or something else altogether
    return _csv(data)


_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, UTF-16 with a mark, else what Excel writes in China."""
    if data[:2] in _UTF16:
        return data.decode("utf-16", errors="strict")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _csv(data: bytes) -> Iterator[list[Cell]]:
    try:
        found = decoded(data)
    except UnicodeDecodeError:
        raise Unreadable("kind") from None
    first = found[:10_000].split("\n", 1)[0]
    delimiter = max((",", "\t", ";", "，"), key=first.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(found, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader):
            if number > MOST_ROWS:
                raise Unreadable("large")
            yield _bounded(row)
    except csv.Error:
        raise Unreadable("broken") from None


def _xlsx(data: bytes) -> Iterator[list[Cell]]:
    _check_packed(data)
    try:
        # formulas are seen as such: what they would come to is not trusted
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        found = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    except Exception:
        raise Unreadable("broken") from None
    try:
        yield from _counted(found)
    finally:
        book.close()


def _counted(found: Iterator[Any]) -> Iterator[list[Cell]]:
    for number in range(MOST_ROWS + 2):
        try:
            row = next(found, None)
        except Exception:
            raise Unreadable("broken") from None
        if row is None:
            return
        if number > MOST_ROWS:
            raise Unreadable("large")
        yield _bounded(list(row))


def _check_packed(data: bytes) -> None:
    """Refuse a packed file that would not stay small when it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Unreadable("broken") from None
    steep = any(part.file_size > _MOST_RATIO * max(part.compress_size, 50_000) for part in parts)
    strings = any(
        part.filename.endswith("sharedStrings.xml") and part.file_size > _MOST_STRINGS for part in parts
    )
    if steep or strings or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unreadable("large")


def _bounded(row: list[Any]) -> list[Cell]:
    cells: list[Cell] = [cell[:MOST_CELL] if isinstance(cell, str) else cell for cell in row[:MOST_COLUMNS]]
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()  # a workbook gives as many cells as are asked for
    return cells
