"""The maintenance log (维修台账) as a paper to sign and seal: what was done, by whom, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from server.orders.service.papers import word
from server.reports.paper.pages import Band, Column, Pages, Row, document
from server.reports.paper.register import FOOT, sign
from server.reports.paper.words import Lang, label, say, stamp

MOST: Final = 1_000
"""Lines of a paper, about 50 pages; a longer stretch is asked for in parts."""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("维修台账", "Maintenance log"),
    "number": ("工单号", "Order"),
    "class": ("类别", "Class"),
    "opened": ("开单", "Opened"),
    "place": ("位置", "Where"),
    "what": ("内容", "What"),
    "who": ("处理人", "By"),
    "arrived": ("到场", "Arrived"),
    "done": ("完工", "Done"),
    "result": ("结果、说明", "Result, notes"),
    "due": ("时限", "Deadlines"),
    "cost": ("费用（{currency}）", "Cost ({currency})"),
    "days": ("完工日期 {begin} 至 {end}", "Work that ended {begin} to {end}"),
    "ever": ("不限", "any"),
    "sum": (
        "合计 {n} 张 · 人工 {labour} · 备件 {parts} · 其他 {other} · 共 {total} {currency}",
        "{n} orders · labour {labour} · parts {parts} · other {other} · in all {total} {currency}",
    ),
    "rule": (
        "人工按本项目工时单价，备件按领用时单价，其他为录入金额。",
        "Labour at the site's rate, parts at the prices of when they were taken, other as entered.",
    ),
    "unpriced": ("{n} 笔备件没有单价，没算进去", "{n} moves of parts without a price are left out"),
    "cut": (
        "只列最近 {n} 张，更早的请分段导出。",
        "Only the latest {n} orders; take earlier ones as a paper of their own.",
    ),
    "urgent": ("紧急", "Urgent"),
    "empty": ("这段时间没有完工的工单", "Nothing was done in these days"),
    "sign.filled": ("填表人签字", "Filled in by (signature)"),
    "sign.works": ("工程主管签字", "Head of works (signature)"),
}
_HEADS: Final = (
    "number", "class", "opened", "place", "what", "who", "arrived", "done", "result", "due", "cost",
)  # fmt: skip
_WIDTHS: Final = (26.0, 42.0, 36.0, 54.0, 90.0, 106.0, 46.0, 54.0, 54.0, 116.0, 84.0)
_SIGNED: Final = ("sign.filled", "sign.works", "sign.head")
_LAST_MS: Final = 253_402_214_400_000
"""31 December 9999: later moments have no day."""


@dataclass(frozen=True, slots=True)
class LogPaper:
    """What the paper says of where it comes from; the stretch is from `from_ms` on and before `to_ms`."""

    site: dict[str, str]
    zone: ZoneInfo
    from_ms: int
    to_ms: int
    now_ms: int
    lang: Lang
    is_part: bool
    """Only the orders of a team or a company are on it."""

    def say(self, key: str, **values: object) -> str:
        """Return a word or sentence of this paper, or one that all papers share."""
        if key not in _WORDS:
            return say(key, self.lang, **values)
        return _WORDS[key][0 if self.lang == "zh" else 1].format(**values)

    def folio(self, number: int, total: int) -> str:
        """Return what stands at the foot of a page."""
        return self.say("page", n=number, m=total)

    def days(self) -> str:
        """Return the stretch in words."""
        return self.say("days", begin=self._day(self.from_ms), end=self._day(self.to_ms - 1))

    def _day(self, ms: int) -> str:
        if not 0 < ms < _LAST_MS:
            return self.say("ever")
        return f"{datetime.fromtimestamp(ms / 1000, self.zone):%Y-%m-%d}"


def line(number: int, row: Mapping[str, Any], paper: LogPaper) -> list[str]:
    """Return an order as the columns want it."""
    lang = paper.lang
    place = label(row["target"]["name"], lang) if row["target"] else ""
    what = label(row["title"], lang) or row["note"] or word(row["cls"], lang)
    urgent = f"[{paper.say('urgent')}] " if row["urgency"] == "urgent" else ""
    said = [word(row["result"], lang) or word(row["state"], lang), row["note_done"]]
    return [
        str(number),
        row["number"],
        word(row["cls"], lang),
        stamp(row["opened_ms"], paper.zone, lang),
        " ".join(filter(None, (place, row["place"]))),
        urgent + what,
        row["done_by"]["name"] if row["done_by"] else "",
        _stamp(row["arrived_ms"], paper),
        _stamp(row["done_ms"], paper),
        " · ".join(filter(None, said)),
        "; ".join(f"{one['clause']} {word(one['state'], lang)}" for one in row["deadlines"] if one["clause"]),
        row["total_cost"],
    ]


def log_pdf(log: Mapping[str, Any], paper: LogPaper) -> bytes:
    """Return the log as a register, the earliest first: numbered pages, room to sign and to seal.

    :param log: what `server.orders.service.logbook` found, the latest first
    """
    rows: Sequence[Mapping[str, Any]] = log["orders"][::-1]
    unpriced = sum(row["unpriced"] for row in rows)
    notes = [paper.say("unpriced", n=unpriced)] if unpriced else []
    notes += [paper.say("cut", n=MOST)] if len(rows) >= MOST else []
    notes += [paper.say("only_own")] if paper.is_part else []

    def draw(pages: Pages) -> None:
        pages.reserved = FOOT
        pages.at_foot = lambda page: sign(page, paper.say, _SIGNED)
        pages.begin()
        heads = [paper.say(head, currency=log["currency"]) for head in ("no", *_HEADS)]
        widths = [*_WIDTHS, pages.width - sum(_WIDTHS)]
        columns = [
            Column(head, wide, right=place == len(_HEADS))
            for place, (head, wide) in enumerate(zip(heads, widths, strict=True))
        ]
        lines: list[Row] = [line(number, row, paper) for number, row in enumerate(rows, start=1)]
        last = Band(_sum(rows, log["currency"], paper) if rows else paper.say("empty"))
        pages.table(columns, [*lines, last], lines=1.4)
        for told in notes:
            pages.paragraph(f"· {told}")

    name = label(paper.site, paper.lang)
    title = paper.say("title")
    made = f"{paper.say('made')} {stamp(paper.now_ms, paper.zone, paper.lang)}"
    return document(
        title=title,
        facts=[f"{paper.say('site')} {name} · {paper.days()} · {made} · {paper.zone.key}", paper.say("rule")],
        foot=f"{name} · {title} · {paper.days()}",
        folio=paper.folio,
        wide=True,
        draw=draw,
    )


def _sum(rows: Sequence[Mapping[str, Any]], currency: str, paper: LogPaper) -> str:
    sums = {
        what: sum((Decimal(row[f"{what}_cost"]) for row in rows), Decimal(0))
        for what in ("labour", "parts", "other", "total")
    }
    return paper.say("sum", n=len(rows), currency=currency, **sums)


def _stamp(ms: int | None, paper: LogPaper) -> str:
    return "" if ms is None else stamp(ms, paper.zone, paper.lang)
