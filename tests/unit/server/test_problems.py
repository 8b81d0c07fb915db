"""Every refusal is explained: in the document, and in both languages of the screens."""

from __future__ import annotations

import json
import re
from pathlib import Path

import server.app  # noqa: F401  loads every feature, and with it every Problem
from server.problems import Problem

ROOT = Path(__file__).resolve().parents[3]


def slugs() -> set[str]:
    found, queue = set(), [Problem]
    while queue:
        for kind in queue.pop().__subclasses__():
            if kind.__module__.startswith("server."):
                found.add(kind.slug)
                queue.append(kind)
    return found | {"http", "internal"}


def test_the_document_explains_every_problem_and_no_other() -> None:
    text = (ROOT / "docs/problems.md").read_text("utf-8")
    sections = set(re.findall(r"^## (\S+)$", text, re.MULTILINE))

    assert sections == slugs()


def test_every_problem_has_words_in_both_languages() -> None:
    for language in ("zh", "en"):
        texts: set[str] = set()
        for name in (f"{language}.json", f"console.{language}.json"):
            texts |= set(json.loads((ROOT / "pwa/src/i18n" / name).read_text("utf-8")))
        missing = {slug for slug in slugs() if f"problem.{slug}" not in texts}
        assert not missing, (language, missing)
