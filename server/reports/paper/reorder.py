"""The list of what is to be ordered 补货清单 as a paper to sign, and as a table of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from server.reports.paper.pages import Band, Column, Pages, Row, document
from server.reports.paper.tables import Cell, Sheet
from server.reports.paper.words import Lang, label, say, stamp
from server.stock.service import HEADS

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("补货清单", "Parts to order"),
    "sum": ("合计 {sum} 元", "Sum CNY {sum}"),
    "no_sum": ("有的备件没有单价，合计不全", "Some parts have no price: the sum is not whole"),
    "empty": ("没有要补的备件", "Nothing is to be ordered"),
    "made": ("出表时间", "Made"),
    "asked": ("申请", "Asked for"),
    "approved": ("批准", "Approved"),
    "bought": ("采购", "Bought"),
}
_WIDE: Final = (56.0, 170.0, 80.0, 140.0, 40.0, 52.0, 60.0, 52.0, 66.0)
"""Of the columns but the last, points."""
_FIGURES_FROM: Final = 5
_FOOT: Final = 40.0
_SIGNED: Final = ("asked", "approved", "bought")


def word(key: str, lang: Lang, **values: object) -> str:
    """Return a word or sentence of the list."""
    return _WORDS[key][0 if lang == "zh" else 1].format(**values)


def total_words(total: int | None, lang: Lang) -> str:
    """Return the sum of the list in words; None: it is not whole."""
    return (
        word("no_sum", lang) if total is None else word("sum", lang, sum=f"{total // 100}.{total % 100:02}")
    )


def reorder_sheet(lines: Sequence[Sequence[str]], lang: Lang) -> Sheet:
    """Return the list as a table of a workbook: figures are numbers there."""
    rows: list[list[Cell]] = [
        [*line[:_FIGURES_FROM], *(float(text) if text else None for text in line[_FIGURES_FROM:])]
        for line in lines
    ]
    return Sheet(word("title", lang), list(HEADS[lang]), rows)


def about(
    site: dict[str, str], zone: ZoneInfo, total: int | None, now_ms: int, lang: Lang
) -> list[tuple[str, Cell]]:
    """Return what a workbook says of where it comes from."""
    return [
        (say("site", lang), label(site, lang)),
        (word("made", lang), stamp(now_ms, zone, lang)),
        ("", total_words(total, lang)),
    ]


def reorder_pdf(
    lines: Sequence[Sequence[str]],
    *,
    total: int | None,
    site: dict[str, str],
    zone: ZoneInfo,
    now_ms: int,
    lang: Lang,
) -> bytes:
    """Return the list as a PDF across the sheet, with its sum and places for three signatures."""

    def draw(pages: Pages) -> None:
        pages.reserved = _FOOT
        pages.at_foot = lambda page: _sign(page, lang)
        pages.begin()
        wide = [*_WIDE, pages.width - sum(_WIDE)]
        columns = [Column(text, w) for text, w in zip(HEADS[lang], wide, strict=True)]
        table: list[Row] = [list(line) for line in lines]
        pages.table(columns, table or [Band(word("empty", lang))], lines=1.6)
        if lines:
            pages.paragraph(total_words(total, lang))

    title = word("title", lang)
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
    base = pages.bottom - _FOOT + 12
    each = pages.width / len(_SIGNED)
    pages.y = base + 3
    for place, key in enumerate(_SIGNED):
        pages.text(word(key, lang), size=8.5, x=place * each, wide=60)
        pages.rule(x=place * each + 62, y=base, wide=each - 76)
    pages.y = kept
