"""The complaint register (投诉台账): what came, whose matter it was, the answer and whether it satisfied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from server.reports.paper.pages import Band, Column, Pages, Row, document
from server.reports.paper.report import Paper
from server.reports.paper.words import label, period_words, stamp
from server.requests.kinds import number_words
from server.requests.service.register import Complaint

COLUMNS: Final = (
    "no", "complaint.number", "complaint.came", "complaint.text", "complaint.place", "complaint.department",
    "complaint.owner", "complaint.answer", "complaint.kept", "complaint.follow",
)  # fmt: skip
_WIDTHS: Final = (26, 44, 56, 160, 84, 66, 52, 160, 48, 0)
_SIGNED: Final = ("complaint.sign.desk", "sign.head")
_FOOT: Final = 52.0


def head(paper: Paper) -> list[str]:
    """Return the heads of the columns."""
    return [paper.say(word) for word in COLUMNS]


def cells(number: int, one: Complaint, paper: Paper) -> list[str]:
    """Return a complaint as the columns want it; an answer stands with its moment."""
    answer = ""
    if one.answered_ms is not None:
        answer = f"{stamp(one.answered_ms, paper.zone, paper.lang)} {one.answer}".rstrip()
    followed = {True: "complaint.satisfied", False: "complaint.dissatisfied", None: ""}[one.satisfied]
    return [
        str(number),
        number_words(one.number),
        stamp(one.opened_ms, paper.zone, paper.lang),
        one.text,
        one.place,
        label(one.department, paper.lang, "—"),
        one.owner or "—",
        answer,
        paper.say(f"complaint.{one.kept}") if one.kept else "",
        paper.say(followed) if followed else "",
    ]


def complaints_pdf(lines: Sequence[Complaint], *, paper: Paper) -> bytes:
    """Return the register with numbered pages, and room to sign and to seal at each foot."""

    def draw(pages: Pages) -> None:
        pages.reserved = _FOOT
        pages.at_foot = lambda page: _sign(page, paper)
        pages.begin()
        widths = list(_WIDTHS)
        widths[-1] = int(pages.width - sum(widths))
        columns = [Column(word, wide) for word, wide in zip(head(paper), widths, strict=True)]
        rows: list[Row] = [cells(n, one, paper) for n, one in enumerate(lines, 1)]
        pages.table(columns, rows or [Band(paper.say("complaint.none"))], lines=1.4)

    return document(
        title=paper.say("register.complaints"),
        facts=paper.lines(),
        foot=f"{label(paper.site, paper.lang)} · {period_words(paper.period, paper.lang)}",
        folio=paper.folio,
        wide=True,
        draw=draw,
    )


def _sign(pages: Pages, paper: Paper) -> None:
    kept = pages.y
    base = pages.bottom - _FOOT + 16
    each = (pages.width - 96) / len(_SIGNED)
    pages.y = base + 3
    for place, word in enumerate(_SIGNED):
        x = place * each
        pages.text(paper.say(word), size=8.5, x=x, wide=90)
        pages.rule(x=x + 92, y=base, wide=each - 106)
    pages.box(x=pages.width - 88, y=base - 8, wide=88, high=40)
    pages.y = base + 20
    pages.text(paper.say("seal"), size=8.5, x=pages.width - 84, wide=60)
    pages.y = kept
