"""What the app showed as saved survives a power cut, because its transactions are strict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.faults.chromium import lost_when_relaxed, powercut
from tests.faults.disks import why_no_mounts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(why_no_mounts() is not None, reason=f"no power can be cut here: {why_no_mounts()}"),
]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def test_what_was_shown_as_saved_survives_a_power_cut(playwright: Playwright, folder: Path) -> None:
    assert powercut(playwright, folder, cuts=1, seed=21, for_s=3)


def test_with_relaxed_durability_a_power_cut_takes_what_was_shown_as_saved(
    playwright: Playwright, folder: Path
) -> None:
    gone, seen = lost_when_relaxed(playwright, folder, for_s=3)

    assert seen
    assert gone
