"""What the app showed as saved survives a power cut, because its transactions are strict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import sync_playwright

from tests.faults.chromium import OnADisk, on_a_disk
from tests.faults.disks import why_no_mounts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(why_no_mounts() is not None, reason=f"no power can be cut here: {why_no_mounts()}"),
]


@pytest.fixture(scope="module")
def held() -> Iterator[OnADisk]:
    with (
        TemporaryDirectory(prefix="rm-web-", dir="/tmp") as folder,
        sync_playwright() as playwright,
        on_a_disk(playwright, Path(folder)) as made,
    ):
        yield made


def test_what_was_shown_as_saved_survives_a_power_cut(held: OnADisk) -> None:
    assert held.powercut(cuts=1, seed=21, for_s=3)


def test_with_relaxed_durability_a_power_cut_takes_what_was_shown_as_saved(held: OnADisk) -> None:
    gone, seen = held.lost_when_relaxed(for_s=3)

    assert seen
    assert gone
