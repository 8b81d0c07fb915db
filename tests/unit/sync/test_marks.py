"""Every mark that is set somewhere is registered, documented, and has words in both languages."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from server.people import doubles
from server.rounds import apply, apply_batch, apply_said
from sync.clocks import Mark
from sync.marks import ASKING, MARKS, NOTES

ROOT = Path(__file__).resolve().parents[3]
LANGUAGES = ("en", "zh")


def set_in_code() -> Iterator[str]:
    """Yield what is given to `mark(…)`, and to `marks.add(…)` and `marks.append(…)`, as a text."""
    for path in (ROOT / "server").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            of_marks = "marks" in ast.unparse(node.func.value)
            if node.func.attr == "mark" or (of_marks and node.func.attr in ("add", "append")):
                for given in node.args:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield given.value


def test_whatever_sets_a_mark_sets_one_that_is_registered() -> None:
    found = {
        *set_in_code(),
        *get_args(Mark),
        *apply.OWN_MARKS,
        *apply_said.OWN_MARKS,
        *apply_batch.PACE_MARKS,
        doubles.MARK,
    }
    assert {"fork", "seq_gap", "dep_missing", "weak_key", "duplicate_photo"} <= set(set_in_code())
    assert found == MARKS


def test_a_mark_asks_or_only_tells() -> None:
    assert not ASKING & NOTES
    assert [apply_batch.asks({mark}) for mark in sorted(NOTES)] == [False]
    assert all(apply_batch.asks({mark}) for mark in ASKING)


def test_the_specification_names_every_mark() -> None:
    text = (ROOT / "docs" / "protocol" / "time.md").read_text("utf-8")
    assert [mark for mark in sorted(MARKS) if f"`{mark}`" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", ["mark", "reason", "advice"])
def test_every_mark_has_words(language: str, what: str) -> None:
    words = json.loads((ROOT / "pwa" / "src" / "i18n" / f"{language}.json").read_text("utf-8"))
    told = {key.partition(".")[2] for key in words if key.startswith(f"{what}.")}
    assert told >= MARKS
    beside = {"unknown", "said"} | {key for key in told if key.split(".")[0] == "say"}
    assert told - beside == MARKS, "words for a mark that nobody sets"
