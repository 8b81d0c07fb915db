"""A report as a PDF, and as a short text to paste into a group chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from server.reports.paper.pages import PARTS, Bar, Column, Pages, Row, document
from server.reports.paper.tables import clause_words, served_words, verdict_words
from server.reports.paper.words import Lang, label, period_words, say, share_words, stamp
from server.reports.periods import Period


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says of where it comes from."""

    site: dict[str, str]
    zone: ZoneInfo
    day_start_min: int
    period: Period
    now_ms: int
    received_ms: int | None
    closing: dict[str, Any] | None
    """The last revision of a closed period, as the API shows it."""
    lang: Lang

    def about(self) -> list[tuple[str, str]]:
        """Return the facts that head every paper."""
        return [
            (self.say("site"), label(self.site, self.lang)),
            (self.say("period"), period_words(self.period, self.lang)),
            (self.say("edition"), self.edition()),
            (self.say("made"), stamp(self.now_ms, self.zone, self.lang)),
            (self.say("received"), stamp(self.received_ms, self.zone, self.lang)),
            (self.say("zone"), self.zone.key),
        ]

    def lines(self) -> list[str]:
        """Return the facts as the lines under a title."""
        about = [
            f"{name}：{value}" if self.lang == "zh" else f"{name}: {value}" for name, value in self.about()
        ]
        begins = f"{self.day_start_min // 60:02}:{self.day_start_min % 60:02}"
        return [" · ".join(about[:3]), " · ".join([*about[3:], self.say("days_begin", at=begins)])]

    def edition(self) -> str:
        """Return whether the period is closed, and with which revision."""
        if self.closing is None:
            return self.say("open")
        return self.say(
            "closed", n=self.closing["revision"], at=stamp(self.closing["closed_ms"], self.zone, self.lang)
        )

    def say(self, key: str, **values: object) -> str:
        """Return a word or sentence in the paper's language."""
        return say(key, self.lang, **values)

    def folio(self, number: int, total: int) -> str:
        """Return what stands at the foot of a page."""
        return self.say("page", n=number, m=total)


def report_pdf(view: dict[str, Any], paper: Paper) -> bytes:
    """Return a report: the sums, the clauses, plans, teams and days, and what they leave open."""

    def draw(pages: Pages) -> None:
        pages.begin()
        _summary(pages, view["sums"], paper)
        _score(pages, view, paper)
        _served(pages, view["served"], paper)
        for name in ("plans", "routes", "teams"):
            _named(pages, name, view[name], paper)
        _days(pages, view["days"], paper)
        for note in footnotes(view, paper):
            pages.paragraph(f"· {note}")

    return document(
        title=paper.say("report"),
        facts=paper.lines(),
        foot=" · ".join(
            (label(paper.site, paper.lang), period_words(paper.period, paper.lang), paper.edition())
        ),
        folio=paper.folio,
        wide=False,
        draw=draw,
    )


def footnotes(view: dict[str, Any], paper: Paper) -> list[str]:
    """Return what the figures leave open, in sentences."""
    closing = paper.closing
    found = [paper.say("note.range")]
    if closing is not None:
        found = [paper.say("note.closed")]
        for note in closing["footnotes"]:
            phones = "、" if paper.lang == "zh" else ", "
            named = phones.join(
                f"{phone['name']} ({stamp(phone['heard_ms'], paper.zone, paper.lang)})"
                for phone in note["phones"]
            )
            found.append(paper.say(f"note.{note['kind']}", n=note["count"], phones=named))
    elif view["sums"]["excused"]:
        found.append(paper.say("note.excused", n=view["sums"]["excused"]))
    return found


def chat_text(view: dict[str, Any], paper: Paper) -> str:
    """Return a few lines for a group chat: the share, its parts, and the clauses that are short."""
    sums = view["sums"] if paper.closing is None else paper.closing["sums"]
    colon = "：" if paper.lang == "zh" else ": "
    share = (
        share_words(sums["low"], sums["high"])
        if paper.closing is None
        else share_words(sums["low"], sums["low"])
    )
    lines = [
        f"{label(paper.site, paper.lang)} · {period_words(paper.period, paper.lang)}",
        f"{paper.say('share')} {share} · {paper.edition()}",
        f"{paper.say('due')} {sums['due']}{colon}{_counts(sums, paper)}",
    ]
    short = [row for row in view["demands"] if row["verdict"] == "short"]
    lines += [f"{_clause(row, paper)}{colon}{verdict_words(row, paper.lang)}" for row in short[:8]]
    if len(short) > 8:
        lines.append("…")
    lines.append(f"{paper.say('received')} {stamp(paper.received_ms, paper.zone, paper.lang)}")
    return "\n".join(lines)


def _clause(row: dict[str, Any], paper: Paper) -> str:
    clause, demand, _ = clause_words(row, paper.lang)
    return " ".join(part for part in (clause, demand) if part)


def _counts(sums: dict[str, Any], paper: Paper) -> str:
    there = [part for part in PARTS if sums[part]] or ["done"]
    between = "，" if paper.lang == "zh" else ", "
    return between.join(f"{paper.say(part)} {sums[part]}" for part in there)


