"""The ledger of a medium as a table, and as a paper to sign and seal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from server.reports.paper.pages import Band, Column, Pages, Row, document
from server.reports.paper.register import FOOT, sign
from server.reports.paper.tables import Cell, Sheet
from server.reports.paper.words import Lang, label, say, stamp

HEAD: Final = (
    "no", "ledger.what", "ledger.number", "ledger.unit", "ledger.used", "ledger.before", "ledger.change",
    "ledger.year", "ledger.target", "ledger.left", "ledger.last", "remark",
)  # fmt: skip
_WIDTHS: Final = (28.0, 170.0, 70.0, 40.0, 66.0, 66.0, 52.0, 66.0, 62.0, 52.0, 84.0)


@dataclass(frozen=True, slots=True)
class LedgerPaper:
    """What the paper says of where it comes from."""

    site: dict[str, str]
    zone: ZoneInfo
    now_ms: int
    lang: Lang

    def say(self, key: str, **values: object) -> str:
        """Return a word or sentence in the paper's language."""
        return say(key, self.lang, **values)

    def folio(self, number: int, total: int) -> str:
        """Return what stands at the foot of a page."""
        return self.say("page", n=number, m=total)


def title(view: Mapping[str, Any], paper: LedgerPaper) -> str:
    """Return what the ledger is called."""
    return paper.say(f"ledger.{view['medium']}", month=view["month"])


def sheet(view: Mapping[str, Any], paper: LedgerPaper) -> Sheet:
    """Return the ledger as one table: the site, its teams, its meters, what got lost."""
    rows: list[list[Cell]] = []
    unit = "" if view["mixed"] else view["unit"]
    rows.append(_line(len(rows) + 1, paper.say("ledger.site"), "", unit, view["site"], None, paper))
    for team in view["teams"]:
        name = label(team["name"], paper.lang)
        rows.append(_line(len(rows) + 1, name, "", unit, team, None, paper))
    for meter in view["meters"]:
        name = f"{label(meter['asset'].name, paper.lang)} · {label(meter['name'], paper.lang)}"
        last = None if meter["last_ms"] is None else stamp(meter["last_ms"], paper.zone, paper.lang)
        rows.append(_line(len(rows) + 1, name, meter["number"], meter["unit"], meter, last, paper))
    for loss in view["losses"]:
        rows.append(_loss(len(rows) + 1, loss, unit, paper))
    return Sheet(title(view, paper), [paper.say(word) for word in HEAD], rows)


def _line(
    number: int,
    name: str,
    serial: str,
    unit: str,
    row: Mapping[str, Any],
    last: str | None,
    paper: LedgerPaper,
) -> list[Cell]:
    used, before = row["now"]["used"], row["before"]["used"]
    target = row["target"]
    return [
        number, name, serial, unit, _number(used), _number(before), _change(used, before),
        _number(row["year"]["used"]), _number(target),
        None if used is None or target is None else _number(f"{float(target) - float(used):.6g}"),
        last, paper.say("ledger.unsure", n=row["now"]["unsure"]) if row["now"]["unsure"] else "",
    ]  # fmt: skip


def _loss(number: int, loss: Mapping[str, Any], unit: str, paper: LedgerPaper) -> list[Cell]:
    name = f"{paper.say('ledger.loss')} · {label(loss['name'], paper.lang)}"
    told = paper.say("ledger.unread", n=loss["unread"]) if loss["unread"] else ""
    if loss["share"] is not None:
        told = paper.say("ledger.share", share=f"{float(loss['share']) * 100:.1f}")
    empty: list[Cell] = [None] * 6
    return [number, name, "", unit, _number(loss["lost"]), *empty, told]


def _number(text: str | None) -> float | int | None:
    if text is None:
        return None
    number = float(text)
    return int(number) if number.is_integer() else number


def _change(used: str | None, before: str | None) -> str | None:
    if used is None or before is None or float(before) == 0:
        return None
    return f"{(float(used) / float(before) - 1) * 100:+.1f}%"


def ledger_pdf(view: Mapping[str, Any], paper: LedgerPaper) -> bytes:
    """Return the ledger as a paper: fixed columns, numbered pages, room to sign and to seal."""
    made = sheet(view, paper)

    def draw(pages: Pages) -> None:
        pages.reserved = FOOT
        pages.at_foot = lambda page: sign(page, paper.say)
        pages.begin()
        widths = [*_WIDTHS, pages.width - sum(_WIDTHS)]
        right = range(4, 10)
        columns = [
            Column(word, wide, right=place in right)
            for place, (word, wide) in enumerate(zip(made.head, widths, strict=True))
        ]
        rows: list[Row] = [["" if cell is None else str(cell) for cell in row] for row in made.rows]
        pages.table(columns, rows if view["meters"] else [Band(paper.say("ledger.empty"))], lines=1.4)
        pages.paragraph(f"· {paper.say('ledger.rule')}")

    name = label(paper.site, paper.lang)
    made_at = f"{paper.say('made')} {stamp(paper.now_ms, paper.zone, paper.lang)}"
    return document(
        title=made.title,
        facts=[f"{paper.say('site')} {name} · {made_at} · {paper.zone.key}"],
        foot=f"{name} · {made.title}",
        folio=paper.folio,
        wide=True,
        draw=draw,
    )
