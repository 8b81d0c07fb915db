"""The tables of a report as rows of texts, figures and moments: what CSV and XLSX are made of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from server.reports.paper.words import Lang, label, say

Cell = str | int | float | date | None

Name = Literal["score", "served", "plans", "routes", "teams", "days"]
NAMES: tuple[Name, ...] = ("score", "served", "plans", "routes", "teams", "days")

COUNTS = ("due", "done", "late", "partial", "missed", "excused", "unheard", "unproven")
"""Columns of every table: what was due, its parts, and what was excused from it."""

SERVED = ("kept", "late", "missed", "unheard", "unproven")
"""What became of what a clause asks for that no round keeps."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a title; `shares` are the columns of shares between 0 and 1."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shares: frozenset[int] = frozenset()


def sheets(view: dict[str, Any], lang: Lang) -> list[Sheet]:
    """Return the tables of a report, the score first.

    :param view: what `server.reports.service.report.report_view` returns, as `served` the rows of
        `server.reports.service.served.served_view`, and in each plan's row `when`, a text
    """
    named = (_named(view, name, lang) for name in NAMES[2:5])
    return [_score(view, lang), _served(view, lang), *named, _days(view, lang)]


def served_words(row: dict[str, Any], lang: Lang) -> str:
    """Return how a clause stands that no round keeps, and where another one is the score."""
    word = say(f"verdict.{row['verdict']}", lang, n=row["late"] + row["missed"])
    return word if row["scored"] else f"{word}{say('not_scored', lang)}"


def verdict_words(row: dict[str, Any], lang: Lang) -> str:
    """Return how a clause stands."""
    return say(f"verdict.{row['verdict']}", lang, n=row["lacking"])


def clause_words(row: dict[str, Any], lang: Lang) -> tuple[str, str, str]:
    """Return a clause's id, its demand and its figure; rounds that serve none are *other*."""
    demand = row["demand"]
    if demand is None:
        return "", say("none", lang), ""
    return demand["id"], label(demand["text"], lang), label(demand["figure"], lang)


def _score(view: dict[str, Any], lang: Lang) -> Sheet:
    first = [say(word, lang) for word in ("clause", "demand", "figure")]
    rows = [[*clause_words(row, lang), *_figures(row), verdict_words(row, lang)] for row in view["demands"]]
    return _sheet("score", first, rows, lang, last=("gap", "verdict"))


def _served(view: dict[str, Any], lang: Lang) -> Sheet:
    heads = ("clause", "demand", "figure", "counted", "due", *SERVED, "low", "high", "verdict")
    rows: list[list[Cell]] = [
        [
            *clause_words(row, lang),
            say(f"measure.{row['measure']}", lang),
            row["due"],
            *(row[state] for state in SERVED),
            *(None if row[end] is None else float(row[end]) for end in ("low", "high")),
            served_words(row, lang),
        ]
        for row in view["served"]
    ]
    first = 5 + len(SERVED)
    return Sheet(
        say("served", lang), [say(head, lang) for head in heads], rows, frozenset({first, first + 1})
    )


def _named(view: dict[str, Any], name: Name, lang: Lang) -> Sheet:
    nobody = say("everybody" if name == "teams" else "none", lang)
    when = [say("when", lang)] if name == "plans" else []
    rows = [
        [label(row["name"], lang, nobody), *([row["when"]] if when else []), *_figures(row)]
        for row in view[name]
    ]
    return _sheet(name, [say("name", lang), *when], rows, lang, last=("gap",))


def _days(view: dict[str, Any], lang: Lang) -> Sheet:
    rows = [[row["day"], *_sums(row["sums"])] for row in view["days"]]
    return _sheet("days", [say("day", lang)], rows, lang)


def _sheet(
    name: Name, first: list[str], rows: list[list[Cell]], lang: Lang, *, last: Sequence[str] = ()
) -> Sheet:
    words = [*COUNTS, "low", "high", *last]
    shares = frozenset({len(first) + len(COUNTS), len(first) + len(COUNTS) + 1})
    return Sheet(say(name, lang), [*first, *(say(word, lang) for word in words)], rows, shares)


def _figures(row: dict[str, Any]) -> list[Cell]:
    gap = row["gap"]
    hours = None if gap is None else round((gap["to_ms"] - gap["from_ms"]) / 3_600_000, 1)
    return [*_sums(row["sums"]), hours]


def _sums(sums: dict[str, Any]) -> list[Cell]:
    shares = [None if sums[end] is None else float(sums[end]) for end in ("low", "high")]
    return [*(sums[name] for name in COUNTS), *shares]
