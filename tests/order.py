"""The order of the tests: the longest files first, so that no worker is left alone with one at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

LONGEST: Sequence[str] = (
    "tests/faults",
    "tests/browser",
    "tests/api/test_demo.py",
    "tests/api/apidocs",
    "tests/api/ledger/test_bad_input.py",
    "tests/simulation",
    "tests/stranger",
    "tests/migrations",
    "tests/estate_month",
)
"""What lasts longest, by folder or file: mostly it waits for processes and disks."""

ROOT = Path(__file__).resolve().parent.parent


def longest_first(items: list[pytest.Item]) -> None:
    """Sort tests in place; files stay together, and tests of a file in their order."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT)
    found = (n for n, each in enumerate(LONGEST) if path.is_relative_to(each))
    return next(found, len(LONGEST))
