"""The maintenance plan of a year (年度保养计划) as a sheet to sign and seal, and as rows of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from server.reports.paper.pages import Band, Column, Pages, Row, document
from server.reports.paper.tables import Cell, Sheet
from server.reports.paper.words import Lang, label, say, stamp
from server.rounds.often import recurrence_words

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("{year} 年度保养计划", "Maintenance plan {year}"),
    "no": ("序号", "No."),
    "name": ("保养项目", "Upkeep"),
    "thing": ("对象", "What"),
    "when": ("周期", "How often"),
    "every": ("每 {n} {unit}", "every {n} {unit}"),
    "either": ("{a}或{b}，先到为准", "{a} or {b}, whichever is first"),
    "demand": ("条款", "Clause"),
    "month": ("{n} 月", "{n}"),
    "planned": ("计", "P"),
    "open": ("开", "O"),
    "done": ("完", "D"),
    "skipped": ("跳", "S"),
    "legend": (
        "计：计划；开：工单进行中；完：已完成；跳：没做。后面是日期；≈ 为按近 60 天运行推算。",
        "P: planned, O: open, D: done, S: not done, each with its day; ≈ is reckoned from the last 60 days.",
    ),
    "follows": (
        "计划按出表时的规则推算，假定每次都按期完成。",
        "Planned follows the rules at the time of this sheet, each turn done when it is due.",
    ),
    "empty": ("没有保养规则", "No rules of upkeep"),
    "drawn": ("编制", "Drawn up"),
    "checked": ("审核", "Checked"),
    "approved": ("批准", "Approved"),
    "seal": ("盖章", "Seal"),
    "made": ("出表时间", "Made"),
}
_FOOT: Final = 56.0
_SIGNED: Final = ("drawn", "checked", "approved")


def word(key: str, lang: Lang, **values: object) -> str:
    """Return a word or sentence of the plan."""
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)


def head(lang: Lang) -> list[str]:
    """Return the heads of the columns."""
    first = [word(key, lang) for key in ("no", "name", "thing", "when", "demand")]
    return [*first, *(word("month", lang, n=n) for n in range(1, 13))]


def lines(rows: Sequence[dict[str, Any]], lang: Lang) -> list[list[str]]:
    """Return the plan line by line, the texts in the language of the paper."""
    found = []
    for number, row in enumerate(rows, start=1):
        thing = f"{row['thing']['number']} {label(row['thing']['name'], lang)}".strip()
        months = [
            " ".join(
                f"{word(cell['what'], lang)}{'≈' if cell['forecast'] else ''}{cell['day']}" for cell in cells
            )
            for cells in row["months"]
        ]
        first = [str(number), label(row["name"], lang), thing, when(row, lang), row["demand"] or ""]
        found.append([*first, *months])
    return found


def when(row: dict[str, Any], lang: Lang) -> str:
    """Return how often a rule asks for its turns: by the calendar, by a counter, or what comes first."""
    texts = [recurrence_words(row["recurrence"], lang)] if row["recurrence"] else []
    if row["every"] is not None:
        texts.append(word("every", lang, n=row["every"], unit=row["unit"]).strip())
    return word("either", lang, a=texts[0], b=texts[1]) if len(texts) > 1 else "".join(texts)


def year_sheet(rows: Sequence[dict[str, Any]], *, year: int, lang: Lang) -> Sheet:
    """Return the plan as a table of a workbook."""
    table: list[list[Cell]] = [[int(line[0]), *line[1:]] for line in lines(rows, lang)]
    return Sheet(word("title", lang, year=year), head(lang), table)


def about(site: dict[str, str], zone: ZoneInfo, now_ms: int, lang: Lang) -> list[tuple[str, Cell]]:
    """Return what a workbook says of where it comes from."""
    return [
        (say("site", lang), label(site, lang)),
        (word("made", lang), stamp(now_ms, zone, lang)),
        ("", word("legend", lang)),
        ("", word("follows", lang)),
    ]


def year_pdf(
    rows: Sequence[dict[str, Any]],
    *,
    site: dict[str, str],
    zone: ZoneInfo,
    year: int,
    now_ms: int,
    lang: Lang,
) -> bytes:
    """Return the plan as a PDF across the sheet, with places for three signatures and a seal."""

    def draw(pages: Pages) -> None:
        pages.reserved = _FOOT
        pages.at_foot = lambda page: _sign(page, lang)
        pages.begin()
        wide = [24.0, 112.0, 88.0, 70.0, 36.0]
        month = (pages.width - sum(wide)) / 12
        columns = [Column(text, w) for text, w in zip(head(lang), [*wide, *[month] * 12], strict=True)]
        table: list[Row] = list(lines(rows, lang))
        pages.table(columns, table or [Band(word("empty", lang))], lines=1.6)
        for note in ("legend", "follows"):
            pages.paragraph(f"· {word(note, lang)}")

    title = word("title", lang, year=year)
    return document(
        title=title,
        facts=[f"{label(site, lang)} · {word('made', lang)} {stamp(now_ms, zone, lang)}"],
        foot=f"{label(site, lang)} · {title}",
        folio=lambda n, m: say("page", lang, n=n, m=m),
        wide=True,
        draw=draw,
    )


def _sign(pages: Pages, lang: Lang) -> None:
    kept = pages.y
    base = pages.bottom - _FOOT + 16
    each = (pages.width - 96) / len(_SIGNED)
    pages.y = base + 3
    for place, key in enumerate(_SIGNED):
        pages.text(word(key, lang), size=8.5, x=place * each, wide=60)
        pages.rule(x=place * each + 62, y=base, wide=each - 76)
    pages.box(x=pages.width - 88, y=base - 8, wide=88, high=42)
    pages.y = base + 22
    pages.text(word("seal", lang), size=8.5, x=pages.width - 84, wide=60)
    pages.y = kept