def _summary(pages: Pages, sums: dict[str, Any], paper: Paper) -> None:
    closing = paper.closing
    share = share_words(sums["low"], sums["high"])
    if closing is not None:
        sums = closing["sums"]
        share = share_words(sums["low"], sums["low"])
    pages.y -= 24
    pages.text(paper.say("share"), size=9)
    pages.text(share, size=24, x=60, wide=190)
    pages.bar(_parts(sums), x=14 * 72 / 25.4 + 260, y=pages.y, wide=pages.width - 260, high=14)
    pages.y -= 15
    colon = "：" if paper.lang == "zh" else ": "
    pages.text(f"{paper.say('due')} {sums['due']}{colon}{_counts(sums, paper)}", size=8.5, x=260)
    _legend(pages, paper)


def _legend(pages: Pages, paper: Paper) -> None:
    pages.y -= 14
    x = 260.0
    for part in PARTS:
        pages.bar({part: 1}, x=14 * 72 / 25.4 + x, y=pages.y - 1, wide=12, high=7)
        pages.text(paper.say(part), size=7, x=x + 14, wide=28)
        x += 42.4
    pages.y -= 4


def _parts(sums: dict[str, Any]) -> dict[str, int]:
    return {part: sums[part] for part in PARTS}


def _score(pages: Pages, view: dict[str, Any], paper: Paper) -> None:
    pages.heading(paper.say("score"))
    columns = [
        Column(paper.say("clause"), 42),
        Column(paper.say("demand"), 118),
        Column(paper.say("figure"), 96),
        Column(paper.say("period"), 98),
        Column(paper.say("due"), 36, right=True),
        Column(paper.say("share"), 68, right=True),
        Column(paper.say("verdict"), pages.width - 458),
    ]
    rows: list[Row] = [
        [
            *clause_words(row, paper.lang),
            Bar(_parts(row["sums"])),
            str(row["sums"]["due"]),
            share_words(row["sums"]["low"], row["sums"]["high"]),
            verdict_words(row, paper.lang),
        ]
        for row in view["demands"]
    ]
    pages.table(columns, rows or [[paper.say("empty"), *[""] * 6]])


def _served(pages: Pages, rows: Sequence[dict[str, Any]], paper: Paper) -> None:
    """Draw the clauses that work, the desk and the register keep."""
    if not rows:
        return
    pages.heading(paper.say("served"))
    columns = [
        Column(paper.say("clause"), 42),
        Column(paper.say("demand"), 118),
        Column(paper.say("figure"), 80),
        Column(paper.say("counted"), 82),
        Column(paper.say("due"), 34, right=True),
        Column(paper.say("kept"), 34, right=True),
        Column(paper.say("share"), 68, right=True),
        Column(paper.say("verdict"), pages.width - 458),
    ]
    pages.table(
        columns,
        [
            [
                *clause_words(row, paper.lang),
                paper.say(f"measure.{row['measure']}"),
                str(row["due"]),
                str(row["kept"]),
                share_words(row["low"], row["high"]),
                served_words(row, paper.lang),
            ]
            for row in rows
        ],
    )


def _named(pages: Pages, name: str, rows: Sequence[dict[str, Any]], paper: Paper) -> None:
    if not rows:
        return
    nobody = paper.say("everybody" if name == "teams" else "none")
    pages.heading(paper.say(name))
    first = [Column(paper.say("name"), 150)]
    if name == "plans":
        first = [Column(paper.say("name"), 90), Column(paper.say("when"), 92)]
    used = sum(column.wide for column in first)
    pages.table(
        [*first, *_columns(pages, used, paper, gap=True)],
        [
            [
                label(row["name"], paper.lang, nobody),
                *([row["when"]] if name == "plans" else []),
                *_cells(row["sums"]),
                _gap(row["gap"], paper),
            ]
            for row in rows
        ],
        lines=1.2,
    )


def _days(pages: Pages, days: Sequence[dict[str, Any]], paper: Paper) -> None:
    if len(days) < 2:
        return
    pages.heading(paper.say("days"))
    pages.table(
        [Column(paper.say("day"), 70), *_columns(pages, 70, paper, gap=False)],
        [[day["day"].isoformat(), *_cells(day["sums"])] for day in days],
        lines=1,
    )


def _columns(pages: Pages, used: float, paper: Paper, *, gap: bool) -> list[Column]:
    counts = ("due", "done", "late", "partial", "missed", "unheard", "unproven")
    share, last = 64.0, 54.0 if gap else 0.0
    each = (pages.width - used - share - last) / len(counts)
    found = [Column(paper.say(name), each, right=True) for name in counts]
    found.append(Column(paper.say("share"), share, right=True))
    return [*found, Column(paper.say("gap"), last, right=True)] if gap else found


def _cells(sums: dict[str, Any]) -> list[str]:
    counts = [str(sums[name]) for name in ("due", "done", "late", "partial", "missed", "unheard", "unproven")]
    return [*counts, share_words(sums["low"], sums["high"])]


def _gap(gap: dict[str, Any] | None, paper: Paper) -> str:
    if gap is None:
        return "—"
    hours = f"{(gap['to_ms'] - gap['from_ms']) / 3_600_000:.1f}"
    return f"{hours} {paper.say('unsure_gap')}" if gap["unsure"] else hours
