"""What is to be ordered 补货清单, as a table in one language: for the files, whatever their kind."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from server.stock.service.parts import missing, parts_of, prices_of
from sync.stock import quantity_text

Lang = Literal["zh", "en"]

HEADS: Final[dict[Lang, tuple[str, ...]]] = {
    "zh": ("编号", "名称", "分类", "位置", "单位", "现存", "最低库存", "需订购", "单价（元）", "金额（元）"),
    "en": (
        "No.",
        "Name",
        "Category",
        "Place",
        "Unit",
        "In stock",
        "Minimum",
        "To order",
        "Price CNY",
        "Sum CNY",
    ),
}
"""The heads of the columns; those from the sixth on are figures."""


def reorder_lines(session: Session, *, site_id: UUID, lang: Lang) -> tuple[list[list[str]], int | None]:
    """Return the parts of which less than the minimum is there, a line of texts each, and the sum in fen.

    A part without a price has no figure in the last two columns, and the sum is then not known: None.
    """
    short = [part for part in parts_of(session, site_id=site_id) if missing(part) > 0]
    prices = prices_of(session, [part.id for part in short])
    lines: list[list[str]] = []
    total: int | None = 0
    for part in short:
        price, order = prices.get(part.id, [(0, None)])[-1][1], missing(part)
        cost = None if price is None else (price * order + 500) // 1000
        total = None if cost is None or total is None else total + cost
        lines.append(
            [
                part.number,
                part.name["en"] if lang == "en" and part.name["en"] else part.name["zh"],
                part.category,
                " · ".join(part.places),
                part.unit,
                *(quantity_text(milli) for milli in (part.stock_milli, part.minimum_milli or 0, order)),
                *("" if fen is None else f"{fen // 100}.{fen % 100:02}" for fen in (price, cost)),
            ]
        )
    return lines, total
