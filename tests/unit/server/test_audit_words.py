"""Every action that the server writes to the audit log has words in both languages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ACTION = re.compile(r"[a-z]+\.[a-z_]+\Z")
KINDS = ("asset", "checkpoint")


def actions() -> Iterator[str]:
    """Yield what stands as an action in a call that writes to the audit log, or that leads to one."""
    for path in sorted((ROOT / "server").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "action":
                yield from texts(node.value)
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name.strip("_") in ("note", "finish", "audit"):
                    for given in node.args:
                        yield from texts(given)


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.match(node.value):
        yield node.value
    elif isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        last = node.values[1]
        if isinstance(last, ast.Constant) and str(last.value).startswith("."):
            yield from (kind + str(last.value) for kind in KINDS)


def test_every_action_has_words_in_both_languages() -> None:
    written = set(actions())
    assert {"person.erased", "visit.read", "session.begin", "checkpoint.made", "device.move"} <= written
    for language in ("en", "zh"):
        words = json.loads((ROOT / "pwa" / "src" / "i18n" / f"console.{language}.json").read_text())
        assert {f"audit.{action}" for action in written} - words.keys() == set(), language
