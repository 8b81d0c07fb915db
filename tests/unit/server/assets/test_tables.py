"""Reading tables of assets: what people and Excel make of days, numbers, letters and files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from server.assets.service.tree import depths, loops
from server.assets.tables import reading
from server.assets.tables.columns import BY_NAME, Refused, columns_of, full_day, partial_day, text


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (None, ""), ("", ""), (2014, "2014"), (2014.0, "2014"), (41_791, "2014-06-01"), ("2014", "2014"),
        ("２０１４年６月", "2014-06"), ("2014年6月3日", "2014-06-03"), ("2014/6/3", "2014-06-03"),
        ("2014.06", "2014-06"), ("20140603", "2014-06-03"), ("2014-06-03T00:00:00", "2014-06-03"),
    ],
)  # fmt: skip
def test_days_as_people_write_them(cell: Any, day: str) -> None:
    assert partial_day(cell) == day


@pytest.mark.parametrize("cell", ["2014-13", "2014-02-30", "next year", "6/3/14", 14, -1, 1e308, "=TODAY()"])
def test_what_is_no_day_is_refused(cell: Any) -> None:
    with pytest.raises(Refused):
        partial_day(cell)


def test_a_warranty_wants_a_whole_day() -> None:
    assert str(full_day("2027/3/1")) == "2027-03-01"
    with pytest.raises(Refused):
        full_day("2027-03")


def test_letters_and_numbers_come_plain_and_nothing_is_run() -> None:
    read = text(12)
    assert [read(cell) for cell in ("ＡＢ１２", 12.0, "  a \t b ", "'=1+1", "泵（一）", "\ufeffE1")] == [
        "AB12", "12", "a b", "=1+1", "泵（一）", "E1",
    ]  # fmt: skip
    for bad, why in (
        ("=1+1", "formula"),
        ("＝A1", "formula"),
        ("#N/A", "error"),
        ("a\x07", "characters"),
        ("x" * 13, "long"),
    ):
        with pytest.raises(Refused, match=why):
            read(bad)


def test_heads_are_known_in_both_languages_and_the_rest_is_named() -> None:
    columns, unknown = columns_of(["编号*", "Name", "设备名称", "规格型号", " 胡说 ", None])

    assert [column and column.name for column in columns] == ["number", "name_zh", None, "model", None, None]
    assert unknown == ["设备名称", "胡说"]
    assert BY_NAME["number"] in columns


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_of_every_sort_are_read(code: str, delimiter: str) -> None:
    data = f'编号{delimiter}名称\r\nE1{delimiter}"水泵\n一"\r\n\r\n'.encode(code)

    assert list(reading.rows(data)) == [["编号", "名称"], ["E1", "水泵\n一"], []]


def packed(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/sharedStrings.xml", b"0" * size)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 nonsense",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old",
        b"a\x00b",
        packed(70_000_000),
        packed(10),
    ],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(reading.Unreadable):
        list(reading.rows(data))


def test_a_workbook_gives_its_cells_and_shows_formulas_as_such() -> None:
    book, file = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append(["编号", "名称"])
    sheet.append(["E1", "=CMD()"])
    book.save(file)

    assert list(reading.rows(file.getvalue())) == [["编号", "名称"], ["E1", "=CMD()"]]


def test_loops_are_found_with_all_that_hangs_below_them() -> None:
    assert loops({"a": "b", "b": "a", "c": "a", "d": None, "e": "d", "f": "f"}) == {"a", "b", "c", "f"}
    assert depths({"a": None, "b": "a", "c": "b", "d": "z"}) == {"a": 1, "b": 2, "c": 3, "d": 2, "z": 1}
