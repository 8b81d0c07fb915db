"""Registers (台账) as authorities know them: fixed columns, numbered pages, places for signature and seal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from server.reports.paper.pages import Band, Column, Pages, Row, document
from server.reports.paper.report import Paper
from server.reports.paper.words import label, period_words

Kind = Literal["patrol", "equipment"]
KINDS: tuple[Kind, ...] = ("patrol", "equipment")

COLUMNS: Final[dict[Kind, tuple[str, ...]]] = {
    "patrol": ("no", "day", "round", "time", "stop", "who", "found", "action", "remark"),
    "equipment": ("no", "day", "time", "thing", "readings", "result", "inspector", "action", "remark"),
}
_WIDTHS: Final[dict[Kind, tuple[float, ...]]] = {
    "patrol": (30, 56, 92, 40, 112, 62, 132, 92, 0),
    "equipment": (30, 56, 40, 112, 184, 52, 62, 92, 0),
}
SIGNED: Final = ("sign.walker", "sign.leader", "sign.head")

FOOT = 62.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a register: one visit, or a stop that nobody visited. Texts are in the paper's language."""

    number: int
    day: str
    round: str
    time: str
    place: str
    who: str
    found: str
    result: str
    action: str
    remark: str

    def cells(self, kind: Kind) -> list[str]:
        """Return the line as the columns of a kind of register want it."""
        if kind == "patrol":
            return [
                str(self.number), self.day, self.round, self.time, self.place,
                self.who, self.found, self.action, self.remark,
            ]  # fmt: skip
        return [
            str(self.number), self.day, self.time, self.place, self.found,
            self.result, self.who, self.action, self.remark,
        ]  # fmt: skip


def head(kind: Kind, paper: Paper) -> list[str]:
    """Return the heads of a register's columns."""
    return [paper.say(word) for word in COLUMNS[kind]]


def register_pdf(
    kind: Kind,
    entries: Sequence[Entry],
    *,
    paper: Paper,
    route: dict[str, str],
    when: str = "",
    notes: Iterable[str] = (),
) -> bytes:
    """Return a register: lines with a head on each page, and room to sign and to seal at its foot.

    :param when: when the route's plans came; it stands in the head
    """
    told = list(notes)

    def draw(pages: Pages) -> None:
        pages.reserved = FOOT
        pages.at_foot = lambda page: sign(page, paper.say)
        pages.begin()
        widths = list(_WIDTHS[kind])
        widths[-1] = pages.width - sum(widths)
        columns = [Column(word, wide) for word, wide in zip(head(kind, paper), widths, strict=True)]
        rows: list[Row] = [entry.cells(kind) for entry in entries]
        pages.table(columns, rows or [Band(paper.say("empty"))], lines=1.4)
        for note in told:
            pages.paragraph(f"· {note}")

    name = label(route, paper.lang)
    colon = "：" if paper.lang == "zh" else ": "
    return document(
        title=f"{paper.say(f'register.{kind}')} · {name}",
        facts=[
            f"{paper.say('route')}{colon}{name} · {paper.lines()[0]}",
            *([f"{paper.say('when')}{colon}{when}"] if when else []),
            paper.lines()[1],
        ],
        foot=f"{label(paper.site, paper.lang)} · {name} · {period_words(paper.period, paper.lang)}",
        folio=paper.folio,
        wide=True,
        draw=draw,
    )


def sign(pages: Pages, said: Callable[[str], str], signed: Sequence[str] = SIGNED) -> None:
    """Draw the places for signatures and the seal at the foot of a page."""
    kept = pages.y
    base = pages.bottom - FOOT + 16
    each = (pages.width - 96) / len(signed)
    pages.y = base + 3
    for place, word in enumerate(signed):
        x = place * each
        pages.text(said(word), size=8.5, x=x, wide=90)
        pages.rule(x=x + 92, y=base, wide=each - 106)
    pages.box(x=pages.width - 88, y=base - 8, wide=88, high=46)
    pages.y = base + 26
    pages.text(said("seal"), size=8.5, x=pages.width - 84, wide=60)
    pages.y = kept
