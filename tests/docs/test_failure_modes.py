"""The table of failure modes is whole, and every test that it names is there."""

from __future__ import annotations

import re

from tests.named import ROOT, exists

TABLE = ROOT / "docs" / "protocol" / "failure-modes.md"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
MODES = 69


def test_every_mode_has_a_test_that_exists_or_a_reason() -> None:
    rows = ROW.findall(TABLE.read_text("utf-8"))
    assert [int(number) for number, *_ in rows] == list(range(1, MODES + 1))
    for number, _, _, proof in rows:
        named = re.findall(r"`([^`]+)`", proof)
        missing = [test for test in named if not exists(test)]
        assert not missing, f"mode {number} names tests that are not there: {missing}"
        assert named or proof.startswith("Cannot happen: "), f"mode {number} has neither a test nor a reason"
