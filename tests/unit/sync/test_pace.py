"""Nobody reads codes on five walls within half a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from sync.pace import burst, too_fast
from tests.unit.sync.vectors import each, vectors

TIME = vectors("time")


@dataclass(frozen=True)
class Scan:
    target_id: str | None
    estimate_ms: int


@pytest.mark.parametrize("case", each(TIME["pace"]))
def test_the_pace_of_a_log_is_judged_scan_by_scan(case: dict[str, Any]) -> None:
    scans = [Scan(given["place"], given["estimate_ms"]) for given in case["scans"]]

    for at, marks in enumerate(case["marks"]):
        before = scans[at - 1] if at else None
        assert too_fast(scans[at], before) is ("too_fast" in marks)
        assert burst(scans[: at + 1]) is ("burst" in marks)


def test_a_scan_of_no_place_has_no_pace() -> None:
    assert not too_fast(Scan(None, 1), Scan("a", 0))
