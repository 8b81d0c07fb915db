"""The columns of the register as a file, with their heads in both languages, and how a cell is understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from server.assets.days import is_partial

Cell = str | int | float | bool | date | datetime | None
"""What a file gives for a cell; CSV gives text alone."""

_EXCEL_ZERO = date(1899, 12, 30)
"""Serial numbers of days count from here (Excel believes in 29 February 1900, which moves it by one)."""
_FIRST_SERIAL, _LAST_SERIAL = 367, 109_574
"""1901 to 2199: other numbers are no days."""
_FORMULA = re.compile(r"\s*[=＝]")


class Refused(ValueError):
    """A cell that cannot be taken; the text is one of `WHYS`."""


WHYS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("要填", "It must be filled"),
    "long": ("太长", "It is too long"),
    "formula": ("是公式，要填值", "It is a formula; give the value"),
    "day": ("看不出是哪天", "It is no day"),
    "choice": ("不在可选的词里", "It is none of the words allowed"),
    "characters": ("有看不见的控制字符", "It has control characters"),
    "twice": ("编号在文件里重复", "The number stands in the file twice"),
    "zone": ("没有这个位置", "The site has no such zone"),
    "parent": ("没有这个编号的设备", "No asset has this number"),
    "loop": ("所属关系绕成了圈", "It would be a part of itself"),
    "deep": ("所属层级太多", "The tree would be too deep"),
    "retired": ("这个编号已报废", "An asset of this number was taken down"),
    "error": ("单元格里是错误值", "The cell holds an error"),
}
"""Why a row was refused, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its heads in both languages, further heads that are known, how a cell is read."""

    name: str
    zh: str
    en: str
    read: Callable[[Cell], Any]
    also: tuple[str, ...] = ()


def text(most: int, *, required: bool = False, one_line: bool = True) -> Callable[[Cell], str]:
    """Return a reader of texts: trimmed, in one line, full-width letters and digits made plain ones."""

    def read(cell: Cell) -> str:
        found = plain(cell)
        if one_line:
            found = " ".join(found.split())
        if not found and required:
            raise Refused("missing")
        if len(found) > most:
            raise Refused("long")
        return found

    return read


def plain(cell: Cell) -> str:
    """Return a cell as text; whole numbers without a point, days as days.

    :raises Refused: it is a formula, an error of the spreadsheet, or has control characters
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = unicodedata.normalize("NFKC", str(cell)) if not isinstance(cell, str) else _narrow(cell)
    if found.startswith("'") and found[1:2] in tuple("=+-@"):
        found = found[1:]  # the apostrophe of our own export
    elif _FORMULA.match(found):
        raise Refused("formula")
    if found.startswith("#") and found.rstrip("!?") in _ERRORS:
        raise Refused("error")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t\r" for c in found):
        raise Refused("characters")
    return found.strip()


_ERRORS = ("#N/A", "#REF", "#VALUE", "#DIV/0", "#NAME", "#NUM", "#NULL")


def _narrow(found: str) -> str:
    """Return full-width letters, digits and blanks as plain ones; Chinese punctuation stays."""
    return "".join(
        chr(ord(c) - 0xFEE0)
        if "０" <= c <= "９" or "Ａ" <= c <= "Ｚ" or "ａ" <= c <= "ｚ" or c in "－／．"
        else " "
        if c in "\u3000\u00a0"
        else c
        for c in found.replace("\ufeff", "").replace("\u200b", "")
    )


_DAY = re.compile(r"(\d{4})\s*(?:[-/.年])\s*(\d{1,2})(?:\s*(?:[-/.月])\s*(\d{1,2})\s*日?)?\s*月?\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")


def partial_day(cell: Cell) -> str:
    """Return a year, a month or a day: ``2014``, ``2014年6月``, ``2014/6/3``, ``20140603``, a serial one."""
    found = plain(cell)
    if not found:
        return ""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        if 1900 <= cell <= 2200:  # a year that stands as a number
            return str(int(cell))
        return (_EXCEL_ZERO + timedelta(days=int(cell))).isoformat()
    found = found.split("T")[0].split(" 00:00")[0].strip()
    if match := _COMPACT.match(found):
        found = "-".join(match.groups())
    elif match := _DAY.match(found):
        found = "-".join([match[1], *(part.zfill(2) for part in match.groups()[1:] if part)])
    else:
        found = found.removesuffix("年")
    if not is_partial(found):
        raise Refused("day")
    return found


def full_day(cell: Cell) -> date | None:
    """Return a whole day, or None for an empty cell."""
    found = partial_day(cell)
    if not found:
        return None
    if len(found) != 10:
        raise Refused("day")
    return date.fromisoformat(found)


def choice(words: Mapping[str, Any], empty: Any) -> Callable[[Cell], Any]:
    """Return a reader of one of some words, whatever their case."""

    def read(cell: Cell) -> Any:
        found = plain(cell).lower()
        if not found:
            return empty
        if found not in words:
            raise Refused("choice")
        return words[found]

    return read


YES: Final = {
    **dict.fromkeys(("是", "有", "y", "yes", "true", "1", "√"), True),
    **dict.fromkeys(("否", "无", "n", "no", "false", "0", "×"), False),
}

COLUMNS: Final[tuple[Column, ...]] = (
    Column("number", "编号", "Number", text(12, required=True), ("设备编号", "资产编号", "code", "no.")),
    Column("name_zh", "名称", "Name", text(120, required=True), ("设备名称", "名称（中文）")),
    Column("name_en", "英文名", "Name (English)", text(120), ("英文名称",)),
    Column("category", "类别", "Category", text(40), ("设备类别", "分类")),
    Column("zone", "位置", "Zone", text(120), ("安装位置", "区域", "location")),
    Column("parent", "所属设备编号", "Part of", text(12), ("上级编号", "parent")),
    Column("maker", "厂家", "Maker", text(80), ("生产厂家", "制造商", "品牌", "manufacturer", "brand")),
    Column("model", "型号", "Model", text(80), ("规格型号", "型号规格")),
    Column("serial", "出厂编号", "Serial number", text(80), ("序列号", "serial", "s/n")),
    Column("installed_on", "投用", "Installed", partial_day, ("投用日期", "安装日期", "启用日期")),
    Column("warranty_until", "保修到", "Warranty until", full_day, ("保修期至", "质保到期", "warranty")),
    Column(
        "criticality",
        "重要性",
        "Criticality",
        choice({"a": "A", "b": "B", "c": "C"}, None),
        ("重要等级", "abc"),
    ),
    Column("special", "特种设备", "Special equipment", choice(YES, False), ("是否特种设备", "special")),
    Column("registration", "使用登记证号", "Registration", text(40), ("登记证号", "注册代码")),
)  # fmt: skip

BY_NAME: Final = {column.name: column for column in COLUMNS}


def _key(head: str) -> str:
    return "".join(unicodedata.normalize("NFKC", head).replace("*", "").lower().split())


_HEADS: Final = {
    _key(head): column
    for column in COLUMNS
    for head in (column.name, column.zh, column.en, f"{column.zh} {column.en}", *column.also)
}


def columns_of(heads: list[Cell]) -> tuple[list[Column | None], list[str]]:
    """Return the column below each head, and the heads that nobody knows; the first of two counts."""
    found: list[Column | None] = []
    unknown: list[str] = []
    for head in heads:
        word = "" if head is None else str(head).strip()
        column = _HEADS.get(_key(word)) if word else None
        if column is not None and column in found:
            column = None
        found.append(column)
        if word and column is None:
            unknown.append(word[:60])
    return found, unknown
