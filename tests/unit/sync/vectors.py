"""Reading the shared vectors of ``tests/vectors/``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "vectors"


def vectors(name: str) -> dict[str, list[dict[str, Any]]]:
    """Return the lists of cases of one file by their names."""
    content: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return content


def each(cases: list[dict[str, Any]]) -> list[Any]:
    """Return the cases as parameters that carry their names."""
    return [pytest.param(case, id=case["name"]) for case in cases]
