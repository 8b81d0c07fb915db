"""After an outage many phones come back at once: all are drained, within bounded memory."""

from __future__ import annotations

from pathlib import Path

from tests.faults.serving import Zygote
from tests.faults.storm import MOST_MIB, run


def test_after_an_outage_a_crowd_of_phones_is_drained(starter: Zygote, folder: Path) -> None:
    result = run(starter, folder / "storm", "sqlite", phones=60, seed=12, faster=60, records=4)

    assert 0 < result.peak_mib < MOST_MIB
