"""The maintenance log (维修台账) as a table: its columns, as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any, Final, Literal
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from server import cells

Lang = Literal["zh", "en"]
Cell = str | int | float | datetime | None

_AT_ONCE: Final = 500

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HEADS: Final[dict[Lang, tuple[str, ...]]] = {
    "zh": (
        "工单号",
        "类别",
        "紧急",
        "内容",
        "位置",
        "开单",
        "到场",
        "完工",
        "用时（分）",
        "处理人",
        "结果",
        "说明",
        "状态",
        "时限",
        "工时（分）",
        "人工费",
        "备件费",
        "其他费用",
    ),
    "en": (
        "Order",
        "Class",
        "Urgency",
        "What",
        "Where",
        "Opened",
        "Arrived",
        "Done",
        "Minutes",
        "By",
        "Result",
        "Notes",
        "State",
        "Deadlines",
        "Labour (min)",
        "Labour cost",
        "Parts cost",
        "Other costs",
    ),
}
WORDS: Final[dict[str, tuple[str, str]]] = {
    "water": ("水", "Water"),
    "power": ("电", "Power"),
    "gas": ("燃气", "Gas"),
    "lift": ("电梯", "Lift"),
    "lighting": ("照明", "Lighting"),
    "glass": ("玻璃", "Glass"),
    "door": ("门", "Door"),
    "fire": ("消防", "Fire"),
    "leak": ("渗漏", "Leak"),
    "other": ("其他", "Other"),
    "normal": ("一般", "Normal"),
    "urgent": ("紧急", "Urgent"),
    "fixed": ("已修好", "Fixed"),
    "temporary": ("临时处理", "Temporary"),
    "not_possible": ("修不了", "Not possible"),
    "nothing_found": ("未见异常", "Nothing found"),
    "open": ("待派", "Open"),
    "dispatched": ("已派", "Dispatched"),
    "accepted": ("已接", "Accepted"),
    "working": ("处理中", "Working"),
    "paused": ("已暂停", "Paused"),
    "done": ("已完工", "Done"),
    "verified": ("已验收", "Verified"),
    "closed": ("已回访", "Closed"),
    "cancelled": ("已取消", "Cancelled"),
    "met": ("按时", "met"),
    "late": ("超时", "late"),
    "missed": ("未做", "missed"),
    "running": ("未到期", "running"),
    "unheard": ("未回传", "not heard"),
    "unproven": ("待核实", "unproven"),
}


def word(key: str | None, lang: Lang) -> str:
    """Return a word of an order in a language."""
    return WORDS[key][0 if lang == "zh" else 1] if key in WORDS else ""


def table(found: Iterable[Mapping[str, Any]], *, zone: str, lang: Lang) -> Iterator[list[Cell]]:
    """Yield the head and the lines of a log as they are read; moments are the site's local times."""
    here = ZoneInfo(zone)

    def local(ms: int | None) -> datetime | None:
        return datetime.fromtimestamp(ms / 1000, here).replace(tzinfo=None) if ms is not None else None

    yield list(_HEADS[lang])
    for row in found:
        place = row["target"]["name"] if row["target"] else None
        yield [
            row["number"],
            word(row["cls"], lang),
            word(row["urgency"], lang),
            _said(row["title"], lang) or row["note"],
            " ".join(filter(None, (_said(place, lang), row["place"]))),
            local(row["opened_ms"]),
            local(row["arrived_ms"]),
            local(row["done_ms"]),
            round((row["done_ms"] - row["opened_ms"]) / 60_000) if row["done_ms"] else None,
            row["done_by"]["name"] if row["done_by"] else None,
            word(row["result"], lang),
            row["note_done"],
            word(row["state"], lang),
            "; ".join(f"{d['clause']} {word(d['state'], lang)}" for d in row["deadlines"] if d["clause"]),
            row["labour_min"],
            float(Decimal(row["labour_cost"])),
            float(Decimal(row["parts_cost"])),
            float(Decimal(row["other_cost"])),
        ]


def as_csv(lines: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a table as CSV that spreadsheets open in UTF-8, part by part; no cell is a formula."""
    yield cells.BOM
    rows = iter(lines)
    while some := list(islice(rows, _AT_ONCE)):
        yield "".join(
            cells.line([one.strftime("%Y-%m-%d %H:%M") if isinstance(one, datetime) else one for one in row])
            for row in some
        )


def write_xlsx(file: IO[bytes], lines: Iterable[Sequence[Cell]], *, title: str) -> None:
    """Write a table as a workbook of one sheet, line by line; it is never in memory as a whole."""
    book = Workbook(write_only=True)
    book.properties.creator = "Roundsman"
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, row in enumerate(lines):
        sheet.append([_cell(sheet, value, bold=number == 0) for value in row])
    book.save(file)


def _cell(sheet: Any, value: Cell, *, bold: bool) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", cells.as_text(value))
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, str):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _said(name: Mapping[str, str] | None, lang: Lang) -> str:
    return "" if name is None else (name.get(lang) or name["zh"])
