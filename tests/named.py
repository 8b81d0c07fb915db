"""Whether a test that a document or the catalogue of mutants names is there."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def exists(test: str) -> bool:
    """Tell whether a test exists: `tests/…/test_x.py::test_y`, or `src/…/x.test.ts > title` under `pwa/`."""
    if ".test.ts" in test:
        file, _, title = test.partition(" > ")
        path = ROOT / "pwa" / file
        return path.is_file() and bool(title) and title in path.read_text("utf-8")
    file, *_, name = test.partition("[")[0].split("::")
    path = ROOT / file
    return path.is_file() and f"def {name}(" in path.read_text("utf-8")
